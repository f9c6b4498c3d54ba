//! Pardon: a keeper forgives that nobody came. The pause that followed from it is over, if it needed this one.

use entity::{booking, ids::BookingId};

use super::{held::hold_for_keeper, lapse};
use crate::{
    db::Done,
    desk::{Desk, Result},
    rules::booking_life as rule,
    store,
    view::BookingView,
};

/// Pardons. Keepers of the station.
///
/// # Errors
/// [`crate::desk::Error::Refused`] when there is nothing to pardon; [`crate::desk::Error::NotFound`].
pub async fn pardon(desk: Desk, id: BookingId) -> Result<Done<BookingView>> {
    let tx = desk.open().await?;
    let held = hold_for_keeper(&desk, &tx, id).await?;
    if let Err(reasons) = rule::pardon(&held.row) {
        return desk.refuse(tx, reasons).await;
    }
    let row = booking::Model { pardoned_at: Some(desk.now()), pardoned_by: desk.actor.member(), ..held.row };
    let row = store::bookings::change(&tx, row).await?;
    lapse::note(&desk, &tx, &row).await?;
    let receipt = super::shown(&row, desk.now());
    desk.commit(tx, receipt).await
}
