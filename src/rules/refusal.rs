//! Every "no" we can say: a closed list, each with a stable code, its data, and a sample.
//!
//! How a "no" sounds in Chinese and English is in `speech`; which HTTP status it has is in `api::problem`.

use chrono::{DateTime, TimeZone, Utc};
use entity::{item::Lifecycle, kind::Identity};
use serde::{Deserialize, Serialize};

/// One reason why something is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Refusal {
    /// Somebody has it. When it should be back, nobody's name.
    ItemOut {
        /// When it should be back.
        due_at: DateTime<Utc>,
    },
    /// It is not in service.
    ItemNotInService {
        /// What it is instead.
        lifecycle: Lifecycle,
    },
    /// It is taken, not borrowed: a consumable.
    KindNotLent,
    /// The kind is no longer lent.
    KindRetired,
    /// The station was given up.
    StationClosedDown,
    /// We must know better who borrows.
    IdentityNeeded {
        /// What the kind asks for.
        needed: Identity,
    },
    /// The member is suspended.
    MemberSuspended {
        /// Until when; open-ended if none.
        until: Option<DateTime<Utc>>,
        /// Why.
        reason: String,
    },
    /// The member has as many things as anybody may have.
    LimitReached {
        /// How many that is.
        limit: u32,
    },
    /// The member has as many of this kind as anybody may have.
    KindLimitReached {
        /// How many that is.
        limit: u32,
    },
    /// The member has been erased.
    MemberErased,
    /// It is back already.
    LoanClosed,
    /// It was reported lost, or as given back.
    LoanDisputed,
    /// It was renewed as often as it may be.
    NoRenewalsLeft {
        /// How often that is.
        allowed: u32,
    },
    /// Renewing now would not give a later due time.
    NotLater {
        /// When it is due now.
        due_at: DateTime<Utc>,
    },
    /// The item is out: it must come back first.
    ItemStillOut,
    /// It is not out, so it can be neither lost nor claimed returned by a borrower.
    ItemNotOut,
    /// It is retired already.
    ItemRetired,
    /// A name or code that must be unique is taken.
    Taken {
        /// Which field.
        field: String,
    },
    /// The sticker sticks on something else already.
    StickerInUse,
    /// The sticker was given up.
    StickerRetired,
    /// The item would belong to a kind that is counted in lots.
    KindCountedInLots,
    /// There is an admin already.
    AlreadySetUp,
    /// The code is wrong, too old, used, or was tried too often. Which of these is nobody's business.
    WrongCode,
    /// The phone number and the password do not belong together.
    WrongCredentials,
    /// Too many codes were sent to this number.
    TooManyCodes {
        /// When the next one may be asked for.
        retry_at: DateTime<Utc>,
    },
    /// The member has this role already.
    RoleHeld,
    /// The last admin cannot be taken away.
    LastAdmin,
    /// It was lifted already.
    BlockOver,
    /// The task was done already.
    TaskDone,
    /// A loan length is given both in minutes and in days.
    TwoLengths,
    /// A limit over all kinds was set on a row for one kind.
    LimitNeedsAllKinds,
    /// The kind cannot change between items and lots while there are things of it.
    KindInUse,
}

impl Refusal {
    /// The stable code: part of the API.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::ItemOut { .. } => "item-out",
            Self::ItemNotInService { .. } => "item-not-in-service",
            Self::KindNotLent => "kind-not-lent",
            Self::KindRetired => "kind-retired",
            Self::StationClosedDown => "station-closed-down",
            Self::IdentityNeeded { .. } => "identity-needed",
            Self::MemberSuspended { .. } => "member-suspended",
            Self::LimitReached { .. } => "limit-reached",
            Self::KindLimitReached { .. } => "kind-limit-reached",
            Self::MemberErased => "member-erased",
            Self::LoanClosed => "loan-closed",
            Self::LoanDisputed => "loan-disputed",
            Self::NoRenewalsLeft { .. } => "no-renewals-left",
            Self::NotLater { .. } => "not-later",
            Self::ItemStillOut => "item-still-out",
            Self::ItemNotOut => "item-not-out",
            Self::ItemRetired => "item-retired",
            Self::Taken { .. } => "taken",
            Self::StickerInUse => "sticker-in-use",
            Self::StickerRetired => "sticker-retired",
            Self::KindCountedInLots => "kind-counted-in-lots",
            Self::AlreadySetUp => "already-set-up",
            Self::WrongCode => "wrong-code",
            Self::WrongCredentials => "wrong-credentials",
            Self::TooManyCodes { .. } => "too-many-codes",
            Self::RoleHeld => "role-held",
            Self::LastAdmin => "last-admin",
            Self::BlockOver => "block-over",
            Self::TaskDone => "task-done",
            Self::TwoLengths => "two-lengths",
            Self::LimitNeedsAllKinds => "limit-needs-all-kinds",
            Self::KindInUse => "kind-in-use",
        }
    }

    /// May a keeper lend all the same, with a reason? Never against the database: what is out stays out.
    #[must_use]
    pub fn can_be_overridden(&self) -> bool {
        matches!(
            self,
            Self::MemberSuspended { .. }
                | Self::LimitReached { .. }
                | Self::KindLimitReached { .. }
                | Self::IdentityNeeded { needed: Identity::Verified | Identity::Approved }
                | Self::NoRenewalsLeft { .. }
        )
    }

    /// One of each, for the catalogue of problems and for the tests of what is said.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let at = Utc.with_ymd_and_hms(2026, 11, 25, 12, 0, 0).single().unwrap_or_default();
        vec![
            Self::ItemOut { due_at: at },
            Self::ItemNotInService { lifecycle: Lifecycle::Maintenance },
            Self::KindNotLent,
            Self::KindRetired,
            Self::StationClosedDown,
            Self::IdentityNeeded { needed: Identity::Verified },
            Self::MemberSuspended { until: Some(at), reason: "逾期 2 天归还".to_owned() },
            Self::LimitReached { limit: 5 },
            Self::KindLimitReached { limit: 2 },
            Self::MemberErased,
            Self::LoanClosed,
            Self::LoanDisputed,
            Self::NoRenewalsLeft { allowed: 1 },
            Self::NotLater { due_at: at },
            Self::ItemStillOut,
            Self::ItemNotOut,
            Self::ItemRetired,
            Self::Taken { field: "code".to_owned() },
            Self::StickerInUse,
            Self::StickerRetired,
            Self::KindCountedInLots,
            Self::AlreadySetUp,
            Self::WrongCode,
            Self::WrongCredentials,
            Self::TooManyCodes { retry_at: at },
            Self::RoleHeld,
            Self::LastAdmin,
            Self::BlockOver,
            Self::TaskDone,
            Self::TwoLengths,
            Self::LimitNeedsAllKinds,
            Self::KindInUse,
        ]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_sample_says_its_own_code_on_the_wire_and_no_two_share_one() {
        let samples = Refusal::samples();
        let codes: HashSet<_> = samples.iter().map(Refusal::code).collect();
        assert_eq!(codes.len(), samples.len());
        for sample in samples {
            assert_eq!(serde_json::to_value(&sample).unwrap()["code"], sample.code());
        }
    }
}
