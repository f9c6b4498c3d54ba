//! My bookings: those that stand, and those that are over.

use askama::Template;
use axum::{extract::Query, http::StatusCode, response::Response};
use entity::ids::BookingId;
use serde::Deserialize;

use super::place;
use crate::{
    desk::{self, Desk},
    pages::{
        booked::{Line, Things},
        frame::Frame,
        trouble,
        visitor::Visitor,
        waiting::Wait,
    },
    speech::texts::{Around, Booking as T, Calendars, Queue},
    store::{
        self,
        bookings::{Wanted, Whose},
    },
};

/// Past bookings on one page.
const PAGE: u64 = 20;
/// The most that are shown of those that stand.
const MOST: u64 = 100;

#[derive(Template)]
#[template(path = "resident/booking/mine.html")]
struct MinePage {
    frame: Frame,
    open: Vec<Line>,
    waiting: Vec<Wait>,
    past: Vec<Line>,
    /// The last one shown, if there may be more.
    more: Option<BookingId>,
    /// The first page.
    first: bool,
}

/// From where on past bookings are shown.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    before: Option<BookingId>,
}

/// Shows them.
pub(super) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Response {
    match read(&visitor.desk, &visitor.frame, &asked).await {
        Ok(page) => visitor.frame.page(StatusCode::OK, &page),
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

async fn read(desk: &Desk, frame: &Frame, asked: &Asked) -> desk::Result<MinePage> {
    let whose = Whose::Member(desk.actor.resident()?.id());
    let (conn, now) = (desk.app.db.read(), desk.now());
    let standing = Wanted { open: Some(true), ..Wanted::default() };
    let mut rows = match asked.before {
        None => store::bookings::list_by_start(conn, &whose, standing, MOST).await?,
        Some(_) => Vec::new(),
    };
    let over = Wanted { open: Some(false), ..Wanted::default() };
    let past = store::bookings::list(conn, &whose, over, asked.before, PAGE).await?;
    let more = past.last().map(|row| row.id).filter(|_| past.len() as u64 == PAGE);
    rows.extend(past);
    let things = Things::of(desk, &rows).await?;
    let waiting = if asked.before.is_none() { place::mine(desk, frame).await? } else { Vec::new() };
    // What has lapsed is over, whether or not anybody has written it down.
    let (open, past) = rows.iter().map(|row| things.line(frame, row, now)).partition(|line: &Line| line.open);
    Ok(MinePage { frame: frame.clone(), open, waiting, past, more, first: asked.before.is_none() })
}

/// Those of mine that stand, for the page of all that is mine.
///
/// # Errors
/// The database.
pub(in crate::pages::resident) async fn standing(desk: &Desk, frame: &Frame) -> desk::Result<Vec<Line>> {
    let whose = Whose::Member(desk.actor.resident()?.id());
    let wanted = Wanted { open: Some(true), ..Wanted::default() };
    let rows = store::bookings::list_by_start(desk.app.db.read(), &whose, wanted, MOST).await?;
    let things = Things::of(desk, &rows).await?;
    Ok(rows.iter().map(|row| things.line(frame, row, desk.now())).filter(|line| line.open).collect())
}

/// Those of whoever is signed in that can be checked in at this station now.
///
/// # Errors
/// The database.
pub(in crate::pages::resident) async fn here_now(desk: &Desk, frame: &Frame, station: uuid::Uuid) -> desk::Result<Vec<Line>> {
    let Some(member) = desk.actor.member() else { return Ok(Vec::new()) };
    let now = desk.now();
    let wanted = Wanted { open: Some(true), from: Some(now), ..Wanted::default() };
    let mut rows = store::bookings::list_by_start(desk.app.db.read(), &Whose::Member(member), wanted, MOST).await?;
    rows.retain(|row| row.station_id.0 == station && crate::rules::booking_life::awaits_check_in(row, now));
    let things = Things::of(desk, &rows).await?;
    Ok(rows.iter().map(|row| things.line(frame, row, now)).collect())
}
