//! What may still become of a booking, and what has become of it if nothing happened. What is over stays as it ended.

use chrono::{DateTime, TimeDelta, Utc};
use entity::booking::{Model as Booking, State};

use super::refusal::Refusal;

/// Does it stand, as things are at `now`, whether or not anybody has written down that it lapsed?
#[must_use]
pub fn stands(booking: &Booking, now: DateTime<Utc>) -> bool {
    booking.state.is_open() && lapsed(booking, now).is_none()
}

/// What a booking has become by itself at `now`; `None` while it stands as it is. Things that were collected end with their loans.
#[must_use]
pub fn lapsed(booking: &Booking, now: DateTime<Utc>) -> Option<State> {
    let is_past = |at: DateTime<Utc>| at <= now;
    let has_lapsed = booking.lapses_at.is_some_and(is_past);
    match booking.state {
        State::Held | State::Pending => has_lapsed.then_some(State::Expired),
        // There was nothing for them: nobody can say that they did not come.
        State::AtRisk => (has_lapsed || is_past(booking.ends_at)).then_some(State::Displaced),
        State::Confirmed | State::Ready if has_lapsed => Some(State::NoShow),
        // A seat that stays empty harms nobody.
        State::Confirmed | State::Ready => is_past(booking.ends_at).then_some(State::Ended),
        State::Collected if booking.kind_id.is_none() => is_past(booking.ends_at).then_some(State::Ended),
        State::Collected
        | State::Ended
        | State::Cancelled
        | State::Rejected
        | State::Expired
        | State::NoShow
        | State::Displaced => None,
    }
}

/// May it be given up? By a keeper always, while it stands.
///
/// # Errors
/// The reasons.
pub fn cancel(booking: &Booking, by_keeper: bool, now: DateTime<Utc>) -> Result<(), Vec<Refusal>> {
    if !stands(booking, now) || booking.state == State::Collected {
        return Err(vec![Refusal::BookingOver]);
    }
    let until = cancellable_until(booking);
    if !by_keeper && booking.state.awaits_collection() && now > until {
        return Err(vec![Refusal::CancelTooLate { until }]);
    }
    Ok(())
}

/// Until when whoever has booked can give it up. Where no time is set, as long as somebody else could still have it.
#[must_use]
pub fn cancellable_until(booking: &Booking) -> DateTime<Utc> {
    if booking.terms.cancel_until == 0 {
        return booking.ends_at;
    }
    booking.starts_at - TimeDelta::minutes(i64::from(booking.terms.cancel_until))
}

/// May it be made firm by whoever holds it?
///
/// # Errors
/// The reasons.
pub fn confirm(booking: &Booking, now: DateTime<Utc>) -> Result<(), Vec<Refusal>> {
    if booking.state == State::Held && stands(booking, now) { Ok(()) } else { Err(vec![Refusal::BookingOver]) }
}

/// May a keeper say yes or no to it?
///
/// # Errors
/// The reasons.
pub fn decide(booking: &Booking, now: DateTime<Utc>) -> Result<(), Vec<Refusal>> {
    if booking.state == State::Pending && stands(booking, now) { Ok(()) } else { Err(vec![Refusal::NotPending]) }
}

/// May somebody check in: to a space, at an occasion?
///
/// # Errors
/// The reasons.
pub fn check_in(booking: &Booking, now: DateTime<Utc>) -> Result<(), Vec<Refusal>> {
    if booking.kind_id.is_some() {
        return Err(vec![Refusal::CollectByScan]);
    }
    if !stands(booking, now) || !(booking.state.awaits_collection() || booking.state == State::Collected) {
        return Err(vec![Refusal::BookingOver]);
    }
    if now < booking.opens_at() {
        return Err(vec![Refusal::NotYetOpen { opens_at: booking.opens_at() }]);
    }
    Ok(())
}

/// May it be collected now: is it firm, and has its time come?
#[must_use]
pub fn can_be_collected(booking: &Booking, now: DateTime<Utc>) -> bool {
    // Whoever comes for what was offered to them has said yes.
    let firm = booking.is_offer()
        || booking.state.awaits_collection()
        || (booking.state == State::Collected && booking.kind_id.is_some());
    firm && stands(booking, now) && booking.collected < booking.quantity && booking.opens_at() <= now && now < booking.ends_at
}

/// May its end be moved to now?
///
/// # Errors
/// The reasons.
pub fn end_early(booking: &Booking, now: DateTime<Utc>) -> Result<(), Vec<Refusal>> {
    if booking.kind_id.is_some() {
        return Err(vec![Refusal::CollectByScan]);
    }
    if booking.state == State::Collected && stands(booking, now) { Ok(()) } else { Err(vec![Refusal::NotCollected]) }
}

/// May a keeper forgive that nobody came?
///
/// # Errors
/// The reasons.
pub fn pardon(booking: &Booking) -> Result<(), Vec<Refusal>> {
    let missed = booking.state == State::NoShow && booking.pardoned_at.is_none();
    if missed { Ok(()) } else { Err(vec![Refusal::NothingToPardon]) }
}
