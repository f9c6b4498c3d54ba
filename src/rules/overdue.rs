//! What is told, and what is done, when a thing is not brought back.

use chrono::{DateTime, TimeDelta, Utc};
use entity::loan;

/// How long before the due time a borrower is reminded.
pub const REMIND_BEFORE: TimeDelta = TimeDelta::hours(1);
/// Loans shorter than this get no reminder before the due time: it would come with the loan.
pub const SHORTEST_REMINDED: TimeDelta = TimeDelta::hours(2);
/// How long after the due time it is still worth saying that it is due.
pub const DUE_NEWS: TimeDelta = TimeDelta::hours(3);
/// Days overdue after which a keeper asks.
pub const CHASE_AFTER_DAYS: i64 = 3;
/// The days overdue on which a member gets a digest: often at first, then weekly, then no more.
const DIGEST_DAYS: [i64; 6] = [1, 3, 7, 14, 21, 28];

/// A reminder to the minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reminder {
    /// It is due in an hour.
    DueSoon,
    /// It is due now.
    DueNow,
}

/// Which reminder a loan calls for at this moment, if any. Which was sent before is not this rule's business: each has a
/// natural key.
#[must_use]
pub fn reminder(loan: &loan::Model, now: DateTime<Utc>) -> Option<Reminder> {
    if !loan.is_open() || loan.member_id.is_none() || is_disputed(loan) {
        return None;
    }
    let until_due = loan.due_at - now;
    if until_due <= TimeDelta::zero() {
        (until_due > -DUE_NEWS).then_some(Reminder::DueNow)
    } else {
        let long_enough = loan.due_at - loan.lent_at >= SHORTEST_REMINDED;
        (until_due <= REMIND_BEFORE && long_enough).then_some(Reminder::DueSoon)
    }
}

/// Reported lost, or as given back: its borrower is left alone.
#[must_use]
pub fn is_disputed(loan: &loan::Model) -> bool {
    loan.lost_at.is_some() || loan.claimed_returned_at.is_some()
}

/// Whole days past the due time and its grace, begun days counting. 0: not overdue.
#[must_use]
pub fn days_overdue(loan: &loan::Model, now: DateTime<Utc>) -> i64 {
    let late = now - loan.due_at;
    if !loan.is_open() || late <= TimeDelta::minutes(loan.rule_grace_minutes.into()) { 0 } else { late.num_days() + 1 }
}

/// Does a member whose longest overdue loan is so many days late get a digest today?
#[must_use]
pub fn digest_today(longest: i64) -> bool {
    DIGEST_DAYS.contains(&longest)
}

/// Has a thing been out for so long that it counts as lost?
#[must_use]
pub fn counts_as_lost(loan: &loan::Model, now: DateTime<Utc>) -> bool {
    !is_disputed(loan) && days_overdue(loan, now) > i64::from(loan.rule_lost_after_days)
}
