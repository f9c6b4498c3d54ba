//! One place of mine in the queue: which it is, why I wait still, what is offered to me, and the way out.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{hold, ids::BookingId, ids::HoldId};
use serde::Deserialize;

use super::one::Tap;
use crate::{
    desk::{self, Desk, queue::leave::leave as give_up},
    pages::{
        booked::{Line, Things, address_in, in_address},
        frame::Frame,
        sent::Sent,
        trouble,
        visitor::Visitor,
        waiting::{Wait, waits},
    },
    speech::texts::{Booking, Queue as T},
    store,
};

#[derive(Template)]
#[template(path = "resident/booking/place.html")]
struct PlacePage {
    frame: Frame,
    wait: Wait,
    done: Option<&'static str>,
    reasons: Vec<String>,
    since: String,
    /// What is held: the booking, and until when.
    offer: Option<(Line, String)>,
    /// Where it can be booked at once by whoever comes first.
    to_book: Option<String>,
    /// Where one waits again for something that is over.
    again: Option<String>,
}

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    done: String,
}

/// Shows it.
pub(super) async fn show(visitor: Visitor, Path(id): Path<String>, Query(asked): Query<Asked>) -> Response {
    let done = match asked.done.as_str() {
        "joined" => Some(visitor.frame.say(T::DoneJoined)),
        "left" => Some(visitor.frame.say(T::DoneLeft)),
        _ => None,
    };
    render(&visitor, &id, StatusCode::OK, done, Vec::new()).await
}

async fn render(visitor: &Visitor, id: &str, status: StatusCode, done: Option<&'static str>, reasons: Vec<String>) -> Response {
    match read(&visitor.desk, &visitor.frame, id).await {
        Ok(page) => visitor.frame.page(status, &PlacePage { done, reasons, ..page }),
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

async fn read(desk: &Desk, frame: &Frame, id: &str) -> desk::Result<PlacePage> {
    let (me, conn) = (desk.actor.resident()?.id(), desk.app.db.read());
    let id: HoldId = id.parse().map_err(|_| desk::Error::NotFound("hold"))?;
    let row = store::holds::find(conn, id).await?.filter(|row| row.member_id == me).ok_or(desk::Error::NotFound("hold"))?;
    let station = store::stations::find(conn, row.station_id).await?.ok_or(desk::Error::NotFound("station"))?;
    let wait = waits(desk, frame, std::slice::from_ref(&row)).await?.pop().ok_or(desk::Error::NotFound("hold"))?;
    let what = address_in((row.kind_id, row.space_id, row.occasion_id));
    let offer = match wait.view.booking_id {
        Some(booking) => offered(desk, frame, booking.into()).await?,
        None => None,
    };
    let first_come = wait.view.why.code == "first-come";
    Ok(PlacePage {
        since: frame.say1(T::Since, frame.day_and_time(row.created_at, station.zone())),
        to_book: first_come.then(|| format!("/stations/{}/book/{what}{}", station.code, times(&row, station.zone()))),
        again: (!row.state.is_open() && row.occasion_id.is_none()).then(|| way_to_wait(&row, &station.code, &what)),
        done: None,
        reasons: Vec::new(),
        frame: frame.clone(),
        offer,
        wait,
    })
}

async fn offered(desk: &Desk, frame: &Frame, booking: BookingId) -> desk::Result<Option<(Line, String)>> {
    let Some(row) = store::bookings::find(desk.app.db.read(), booking).await? else { return Ok(None) };
    let things = Things::of(desk, std::slice::from_ref(&row)).await?;
    let zone = things.station(row.station_id).map_or(chrono_tz::Asia::Shanghai, entity::station::Model::zone);
    let until = row.lapses_at.map(|at| frame.day_and_time(at, zone)).unwrap_or_default();
    let line = things.line(frame, &row, desk.now());
    Ok((line.open && line.held()).then_some((line, until)))
}

fn times(row: &hold::Model, zone: chrono_tz::Tz) -> String {
    let times = row.starts_at.zip(row.ends_at).filter(|_| row.occasion_id.is_none());
    times.map(|(from, to)| format!("?from={}&to={}", in_address(from, zone), in_address(to, zone))).unwrap_or_default()
}

/// A thing is waited for as soon as possible; for a space another time is chosen first.
fn way_to_wait(row: &hold::Model, station: &str, what: &str) -> String {
    let verb = if row.kind_id.is_some() { "wait" } else { "book" };
    format!("/stations/{station}/{verb}/{what}")
}

/// Leaves the queue; what was offered is the next one's.
pub(super) async fn leave(Path(id): Path<String>, sent: Sent<Tap>) -> Response {
    let Ok(hold) = id.parse::<HoldId>() else { return trouble::page(&sent.visitor.frame, &desk::Error::NotFound("hold")) };
    match desk::answer(sent.desk, hold, give_up).await {
        Ok(_) => Redirect::to(&format!("/mine/queue/{id}?done=left")).into_response(),
        Err(error @ (desk::Error::NotSignedIn | desk::Error::NotFound(_))) => trouble::page(&sent.visitor.frame, &error),
        Err(error) => {
            let (status, reasons) = sent.visitor.frame.said(&error);
            render(&sent.visitor, &id, status, None, reasons).await
        }
    }
}

/// Where I wait; what is offered to me stands among my bookings.
///
/// # Errors
/// The database.
pub(in crate::pages::resident) async fn mine(desk: &Desk, frame: &Frame) -> desk::Result<Vec<Wait>> {
    let mut rows = store::holds::list_open_of(desk.app.db.read(), desk.actor.resident()?.id()).await?;
    rows.retain(|row| row.state == hold::State::Waiting);
    waits(desk, frame, &rows).await
}
