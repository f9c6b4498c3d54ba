//! Days on which a station is closed.

use axum::{extract::Path, response::Response};
use chrono::NaiveDate;
use entity::ids::ClosureId;
use serde::Deserialize;

use super::{Notes, settings::render, station_of};
use crate::{
    desk,
    pages::{sent::Sent, staff::Tab},
};

/// From when to when, and why.
#[derive(Debug, Deserialize)]
pub(super) struct ClosureForm {
    first: NaiveDate,
    last: NaiveDate,
    #[serde(default)]
    reason: String,
}

/// Closes the station for some days.
pub(super) async fn add(Path(code): Path<String>, mut sent: Sent<ClosureForm>) -> Response {
    let station = match station_of(&mut sent.visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let form = sent.form;
    let ended = desk::answer(sent.desk, (station.id, form.first, form.last, form.reason), desk::stations::close_for).await;
    match ended {
        Ok(_) => super::to(&station, "settings?done=closed"),
        Err(error) => {
            let (status, reasons) = sent.visitor.frame.said(&error);
            render(&sent.visitor, &station, None, status, Notes::no(reasons)).await
        }
    }
}

/// Nothing is asked but that it be done.
#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

/// Takes a closure back.
pub(super) async fn remove(Path((code, id)): Path<(String, ClosureId)>, mut sent: Sent<Nothing>) -> Response {
    let Nothing {} = sent.form;
    let station = match station_of(&mut sent.visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    match desk::answer(sent.desk, id, desk::stations::reopen).await {
        Ok(_) => super::to(&station, "settings?done=open"),
        Err(error) => {
            let (status, reasons) = sent.visitor.frame.said(&error);
            render(&sent.visitor, &station, None, status, Notes::no(reasons)).await
        }
    }
}
