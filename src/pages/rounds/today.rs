//! One list of what is to be done today, the most urgent first.

use askama::Template;
use axum::{
    extract::{Path, Query},
    response::Response,
};
use entity::expiry_check;
use serde::Deserialize;

use super::{
    Kept,
    counting::to_count,
    keep,
    lines::{Line, line},
};
use crate::{
    desk,
    pages::{frame::Frame, keeper::bookings::waiting, visitor::Visitor},
    rules::today::{Light, Urgency, light},
    speech::texts::{KeeperBookings, Today as T},
    store,
};

/// The most lines on the page.
const MOST: u64 = 200;

#[derive(Template)]
#[template(path = "rounds/today.html")]
struct TodayPage {
    frame: Frame,
    code: String,
    open: bool,
    out: u64,
    overdue: u64,
    tasks: usize,
    groups: [(&'static str, Vec<Line>); 3],
    more: bool,
    to_count: usize,
    check: Option<Check>,
    said: Option<&'static str>,
    /// How many come for what they have booked, and how many wait for a yes.
    booked: (usize, usize),
}

/// The last nightly check, with its light.
pub(super) struct Check {
    pub(super) at: String,
    pub(super) class: &'static str,
    pub(super) sign: &'static str,
    pub(super) words: &'static str,
}

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
}

/// Shows the list.
pub(super) async fn show(visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    match keep(visitor, &code).await {
        Ok(kept) => kept.show(read(&kept, &asked).await),
        Err(page) => page,
    }
}

async fn read(kept: &Kept, asked: &Asked) -> desk::Result<TodayPage> {
    let (desk, frame, station) = (&kept.desk, &kept.frame, &kept.station);
    let conn = desk.app.db.read();
    let todos = store::todo::list(conn, station.id, MOST + 1).await?;
    let (out, overdue) = store::todo::count_out(conn, station.id, desk.now()).await?;
    let check = store::check_records::find_last(conn, station.id).await?;
    let of = |urgency: Urgency| todos.iter().map(|todo| line(kept, todo)).filter(|line| line.urgency == urgency).collect();
    Ok(TodayPage {
        open: desk::offers::at(desk, &station.code).await?.open,
        booked: waiting(desk, station.id).await?,
        out,
        overdue,
        tasks: todos.len(),
        more: todos.len() as u64 > MOST,
        to_count: to_count(kept).await?.len(),
        groups: [
            (frame.say(T::Now), of(Urgency::Now)),
            (frame.say(T::InTheDay), of(Urgency::Today)),
            (frame.say(T::InTheWeek), of(Urgency::ThisWeek)),
        ],
        check: check.map(|check| said(kept, &check)),
        said: match asked.done.as_deref() {
            Some("done") => Some(frame.say(T::SaidDone)),
            Some("seen") => Some(frame.say(T::SaidSeen)),
            Some("red-box") => Some(frame.say(T::RedBoxDone)),
            Some("counted") => Some(frame.say(T::CountTaken)),
            Some("count-again") => Some(frame.say(T::CountNeedsSecond)),
            _ => None,
        },
        code: station.code.clone(),
        frame: frame.clone(),
    })
}

/// A check with its light.
pub(super) fn said(kept: &Kept, check: &expiry_check::Model) -> Check {
    let (class, sign, words) = match light(check.finished_at, check.mode, check.status, kept.desk.now()) {
        Light::Green => ("good", "✓", T::AllWell),
        Light::Amber => ("out", "●", T::CheckLate),
        Light::Red => ("bad", "✕", T::CheckStopped),
    };
    Check { at: kept.at(check.finished_at), class, sign, words: kept.frame.say(words) }
}
