//! Handing over what is in the red box: one keeper writes it down, another one confirms it.

use askama::Template;
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{disposal, ids::DisposalId};
use serde::Deserialize;

use super::{Kept, keep};
use crate::{
    desk::{
        self,
        stock::hand_over::{self as verbs, HandOver},
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
    /// What waits for a second person.
    waiting: Option<disposal::Model>,
    reasons: Vec<String>,
}

/// The form.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct HandOverForm {
    #[serde(default)]
    handed_to: String,
    #[serde(default)]
    receipt_no: String,
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
        Ok((lots, waiting)) => {
            let page = RedBoxPage { frame: kept.frame.clone(), code: code.to_owned(), lots, typed, waiting, reasons };
            kept.frame.page(status, &page)
        }
        Err(error) => trouble::page(&kept.frame, &error),
    }
}

/// What is in the box, and the hand-over that waits for a second person.
async fn in_box(kept: &Kept) -> desk::Result<(Vec<(String, String, String)>, Option<disposal::Model>)> {
    let waiting = store::lots::find_open_disposal(kept.desk.app.db.read(), kept.station.id).await?;
    let lots = store::todo::list_red_box(kept.desk.app.db.read(), kept.station.id).await?;
    let line = |lot: store::todo::BoxedLot| {
        let name = kept.frame.name(&lot.kind_name, lot.kind_name_en.as_deref()).to_owned();
        (name, kept.frame.say1(T::LotNo, lot.number), kept.frame.amount(lot.to_dispose, lot.base_unit.unwrap_or_default()))
    };
    Ok((lots.into_iter().map(line).collect(), waiting))
}

/// Writes the hand-over down.
pub(super) async fn hand_over(Path(code): Path<String>, mut sent: Sent<HandOverForm>) -> Response {
    let photo = sent.photo("photo");
    let Sent { visitor, desk, form, .. } = sent;
    let (handed_to, receipt_no) = (form.handed_to.clone(), form.receipt_no.clone());
    let order = HandOver { station_code: code.clone(), handed_to, receipt_no, photo };
    let ended = desk::answer(desk, order, verbs::hand_over).await;
    go_on(visitor, &code, form, ended.map(|_| ())).await
}

/// Which hand-over is confirmed.
#[derive(Debug, Deserialize)]
pub(super) struct ConfirmForm {
    disposal: DisposalId,
}

/// A second person confirms it.
pub(super) async fn confirm(Path(code): Path<String>, sent: Sent<ConfirmForm>) -> Response {
    let Sent { visitor, desk, form, .. } = sent;
    let ended = desk::answer(desk, form.disposal, verbs::confirm).await;
    go_on(visitor, &code, HandOverForm::default(), ended.map(|_| ())).await
}

async fn go_on(visitor: Visitor, code: &str, form: HandOverForm, ended: desk::Result<()>) -> Response {
    match ended {
        Ok(()) => Redirect::to(&format!("/staff/{code}/today?done=red-box")).into_response(),
        Err(error) => {
            let (status, reasons) = visitor.frame.said(&error);
            render(visitor, code, status, (form, reasons)).await
        }
    }
}
