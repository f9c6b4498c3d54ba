//! May this thing be lent to this person now, and until when?

use chrono::{DateTime, Utc};
use entity::{
    block, item,
    item::Lifecycle,
    kind::{self, Identity, Tracked},
    loan, member, station,
};

use super::{
    calendar::{Calendar, Due},
    policy::Policy,
    refusal::Refusal,
};

/// What the decision rests on. The rows were read under the lock of the item and of the member.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The thing.
    pub item: &'a item::Model,
    /// What kind of thing it is.
    pub kind: &'a kind::Model,
    /// Where it is, if that is known.
    pub station: Option<&'a station::Model>,
    /// When that place is open.
    pub calendar: &'a Calendar,
    /// The values that apply.
    pub policy: &'a Policy,
    /// The loan that is open on it, if any.
    pub open_loan: Option<&'a loan::Model>,
    /// Who wants it.
    pub borrower: Borrower<'a>,
}

/// Who wants it, and how well we know them.
#[derive(Debug)]
pub enum Borrower<'a> {
    /// Somebody.
    Anonymous,
    /// A member.
    Known {
        /// Their row.
        member: &'a member::Model,
        /// Have they proved that they are this member (signed in, or vouched for by the keeper before them)?
        proven: bool,
        /// Their suspensions that were not lifted.
        blocks: &'a [block::Model],
        /// How many things they have.
        open: u32,
        /// How many of this kind.
        open_of_kind: u32,
    },
}

/// On which terms it is lent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// When it is due, and why then.
    pub due: Due,
    /// What a keeper has set aside; empty without an override.
    pub overridden: Vec<Refusal>,
}

/// Decides. `override_given`: a keeper takes it on themselves, with a reason.
///
/// # Errors
/// All reasons at once; at least one.
pub fn borrow(facts: &Facts<'_>, override_given: bool, now: DateTime<Utc>) -> Result<Terms, Vec<Refusal>> {
    let mut reasons = item_reasons(facts, now);
    reasons.extend(borrower_reasons(facts, now));
    let (overridden, standing): (Vec<_>, Vec<_>) =
        reasons.into_iter().partition(|reason| override_given && reason.can_be_overridden());
    if standing.is_empty() { Ok(Terms { due: facts.calendar.due(now, facts.policy.length), overridden }) } else { Err(standing) }
}

fn item_reasons(facts: &Facts<'_>, now: DateTime<Utc>) -> Vec<Refusal> {
    let mut reasons = Vec::new();
    if facts.kind.tracked == Tracked::Lot {
        reasons.push(Refusal::KindNotLent);
    }
    if facts.kind.retired_at.is_some() {
        reasons.push(Refusal::KindRetired);
    }
    if facts.station.is_some_and(|station| station.closed_at.is_some()) {
        reasons.push(Refusal::StationClosedDown);
    }
    if facts.item.lifecycle != Lifecycle::Active {
        reasons.push(Refusal::ItemNotInService { lifecycle: facts.item.lifecycle });
    }
    // What must be calibrated blocks like what must not be past its date: from the midnight of its station.
    let today = now.with_timezone(&facts.calendar.zone).date_naive();
    let never_inspected = facts.item.inspect_by.is_none() && facts.kind.inspect_every_days.is_some();
    if never_inspected || facts.item.inspect_by.is_some_and(|by| by < today) {
        reasons.push(Refusal::InspectionDue { last_day: facts.item.inspect_by });
    }
    if let Some(loan) = facts.open_loan {
        reasons.push(Refusal::ItemOut { due_at: loan.due_at });
    }
    reasons
}

fn borrower_reasons(facts: &Facts<'_>, now: DateTime<Utc>) -> Vec<Refusal> {
    let policy = facts.policy;
    let Borrower::Known { member, proven, blocks, open, open_of_kind } = &facts.borrower else {
        return match policy.identity {
            Identity::Anonymous => Vec::new(),
            needed => vec![Refusal::IdentityNeeded { needed }],
        };
    };
    let mut reasons = Vec::new();
    if member.erased_at.is_some() {
        reasons.push(Refusal::MemberErased);
    }
    if known_as(member, *proven) < policy.identity {
        reasons.push(Refusal::IdentityNeeded { needed: policy.identity });
    }
    if let Some(block) = longest_in_force(blocks, now) {
        reasons.push(Refusal::MemberSuspended { until: block.ends_at, reason: block.reason.clone() });
    }
    if *open >= policy.max_open {
        reasons.push(Refusal::LimitReached { limit: policy.max_open });
    }
    if *open_of_kind >= policy.max_open_of_kind {
        reasons.push(Refusal::KindLimitReached { limit: policy.max_open_of_kind });
    }
    reasons
}

/// How well we know a member at this moment. A number that somebody merely typed in proves nothing, whoever owns it.
#[must_use]
pub fn known_as(member: &member::Model, proven: bool) -> Identity {
    match (proven, member.approved_at, member.verified_at) {
        (false, _, _) | (true, None, None) => Identity::Phone,
        (true, Some(_), _) => Identity::Approved,
        (true, None, Some(_)) => Identity::Verified,
    }
}

/// The suspension that lasts longest, if one is in force.
#[must_use]
pub fn longest_in_force(blocks: &[block::Model], now: DateTime<Utc>) -> Option<&block::Model> {
    blocks.iter().filter(|b| b.is_in_force(now)).max_by_key(|b| b.ends_at.unwrap_or(DateTime::<Utc>::MAX_UTC))
}
