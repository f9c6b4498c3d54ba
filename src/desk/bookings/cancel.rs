//! Cancel: a booking is given up. What it occupied is free at once.

use entity::{booking::State, ids::BookingId};

use super::{held::hold, lapse};
use crate::{
    db::Done,
    desk::{Desk, Result, invalid},
    rules::booking_life as rule,
    store,
    view::BookingView,
};

/// What is given up.
#[derive(Clone, Debug)]
pub struct Cancel {
    /// Which booking.
    pub booking: BookingId,
    /// Why; whoever has booked is told.
    pub reason: Option<String>,
}

/// Cancels. Whoever has it, and keepers of the station. A second time it answers the same.
///
/// # Errors
/// [`crate::desk::Error::Refused`] when it is over or it is too late; [`crate::desk::Error::NotFound`].
pub async fn cancel(desk: Desk, order: Cancel) -> Result<Done<BookingView>> {
    let reason = order.reason.as_deref().map(|text| entity::values::text(text, 200)).transpose().map_err(invalid("reason"))?;
    let tx = desk.open().await?;
    let held = hold(&desk, &tx, order.booking).await?;
    if held.row.state == State::Cancelled {
        let receipt = super::shown(&held.row, desk.now());
        return desk.commit(tx, receipt).await;
    }
    if let Err(reasons) = rule::cancel(&held.row, held.by_keeper, desk.now()) {
        return desk.refuse(tx, reasons).await;
    }
    let row = lapse::end(&desk, &tx, held.row, State::Cancelled, reason).await?;
    store::claims::touch_pools(&tx, held.subject.pool_ids()).await?;
    lapse::freed(&desk, &tx, &held.subject.family).await?;
    let receipt = super::shown(&row, desk.now());
    desk.commit(tx, receipt).await
}
