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

/// Can whoever has it check in now, and has not: to a space, at an occasion?
#[must_use]
pub fn awaits_check_in(booking: &Booking, now: DateTime<Utc>) -> bool {
    booking.state != State::Collected && check_in(booking, now).is_ok()
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

#[cfg(test)]
mod tests {
    use entity::ids::{KindId, SpaceId};

    use super::*;
    use crate::rules::terms::{Sort, preset};

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_764_000_000 + minute * 60, 0).unwrap()
    }

    /// From minute 60 to minute 120; it lapses at minute 90.
    fn booking(state: State, space: bool) -> Booking {
        Booking {
            id: uuid::Uuid::nil().into(),
            station_id: uuid::Uuid::nil().into(),
            kind_id: (!space).then_some(KindId(uuid::Uuid::nil())),
            space_id: space.then_some(SpaceId(uuid::Uuid::nil())),
            occasion_id: None,
            member_id: uuid::Uuid::nil().into(),
            made_by: None,
            hold_id: None,
            quantity: 1,
            collected: 0,
            starts_at: at(60),
            ends_at: at(120),
            state,
            priority: entity::booking::Priority::Ordinary,
            purpose: None,
            override_reason: None,
            terms: preset(Sort::Things("test")),
            lapses_at: Some(at(90)),
            created_at: at(0),
            confirmed_at: None,
            decided_by: None,
            ready_at: None,
            collected_at: None,
            ended_at: (!state.is_open()).then(|| at(10)),
            ended_by: None,
            end_reason: None,
            pardoned_at: None,
            pardoned_by: None,
            sequence: 0,
            rev: 1,
        }
    }

    const OVER: [State; 6] = [State::Ended, State::Cancelled, State::Rejected, State::Expired, State::NoShow, State::Displaced];

    #[test]
    fn what_is_over_is_over() {
        for state in OVER {
            for space in [false, true] {
                let row = booking(state, space);
                assert_eq!(lapsed(&row, at(500)), None, "{state:?}");
                assert!(!stands(&row, at(0)) && !can_be_collected(&row, at(60)), "{state:?}");
                assert!(cancel(&row, true, at(0)).is_err() && confirm(&row, at(0)).is_err() && decide(&row, at(0)).is_err());
                assert!(check_in(&row, at(60)).is_err() && end_early(&row, at(60)).is_err());
            }
        }
    }

    #[test]
    fn each_state_lapses_into_its_own() {
        let of = |state| (lapsed(&booking(state, false), at(89)), lapsed(&booking(state, false), at(90)));
        assert_eq!(of(State::Held), (None, Some(State::Expired)));
        assert_eq!(of(State::Pending), (None, Some(State::Expired)));
        assert_eq!(of(State::Confirmed), (None, Some(State::NoShow)));
        assert_eq!(of(State::Ready), (None, Some(State::NoShow)));
        assert_eq!(of(State::AtRisk), (None, Some(State::Displaced)), "there was nothing for them: no strike");
        assert_eq!(of(State::Collected), (None, None), "things end with their loans");
        let seat = Booking { lapses_at: None, ..booking(State::Confirmed, true) };
        assert_eq!((lapsed(&seat, at(119)), lapsed(&seat, at(120))), (None, Some(State::Ended)));
        let used = Booking { lapses_at: None, ..booking(State::Collected, true) };
        assert_eq!((lapsed(&used, at(119)), lapsed(&used, at(120))), (None, Some(State::Ended)));
    }

    #[test]
    fn one_comes_from_a_little_before_until_it_lapses() {
        let row = booking(State::Confirmed, false);
        let can: Vec<_> = [29, 30, 60, 89, 90].into_iter().map(|minute| can_be_collected(&row, at(minute))).collect();
        assert_eq!(can, [false, true, true, true, false]);
        let room = booking(State::Confirmed, true);
        assert_eq!(check_in(&room, at(29)), Err(vec![Refusal::NotYetOpen { opens_at: at(30) }]));
        assert_eq!(check_in(&room, at(60)), Ok(()));
        assert_eq!(check_in(&row, at(60)), Err(vec![Refusal::CollectByScan]));
    }

    #[test]
    fn a_keeper_cancels_when_it_is_too_late_for_who_has_booked() {
        let mut row = booking(State::Confirmed, false);
        assert_eq!(cancel(&row, false, at(80)), Ok(()));
        row.terms.cancel_until = 30;
        assert_eq!(cancel(&row, false, at(30)), Ok(()));
        assert_eq!(cancel(&row, false, at(31)), Err(vec![Refusal::CancelTooLate { until: at(30) }]));
        assert_eq!(cancel(&row, true, at(31)), Ok(()));
        assert_eq!(
            cancel(&booking(State::Pending, false), false, at(31)),
            Ok(()),
            "what nobody has said yes to is given up freely"
        );
    }
}
