//! Handing over what is in the red box, before a witness.

use askama::Template;
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{ids::MemberId, values::Phone};
use serde::Deserialize;

use super::{Kept, keep};
use crate::{
    desk::{
        self, Desk,
        stock::hand_over::{HandOver, hand_over as hand_over_box},
    },
    pages::{frame::Frame, sent::Sent, trouble, visitor::Visitor},
    speech::texts::Today as T,
    store,
};

#[derive(Template)]
#[template(path = "rounds/red_box.html")]
struct RedBoxPage {
    frame: Frame,
    code: String,
    /// Name, number, how many.
    lots: Vec<(String, String, String)>,
    typed: HandOverForm,
    reasons: Vec<String>,
}

/// The form.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct HandOverForm {
    #[serde(default)]
    handed_to: String,
    #[serde(default)]
    receipt_no: String,
    #[serde(default)]
    witness: String,
}

/// Shows what is in the box.
pub(super) async fn show(visitor: Visitor, Path(code): Path<String>) -> Response {
    render(visitor, &code, StatusCode::OK, (HandOverForm::default(), Vec::new())).await
}

async fn render(visitor: Visitor, code: &str, status: StatusCode, (typed, reasons): (HandOverForm, Vec<String>)) -> Response {
    let kept = match keep(visitor, code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    match in_box(&kept).await {
        Ok(lots) => {
            let page = RedBoxPage { frame: kept.frame.clone(), code: code.to_owned(), lots, typed, reasons };
            kept.frame.page(status, &page)
        }
        Err(error) => trouble::page(&kept.frame, &error),
    }
}

async fn in_box(kept: &Kept) -> desk::Result<Vec<(String, String, String)>> {
    let lots = store::todo::list_red_box(kept.desk.app.db.read(), kept.station.id).await?;
    let line = |lot: store::todo::BoxedLot| {
        let name = kept.frame.name(&lot.kind_name, lot.kind_name_en.as_deref()).to_owned();
        (name, kept.frame.say1(T::LotNo, lot.number), format!("{}{}", lot.to_dispose, lot.base_unit.unwrap_or_default()))
    };
    Ok(lots.into_iter().map(line).collect())
}

/// Hands it over.
pub(super) async fn hand_over(Path(code): Path<String>, sent: Sent<HandOverForm>) -> Response {
    let Sent { visitor, desk, form, .. } = sent;
    let Some(witness) = witness(&desk, &form.witness).await else {
        let reasons = vec![visitor.frame.say(T::NoSuchWitness).to_owned()];
        return render(visitor, &code, StatusCode::UNPROCESSABLE_ENTITY, (form, reasons)).await;
    };
    let (handed_to, receipt_no) = (form.handed_to.clone(), form.receipt_no.clone());
    let order = HandOver { station_code: code.clone(), handed_to, receipt_no, witness };
    match desk::answer(desk, order, hand_over_box).await {
        Ok(_) => Redirect::to(&format!("/staff/{code}/today?done=red-box")).into_response(),
        Err(error) => {
            let (status, reasons) = visitor.frame.said(&error);
            render(visitor, &code, status, (form, reasons)).await
        }
    }
}

/// Whoever has this number, for staff only: nobody else may ask who is known.
async fn witness(desk: &Desk, typed: &str) -> Option<MemberId> {
    desk.actor.staff().ok()?;
    let index = desk.app.vault.index(&Phone::parse(typed).ok()?);
    store::members::find_by_phone(desk.app.db.read(), &index).await.ok().flatten().map(|member| member.id)
}
