//! A count is weighed against the ledger as of the moment in which it was counted: nobody has to close the station.

use chrono::NaiveDate;
use chrono_tz::Tz;
use entity::{
    ids::{LotId, MemberId},
    lot, stock_count,
};

use super::refusal::Refusal;

/// What a count means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is taken over: the ledger gains this.
    Final {
        /// In base units.
        difference: i32,
    },
    /// So large a difference must be counted again by somebody else.
    CountAgain {
        /// In base units.
        difference: i32,
    },
}

/// One count.
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    /// How many were on the shelf.
    pub counted: i32,
    /// How many the ledger had at that instant.
    pub expected: i32,
    /// Who counted.
    pub by: Option<MemberId>,
    /// Was a reason given?
    pub has_reason: bool,
}

/// Weighs a count. `first` is an earlier one that waits for a second pair of eyes.
///
/// # Errors
/// [`Refusal::CountNeedsReason`]; [`Refusal::SecondPersonNeeded`] when whoever has counted first counts again: a large
/// difference is not counted away by the one who has found it.
pub fn weigh(count: Counted, pack_size: i32, first: Option<&stock_count::Model>) -> Result<Verdict, Refusal> {
    if first.is_some_and(|first| first.counted_by.is_some() && first.counted_by == count.by) {
        return Err(Refusal::SecondPersonNeeded);
    }
    let difference = count.counted - count.expected;
    if difference != 0 && !count.has_reason {
        return Err(Refusal::CountNeedsReason);
    }
    // More than a pack and more than a tenth: not a slip.
    if difference.abs() <= pack_size.max(count.expected / 10) {
        return Ok(Verdict::Final { difference });
    }
    match first {
        Some(first) if first.counted - first.expected == difference => Ok(Verdict::Final { difference }),
        _ => Ok(Verdict::CountAgain { difference }),
    }
}

/// So many lots are counted at once: a volunteer has ten minutes.
const AT_ONCE: usize = 8;

/// Which lots of a station are to be counted next: those counted least recently, and among them what ends soonest. What was
/// counted today is not asked for again, unless it waits for a second count.
#[must_use]
pub fn worklist(mut lots: Vec<lot::Model>, waiting: &[LotId], zone: Tz, today: NaiveDate) -> Vec<lot::Model> {
    let counted_on = |lot: &lot::Model| lot.counted_at.map(|at| at.with_timezone(&zone).date_naive());
    lots.retain(|lot| waiting.contains(&lot.id) || (lot.on_shelf() > 0 && counted_on(lot).is_none_or(|day| day < today)));
    lots.sort_by_key(|lot| {
        let waits = waiting.contains(&lot.id);
        (!waits, counted_on(lot), lot.last_issue_day.is_none(), lot.last_issue_day, lot.id)
    });
    lots.truncate(AT_ONCE);
    lots
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(counted: i32, expected: i32) -> Counted {
        Counted { counted, expected, by: Some(MemberId(uuid::Uuid::nil())), has_reason: true }
    }

    #[test]
    fn a_small_difference_is_taken_over_with_its_reason_and_a_large_one_is_counted_again() {
        assert_eq!(weigh(count(18, 20), 10, None), Ok(Verdict::Final { difference: -2 }));
        assert_eq!(weigh(count(20, 20), 10, None), Ok(Verdict::Final { difference: 0 }));
        assert_eq!(weigh(count(5, 20), 10, None), Ok(Verdict::CountAgain { difference: -15 }));
        let silent = Counted { has_reason: false, ..count(18, 20) };
        assert_eq!(weigh(silent, 10, None), Err(Refusal::CountNeedsReason));
    }
}
