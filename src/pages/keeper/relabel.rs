//! A label that is read again: what is understood is shown before it is written down.

use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use base64::Engine as _;
use chrono::NaiveDate;
use entity::{ids::LotId, station};
use serde::Deserialize;

use super::{
    given,
    lot_head::{Head, head},
    receive::this_year,
    station_of,
};
use crate::{
    desk::{self, Desk, Problem, stock::correct_label::CorrectLabel},
    pages::{frame::Frame, sent::Sent, staff::Tab, trouble, visitor::Visitor},
    picture,
    rules::{label_date, refusal::Refusal, usability::Block},
    speech::texts::{Lots as T, Relabel as R},
    view::LotView,
};

#[derive(Template)]
#[template(path = "keeper/relabel.html")]
struct RelabelPage {
    frame: Frame,
    head: Head,
    typed: RelabelForm,
    /// What was understood; shown before it is saved.
    read: Option<Understood>,
    reasons: Vec<String>,
    /// The date is one that is hardly ever true: look twice.
    unusual: bool,
}

/// What is typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RelabelForm {
    step: String,
    label: String,
    reason: String,
    /// The picture that was taken, in base64: a browser forgets a chosen file.
    picture: String,
    sure: Option<String>,
}

/// Both readings, and what follows.
struct Understood {
    written: String,
    lenient: NaiveDate,
    strict: NaiveDate,
    /// Until when it is good then.
    last_day: Option<NaiveDate>,
    /// A second person must read the same before it is handed out.
    second: bool,
    /// Its units go into a lot of that date that is there already.
    merges: bool,
}

impl RelabelForm {
    fn order(&self, lot: LotId) -> desk::Result<CorrectLabel> {
        let photo = given(&self.picture).map(|text| base64::prelude::BASE64_STANDARD.decode(text)).transpose();
        let photo = photo.map_err(|_| desk::Error::Invalid { field: "photo", problem: Problem::NotAPicture })?;
        Ok(CorrectLabel { lot, label: self.label.clone(), reason: self.reason.clone(), photo, sure: self.sure.is_some() })
    }
}

/// Shows the form.
pub(super) async fn show(mut visitor: Visitor, Path((code, lot)): Path<(String, LotId)>) -> Response {
    match station_of(&mut visitor, &code, Tab::Things).await {
        Ok(station) => render(&visitor, &station, lot, Screen::default()).await,
        Err(page) => page,
    }
}

/// Shows what is understood; then, sent again, writes it down.
pub(super) async fn go_on(Path((code, lot)): Path<(String, LotId)>, mut sent: Sent<RelabelForm>) -> Response {
    let station = match station_of(&mut sent.visitor, &code, Tab::Things).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let photo = sent.photo("photo");
    let Sent { visitor, desk, form: mut typed, .. } = sent;
    let tried = match typed.step.as_str() {
        "save" => save(desk, lot, &typed).await.map(Some),
        "change" => Ok(None),
        _ => rehearse(&desk, lot, &mut typed, photo).await.map(Some),
    };
    match tried {
        Ok(Some(Tried::Saved(done))) => super::to(&station, &format!("lots/{lot}?done={done}")),
        Ok(Some(Tried::Would(view))) => render(&visitor, &station, lot, Screen { typed, would: Some(view), no: None }).await,
        Ok(None) => render(&visitor, &station, lot, Screen { typed, ..Screen::default() }).await,
        Err(error) => render(&visitor, &station, lot, Screen { typed, would: None, no: Some(error) }).await,
    }
}

enum Tried {
    Saved(&'static str),
    Would(Box<LotView>),
}

async fn save(desk: Desk, lot: LotId, typed: &RelabelForm) -> desk::Result<Tried> {
    let view = desk::answer(desk, typed.order(lot)?, desk::stock::correct_label::correct_label).await?.into_receipt();
    Ok(Tried::Saved(if view.blocks.contains(&Block::Unverified) { "second" } else { "relabelled" }))
}

/// The verb, rolled back: what it would do, and everything that stands against it, before anything is written.
async fn rehearse(desk: &Desk, lot: LotId, typed: &mut RelabelForm, photo: Option<Vec<u8>>) -> desk::Result<Tried> {
    if let Some(photo) = photo {
        let jpeg = picture::normalise(photo).await;
        let jpeg = jpeg.ok_or(desk::Error::Invalid { field: "photo", problem: Problem::NotAPicture })?;
        typed.picture = base64::prelude::BASE64_STANDARD.encode(jpeg);
    }
    let desk = Desk { rehearsal: true, key: None, ..desk.clone() };
    let view = desk::answer(desk, typed.order(lot)?, desk::stock::correct_label::correct_label).await?.into_receipt();
    Ok(Tried::Would(Box::new(view)))
}

/// What is shown.
#[derive(Default)]
struct Screen {
    typed: RelabelForm,
    would: Option<Box<LotView>>,
    no: Option<desk::Error>,
}

async fn render(visitor: &Visitor, station: &station::Model, lot: LotId, screen: Screen) -> Response {
    let Screen { typed, would, no } = screen;
    let frame = &visitor.frame;
    let head = match head(&visitor.desk, frame, station, lot).await {
        Ok(head) => head,
        Err(error) => return trouble::page(frame, &error),
    };
    let (status, reasons) = no.as_ref().map_or((StatusCode::OK, Vec::new()), |error| said(frame, error));
    let read = would.and_then(|view| understood(&visitor.desk, frame, &head, &typed, &view));
    let refused = |error: &desk::Error| matches!(error, desk::Error::Refused(no) if no.contains(&Refusal::DateUnusual));
    let unusual = typed.sure.is_some() || no.as_ref().is_some_and(refused);
    frame.page(status, &RelabelPage { frame: frame.clone(), head, typed, read, reasons, unusual })
}

fn understood(desk: &Desk, frame: &Frame, head: &Head, typed: &RelabelForm, would: &LotView) -> Option<Understood> {
    let label = label_date::read(&typed.label, this_year(desk)).ok()?;
    let left = &would.quantities;
    Some(Understood {
        written: label.written(frame.language),
        lenient: label.lenient_last_day(),
        strict: label.strict_last_day(),
        last_day: would.last_day,
        second: would.blocks.contains(&Block::Unverified),
        merges: head.lot.on_hand() > 0 && left.available + left.held + left.quarantined + left.to_dispose == 0,
    })
}

/// Why it was not done, by the field that is wrong.
fn said(frame: &Frame, error: &desk::Error) -> (StatusCode, Vec<String>) {
    let text = match error {
        desk::Error::Invalid { field: "reason", .. } => R::ReasonMissing,
        desk::Error::Invalid { field: "photo", .. } => R::NotAPicture,
        error => return frame.said(error),
    };
    (StatusCode::UNPROCESSABLE_ENTITY, vec![frame.say(text).to_owned()])
}
