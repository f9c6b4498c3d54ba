//! My calendar: the addresses at which my bookings are read by a calendar.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::ids::FeedId;
use serde::Deserialize;

use crate::{
    desk::{
        self, Desk,
        feeds::{self, Of},
    },
    pages::{frame::Frame, sent::Sent, subscribing::Address, trouble, visitor::Visitor},
    speech::texts::{Booking, Calendars},
    store,
};

#[derive(Template)]
#[template(path = "resident/calendars.html")]
struct CalendarsPage {
    frame: Frame,
    made: Option<Address>,
    revoked: bool,
    reasons: Vec<String>,
    /// Which, and when it was made.
    rows: Vec<(FeedId, String)>,
}

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    done: String,
}

/// A form with nothing in it but its key.
#[derive(Debug, Deserialize)]
pub(super) struct Tap {}

/// Shows them.
pub(super) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Response {
    render(&visitor, StatusCode::OK, (None, !asked.done.is_empty()), Vec::new()).await
}

async fn render(
    visitor: &Visitor,
    status: StatusCode,
    (made, revoked): (Option<Address>, bool),
    reasons: Vec<String>,
) -> Response {
    match rows(&visitor.desk, &visitor.frame).await {
        Ok(rows) => visitor.frame.page(status, &CalendarsPage { frame: visitor.frame.clone(), made, revoked, reasons, rows }),
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

async fn rows(desk: &Desk, frame: &Frame) -> desk::Result<Vec<(FeedId, String)>> {
    let me = desk.actor.resident()?.id();
    let mine = store::feeds::list_of(desk.app.db.read(), me).await?;
    let said = |at| frame.say1(Calendars::MadeOn, frame.day_and_time(at, chrono_tz::Asia::Shanghai));
    Ok(mine.iter().filter(|feed| feed.member_id == Some(me)).map(|feed| (feed.id, said(feed.created_at))).collect())
}

/// Makes one. Its address stands on the page that answers, and nowhere else: so it is kept under no key either.
pub(super) async fn make(sent: Sent<Tap>) -> Response {
    let Sent { visitor, desk, form: Tap {}, .. } = sent;
    let desk = Desk { key: None, ..desk };
    match desk::answer(desk, (Of::Mine, visitor.frame.language), feeds::make).await {
        Ok(made) => render(&visitor, StatusCode::OK, (Some(Address::of(made.into_receipt().address)), false), Vec::new()).await,
        Err(error) => not_done(&visitor, &error).await,
    }
}

/// Nobody reads it any more.
pub(super) async fn revoke(Path(id): Path<String>, sent: Sent<Tap>) -> Response {
    let Sent { visitor, desk, form: Tap {}, .. } = sent;
    let Ok(id) = id.parse::<FeedId>() else { return trouble::page(&visitor.frame, &desk::Error::NotFound("calendar")) };
    match desk::answer(desk, id, feeds::revoke).await {
        Ok(_) => Redirect::to("/mine/calendars?done=revoked").into_response(),
        Err(error) => not_done(&visitor, &error).await,
    }
}

async fn not_done(visitor: &Visitor, error: &desk::Error) -> Response {
    if matches!(error, desk::Error::NotSignedIn | desk::Error::NotFound(_)) {
        return trouble::page(&visitor.frame, error);
    }
    let (status, reasons) = visitor.frame.said(error);
    render(visitor, status, (None, false), reasons).await
}
