//! The one availability: how deep a pool is occupied at any instant, and what that leaves. Every screen, every answer and every
//! write uses it; there is no second formula (`tests/it/tidy.rs`).
//!
//! Depth is the sum of the claims that cover an instant; what an interval leaves is the capacity less the *peak* of the depth in
//! it, never less the sum of what overlaps. Intervals are half-open, in UTC epoch seconds: back to back is free.

use chrono::{DateTime, Days, TimeDelta, Utc};
use entity::claim::{self, Reason};

use super::calendar::Calendar;

/// Later than anything that is promised.
const FOREVER: i64 = i64::MAX / 4;

/// How deep a pool is occupied over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    capacity: i64,
    /// From which instant which depth holds, in order; before the first it is 0.
    steps: Vec<(i64, i64)>,
}

/// A spell in which the same number of units is free; below 0, more is promised than there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spell {
    /// Its beginning.
    pub from: i64,
    /// Its end, exclusive.
    pub to: i64,
    /// How many units are free.
    pub free: i64,
}

/// The interval that a claim occupies as things stand at `now`; `None` where it counts no longer.
#[must_use]
pub fn occupied(claim: &claim::Model, now: DateTime<Utc>, calendar: &Calendar) -> Option<(i64, i64)> {
    if !claim.live || claim.lapses_at.is_some_and(|lapses| lapses <= now.timestamp()) {
        return None;
    }
    if claim.reason != Reason::Loan || claim.e - claim.turnaround > now.timestamp() {
        return Some((claim.s, claim.e));
    }
    let due = DateTime::from_timestamp(claim.e - claim.turnaround, 0).unwrap_or(now);
    Some((claim.s, claim.e.max(out_until(due, now, calendar).saturating_add(claim.turnaround))))
}

/// Until when what is overdue is expected to stay away: the later it is, the less anybody counts on it. Never earlier as time
/// goes by.
fn out_until(due: DateTime<Utc>, now: DateTime<Utc>, calendar: &Calendar) -> i64 {
    let late = now - due;
    if late >= TimeDelta::days(7) {
        return FOREVER;
    }
    let mut until = now + TimeDelta::hours(1);
    if late >= TimeDelta::hours(2) {
        let tomorrow = calendar.business_date(now) + Days::new(1);
        let end = calendar.next_open_day(tomorrow).and_then(|day| calendar.sessions_on(day).last().map(|(_, to)| *to));
        until = until.max(end.unwrap_or(now + TimeDelta::days(1)));
    }
    if late >= TimeDelta::days(1) {
        until = until.max(now + TimeDelta::days(3));
    }
    until.timestamp()
}

impl Timeline {
    /// Of a pool with so many units and these claims, as things stand at `now`.
    #[must_use]
    pub fn of(capacity: i64, claims: &[claim::Model], now: DateTime<Utc>, calendar: &Calendar) -> Self {
        let standing = claims.iter().filter_map(|claim| Some((occupied(claim, now, calendar)?, i64::from(claim.qty))));
        Self::from_spans(capacity, standing.map(|((s, e), qty)| (s, e, qty)))
    }

    /// Of bare intervals `[s, e)` with their units.
    #[must_use]
    pub fn from_spans(capacity: i64, spans: impl IntoIterator<Item = (i64, i64, i64)>) -> Self {
        let mut ends: Vec<(i64, i64)> =
            spans.into_iter().filter(|(s, e, _)| s < e).flat_map(|(s, e, qty)| [(s, qty), (e, -qty)]).collect();
        ends.sort_unstable();
        let mut steps: Vec<(i64, i64)> = Vec::with_capacity(ends.len());
        let mut depth = 0;
        for (at, change) in ends {
            depth += change;
            match steps.last_mut() {
                Some((last, there)) if *last == at => *there = depth,
                _ => steps.push((at, depth)),
            }
        }
        steps.dedup_by_key(|(_, depth)| *depth);
        Self { capacity, steps }
    }

    /// Of several pools that are booked together: what is free of all of them at once.
    #[must_use]
    pub fn of_all(parts: &[Self]) -> Self {
        let capacity = parts.iter().map(|part| part.capacity).min().unwrap_or_default();
        let mut at: Vec<i64> = parts.iter().flat_map(|part| part.steps.iter().map(|(at, _)| *at)).collect();
        at.sort_unstable();
        at.dedup();
        let free = |at: i64| parts.iter().map(|part| part.capacity - part.depth(at)).min().unwrap_or_default();
        let mut steps: Vec<_> = at.into_iter().map(|at| (at, capacity - free(at))).skip_while(|(_, depth)| *depth == 0).collect();
        steps.dedup_by_key(|(_, depth)| *depth);
        Self { capacity, steps }
    }

    /// How many units there are.
    #[must_use]
    pub fn capacity(&self) -> i64 {
        self.capacity
    }

    /// How many are occupied at an instant.
    #[must_use]
    pub fn depth(&self, at: i64) -> i64 {
        let after = self.steps.partition_point(|(from, _)| *from <= at);
        after.checked_sub(1).and_then(|last| self.steps.get(last)).map_or(0, |(_, depth)| *depth)
    }

    /// How many are free during the whole of an interval; below 0, more is promised than there is.
    #[must_use]
    pub fn free(&self, from: i64, to: i64) -> i64 {
        self.spells(from, to).map(|spell| spell.free).min().unwrap_or(self.capacity)
    }

    /// The first instant from `from` on at which fewer than `units` are free; `None` if that never comes.
    #[must_use]
    pub fn short_from(&self, from: i64, units: i64) -> Option<i64> {
        self.spells(from, FOREVER).find(|spell| spell.free < units).map(|spell| spell.from)
    }

    /// The spells of an interval, in order, without gaps; two neighbours differ.
    pub fn spells(&self, from: i64, to: i64) -> impl Iterator<Item = Spell> {
        let first = self.steps.partition_point(|(at, _)| *at <= from);
        let begins = std::iter::once((from, self.depth(from))).chain(self.steps.get(first..).unwrap_or_default().iter().copied());
        let ends = self.steps.get(first..).unwrap_or_default().iter().map(|(at, _)| *at).chain(std::iter::once(FOREVER));
        let spell =
            move |((begin, depth), end): ((i64, i64), i64)| Spell { from: begin, to: end.min(to), free: self.capacity - depth };
        begins.zip(ends).take_while(move |((begin, _), _)| *begin < to).map(spell)
    }

    /// The longest intervals within `[from, to)` during which `units` are free.
    #[must_use]
    pub fn free_for(&self, units: i64, from: i64, to: i64) -> Vec<(i64, i64)> {
        let mut free: Vec<(i64, i64)> = Vec::new();
        for spell in self.spells(from, to).filter(|spell| spell.free >= units) {
            match free.last_mut() {
                Some((_, end)) if *end == spell.from => *end = spell.to,
                _ => free.push((spell.from, spell.to)),
            }
        }
        free
    }

    /// Where more is promised than there is.
    pub fn deficits(&self, from: i64, to: i64) -> impl Iterator<Item = Spell> {
        self.spells(from, to).filter(|spell| spell.free < 0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rules::calendar::Hours;

    fn always() -> Calendar {
        Calendar {
            zone: chrono_tz::Asia::Shanghai,
            hours: Hours::AlwaysOpen,
            follows_public_holidays: false,
            closures: Vec::new(),
        }
    }

    fn loan(s: i64, e: i64) -> claim::Model {
        claim::Model {
            id: uuid::Uuid::nil().into(),
            pool_id: uuid::Uuid::nil().into(),
            reason: Reason::Loan,
            qty: 1,
            s,
            e,
            turnaround: 0,
            lapses_at: None,
            live: true,
            loan_id: None,
            item_id: None,
            booking_id: None,
            occasion_id: None,
            outage_id: None,
            note: None,
        }
    }

    /// The oracle: looks at every second that matters, and knows no steps.
    fn depth_at(spans: &[(i64, i64, i64)], at: i64) -> i64 {
        spans.iter().filter(|(s, e, _)| *s <= at && at < *e).map(|(_, _, qty)| qty).sum()
    }

    fn peak_of(spans: &[(i64, i64, i64)], from: i64, to: i64) -> i64 {
        (from..to).map(|at| depth_at(spans, at)).max().unwrap_or(0)
    }

    fn spans() -> impl Strategy<Value = Vec<(i64, i64, i64)>> {
        proptest::collection::vec((0..40_i64, 1..12_i64, 1..4_i64).prop_map(|(s, length, qty)| (s, s + length, qty)), 0..14)
    }

    proptest! {
        #[test]
        fn what_is_free_is_the_capacity_less_the_peak(spans in spans(), capacity in 0..8_i64, from in 0..50_i64, length in 1..20_i64) {
            let line = Timeline::from_spans(capacity, spans.clone());
            prop_assert_eq!(line.free(from, from + length), capacity - peak_of(&spans, from, from + length));
        }

        #[test]
        fn the_first_shortage_is_the_first(spans in spans(), capacity in 0..6_i64, from in 0..50_i64, units in 1..4_i64) {
            let line = Timeline::from_spans(capacity, spans.clone());
            let first = (from..100).find(|at| capacity - depth_at(&spans, *at) < units);
            prop_assert_eq!(line.short_from(from, units), first);
        }

        #[test]
        fn spells_cover_an_interval_and_say_what_the_oracle_says(spans in spans(), capacity in 0..6_i64, from in 0..50_i64, length in 1..30_i64) {
            let line = Timeline::from_spans(capacity, spans.clone());
            let spells: Vec<_> = line.spells(from, from + length).collect();
            prop_assert_eq!(spells.first().unwrap().from, from);
            prop_assert_eq!(spells.last().unwrap().to, from + length);
            prop_assert!(spells.windows(2).all(|pair| pair[0].to == pair[1].from && pair[0].free != pair[1].free));
            for spell in spells {
                prop_assert!((spell.from..spell.to).all(|at| capacity - depth_at(&spans, at) == spell.free));
            }
        }

        #[test]
        fn free_intervals_are_whole_and_no_others(spans in spans(), capacity in 0..6_i64, units in 1..4_i64) {
            let free = Timeline::from_spans(capacity, spans.clone()).free_for(units, 0, 60);
            for at in 0..60 {
                let within = free.iter().any(|(from, to)| (*from..*to).contains(&at));
                prop_assert_eq!(within, capacity - depth_at(&spans, at) >= units);
            }
            prop_assert!(free.windows(2).all(|pair| pair[0].1 < pair[1].0));
        }

        #[test]
        fn pools_booked_together_are_as_free_as_the_scarcest(a in spans(), b in spans(), from in 0..40_i64, length in 1..20_i64) {
            let (one, other) = (Timeline::from_spans(2, a.clone()), Timeline::from_spans(3, b.clone()));
            let both = Timeline::of_all(&[one, other]);
            let expected = (from..from + length).map(|at| (2 - depth_at(&a, at)).min(3 - depth_at(&b, at))).min().unwrap();
            prop_assert_eq!(both.free(from, from + length), expected);
        }

        /// Interval graphs are perfect: the peak decides, so that the unit can be chosen at hand-over.
        #[test]
        fn whatever_is_never_deeper_than_the_capacity_can_be_laid_out(spans in spans(), capacity in 1..6_i64) {
            let single: Vec<_> = spans.iter().flat_map(|(s, e, qty)| (0..*qty).map(|_| (*s, *e))).collect();
            prop_assume!(Timeline::from_spans(capacity, spans.clone()).free(0, 100) >= 0);
            let mut sorted = single;
            sorted.sort_unstable();
            let mut busy_until = vec![0_i64; usize::try_from(capacity).unwrap()];
            for (s, e) in sorted {
                let unit = busy_until.iter_mut().find(|until| **until <= s);
                prop_assert!(unit.is_some());
                *unit.unwrap() = e;
            }
        }

        /// As the clock moves, what is not returned is never expected back earlier.
        #[test]
        fn an_overdue_loan_never_comes_nearer(minutes in proptest::collection::vec(0..20_000_i64, 2..12)) {
            let due = 1_764_000_000_i64;
            let mut times = minutes;
            times.sort_unstable();
            let ends: Vec<_> = times
                .into_iter()
                .map(|late| occupied(&loan(due - 3_600, due), DateTime::from_timestamp(due + late * 60, 0).unwrap(), &always()).unwrap().1)
                .collect();
            prop_assert!(ends.windows(2).all(|pair| pair[0] <= pair[1]));
        }
    }

    #[test]
    fn back_to_back_is_free() {
        let line = Timeline::from_spans(1, [(10, 20, 1), (30, 40, 1)]);
        assert_eq!((line.free(20, 30), line.free(19, 30), line.free(20, 31)), (1, 0, 0));
    }

    #[test]
    fn what_has_lapsed_counts_no_longer_though_nobody_has_written_it_down() {
        let held = claim::Model { lapses_at: Some(15), reason: Reason::Booking, ..loan(10, 20) };
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        assert_eq!(occupied(&held, at(14), &always()), Some((10, 20)));
        assert_eq!(occupied(&held, at(15), &always()), None);
        assert_eq!(occupied(&claim::Model { live: false, ..held }, at(14), &always()), None);
    }

    #[test]
    fn the_later_a_loan_is_the_longer_nobody_counts_on_it() {
        let due = DateTime::parse_from_rfc3339("2026-11-23T18:00:00+08:00").unwrap().to_utc();
        let claim = claim::Model { turnaround: 1_800, ..loan(due.timestamp() - 3_600, due.timestamp() + 1_800) };
        let until = |late: TimeDelta| occupied(&claim, due + late, &always()).unwrap().1 - due.timestamp();
        assert_eq!(until(TimeDelta::minutes(-1)), 1_800);
        assert_eq!(until(TimeDelta::zero()), 3_600 + 1_800, "an hour, and the turnaround");
        assert_eq!(until(TimeDelta::hours(2)), 30 * 3_600 + 1_800, "to the end of the next open day");
        assert_eq!(until(TimeDelta::days(1)), 4 * 86_400 + 1_800, "three days");
        assert!(until(TimeDelta::days(7)) > 400 * 86_400, "nobody counts on it");
    }
}
