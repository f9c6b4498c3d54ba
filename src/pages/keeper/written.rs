//! A take that stands in a paper register: written down afterwards, as it was.

use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use entity::{ids::LotId, station, values::Phone};
use serde::Deserialize;

use super::{
    given, instant,
    lot_head::{Head, head},
    station_of,
};
use crate::{
    desk::{self, Desk, Problem, stock::record_take::RecordTake},
    pages::{frame::Frame, sent::Sent, staff::Tab, trouble, visitor::Visitor},
    speech::texts::{Lots as T, Written as W},
};

#[derive(Template)]
#[template(path = "keeper/written.html")]
struct WrittenPage {
    frame: Frame,
    head: Head,
    reasons: Vec<String>,
    typed: WrittenForm,
    /// No take is later than now, by the clock of the station.
    latest: String,
}

/// What the register says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WrittenForm {
    no: String,
    units: String,
    taken_at: String,
    phone: String,
    note: String,
}

impl WrittenForm {
    fn order(&self, station: &station::Model, lot: LotId) -> desk::Result<RecordTake> {
        let bad = |field| desk::Error::Invalid { field, problem: Problem::OutOfRange };
        let phone = given(&self.phone).map(|text| Phone::parse(&text)).transpose();
        Ok(RecordTake {
            lot,
            units: self.units.trim().parse().map_err(|_| bad("units"))?,
            taken_at: instant(station, &self.taken_at).ok_or_else(|| bad("taken_at"))?,
            no: given(&self.no),
            phone: phone.map_err(|_| bad("phone"))?,
            note: given(&self.note),
        })
    }
}

/// Shows the form.
pub(super) async fn show(mut visitor: Visitor, Path((code, lot)): Path<(String, LotId)>) -> Response {
    match station_of(&mut visitor, &code, Tab::Things).await {
        Ok(station) => render(&visitor, &station, lot, StatusCode::OK, (WrittenForm::default(), Vec::new())).await,
        Err(page) => page,
    }
}

/// Writes it down, and comes back to the lot.
pub(super) async fn write(Path((code, lot)): Path<(String, LotId)>, mut sent: Sent<WrittenForm>) -> Response {
    let station = match station_of(&mut sent.visitor, &code, Tab::Things).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    match record(sent.desk, &station, lot, &sent.form).await {
        Ok(done) => super::to(&station, &format!("lots/{lot}?done={done}")),
        Err(error) => {
            let (status, reasons) = said(&sent.visitor.frame, &error);
            render(&sent.visitor, &station, lot, status, (sent.form, reasons)).await
        }
    }
}

async fn record(desk: Desk, station: &station::Model, lot: LotId, form: &WrittenForm) -> desk::Result<&'static str> {
    let order = form.order(station, lot)?;
    let written = desk::answer(desk, order, desk::stock::record_take::record_take).await?.into_receipt();
    Ok(if written.against.is_empty() { "written" } else { "incident" })
}

/// Why it was not written down, by the field that is wrong.
fn said(frame: &Frame, error: &desk::Error) -> (StatusCode, Vec<String>) {
    let text = match error {
        desk::Error::Invalid { field: "no", .. } => W::BadNumber,
        desk::Error::Invalid { field: "units", .. } => W::BadUnits,
        desk::Error::Invalid { field: "taken_at", .. } => W::BadTime,
        desk::Error::Invalid { field: "phone", .. } => W::BadPhone,
        error => return frame.said(error),
    };
    (StatusCode::UNPROCESSABLE_ENTITY, vec![frame.say(text).to_owned()])
}

async fn render(
    visitor: &Visitor,
    station: &station::Model,
    lot: LotId,
    status: StatusCode,
    (typed, reasons): (WrittenForm, Vec<String>),
) -> Response {
    let frame = &visitor.frame;
    let latest = visitor.desk.now().with_timezone(&station.zone()).format("%Y-%m-%dT%H:%M").to_string();
    match head(&visitor.desk, frame, station, lot).await {
        Ok(head) => frame.page(status, &WrittenPage { frame: frame.clone(), head, reasons, typed, latest }),
        Err(error) => trouble::page(frame, &error),
    }
}
