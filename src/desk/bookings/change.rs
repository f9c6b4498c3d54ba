//! Change a booking: another time, another number of units. It is taken off and put on again in one piece: who had a place keeps
//! it if the new one is not to be had.

use chrono::{DateTime, Utc};
use entity::{booking, booking::State, ids::BookingId};

use super::{
    held::hold,
    ladder, lapse,
    place::{self, Asked},
};
use crate::{
    db::Done,
    desk::{Desk, Error, Problem, Result},
    rules::{booking::Wish, booking_life, refusal::Refusal},
    store,
    view::BookingView,
};

/// What is changed; what is `None` stays.
#[derive(Clone, Debug)]
pub struct Change {
    /// Which booking.
    pub booking: BookingId,
    /// From.
    pub starts_at: Option<DateTime<Utc>>,
    /// Until.
    pub ends_at: Option<DateTime<Utc>>,
    /// How many units.
    pub quantity: Option<u32>,
    /// A keeper takes it on themselves, for this reason.
    pub override_reason: Option<String>,
}

/// Changes it. Whoever has it, and keepers of the station.
///
/// # Errors
/// [`Error::Refused`] with all reasons; the booking stays as it was. [`Error::NotFound`]; [`Error::Invalid`].
pub async fn change(desk: Desk, order: Change) -> Result<Done<BookingView>> {
    let tx = desk.open().await?;
    let now = desk.now();
    let seen = store::bookings::find(tx.conn(), order.booking).await?.ok_or(Error::NotFound("booking"))?;
    // Lock order: member, then pools.
    let member = store::members::lock(&tx, seen.member_id).await?.ok_or(Error::NotFound("member"))?;
    let held = hold(&desk, &tx, order.booking).await?;
    if order.override_reason.is_some() && !held.by_keeper {
        return Err(Error::Forbidden);
    }
    let row = held.row;
    if let Err(reasons) = booking_life::cancel(&row, held.by_keeper, now) {
        return desk.refuse(tx, reasons).await;
    }
    if row.occasion_id.is_some() && (order.starts_at.is_some() || order.ends_at.is_some()) {
        return Err(Error::Invalid { field: "starts_at", problem: Problem::Unknown });
    }
    let whole = |at: DateTime<Utc>| DateTime::from_timestamp(at.timestamp(), 0).unwrap_or(at);
    let kept = u32::try_from(row.quantity).unwrap_or(1);
    let wish = Wish {
        starts_at: order.starts_at.map_or(row.starts_at, whole),
        ends_at: order.ends_at.map_or(row.ends_at, whole),
        quantity: order.quantity.unwrap_or(kept),
    };
    if wish.ends_at <= wish.starts_at || !(1..=1_000).contains(&wish.quantity) {
        return Err(Error::Invalid { field: "ends_at", problem: Problem::OutOfRange });
    }
    lapse::tidy(&desk, &tx, &held.subject.family).await?;
    let Some(row) = store::bookings::find(tx.conn(), row.id).await?.filter(|row| row.state.is_open()) else {
        return desk.refuse(tx, vec![Refusal::BookingOver]).await;
    };
    let asked = Asked {
        by_keeper: held.by_keeper,
        overridden: order.override_reason.is_some(),
        only_held: row.state == State::Held,
        changed: Some(row.id),
        ..Asked::default()
    };
    let decided = place::decide(&desk, tx.conn(), (&held.subject, &member), asked, wish).await?;
    let booked = match decided {
        Ok(booked) => booked,
        Err(reasons) => return desk.refuse(tx, reasons).await,
    };
    store::claims::release_booking(&tx, row.id).await?;
    store::bookings::put_back(&tx, row.id, now).await?;
    ladder::out_of_risk(&desk, &tx, &row).await?;
    let row = booking::Model {
        starts_at: wish.starts_at,
        ends_at: wish.ends_at,
        quantity: i32::try_from(wish.quantity).unwrap_or(i32::MAX),
        state: booked.state,
        lapses_at: booked.lapses_at,
        confirmed_at: if booked.state == State::Confirmed { row.confirmed_at.or(Some(now)) } else { None },
        ready_at: None,
        terms: held.subject.terms.clone(),
        override_reason: order.override_reason.or(row.override_reason.clone()),
        ..row
    };
    let row = store::bookings::change(&tx, row).await?;
    for pool in &held.subject.pools {
        store::claims::promise(&tx, desk.app.clock.id(), pool.id, &row).await?;
    }
    store::claims::touch_pools(&tx, held.subject.pool_ids()).await?;
    lapse::note(&desk, &tx, &row).await?;
    lapse::freed(&desk, &tx, &held.subject.family).await?;
    let receipt = super::shown(&row, now);
    desk.commit(tx, receipt).await
}
