//! One booking of mine: how far it is, what to do then, and what may still become of it.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use entity::{booking, ids::BookingId};
use serde::Deserialize;

use crate::{
    desk::{
        self, Desk,
        bookings::{
            cancel::Cancel, cancel::cancel as give_up, check_in::check_in as arrive, confirm::confirm as make_firm,
            end_early::end_early,
        },
    },
    pages::{
        booked::{Line, Things, way_to_book},
        frame::Frame,
        sent::Sent,
        trouble,
        visitor::Visitor,
    },
    rules::booking_life,
    speech::texts::Booking as T,
    store,
};

#[derive(Template)]
#[template(path = "resident/booking/one.html")]
struct OnePage {
    frame: Frame,
    line: Line,
    done: Option<&'static str>,
    reasons: Vec<String>,
    /// What a keeper has said about it.
    said: Option<String>,
    place: Option<String>,
    contact: Option<String>,
    /// It is a thing: collected by scanning.
    thing: bool,
    confirm_before: Option<String>,
    may_cancel: bool,
    too_late: Option<String>,
    may_leave: bool,
    /// Where another time is chosen.
    change: Option<String>,
    again: String,
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
        "booked" => Some(T::DoneBooked),
        "asked" => Some(T::DoneAsked),
        "changed" => Some(T::DoneChanged),
        "cancelled" => Some(T::DoneCancelled),
        "confirmed" => Some(T::DoneConfirmed),
        "here" => Some(T::DoneHere),
        "left" => Some(T::DoneLeft),
        _ => None,
    };
    let done = done.map(|text| visitor.frame.say(text));
    render(&visitor, &id, StatusCode::OK, done, Vec::new()).await
}

async fn render(visitor: &Visitor, id: &str, status: StatusCode, done: Option<&'static str>, reasons: Vec<String>) -> Response {
    match read(&visitor.desk, &visitor.frame, id).await {
        Ok(page) => visitor.frame.page(status, &OnePage { done, reasons, ..page }),
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

async fn read(desk: &Desk, frame: &Frame, id: &str) -> desk::Result<OnePage> {
    let me = desk.actor.resident()?.id();
    let id: BookingId = id.parse().map_err(|_| desk::Error::NotFound("booking"))?;
    let row = store::bookings::find(desk.app.db.read(), id).await?.filter(|row| row.member_id == me);
    let row = row.ok_or(desk::Error::NotFound("booking"))?;
    let station = store::stations::find(desk.app.db.read(), row.station_id).await?.ok_or(desk::Error::NotFound("station"))?;
    let now = desk.now();
    let line = Things::of(desk, std::slice::from_ref(&row)).await?.line(frame, &row, now);
    let may_cancel = booking_life::cancel(&row, false, now).is_ok();
    let said = |at| frame.day_and_time(at, station.zone());
    let until = said(booking_life::cancellable_until(&row));
    let way = way_to_book(&row, &station.code);
    Ok(OnePage {
        done: None,
        reasons: Vec::new(),
        said: row.end_reason.clone(),
        thing: row.kind_id.is_some(),
        confirm_before: row.lapses_at.filter(|_| line.open && line.held()).map(said),
        may_cancel,
        too_late: (line.open && !may_cancel && row.state.awaits_collection()).then_some(until),
        may_leave: booking_life::end_early(&row, now).is_ok(),
        change: change(&row, &way, may_cancel),
        again: way,
        place: station.place,
        contact: station.contact,
        frame: Frame { place: Some(station.name), ..frame.clone() },
        line,
    })
}

/// An occasion has one time only.
fn change(row: &booking::Model, way: &str, may_cancel: bool) -> Option<String> {
    (may_cancel && row.occasion_id.is_none()).then(|| format!("{way}?change={}", row.id))
}

/// A form with nothing in it but its key.
#[derive(Debug, Deserialize)]
pub(super) struct Tap {}

/// Gives it up.
pub(super) async fn cancel(Path(id): Path<String>, sent: Sent<Tap>) -> Response {
    let Ok(booking) = id.parse() else { return missing(&sent.visitor) };
    let ended = desk::answer(sent.desk, Cancel { booking, reason: None }, give_up).await;
    go_on(&sent.visitor, &id, ended.map(|_| "cancelled")).await
}

/// Makes it firm.
pub(super) async fn confirm(Path(id): Path<String>, sent: Sent<Tap>) -> Response {
    let Ok(booking) = id.parse() else { return missing(&sent.visitor) };
    let ended = desk::answer(sent.desk, booking, make_firm).await;
    go_on(&sent.visitor, &id, ended.map(|_| "confirmed")).await
}

/// Checks in.
pub(super) async fn check_in(Path(id): Path<String>, sent: Sent<Tap>) -> Response {
    let Ok(booking) = id.parse() else { return missing(&sent.visitor) };
    let ended = desk::answer(sent.desk, booking, arrive).await;
    go_on(&sent.visitor, &id, ended.map(|_| "here")).await
}

/// Leaves early.
pub(super) async fn end(Path(id): Path<String>, sent: Sent<Tap>) -> Response {
    let Ok(booking) = id.parse() else { return missing(&sent.visitor) };
    let ended = desk::answer(sent.desk, booking, end_early).await;
    go_on(&sent.visitor, &id, ended.map(|_| "left")).await
}

/// It as a file that a calendar reads: whoever has it.
pub(super) async fn calendar(visitor: Visitor, Path(id): Path<String>) -> Response {
    let Ok(booking) = id.parse() else { return missing(&visitor) };
    match desk::feeds::of_booking(&visitor.desk, booking, visitor.frame.language).await {
        Ok(text) => {
            let headers = [
                (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
                (header::CONTENT_DISPOSITION, "inline; filename=\"yizhan.ics\""),
                (header::CACHE_CONTROL, "no-store"),
            ];
            (headers, text).into_response()
        }
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

fn missing(visitor: &Visitor) -> Response {
    trouble::page(&visitor.frame, &desk::Error::NotFound("booking"))
}

async fn go_on(visitor: &Visitor, id: &str, ended: desk::Result<&'static str>) -> Response {
    match ended {
        Ok(done) => Redirect::to(&format!("/mine/bookings/{id}?done={done}")).into_response(),
        Err(error @ (desk::Error::NotSignedIn | desk::Error::NotFound(_))) => trouble::page(&visitor.frame, &error),
        Err(error) => {
            let (status, reasons) = visitor.frame.said(&error);
            render(visitor, id, status, None, reasons).await
        }
    }
}
