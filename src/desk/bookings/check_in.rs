//! Check in: somebody has come to a space, or to an occasion. Things are collected by borrowing them.

use entity::{
    booking::{self, State},
    ids::BookingId,
};

use super::{held::hold, ladder, lapse};
use crate::{
    db::Done,
    desk::{Desk, Result},
    rules::booking_life as rule,
    store,
    view::BookingView,
};

/// Checks in. Whoever has it, and keepers of the station. A second time it answers the same.
///
/// # Errors
/// [`crate::desk::Error::Refused`] when it is too early or over; [`crate::desk::Error::NotFound`].
pub async fn check_in(desk: Desk, id: BookingId) -> Result<Done<BookingView>> {
    let tx = desk.open().await?;
    let now = desk.now();
    let held = hold(&desk, &tx, id).await?;
    if let Err(reasons) = rule::check_in(&held.row, now) {
        return desk.refuse(tx, reasons).await;
    }
    if held.row.state == State::Collected {
        let receipt = super::shown(&held.row, now);
        return desk.commit(tx, receipt).await;
    }
    ladder::out_of_risk(&desk, &tx, &held.row).await?;
    let row = booking::Model {
        state: State::Collected,
        collected: held.row.quantity,
        collected_at: Some(now),
        lapses_at: None,
        ..held.row
    };
    let row = store::bookings::change(&tx, row).await?;
    store::claims::follow_booking(&tx, &row, row.ends_at).await?;
    lapse::note(&desk, &tx, &row).await?;
    let receipt = super::shown(&row, now);
    desk.commit(tx, receipt).await
}
