//! Bookings for which nobody came; a keeper can forgive that.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use entity::{booking::State, ids::BookingId};
use serde::Deserialize;

use super::{
    Kept, Notes, keep, keep_sent,
    list::{Coming, People},
    one, to,
    verbs::Tap,
};
use crate::{
    desk,
    pages::{booked::Things, frame::Frame, sent::Sent, visitor::Visitor},
    rules::booking_life,
    speech::texts::{Around, KeeperBookings as T},
    store::{
        self,
        bookings::{Wanted, Whose},
    },
};

/// Bookings on one page.
const PAGE: u64 = 30;

#[derive(Template)]
#[template(path = "keeper/bookings/missed.html")]
struct MissedPage {
    frame: Frame,
    station: String,
    notes: Notes,
    /// With whether it is still to be forgiven.
    rows: Vec<(Coming, bool)>,
    more: Option<BookingId>,
}

/// From where on, and what has just been done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    before: Option<BookingId>,
    done: String,
}

/// Shows them.
pub(super) async fn show(visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    let kept = match keep(visitor, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let notes = Notes::done((!asked.done.is_empty()).then(|| kept.frame.say(T::DonePardoned)));
    render(&kept, StatusCode::OK, notes, asked.before).await
}

async fn render(kept: &Kept, status: StatusCode, notes: Notes, before: Option<BookingId>) -> Response {
    match read(kept, before).await {
        Ok(page) => kept.frame.page(status, &MissedPage { notes, ..page }),
        Err(error) => kept.trouble(&error),
    }
}

async fn read(kept: &Kept, before: Option<BookingId>) -> desk::Result<MissedPage> {
    let (desk, frame) = (&kept.desk, &kept.frame);
    let wanted = Wanted { state: Some(State::NoShow), ..Wanted::default() };
    let whose = Whose::Stations(vec![kept.station.id]);
    let rows = store::bookings::list(desk.app.db.read(), &whose, wanted, before, PAGE).await?;
    let (people, things) = (People::of(desk, &rows).await?, Things::of(desk, &rows).await?);
    Ok(MissedPage {
        more: rows.last().map(|row| row.id).filter(|_| rows.len() as u64 == PAGE),
        rows: rows.iter().map(|row| (people.coming(desk, frame, &things, row), booking_life::pardon(row).is_ok())).collect(),
        notes: Notes::default(),
        station: kept.station.code.clone(),
        frame: frame.clone(),
    })
}

/// Forgives one.
pub(super) async fn pardon(Path((code, id)): Path<(String, String)>, sent: Sent<Tap>) -> Response {
    let (kept, desk, Tap {}) = match keep_sent(sent, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let row = match one::find(&kept, &id).await {
        Ok(row) => row,
        Err(error) => return kept.trouble(&error),
    };
    match desk::answer(desk, row.id, desk::bookings::pardon::pardon).await {
        Ok(_) => to(&kept.station, "bookings/missed?done=pardoned"),
        Err(error) => {
            let (status, reasons) = kept.frame.said(&error);
            render(&kept, status, Notes::no(reasons), None).await
        }
    }
}
