//! More is promised than there is: something is overdue or out of use. Whose bookings may not be kept? As few as possible; those
//! whose need is least first, and among equals who was promised last.

use chrono::{DateTime, Utc};
use entity::{booking::Priority, ids::BookingId};

use super::availability::Timeline;

/// A promise as it stands on a pool, with its turnaround.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Of which booking.
    pub booking: BookingId,
    /// How many units.
    pub units: i64,
    /// From: UTC epoch seconds.
    pub from: i64,
    /// Until, exclusive.
    pub to: i64,
    /// Whose need it is.
    pub priority: Priority,
    /// When it became firm; what is not firm gives way first.
    pub confirmed_at: Option<DateTime<Utc>>,
}

impl Standing {
    fn covers(&self, at: i64) -> bool {
        self.from <= at && at < self.to
    }

    /// The greater, the sooner it gives way.
    fn gives_way(&self) -> (bool, Priority, Option<DateTime<Utc>>, BookingId) {
        (self.confirmed_at.is_none(), self.priority, self.confirmed_at, self.booking)
    }
}

/// The bookings that a pool cannot keep between two instants, of those that stand on it: without them nothing is lacking that any
/// booking could give, and none of them could be kept besides.
#[must_use]
pub fn at_risk(timeline: &Timeline, standing: &[Standing], (from, to): (i64, i64)) -> Vec<BookingId> {
    let lacking = lacking(timeline, standing, (from, to));
    let mut order: Vec<&Standing> = standing.iter().collect();
    order.sort_by_key(|one| std::cmp::Reverse(one.gives_way()));
    let mut chosen: Vec<&Standing> = Vec::new();
    for (at, units) in &lacking {
        let mut left = units - given(&chosen, *at);
        for one in order.iter().filter(|one| one.covers(*at)) {
            if left <= 0 {
                break;
            }
            if !chosen.contains(one) {
                chosen.push(one);
                left -= one.units;
            }
        }
    }
    // What was chosen for one spell may have become needless by what was chosen for another: who comes first is kept first.
    chosen.sort_by_key(|one| one.gives_way());
    let mut kept = 0;
    while let Some(one) = chosen.get(kept).copied() {
        let needless = lacking.iter().filter(|(at, _)| one.covers(*at)).all(|(at, units)| {
            let all: i64 = standing.iter().filter(|other| other.covers(*at)).map(|other| other.units).sum();
            given(&chosen, *at) - one.units >= (*units).min(all)
        });
        if needless {
            chosen.remove(kept);
        } else {
            kept += 1;
        }
    }
    chosen.into_iter().map(|one| one.booking).collect()
}

fn given(chosen: &[&Standing], at: i64) -> i64 {
    chosen.iter().filter(|one| one.covers(at)).map(|one| one.units).sum()
}

/// One instant of each spell in which the same is lacking and the same bookings stand, with how much is lacking.
fn lacking(timeline: &Timeline, standing: &[Standing], (from, to): (i64, i64)) -> Vec<(i64, i64)> {
    let mut instants = Vec::new();
    for spell in timeline.deficits(from, to) {
        let edges = standing.iter().flat_map(|one| [one.from, one.to]);
        let within = edges.filter(|at| spell.from < *at && *at < spell.to);
        instants.extend(std::iter::once(spell.from).chain(within).map(|at| (at, -spell.free)));
    }
    instants.sort_unstable();
    instants.dedup();
    instants
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn booking(n: u128) -> BookingId {
        uuid::Uuid::from_u128(n).into()
    }

    fn firm_at(minute: i64) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(minute * 60, 0)
    }

    fn standing(n: u128, (from, to): (i64, i64), priority: Priority, minute: i64) -> Standing {
        Standing { booking: booking(n), units: 1, from, to, priority, confirmed_at: firm_at(minute) }
    }

    fn line(capacity: i64, standing: &[Standing], facts: &[(i64, i64, i64)]) -> Timeline {
        let promised = standing.iter().map(|one| (one.from, one.to, one.units));
        Timeline::from_spans(capacity, promised.chain(facts.iter().copied()))
    }

    #[test]
    fn who_was_promised_last_gives_way_and_need_is_kept() {
        let all = [
            standing(1, (10, 20), Priority::Ordinary, 1),
            standing(2, (10, 20), Priority::Ordinary, 2),
            standing(3, (10, 20), Priority::Elderly, 3),
            standing(4, (10, 20), Priority::Medical, 4),
        ];
        let risk = |broken| at_risk(&line(4, &all, &[(0, 30, broken)]), &all, (0, 100));
        assert_eq!(risk(0), []);
        assert_eq!(risk(1), [booking(2)]);
        assert_eq!(risk(2), [booking(1), booking(2)]);
        assert_eq!(risk(3), [booking(3), booking(1), booking(2)]);
        assert_eq!(risk(4), [booking(4), booking(3), booking(1), booking(2)]);
    }

    #[test]
    fn what_is_not_firm_gives_way_before_anything_that_is() {
        let all = [
            Standing { confirmed_at: None, ..standing(1, (10, 20), Priority::Medical, 0) },
            standing(2, (10, 20), Priority::Ordinary, 9),
        ];
        assert_eq!(at_risk(&line(2, &all, &[(0, 30, 1)]), &all, (0, 100)), [booking(1)]);
    }

    #[test]
    fn one_that_is_long_stands_for_two_that_are_short() {
        // The short ones were promised last, and each alone would not do for both spells; the long one would have to go anyway.
        let all = [
            standing(1, (10, 30), Priority::Ordinary, 1),
            standing(2, (10, 20), Priority::Ordinary, 2),
            standing(3, (20, 30), Priority::Ordinary, 3),
        ];
        assert_eq!(at_risk(&line(2, &all, &[(10, 20, 1)]), &all, (0, 100)), [booking(2)]);
        assert_eq!(at_risk(&line(2, &all, &[(10, 20, 2)]), &all, (0, 100)), [booking(1), booking(2)]);
        assert_eq!(at_risk(&line(2, &all, &[(20, 30, 1)]), &all, (0, 100)), [booking(3)]);
    }

    #[test]
    fn back_to_back_bookings_are_weighed_one_by_one() {
        // The depth does not change where one ends and the other begins, and yet only one of them is eaten.
        let all = [standing(1, (10, 20), Priority::Ordinary, 1), standing(2, (20, 30), Priority::Ordinary, 2)];
        assert_eq!(at_risk(&line(1, &all, &[(10, 30, 1)]), &all, (0, 100)), [booking(1), booking(2)]);
        assert_eq!(at_risk(&line(1, &all, &[(10, 20, 1)]), &all, (0, 100)), [booking(1)]);
    }

    fn some() -> impl Strategy<Value = Vec<Standing>> {
        let one = (0..40_i64, 1..12_i64, 1..3_i64, 0..4_usize, 0..50_i64);
        proptest::collection::vec(one, 0..10).prop_map(|all| {
            let priorities = [Priority::Medical, Priority::Disabled, Priority::Elderly, Priority::Ordinary];
            let each = all.into_iter().enumerate().map(|(n, (from, length, units, priority, minute))| Standing {
                units,
                ..standing(n as u128, (from, from + length), priorities[priority], minute)
            });
            each.collect()
        })
    }

    fn facts() -> impl Strategy<Value = Vec<(i64, i64, i64)>> {
        proptest::collection::vec((0..40_i64, 1..20_i64, 1..4_i64).prop_map(|(s, length, qty)| (s, s + length, qty)), 0..5)
    }

    /// How much is lacking at every second without these bookings, and could be given by one that is left.
    fn still_lacking(capacity: i64, standing: &[Standing], facts: &[(i64, i64, i64)], without: &[BookingId]) -> bool {
        (0..60).any(|at| {
            let stays: Vec<_> = standing.iter().filter(|one| !without.contains(&one.booking) && one.covers(at)).collect();
            let promised: i64 = stays.iter().map(|one| one.units).sum();
            let eaten: i64 = facts.iter().filter(|(s, e, _)| *s <= at && at < *e).map(|(_, _, qty)| qty).sum();
            promised + eaten > capacity && !stays.is_empty()
        })
    }

    proptest! {
        /// P10: somebody is at risk if and only if more is promised than there is where a booking stands; without them all is well;
        /// and none of them could be kept.
        #[test]
        fn exactly_as_many_are_at_risk_as_must_be(all in some(), facts in facts(), capacity in 0..6_i64) {
            let risk = at_risk(&line(capacity, &all, &facts), &all, (0, 100));
            prop_assert_eq!(!risk.is_empty(), still_lacking(capacity, &all, &facts, &[]));
            prop_assert!(!still_lacking(capacity, &all, &facts, &risk));
            for one in &risk {
                let others: Vec<_> = risk.iter().copied().filter(|other| other != one).collect();
                prop_assert!(still_lacking(capacity, &all, &facts, &others), "{:?} could be kept", one);
            }
        }

        #[test]
        fn a_return_puts_nobody_more_at_risk(all in some(), facts in facts(), capacity in 0..6_i64) {
            let lacks = |facts: &[(i64, i64, i64)]| -> i64 {
                let line = line(capacity, &all, facts);
                line.deficits(0, 100).map(|spell| -spell.free * (spell.to - spell.from)).sum()
            };
            if let Some((_, rest)) = facts.split_first() {
                prop_assert!(lacks(rest) <= lacks(&facts));
            }
            prop_assert_eq!(at_risk(&line(1_000, &all, &facts), &all, (0, 100)), vec![]);
        }
    }
}
