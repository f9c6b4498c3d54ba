//! Bookings 预约: promise time, and keep the promise. Every verb locks the member whose quota it counts, then the pools in the
//! order of their ids; writes down what has lapsed there; decides; and writes. What is right does not wait for a job.

pub mod availability;
pub mod book;
pub mod bookable;
pub mod cancel;
pub mod change;
pub mod check_in;
pub mod confirm;
pub mod decide;
pub mod end_early;
mod held;
pub mod ladder;
pub mod lapse;
pub mod pardon;
pub(crate) mod place;
pub mod prepare;
pub mod promises;
pub mod terms;
pub mod upkeep;

use chrono::{DateTime, TimeDelta, Utc};
use entity::booking;

use super::{Desk, Result, Tell};
use crate::{
    db::WriteTx,
    rules::{booking_life, waking::next_waking},
    view::BookingView,
};

/// A booking as it stands at `now`.
#[must_use]
pub fn shown(row: &booking::Model, now: DateTime<Utc>) -> BookingView {
    BookingView::new(row, booking_life::lapsed(row, now), booking_life::cancellable_until(row))
}

/// What makes a notice about a booking as it stands one of a kind.
pub(crate) fn key_of(template: &str, row: &booking::Model) -> String {
    format!("{template}:{}:{}", row.id, row.sequence)
}

/// Tells whoever has booked. Not in the night, unless it cannot wait for the morning.
pub(crate) async fn tell(
    desk: &Desk,
    tx: &WriteTx,
    row: &booking::Model,
    template: &str,
    subject: &bookable::Bookable,
) -> Result<()> {
    let now = desk.now();
    let morning = next_waking(now, subject.station.zone());
    let tell = Tell {
        natural_key: key_of(template, row),
        template,
        params: serde_json::json!({
            "thing": subject.name_for_others().0, "thing_en": subject.name_for_others().1,
            "station": subject.station.name, "starts_at": row.starts_at, "ends_at": row.ends_at, "reason": row.end_reason,
            "booking": row.id, "lapses_at": row.lapses_at, "first": row.occasion_id.is_none(),
        }),
        send_after: if row.starts_at < morning { now } else { morning },
        fresh_for: TimeDelta::hours(12),
    };
    desk.tell(tx, row.member_id, tell).await?;
    Ok(())
}
