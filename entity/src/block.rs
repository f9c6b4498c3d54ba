//! A suspension 停借: a member may not borrow or renew for a while. Giving back is never blocked.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{BlockId, LoanId, MemberId};

/// One suspension.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "block")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BlockId,
    /// Who is suspended.
    pub member_id: MemberId,
    /// Why it came about.
    pub cause: Cause,
    /// What the member is told.
    pub reason: String,
    /// The late loan it follows from; at most one suspension each.
    pub loan_id: Option<LoanId>,
    /// The keeper who set it; none where the lateness rule did.
    pub author_id: Option<MemberId>,
    /// From when.
    pub starts_at: DateTimeUtc,
    /// Until when; open-ended where a keeper must lift it.
    pub ends_at: Option<DateTimeUtc>,
    /// When it was lifted before its end.
    pub lifted_at: Option<DateTimeUtc>,
    /// By whom.
    pub lifted_by: Option<MemberId>,
}

/// Why a suspension came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(8))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A thing came back late.
    Late,
    /// A keeper decided so.
    Manual,
}

impl Model {
    /// In force at this instant?
    #[must_use]
    pub fn is_in_force(&self, now: DateTimeUtc) -> bool {
        self.lifted_at.is_none() && self.starts_at <= now && self.ends_at.is_none_or(|end| now < end)
    }
}

crate::bare_table!();
