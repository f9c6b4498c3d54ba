//! What a line of the list asks for is done: with one tap, or with the form of its page. Then back to the list.

use axum::{
    extract::Path,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    ids::{LotId, TaskId},
    item::Lifecycle,
};
use serde::Deserialize;

use super::task::{Typed, render};
use crate::{
    desk::{
        self,
        give_back::GiveBack,
        items::{Service, set_service},
        report::{Order, Report},
        stock::{
            correct_label::{CorrectLabel, correct_label},
            put_apart::{PutApart, Way, put_apart},
            verify_label::verify_label,
        },
    },
    pages::{sent::Sent, visitor::Visitor},
};

/// A form in which nothing is typed.
#[derive(Debug, Deserialize)]
pub(super) struct Tap {}

/// Seen is not done.
pub(super) async fn seen(Path((code, id)): Path<(String, TaskId)>, sent: Sent<Tap>) -> Response {
    let ended = desk::answer(sent.desk, id, desk::tasks::acknowledge).await;
    go_on(sent.visitor, &code, id, Typed::default(), ended.map(|_| "seen")).await
}

/// Done with one tap.
pub(super) async fn finished(Path((code, id)): Path<(String, TaskId)>, sent: Sent<Tap>) -> Response {
    let ended = desk::answer(sent.desk, id, desk::tasks::finish).await;
    go_on(sent.visitor, &code, id, Typed::default(), ended.map(|_| "done")).await
}

/// The form of the red box. It names its lot: sent twice, it is answered as the first time, though the task is done by then.
#[derive(Debug, Deserialize)]
pub(super) struct RedBoxForm {
    lot: LotId,
    way: Way,
    #[serde(default)]
    units: String,
}

/// So many were taken out and put into the red box. The task is done when nothing is left on the shelf.
pub(super) async fn taken_out(Path((code, id)): Path<(String, TaskId)>, mut sent: Sent<RedBoxForm>) -> Response {
    let photo = sent.photo("photo");
    let Sent { visitor, desk, form, .. } = sent;
    let order = PutApart { lot: form.lot, way: form.way, units: number(&form.units), note: None, photo };
    let ended = desk::answer(desk, order, put_apart).await;
    go_on(visitor, &code, id, Typed { units: form.units, ..Typed::default() }, ended.map(|_| "done")).await
}

/// The form of a label.
#[derive(Debug, Deserialize)]
pub(super) struct LabelForm {
    lot: LotId,
    #[serde(default)]
    label: String,
    /// Why it is read again; nobody says where it is only compared.
    reason: Option<String>,
    #[serde(default)]
    sure: bool,
}

/// What is printed was typed: by a second person who compares, or by whoever reads again.
pub(super) async fn label(Path((code, id)): Path<(String, TaskId)>, mut sent: Sent<LabelForm>) -> Response {
    let photo = sent.photo("photo");
    let Sent { visitor, desk, form: LabelForm { lot, label, reason, sure }, .. } = sent;
    let typed = Typed { label: label.clone(), reason: reason.clone().unwrap_or_default(), ..Typed::default() };
    let ended = match reason {
        None => desk::answer(desk, (lot, label), verify_label).await,
        Some(reason) => desk::answer(desk, CorrectLabel { lot, label, reason, photo, sure }, correct_label).await,
    };
    go_on(visitor, &code, id, typed, ended.map(|_| "done")).await
}

/// A thing, by its code.
#[derive(Debug, Deserialize)]
pub(super) struct ThingForm {
    item: String,
}

/// The thing that was looked for is here: it is taken back at this station.
pub(super) async fn found(Path((code, id)): Path<(String, TaskId)>, sent: Sent<ThingForm>) -> Response {
    let Sent { visitor, desk, form, .. } = sent;
    let order = GiveBack { code: form.item, station_code: Some(code.clone()), ..GiveBack::default() };
    let ended = desk::answer(desk, order, desk::give_back::give_back).await;
    go_on(visitor, &code, id, Typed::default(), ended.map(|_| "done")).await
}

/// Whoever has it is reminded. The task stays: asked is not yet back.
pub(super) async fn reminded(Path((code, id)): Path<(String, TaskId)>, sent: Sent<ThingForm>) -> Response {
    let Sent { visitor, desk, form, .. } = sent;
    match desk::answer(desk, form.item, desk::remind::remind).await {
        Ok(_) => Redirect::to(&format!("/staff/{code}/tasks/{id}")).into_response(),
        Err(error) => go_on(visitor, &code, id, Typed::default(), Err(error)).await,
    }
}

/// What becomes of a thing.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum End {
    Active,
    Retired,
    Lost,
}

/// The form with the ends.
#[derive(Debug, Deserialize)]
pub(super) struct EndForm {
    item: String,
    end: End,
}

/// A keeper has decided: it is used again, given up, or lost.
pub(super) async fn decided(Path((code, id)): Path<(String, TaskId)>, sent: Sent<EndForm>) -> Response {
    let Sent { visitor, desk, form, .. } = sent;
    let serve = |lifecycle| Service { code: form.item.clone(), lifecycle, reason: None };
    let ended = match form.end {
        End::Active => desk::answer(desk, serve(Lifecycle::Active), set_service).await.map(|_| "done"),
        End::Retired => desk::answer(desk, serve(Lifecycle::Retired), set_service).await.map(|_| "done"),
        End::Lost => {
            let order = Order { code: form.item, what: Report::Lost, note: None };
            desk::answer(desk, order, desk::report::report).await.map(|_| "done")
        }
    };
    go_on(visitor, &code, id, Typed::default(), ended).await
}

/// A number as it was typed; what is none is 0, and refused as such.
pub(super) fn number(typed: &str) -> i32 {
    typed.trim().parse().unwrap_or(0)
}

/// To the list with what was done; or to the page of the task, with why not and what was typed.
async fn go_on(visitor: Visitor, code: &str, id: TaskId, typed: Typed, ended: desk::Result<&'static str>) -> Response {
    match ended {
        Ok(done) => Redirect::to(&format!("/staff/{code}/today?done={done}")).into_response(),
        Err(error) => {
            let (status, reasons) = visitor.frame.said(&error);
            render(visitor, code, id, status, (typed, reasons)).await
        }
    }
}
