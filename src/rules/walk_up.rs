//! May a thing leave now, although others have booked, and until when? Somebody who stands before the cabinet is served from what
//! is not promised; what is about to be collected must be covered by what is on the shelf, because a thing that is out is only a
//! hope.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use entity::{booking::Model as Booking, pool::Terms};

use super::{
    availability::Timeline,
    calendar::{Calendar, Hours},
    refusal::Refusal,
};

/// What the decision rests on. The rows were read under the lock of the pool.
#[derive(Debug)]
pub struct Facts<'a> {
    /// What is occupied; without the loan that is asked for, and without what its borrower is collecting.
    pub timeline: &'a Timeline,
    /// The terms of the pool.
    pub terms: &'a Terms,
    /// When the station is open.
    pub calendar: &'a Calendar,
    /// How many of the kind are on the shelf and in service, this one included.
    pub on_shelf: i64,
    /// Firm bookings of the pool that nobody has collected yet; without the borrower's own that is being collected.
    pub awaited: &'a [Booking],
    /// The booking for which this very thing stands ready, if it is somebody else's.
    pub set_aside_for: Option<&'a Booking>,
}

/// Until when a thing may be lent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Until {
    /// When it is due.
    pub due_at: DateTime<Utc>,
    /// It is due earlier than it would have been, because somebody has booked from then.
    pub booked_from: Option<DateTime<Utc>>,
}

/// Decides on a loan from now that would fall due at `due_at`.
///
/// # Errors
/// All reasons at once; at least one.
pub fn walk_up(facts: &Facts<'_>, due_at: DateTime<Utc>, overridden: bool, now: DateTime<Utc>) -> Result<Until, Vec<Refusal>> {
    let mut reasons = Vec::new();
    if let Some(booking) = facts.set_aside_for {
        reasons.push(Refusal::SetAside { from: booking.starts_at });
    }
    let turnaround = TimeDelta::minutes(i64::from(facts.terms.turnaround));
    let short_from = facts.timeline.short_from(now.timestamp(), 1).and_then(|at| DateTime::from_timestamp(at, 0));
    let latest = short_from.map(|at| at - turnaround);
    let shortened = latest.filter(|latest| *latest < due_at);
    let due_at = shortened.unwrap_or(due_at);
    let least = TimeDelta::minutes(i64::from(facts.terms.least_loan).max(1));
    if let (Some(_), Some(from)) = (shortened, short_from)
        && due_at - now < least
        // A keeper may lend it for a short time, never for none.
        && !(overridden && due_at > now)
    {
        reasons.push(Refusal::BookedSoon { from, free_from: free_again(facts, now) });
    }
    if !overridden && let Some(from) = kept_from(facts, now) {
        reasons.push(Refusal::KeptForBooking { from });
    }
    if reasons.is_empty() { Ok(Until { due_at, booked_from: shortened.and(short_from) }) } else { Err(reasons) }
}

/// When one could be borrowed again for a useful time.
fn free_again(facts: &Facts<'_>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let useful = i64::from(facts.terms.turnaround + facts.terms.least_loan.max(1)) * 60;
    let ahead = now + TimeDelta::days(31);
    let free = facts.timeline.free_for(1, now.timestamp(), ahead.timestamp());
    free.into_iter()
        .find(|(from, to)| *from > now.timestamp() && to - from >= useful)
        .and_then(|(from, _)| DateTime::from_timestamp(from, 0))
}

/// The first booking that what is left on the shelf would not cover.
fn kept_from(facts: &Facts<'_>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let protected = protected_until(facts.terms, facts.calendar, now);
    let mut soon: Vec<&Booking> = facts.awaited.iter().filter(|booking| booking.starts_at < protected).collect();
    soon.sort_by_key(|booking| booking.starts_at);
    let mut left = facts.on_shelf - 1;
    for booking in soon {
        left -= i64::from(booking.quantity - booking.collected);
        if left < 0 {
            return Some(booking.starts_at);
        }
    }
    None
}

/// Until when bookings must be covered by what is on the shelf: so long from now, of which the night counts nothing where the
/// terms say so.
#[must_use]
pub fn protected_until(terms: &Terms, calendar: &Calendar, now: DateTime<Utc>) -> DateTime<Utc> {
    let mut left = TimeDelta::minutes(i64::from(terms.protect));
    if !terms.protect_overnight || left.is_zero() {
        return now + left;
    }
    let mut reached = now;
    for day in calendar.business_date(now).iter_days().take(15) {
        for (open, close) in waking_hours(calendar, day) {
            let from = open.max(reached);
            if from >= close {
                continue;
            }
            if close - from >= left {
                return from + left;
            }
            left -= close - from;
            reached = close;
        }
    }
    reached
}

/// When people come on a day: the opening hours; to a cabinet in the open from 7 to 22.
fn waking_hours(calendar: &Calendar, day: chrono::NaiveDate) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    let sessions = calendar.sessions_on(day);
    if !matches!(calendar.hours, Hours::AlwaysOpen) || sessions.is_empty() {
        return sessions;
    }
    let at = |hour| calendar.instant(day, NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default());
    vec![(at(7), at(22))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::terms::{Sort, preset};

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    fn always() -> Calendar {
        Calendar {
            zone: chrono_tz::Asia::Shanghai,
            hours: Hours::AlwaysOpen,
            follows_public_holidays: false,
            closures: Vec::new(),
        }
    }

    fn booked(from: &str) -> Booking {
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
            starts_at: at(from),
            ends_at: at(from) + TimeDelta::hours(2),
            state: entity::booking::State::Confirmed,
            priority: entity::booking::Priority::Ordinary,
            purpose: None,
            override_reason: None,
            terms: preset(Sort::Things("mobility")),
            lapses_at: None,
            created_at: at(from),
            confirmed_at: None,
            decided_by: None,
            ready_at: None,
            collected_at: None,
            ended_at: None,
            ended_by: None,
            end_reason: None,
            pardoned_at: None,
            pardoned_by: None,
            sequence: 0,
            rev: 1,
        }
    }

    /// Two wheelchairs, one of them out until 18:00; somebody comes at 15:00.
    fn said(now: &str, on_shelf: i64) -> Result<Until, Vec<&'static str>> {
        let terms = preset(Sort::Things("mobility"));
        let booking = booked("2026-11-23T15:00:00+08:00");
        let span = |from: &str, to: &str| (at(from).timestamp(), at(to).timestamp(), 1);
        let out = span("2026-11-23T08:00:00+08:00", "2026-11-23T18:30:00+08:00");
        let promised = span("2026-11-23T15:00:00+08:00", "2026-11-23T17:30:00+08:00");
        let timeline = Timeline::from_spans(2, if on_shelf == 2 { vec![promised] } else { vec![out, promised] });
        let facts = Facts {
            timeline: &timeline,
            terms: &terms,
            calendar: &always(),
            on_shelf,
            awaited: std::slice::from_ref(&booking),
            set_aside_for: None,
        };
        let now = at(now);
        walk_up(&facts, now + TimeDelta::hours(8), false, now).map_err(|no| no.iter().map(Refusal::code).collect())
    }

    #[test]
    fn the_example_of_the_two_wheelchairs() {
        let ten = said("2026-11-23T10:00:00+08:00", 1).unwrap();
        assert_eq!(ten.due_at, at("2026-11-23T14:30:00+08:00"));
        assert_eq!(ten.booked_from, Some(at("2026-11-23T15:00:00+08:00")));
        assert_eq!(said("2026-11-23T11:30:00+08:00", 1), Err(vec!["kept-for-booking"]), "the one on the shelf is protected now");
        let with_another = said("2026-11-23T11:30:00+08:00", 2).unwrap();
        assert_eq!((with_another.due_at, with_another.booked_from), (at("2026-11-23T19:30:00+08:00"), None));
        assert_eq!(
            said("2026-11-23T14:15:00+08:00", 1),
            Err(vec!["booked-soon", "kept-for-booking"]),
            "a quarter of an hour is no loan"
        );
    }

    #[test]
    fn the_night_does_not_use_up_the_protection() {
        let terms = preset(Sort::Things("mobility"));
        let until = |now: &str| protected_until(&terms, &always(), at(now));
        assert_eq!(until("2026-11-23T10:00:00+08:00"), at("2026-11-23T14:00:00+08:00"));
        assert_eq!(until("2026-11-23T20:00:00+08:00"), at("2026-11-24T09:00:00+08:00"), "two hours tonight, two in the morning");
        assert_eq!(until("2026-11-23T23:00:00+08:00"), at("2026-11-24T11:00:00+08:00"));
        let tool = preset(Sort::Things("tool"));
        assert_eq!(protected_until(&tool, &always(), at("2026-11-23T23:00:00+08:00")), at("2026-11-24T01:00:00+08:00"));
    }
}
