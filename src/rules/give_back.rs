//! What follows when a thing comes back. A return is never refused, so there is no "no" in this file.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    ids::StationId,
    item::{self, Lifecycle},
    loan::{self, Condition},
    policy::ReturnTo,
    task::What,
    ticket::Matter,
};

/// What the decision rests on.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The thing.
    pub item: &'a item::Model,
    /// The loan that is open on it; none when it was not out.
    pub open_loan: Option<&'a loan::Model>,
    /// Where it is now.
    pub here: Option<StationId>,
    /// In what state.
    pub condition: Condition,
}

/// What follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consequences {
    /// What the thing is from now on.
    pub lifecycle: Lifecycle,
    /// Whole days late, begun days counting, after the grace. 0: in time.
    pub late_days: u32,
    /// Until when the borrower is suspended, if so.
    pub suspended_until: Option<DateTime<Utc>>,
    /// What the keeper is asked to do.
    pub tasks: Vec<What>,
}

/// Decides.
#[must_use]
pub fn give_back(facts: &Facts<'_>, now: DateTime<Utc>) -> Consequences {
    let mut tasks = Vec::new();
    let damaged = facts.condition != Condition::Good;
    let lifecycle = match facts.item.lifecycle {
        Lifecycle::Retired => {
            tasks.push(What::Decide);
            Lifecycle::Retired
        }
        Lifecycle::Maintenance => Lifecycle::Maintenance,
        Lifecycle::Pending => Lifecycle::Pending,
        Lifecycle::Active | Lifecycle::Missing if damaged => Lifecycle::Maintenance,
        Lifecycle::Active | Lifecycle::Missing => Lifecycle::Active,
    };
    if damaged {
        tasks.push(What::Repair);
    }
    let away = facts.here.is_some() && facts.item.home_station_id.is_some() && facts.here != facts.item.home_station_id;
    if away && facts.open_loan.is_some_and(|loan| loan.rule_return_to == ReturnTo::Home) {
        tasks.push(What::CarryHome);
    }
    let late_days = facts.open_loan.map_or(0, |loan| late_days(loan, now));
    Consequences { lifecycle, late_days, suspended_until: suspension(facts.open_loan, late_days, now), tasks }
}

/// What a ticket says about the state in which a thing came back; none if it is as it left.
#[must_use]
pub fn matter(condition: Condition) -> Option<Matter> {
    match condition {
        Condition::Good => None,
        Condition::Incomplete => Some(Matter::PartMissing),
        Condition::Damaged => Some(Matter::Broken),
    }
}

/// Whole days late, begun days counting, after the grace. A borrower who had said it was back is late only until then:
/// in doubt the resident is believed.
#[must_use]
pub fn late_days(loan: &loan::Model, now: DateTime<Utc>) -> u32 {
    let back_at = loan.claimed_returned_at.map_or(now, |claimed| claimed.min(now));
    let late = back_at - loan.due_at;
    if late <= TimeDelta::minutes(loan.rule_grace_minutes.into()) {
        return 0;
    }
    u32::try_from(late.num_seconds().div_euclid(86_400) + i64::from(late.num_seconds().rem_euclid(86_400) > 0))
        .unwrap_or(u32::MAX)
}

fn suspension(open_loan: Option<&loan::Model>, late_days: u32, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let loan = open_loan.filter(|loan| loan.member_id.is_some())?;
    let per_day = u32::try_from(loan.rule_suspension_days_per_late_day).unwrap_or_default();
    let cap = u32::try_from(loan.rule_suspension_cap_days).unwrap_or_default();
    let days = late_days.saturating_mul(per_day).min(cap);
    (days > 0).then(|| now + TimeDelta::days(days.into()))
}
