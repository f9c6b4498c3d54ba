//! Public calendars of a station and of its spaces: made, and revoked.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use entity::ids::{FeedId, SpaceId};
use serde::Deserialize;

use super::{Kept, Notes, keep, keep_sent, to, verbs::Tap};
use crate::{
    desk::{
        self, Desk,
        feeds::{self, Of},
    },
    pages::{frame::Frame, sent::Sent, subscribing::Address, visitor::Visitor},
    speech::texts::{Calendars, KeeperBookings},
    store,
};

#[derive(Template)]
#[template(path = "keeper/bookings/calendars.html")]
struct CalendarsPage {
    frame: Frame,
    station: String,
    notes: Notes,
    made: Option<Address>,
    spaces: Vec<(SpaceId, String)>,
    /// Which, and of what, since when.
    rows: Vec<(FeedId, String)>,
}

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    done: String,
}

/// Shows them.
pub(super) async fn show(visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    let kept = match keep(visitor, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let notes = Notes::done((!asked.done.is_empty()).then(|| kept.frame.say(Calendars::Revoked)));
    render(&kept, StatusCode::OK, notes, None).await
}

async fn render(kept: &Kept, status: StatusCode, notes: Notes, made: Option<Address>) -> Response {
    match read(kept).await {
        Ok((spaces, rows)) => {
            let (frame, station) = (kept.frame.clone(), kept.station.code.clone());
            kept.frame.page(status, &CalendarsPage { frame, station, notes, made, spaces, rows })
        }
        Err(error) => kept.trouble(&error),
    }
}

type Named<Id> = Vec<(Id, String)>;

async fn read(kept: &Kept) -> desk::Result<(Named<SpaceId>, Named<FeedId>)> {
    let (conn, frame) = (kept.desk.app.db.read(), &kept.frame);
    let spaces = store::spaces::list_at(conn, kept.station.id).await?;
    let spaces: Named<SpaceId> =
        spaces.iter().map(|row| (row.id, frame.name(&row.name, row.name_en.as_deref()).to_owned())).collect();
    let feeds = store::feeds::list_at(conn, kept.station.id, spaces.iter().map(|(id, _)| *id).collect()).await?;
    let of = |space: Option<SpaceId>| {
        let named = spaces.iter().find(|(id, _)| Some(*id) == space).map(|(_, name)| name.clone());
        named.unwrap_or_else(|| frame.say(Calendars::WholeStation).to_owned())
    };
    let at = |at| frame.day_and_time(at, kept.station.zone());
    let rows = feeds.iter().map(|row| (row.id, frame.say2(Calendars::MadeBy, of(row.space_id), at(row.created_at)))).collect();
    Ok((spaces, rows))
}

/// Of what: a space; nothing: the station.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MakeForm {
    space: String,
}

/// Makes one. Its address stands on the page that answers, and nowhere else: so it is kept under no key either.
pub(super) async fn make(Path(code): Path<String>, sent: Sent<MakeForm>) -> Response {
    let (kept, desk, form) = match keep_sent(sent, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let order = match (form.space.as_str(), form.space.parse()) {
        ("", _) => Of::Station(kept.station.id),
        (_, Ok(space)) => Of::Space(space),
        _ => return kept.trouble(&desk::Error::NotFound("space")),
    };
    match desk::answer(Desk { key: None, ..desk }, (order, kept.frame.language), feeds::make).await {
        Ok(made) => render(&kept, StatusCode::OK, Notes::default(), Some(Address::of(made.into_receipt().address))).await,
        Err(error) => not_done(&kept, &error).await,
    }
}

/// Nobody reads it any more.
pub(super) async fn revoke(Path((code, id)): Path<(String, String)>, sent: Sent<Tap>) -> Response {
    let (kept, desk, Tap {}) = match keep_sent(sent, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let Ok(id) = id.parse::<FeedId>() else { return kept.trouble(&desk::Error::NotFound("calendar")) };
    match desk::answer(desk, id, feeds::revoke).await {
        Ok(_) => to(&kept.station, "calendars?done=revoked"),
        Err(error @ desk::Error::NotFound(_)) => kept.trouble(&error),
        Err(error) => not_done(&kept, &error).await,
    }
}

async fn not_done(kept: &Kept, error: &desk::Error) -> Response {
    let (status, reasons) = kept.frame.said(error);
    render(kept, status, Notes::no(reasons), None).await
}
