//! Sessions that come, and announcing one.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use chrono::TimeDelta;
use entity::{ids::SpaceId, occasion, space};
use serde::Deserialize;

use super::{Kept, Notes, given, keep, keep_sent, to};
use crate::{
    desk::{self, occasions::Announce},
    pages::{frame::Frame, sent::Sent, visitor::Visitor},
    speech::{
        self,
        texts::{KeeperBookings, Spaces as T},
    },
    store,
};

/// How far ahead sessions are listed.
const AHEAD: TimeDelta = TimeDelta::days(180);
/// The most sessions on the page.
const MOST: u64 = 200;

#[derive(Template)]
#[template(path = "keeper/bookings/sessions.html")]
struct SessionsPage {
    frame: Frame,
    station: String,
    notes: Notes,
    rows: Vec<Row>,
    spaces: Vec<(SpaceId, String)>,
    typed: AnnounceForm,
}

struct Row {
    id: String,
    picture: String,
    name: String,
    when: String,
    called_off: bool,
}

/// What is announced.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AnnounceForm {
    name: String,
    name_en: String,
    emoji: String,
    note: String,
    seats: String,
    space: String,
    starts_at: String,
    ends_at: String,
}

impl AnnounceForm {
    fn order(&self, kept: &Kept) -> desk::Result<Announce> {
        let bad = |field| desk::Error::Invalid { field, problem: desk::Problem::OutOfRange };
        Ok(Announce {
            station: kept.station.id,
            space: self.space.parse().ok(),
            name: self.name.clone(),
            name_en: given(&self.name_en),
            emoji: given(&self.emoji),
            note: given(&self.note),
            seats: self.seats.trim().parse().map_err(|_| bad("seats"))?,
            starts_at: kept.instant(&self.starts_at).ok_or_else(|| bad("time"))?,
            ends_at: kept.instant(&self.ends_at).ok_or_else(|| bad("time"))?,
        })
    }
}

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    done: String,
}

/// Shows them.
pub(super) async fn list(visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    let kept = match keep(visitor, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let notes = Notes::done((!asked.done.is_empty()).then(|| kept.frame.say(T::Announced)));
    render(&kept, StatusCode::OK, notes, AnnounceForm::default()).await
}

async fn render(kept: &Kept, status: StatusCode, notes: Notes, typed: AnnounceForm) -> Response {
    match read(kept).await {
        Ok((rows, spaces)) => {
            let (frame, station) = (kept.frame.clone(), kept.station.code.clone());
            kept.frame.page(status, &SessionsPage { frame, station, notes, rows, spaces, typed })
        }
        Err(error) => kept.trouble(&error),
    }
}

async fn read(kept: &Kept) -> desk::Result<(Vec<Row>, Vec<(SpaceId, String)>)> {
    let (conn, frame, now) = (kept.desk.app.db.read(), &kept.frame, kept.desk.now());
    let sessions = store::spaces::list_occasions(conn, kept.station.id, (now - TimeDelta::days(1), now + AHEAD), MOST).await?;
    let spaces = store::spaces::list_at(conn, kept.station.id).await?;
    let row = |row: &occasion::Model| Row {
        id: row.id.to_string(),
        picture: row.emoji.clone().unwrap_or_else(|| "📅".to_owned()),
        name: frame.name(&row.name, row.name_en.as_deref()).to_owned(),
        when: frame.words(&speech::span(row.starts_at, row.ends_at, kept.station.zone())),
        called_off: row.cancelled_at.is_some(),
    };
    let space = |row: &space::Model| (row.id, frame.name(&row.name, row.name_en.as_deref()).to_owned());
    Ok((sessions.iter().map(row).collect(), spaces.iter().map(space).collect()))
}

/// Announces one.
pub(super) async fn announce(Path(code): Path<String>, sent: Sent<AnnounceForm>) -> Response {
    let (kept, desk, form) = match keep_sent(sent, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let ended = match form.order(&kept) {
        Ok(order) => desk::answer(desk, order, desk::occasions::announce).await,
        Err(error) => Err(error),
    };
    match ended {
        Ok(_) => to(&kept.station, "sessions?done=announced"),
        Err(error) => {
            let (status, reasons) = super::outages::said(&kept, &error);
            render(&kept, status, Notes::no(reasons), form).await
        }
    }
}
