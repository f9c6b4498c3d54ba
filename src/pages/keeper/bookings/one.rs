//! One booking, with all a keeper can do about it.

use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use entity::{booking, ids::BookingId};

use super::{
    Kept, Notes, keep,
    list::{Coming, People},
};
use crate::{
    desk,
    pages::{
        booked::{Things, way_to_book},
        frame::Frame,
        visitor::Visitor,
    },
    rules::booking_life,
    speech::texts::KeeperBookings as T,
    store,
};

#[derive(Template)]
#[template(path = "keeper/bookings/one.html")]
struct OnePage {
    frame: Frame,
    station: String,
    notes: Notes,
    coming: Coming,
    override_reason: Option<String>,
    end_reason: Option<String>,
    /// The codes of what stands ready.
    aside: String,
    /// How many are to be put aside; 0 when nothing is.
    to_prepare: i32,
    /// The codes that were scanned so far.
    had: String,
    pending: bool,
    may_cancel: bool,
    /// Where another time is chosen.
    change: Option<String>,
}

/// Shows it.
pub(super) async fn show(visitor: Visitor, Path((code, id)): Path<(String, String)>) -> Response {
    match keep(visitor, &code).await {
        Ok(kept) => render(&kept, &id, StatusCode::OK, Notes::default(), String::new()).await,
        Err(page) => page,
    }
}

/// The page, after something was tried.
pub(super) async fn render(kept: &Kept, id: &str, status: StatusCode, notes: Notes, had: String) -> Response {
    match read(kept, id).await {
        Ok(page) => kept.frame.page(status, &OnePage { notes, had, ..page }),
        Err(error) => kept.trouble(&error),
    }
}

/// The booking, where it is one of this station.
pub(super) async fn find(kept: &Kept, id: &str) -> desk::Result<booking::Model> {
    let id: BookingId = id.parse().map_err(|_| desk::Error::NotFound("booking"))?;
    let row = store::bookings::find(kept.desk.app.db.read(), id).await?;
    row.filter(|row| row.station_id == kept.station.id).ok_or(desk::Error::NotFound("booking"))
}

async fn read(kept: &Kept, id: &str) -> desk::Result<OnePage> {
    let (desk, frame, now) = (&kept.desk, &kept.frame, kept.desk.now());
    let row = find(kept, id).await?;
    let rows = std::slice::from_ref(&row);
    let (people, things) = (People::of(desk, rows).await?, Things::of(desk, rows).await?);
    let aside = store::bookings::list_set_aside(desk.app.db.read(), row.id).await?;
    let items = store::items::list_by_ids(desk.app.db.read(), aside.iter().map(|kept| kept.item_id).collect()).await?;
    let stands = booking_life::stands(&row, now);
    let to_prepare =
        if stands && row.kind_id.is_some() && row.state.awaits_collection() { row.quantity - row.collected } else { 0 };
    let may_cancel = booking_life::cancel(&row, true, now).is_ok();
    let way = way_to_book(&row, &kept.station.code);
    Ok(OnePage {
        coming: people.coming(desk, frame, &things, &row),
        override_reason: row.override_reason.clone(),
        end_reason: row.end_reason.clone(),
        aside: items.iter().map(|item| item.label.clone().unwrap_or_else(|| item.code.clone())).collect::<Vec<_>>().join("、"),
        to_prepare,
        had: String::new(),
        pending: booking_life::decide(&row, now).is_ok(),
        may_cancel,
        change: (may_cancel && row.occasion_id.is_none()).then(|| format!("{way}?change={}&whom=other", row.id)),
        notes: Notes::default(),
        station: kept.station.code.clone(),
        frame: frame.clone(),
    })
}
