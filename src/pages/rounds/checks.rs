//! The nightly checks of a station, with the light of the last one.

use askama::Template;
use axum::{
    extract::{Path, Query},
    response::Response,
};
use entity::{
    expiry_check::{self, Mode, Status},
    ids::ExpiryCheckId,
};
use serde::Deserialize;

use super::{
    Kept, keep,
    today::{Check, said},
};
use crate::{
    desk,
    pages::{frame::Frame, visitor::Visitor},
    speech::texts::{Around, Checks as T},
    store,
};

/// The lines of a page.
const LINES: usize = 31;

#[derive(Template)]
#[template(path = "rounds/checks.html")]
struct ChecksPage {
    frame: Frame,
    code: String,
    light: Option<Check>,
    lines: Vec<Line>,
    next: Option<String>,
}

struct Line {
    id: String,
    day: String,
    checked: i64,
    changes: i64,
    good: bool,
    trouble: &'static str,
}

/// From where on.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    after: Option<ExpiryCheckId>,
}

/// Shows them, newest first.
pub(super) async fn show(visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    match keep(visitor, &code).await {
        Ok(kept) => kept.show(read(&kept, asked.after).await),
        Err(page) => page,
    }
}

async fn read(kept: &Kept, after: Option<ExpiryCheckId>) -> desk::Result<ChecksPage> {
    let conn = kept.desk.app.db.read();
    let mut rows = store::todo::list_checks(conn, kept.station.id, after, LINES as u64 + 1).await?;
    let more = rows.len() > LINES;
    rows.truncate(LINES);
    let line = |row: &expiry_check::Model| Line {
        id: row.id.to_string(),
        day: row.business_date.to_string(),
        checked: row.checked,
        changes: row.transitions,
        good: row.mode == Mode::Normal && row.status == Status::Done,
        trouble: kept.frame.say(if row.mode == Mode::Normal { T::Partial } else { T::ClockDoubted }),
    };
    Ok(ChecksPage {
        light: rows.first().filter(|_| after.is_none()).map(|row| said(kept, row)),
        next: rows.last().filter(|_| more).map(|row| row.id.to_string()),
        lines: rows.iter().map(line).collect(),
        frame: kept.frame.clone(),
        code: kept.station.code.clone(),
    })
}
