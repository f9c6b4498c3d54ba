//! May this loan be renewed now, and until when?

use chrono::{DateTime, TimeDelta, Utc};
use entity::{block, item, item::Lifecycle, loan};

use super::{
    borrow::longest_in_force,
    calendar::{Calendar, Due, LoanLength},
    refusal::Refusal,
};

/// What the decision rests on.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The loan, with the rule values that applied when it was made.
    pub loan: &'a loan::Model,
    /// The thing.
    pub item: &'a item::Model,
    /// When the station that lent it is open.
    pub calendar: &'a Calendar,
    /// The borrower's suspensions that were not lifted.
    pub blocks: &'a [block::Model],
}

/// The length a loan was made with.
#[must_use]
pub fn length_of(loan: &loan::Model) -> LoanLength {
    match (loan.rule_minutes, loan.rule_days) {
        (Some(minutes), _) => LoanLength::Minutes(u32::try_from(minutes).unwrap_or(1)),
        (None, days) => {
            LoanLength::Days { days: days.and_then(|d| u16::try_from(d).ok()).unwrap_or(1), until: loan.rule_day_end }
        }
    }
}

/// Decides. The new due time counts from now, not from the old due time: renewing early wins nothing.
///
/// # Errors
/// All reasons at once; at least one.
pub fn renew(facts: &Facts<'_>, override_given: bool, now: DateTime<Utc>) -> Result<Due, Vec<Refusal>> {
    let loan = facts.loan;
    let mut reasons = Vec::new();
    if !loan.is_open() {
        reasons.push(Refusal::LoanClosed);
    }
    if loan.lost_at.is_some() || loan.claimed_returned_at.is_some() {
        reasons.push(Refusal::LoanDisputed);
    }
    if matches!(facts.item.lifecycle, Lifecycle::Retired | Lifecycle::Missing) {
        reasons.push(Refusal::ItemNotInService { lifecycle: facts.item.lifecycle });
    }
    if let Some(block) = longest_in_force(facts.blocks, now) {
        reasons.push(Refusal::MemberSuspended { until: block.ends_at, reason: block.reason.clone() });
    }
    if loan.renewals >= loan.rule_renewals {
        reasons.push(Refusal::NoRenewalsLeft { allowed: u32::try_from(loan.rule_renewals).unwrap_or_default() });
    }
    let due = facts.calendar.due(now, length_of(loan));
    if due.at < loan.due_at + TimeDelta::minutes(1) {
        reasons.push(Refusal::NotLater { due_at: loan.due_at });
    }
    reasons.retain(|reason| !(override_given && reason.can_be_overridden()));
    if reasons.is_empty() { Ok(due) } else { Err(reasons) }
}
