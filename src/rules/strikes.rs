//! Strikes: nobody came, and somebody else could have had it. So many of them within a time are a pause, which begins and ends by
//! itself; a keeper may pardon.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    booking::{Model as Booking, State},
    pool::Terms,
};

/// Until when a member may not book, if they may not now. `bookings` are theirs, of the same sort, in any order.
#[must_use]
pub fn paused_until(bookings: &[Booking], terms: &Terms, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let enough = usize::try_from(terms.strikes).ok().filter(|enough| *enough > 0)?;
    let mut missed: Vec<DateTime<Utc>> = bookings
        .iter()
        .filter(|booking| booking.state == State::NoShow && booking.pardoned_at.is_none())
        .filter_map(|booking| booking.ended_at)
        .collect();
    missed.sort_unstable();
    let spell = TimeDelta::days(i64::from(terms.strike_days));
    let pause = TimeDelta::days(i64::from(terms.pause_days));
    missed
        .windows(enough)
        .filter_map(|strikes| Some((*strikes.first()?, *strikes.last()?)))
        .filter(|(first, last)| *last - *first <= spell)
        .map(|(_, last)| last + pause)
        .filter(|until| now < *until)
        .max()
}
