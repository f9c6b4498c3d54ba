//! Prepare: a keeper puts things aside for a booking. From then on nobody else is lent them.

use entity::{
    booking::{self, State},
    ids::BookingId,
    set_aside,
};

use super::{bookable::Subject, held::hold_for_keeper, ladder, lapse};
use crate::{
    db::Done,
    desk::{Desk, Error, Problem, Result},
    rules::{booking_life, refusal::Refusal},
    store,
    view::BookingView,
};

/// What is put aside.
#[derive(Clone, Debug)]
pub struct Prepare {
    /// For which booking.
    pub booking: BookingId,
    /// The things, by the codes on them: as many as are still to be collected.
    pub items: Vec<String>,
}

/// Puts things aside, instead of those that stood ready before, and tells whoever has booked. Keepers of the station.
///
/// # Errors
/// [`Error::Refused`] when the booking is over or a thing is not on this shelf; [`Error::Invalid`] for another kind or number of
/// things; [`Error::NotFound`].
pub async fn prepare(desk: Desk, order: Prepare) -> Result<Done<BookingView>> {
    let tx = desk.open().await?;
    let now = desk.now();
    // Lock order: items, then pools.
    let mut items = Vec::new();
    let mut codes = order.items.clone();
    codes.sort();
    for code in codes {
        let item = store::items::lock_by_code(&tx, &code).await?;
        items.push(item.ok_or(Error::Invalid { field: "items", problem: Problem::Unknown })?);
    }
    let held = hold_for_keeper(&desk, &tx, order.booking).await?;
    let row = held.row;
    let waits = row.state.awaits_collection() || row.state == State::Collected;
    if !waits || !booking_life::stands(&row, now) {
        return desk.refuse(tx, vec![Refusal::BookingOver]).await;
    }
    let Subject::Things(kind) = &held.subject.subject else {
        return Err(Error::Invalid { field: "items", problem: Problem::Unknown });
    };
    items.dedup_by_key(|item| item.id);
    if items.len() != usize::try_from(row.quantity - row.collected).unwrap_or_default()
        || items.iter().any(|item| item.kind_id != kind.id)
    {
        return Err(Error::Invalid { field: "items", problem: Problem::OutOfRange });
    }
    store::bookings::put_back(&tx, row.id, now).await?;
    for item in &items {
        let elsewhere = item.station_id != Some(row.station_id) || item.lifecycle != entity::item::Lifecycle::Active;
        if elsewhere || item.is_out() || store::bookings::find_set_aside(tx.conn(), item.id).await?.is_some() {
            return desk.refuse(tx, vec![Refusal::NotOnShelf]).await;
        }
        let made_by = desk.actor.member();
        let id = desk.app.clock.id();
        store::bookings::set_aside(
            &tx,
            set_aside::Model { id, booking_id: row.id, item_id: item.id, made_at: now, made_by, ended_at: None },
        )
        .await?;
    }
    ladder::out_of_risk(&desk, &tx, &row).await?;
    let state = if row.state == State::Collected { State::Collected } else { State::Ready };
    let row = store::bookings::change(&tx, booking::Model { state, ready_at: Some(now), ..row }).await?;
    super::tell(&desk, &tx, &row, "booking_ready", &held.subject).await?;
    lapse::note(&desk, &tx, &row).await?;
    let receipt = super::shown(&row, now);
    desk.commit(tx, receipt).await
}
