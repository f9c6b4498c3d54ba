//! Decide: a keeper says yes or no to a booking that waits for it. It has counted from its first second.

use entity::{
    booking::{self, State},
    ids::BookingId,
};

use super::{held::hold_for_keeper, lapse};
use crate::{
    db::Done,
    desk::{Desk, Result, invalid},
    rules::{
        booking::{Booked, firm},
        booking_life as rule,
    },
    store,
    view::BookingView,
};

/// What a keeper says.
#[derive(Clone, Debug)]
pub struct Decide {
    /// To which booking.
    pub booking: BookingId,
    /// Yes.
    pub approved: bool,
    /// Why not; whoever has booked is told.
    pub reason: Option<String>,
}

/// Decides. Keepers of the station.
///
/// # Errors
/// [`crate::desk::Error::Refused`] when it waits for nobody; [`crate::desk::Error::NotFound`].
pub async fn decide(desk: Desk, order: Decide) -> Result<Done<BookingView>> {
    let reason = order.reason.as_deref().map(|text| entity::values::text(text, 200)).transpose().map_err(invalid("reason"))?;
    let tx = desk.open().await?;
    let now = desk.now();
    let held = hold_for_keeper(&desk, &tx, order.booking).await?;
    if let Err(reasons) = rule::decide(&held.row, now) {
        return desk.refuse(tx, reasons).await;
    }
    let by = desk.actor.member();
    let row = booking::Model { decided_by: by, ..held.row };
    let row = if order.approved {
        let Booked { state, lapses_at } = firm(&row.terms, (row.starts_at, row.ends_at), &held.subject.calendar, true, now);
        let row = booking::Model { state, confirmed_at: Some(now), lapses_at, ..row };
        let row = store::bookings::change(&tx, row).await?;
        store::claims::follow_booking(&tx, &row, row.ends_at).await?;
        super::tell(&desk, &tx, &row, "booking_confirmed", &held.subject).await?;
        lapse::note(&desk, &tx, &row).await?;
        row
    } else {
        lapse::end(&desk, &tx, row, State::Rejected, reason).await?
    };
    store::claims::touch_pools(&tx, held.subject.pool_ids()).await?;
    if !order.approved {
        lapse::freed(&desk, &tx, &held.subject.family).await?;
    }
    let receipt = super::shown(&row, now);
    desk.commit(tx, receipt).await
}
