//! Which values apply: the matrix of station × member group × kind, where the most specific row that says something decides.
//!
//! A row for a kind beats a row for a station, which beats a row for a group; a row that names two or three of them beats
//! those that name fewer of the same (weights 4, 2, 1). Each value is resolved by itself: a row that sets only the loan
//! length leaves everything else to the next. What no row says has the default of [`Policy::default_for`].

use entity::{
    ids::{KindId, StationId},
    kind::Identity,
    policy::{DayEnd, Model, ReturnTo},
};

use super::calendar::LoanLength;

/// The values that apply to one loan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How long it lasts. Default: 3 days, to closing time.
    pub length: LoanLength,
    /// Minutes after the due time in which a return is not late. Default: 60.
    pub grace_minutes: u32,
    /// How often it may be renewed. Default: once.
    pub renewals: u32,
    /// Open loans a member may have over all. Default: 5.
    pub max_open: u32,
    /// Open loans a member may have of one kind. Default: 2.
    pub max_open_of_kind: u32,
    /// How well we must know who borrows. Default: what the kind says.
    pub identity: Identity,
    /// Where it may be given back. Default: anywhere.
    pub return_to: ReturnTo,
    /// Days of suspension per day late. Default: 1.
    pub suspension_days_per_late_day: u32,
    /// The longest suspension, in days. Default: 30.
    pub suspension_cap_days: u32,
    /// Days overdue after which it counts as lost. Default: 30.
    pub lost_after_days: u32,
}

impl Policy {
    /// What applies to a kind with this identity tier where no row says anything.
    #[must_use]
    pub fn default_for(identity: Identity) -> Self {
        Self {
            length: LoanLength::Days { days: 3, until: DayEnd::ClosingTime },
            grace_minutes: 60,
            renewals: 1,
            max_open: 5,
            max_open_of_kind: 2,
            identity,
            return_to: ReturnTo::Anywhere,
            suspension_days_per_late_day: 1,
            suspension_cap_days: 30,
            lost_after_days: 30,
        }
    }
}

/// What a loan is looked up by.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// Where it is lent, if that is known.
    pub station: Option<StationId>,
    /// The borrower's group, if there is one.
    pub group: Option<&'a str>,
    /// What is lent.
    pub kind: KindId,
}

/// How specific a row is, if it applies at all.
fn weight(row: &Model, scope: Scope<'_>) -> Option<u8> {
    let named = |matches: Option<bool>, weight: u8| match matches {
        None => Some(0),
        Some(true) => Some(weight),
        Some(false) => None,
    };
    Some(
        named(row.kind_id.map(|kind| kind == scope.kind), 4)?
            + named(row.station_id.map(|station| Some(station) == scope.station), 2)?
            + named(row.member_group.as_deref().map(|group| Some(group) == scope.group), 1)?,
    )
}

/// Resolves every value. The order of the rows does not matter.
#[must_use]
pub fn resolve(rows: &[Model], scope: Scope<'_>, kind_identity: Identity) -> Policy {
    let mut applying: Vec<(u8, &Model)> = rows.iter().filter_map(|row| Some((weight(row, scope)?, row))).collect();
    applying.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    let first = |value: fn(&Model) -> Option<i32>, default: u32| {
        applying.iter().find_map(|(_, row)| value(row)).and_then(|v| u32::try_from(v).ok()).unwrap_or(default)
    };
    let fallback = Policy::default_for(kind_identity);
    let until = applying.iter().find_map(|(_, row)| row.day_end).unwrap_or(DayEnd::ClosingTime);
    let length = applying.iter().find_map(|(_, row)| match (row.loan_minutes, row.loan_days) {
        (Some(minutes), _) => u32::try_from(minutes).ok().map(LoanLength::Minutes),
        (None, Some(days)) => u16::try_from(days).ok().map(|days| LoanLength::Days { days, until }),
        (None, None) => None,
    });
    Policy {
        length: length.unwrap_or(LoanLength::Days { days: 3, until }),
        grace_minutes: first(|r| r.grace_minutes, fallback.grace_minutes),
        renewals: first(|r| r.renewals, fallback.renewals),
        max_open: first(|r| r.max_open, fallback.max_open),
        max_open_of_kind: first(|r| r.max_open_of_kind, fallback.max_open_of_kind),
        identity: applying.iter().find_map(|(_, row)| row.identity).unwrap_or(fallback.identity),
        return_to: applying.iter().find_map(|(_, row)| row.return_to).unwrap_or(fallback.return_to),
        suspension_days_per_late_day: first(|r| r.suspension_days_per_late_day, fallback.suspension_days_per_late_day),
        suspension_cap_days: first(|r| r.suspension_cap_days, fallback.suspension_cap_days),
        lost_after_days: first(|r| r.lost_after_days, fallback.lost_after_days),
    }
}
