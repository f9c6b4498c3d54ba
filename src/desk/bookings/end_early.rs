//! End early: somebody leaves a space before their time is over, and the rest is free for others.

use entity::{
    booking::{self, State},
    ids::BookingId,
};

use super::{held::hold, lapse};
use crate::{
    db::Done,
    desk::{Desk, Result},
    rules::booking_life as rule,
    store,
    view::BookingView,
};

/// Ends it now; the turnaround follows. Whoever has it, and keepers of the station.
///
/// # Errors
/// [`crate::desk::Error::Refused`] when nobody is there; [`crate::desk::Error::NotFound`].
pub async fn end_early(desk: Desk, id: BookingId) -> Result<Done<BookingView>> {
    let tx = desk.open().await?;
    let now = desk.now();
    let held = hold(&desk, &tx, id).await?;
    if let Err(reasons) = rule::end_early(&held.row, now) {
        return desk.refuse(tx, reasons).await;
    }
    let row = booking::Model { state: State::Ended, ended_at: Some(now), ended_by: desk.actor.member(), ..held.row };
    let row = store::bookings::change(&tx, row).await?;
    if now.timestamp() > row.starts_at.timestamp() {
        // The turnaround is still occupied; the job ends the claim after it.
        store::claims::follow_booking(&tx, &row, now.min(row.ends_at)).await?;
    } else {
        store::claims::release_booking(&tx, row.id).await?;
    }
    store::claims::touch_pools(&tx, held.subject.pool_ids()).await?;
    lapse::note(&desk, &tx, &row).await?;
    lapse::freed(&desk, &tx, &held.subject.family).await?;
    let receipt = super::shown(&row, now);
    desk.commit(tx, receipt).await
}
