//! What every verb on a booking begins with: it is read, its pools are locked, and who asks is known.

use entity::{booking, ids::BookingId};

use super::bookable::Bookable;
use crate::{
    db::WriteTx,
    desk::{Desk, Error, Result, authority::hide},
    store,
};

/// A booking that is held for a change.
pub(super) struct Held {
    pub(super) row: booking::Model,
    /// What it is of; its pools are locked.
    pub(super) subject: Bookable,
    /// A keeper of the station asks.
    pub(super) by_keeper: bool,
}

/// Holds a booking for whoever has it, or keeps the station. For others it is not there.
pub(super) async fn hold(desk: &Desk, tx: &WriteTx, id: BookingId) -> Result<Held> {
    let seen = store::bookings::find(tx.conn(), id).await?.ok_or(Error::NotFound("booking"))?;
    let subject = Bookable::of(tx.conn(), &seen).await?;
    let keeper = desk.actor.keeper_of(&subject.station);
    if desk.actor.member() != Some(seen.member_id) {
        hide(keeper.map(|_| ()), "booking")?;
    }
    let by_keeper = desk.actor.keeper_of(&subject.station).is_ok();
    let subject = subject.lock(tx).await?;
    let row = store::bookings::find(tx.conn(), id).await?.ok_or(Error::NotFound("booking"))?;
    Ok(Held { row, subject, by_keeper })
}

/// As [`hold`], for keepers of the station only.
pub(super) async fn hold_for_keeper(desk: &Desk, tx: &WriteTx, id: BookingId) -> Result<Held> {
    let held = hold(desk, tx, id).await?;
    if held.by_keeper { Ok(held) } else { Err(Error::Forbidden) }
}
