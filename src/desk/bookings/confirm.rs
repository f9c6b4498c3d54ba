//! Confirm: whoever holds something says that they want it.

use entity::{
    booking::{self, State},
    ids::BookingId,
};

use super::{held::hold, lapse, place};
use crate::{
    db::Done,
    desk::{Desk, Error, Result, queue},
    rules::{
        booking::{Booked, firm},
        booking_life as rule,
    },
    store,
    view::BookingView,
};

/// Confirms. The capacity is held already; where a keeper must say yes, it waits for that.
///
/// # Errors
/// [`crate::desk::Error::Refused`] when it is held no longer; [`crate::desk::Error::NotFound`].
pub async fn confirm(desk: Desk, id: BookingId) -> Result<Done<BookingView>> {
    let tx = desk.open().await?;
    let now = desk.now();
    let seen = store::bookings::find(tx.conn(), id).await?.ok_or(Error::NotFound("booking"))?;
    // Lock order: member, then pools. What was offered was not weighed under the lock of the member: that is made up for here.
    let waited = match seen.hold_id {
        Some(_) => store::members::lock(&tx, seen.member_id).await?,
        None => None,
    };
    let held = hold(&desk, &tx, id).await?;
    if let Err(reasons) = rule::confirm(&held.row, now) {
        return desk.refuse(tx, reasons).await;
    }
    if let Some(member) = waited {
        let reasons = place::still_allowed(&desk, &tx, (&held.subject, &member), &held.row).await?;
        if !reasons.is_empty() {
            return desk.refuse(tx, reasons).await;
        }
        queue::accepted(&desk, &tx, &held.row).await?;
    }
    let promised = (held.row.starts_at, held.row.ends_at);
    let Booked { state, lapses_at } = firm(&held.row.terms, promised, &held.subject.calendar, held.by_keeper, now);
    let confirmed_at = (state == State::Confirmed).then_some(now);
    let row = store::bookings::change(&tx, booking::Model { state, lapses_at, confirmed_at, ..held.row }).await?;
    store::claims::follow_booking(&tx, &row, row.ends_at).await?;
    lapse::note(&desk, &tx, &row).await?;
    let receipt = super::shown(&row, now);
    desk.commit(tx, receipt).await
}
