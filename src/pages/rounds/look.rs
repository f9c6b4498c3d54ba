//! What a keeper says of the thing before them: good, a fault, not there. Then the next.

use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{ids::ItemId, ticket::Matter};
use serde::Deserialize;

use super::round::{Asked, render};
use crate::{
    desk::{
        self,
        look_over::{LookOver, look_over},
        report::{Order, Report as Said},
        tickets::report::{InHand, Report, Subject, report},
    },
    pages::{sent::Sent, trouble::encoded, visitor::Visitor},
    picture,
    speech::texts::Round as T,
};

/// The form about a thing that is there, or is not.
#[derive(Debug, Deserialize)]
pub(super) struct ThingForm {
    item: String,
    #[serde(default)]
    note: String,
}

/// It is good.
pub(super) async fn good(Path(code): Path<String>, sent: Sent<ThingForm>) -> Response {
    let Sent { visitor, desk, form, .. } = sent;
    let note = entity::values::text(&form.note, 300).ok();
    let order = LookOver { station_code: code.clone(), code: form.item.clone(), note };
    let ended = desk::answer(desk, order, look_over).await.map(|_| "good");
    go_on(visitor, &code, form.item, ended).await
}

/// It is not there.
pub(super) async fn missing(Path(code): Path<String>, sent: Sent<ThingForm>) -> Response {
    let Sent { visitor, desk, form, .. } = sent;
    let note = entity::values::text(&form.note, 300).ok();
    let order = Order { code: form.item.clone(), what: Said::Lost, note };
    let ended = desk::answer(desk, order, desk::report::report).await.map(|_| "missing");
    go_on(visitor, &code, form.item, ended).await
}

/// The form about a fault.
#[derive(Debug, Deserialize)]
pub(super) struct FaultForm {
    item: String,
    what: Matter,
    #[serde(default)]
    take_out: bool,
    #[serde(default)]
    note: String,
}

/// Something is wrong with it.
pub(super) async fn fault(Path(code): Path<String>, mut sent: Sent<FaultForm>) -> Response {
    let photo = sent.photo("photo");
    let Sent { visitor, desk, form, .. } = sent;
    let order = Report {
        subject: Subject::Item(form.item.clone()),
        what: form.what,
        note: entity::values::text(&form.note, 500).ok(),
        photo,
        round: Some(if form.take_out { InHand::TakenOut } else { InHand::Stays }),
    };
    let ended = desk::answer(desk, order, report).await.map(|_| "fault");
    go_on(visitor, &code, form.item, ended).await
}

async fn go_on(visitor: Visitor, code: &str, item: String, ended: desk::Result<&'static str>) -> Response {
    match ended {
        Ok(done) => Redirect::to(&format!("/staff/{code}/round?done={done}")).into_response(),
        Err(error) => {
            let (status, reasons) = visitor.frame.said(&error);
            render(visitor, code, status, Asked { code: Some(item), ..Asked::default() }, reasons).await
        }
    }
}

/// The form with a photo of a code.
#[derive(Debug, Deserialize)]
pub(super) struct PhotoForm {
    expect: Option<ItemId>,
}

/// Reads the code in a photo, for phones that cannot read it themselves.
pub(super) async fn photo(Path(code): Path<String>, mut sent: Sent<PhotoForm>) -> Response {
    let photo = sent.photo("photo");
    let Sent { visitor, form, .. } = sent;
    let codes = match photo {
        Some(photo) => picture::codes_in(photo).await.unwrap_or_default(),
        None => Vec::new(),
    };
    let expect = form.expect.map(|id| format!("&expect={id}")).unwrap_or_default();
    match codes.first() {
        Some(read) => Redirect::to(&format!("/staff/{code}/round?code={}{expect}", encoded(read))).into_response(),
        None => {
            let reasons = vec![visitor.frame.say(T::NoCodeSeen).to_owned()];
            render(visitor, &code, StatusCode::UNPROCESSABLE_ENTITY, Asked::default(), reasons).await
        }
    }
}
