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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::terms::{Sort, preset};

    fn missed(day: i64, pardoned: bool) -> Booking {
        let at = DateTime::from_timestamp(1_764_000_000, 0).unwrap() + TimeDelta::days(day);
        Booking {
            id: uuid::Uuid::nil().into(),
            station_id: uuid::Uuid::nil().into(),
            kind_id: None,
            space_id: None,
            occasion_id: None,
            member_id: uuid::Uuid::nil().into(),
            made_by: None,
            hold_id: None,
            quantity: 1,
            collected: 0,
            starts_at: at,
            ends_at: at,
            state: State::NoShow,
            priority: entity::booking::Priority::Ordinary,
            purpose: None,
            override_reason: None,
            terms: preset(Sort::Space),
            lapses_at: None,
            created_at: at,
            confirmed_at: None,
            decided_by: None,
            ready_at: None,
            collected_at: None,
            ended_at: Some(at),
            ended_by: None,
            end_reason: None,
            pardoned_at: pardoned.then_some(at),
            pardoned_by: None,
            sequence: 0,
            rev: 1,
        }
    }

    #[test]
    fn three_within_the_time_are_a_pause_that_ends_by_itself() {
        let terms = preset(Sort::Space);
        let day = |day| DateTime::from_timestamp(1_764_000_000, 0).unwrap() + TimeDelta::days(day);
        let paused = |strikes: &[Booking], on| paused_until(strikes, &terms, day(on));
        assert_eq!(paused(&[missed(0, false), missed(10, false)], 11), None);
        let three = [missed(20, false), missed(0, false), missed(10, false)];
        assert_eq!(paused(&three, 21), Some(day(50)));
        assert_eq!(paused(&three, 50), None);
        assert_eq!(paused(&[missed(0, false), missed(10, true), missed(20, false)], 21), None, "one was forgiven");
        assert_eq!(paused(&[missed(0, false), missed(100, false), missed(121, false)], 122), None, "too far apart");
        assert_eq!(paused_until(&three, &Terms { strikes: 0, ..terms.clone() }, day(21)), None, "no strikes are counted");
    }
}
