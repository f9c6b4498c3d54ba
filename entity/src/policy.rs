//! One row of the policy matrix: the values that apply to a station × member group × kind, each of which may be "any".

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{KindId, PolicyId, StationId},
    kind::Identity,
};

/// One row of the matrix. A value that is `None` is not said here: the next less specific row decides (see `rules/policy`).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "policy")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PolicyId,
    /// The scope as text, `station|group|kind` with `*` for any: one row per scope, on engines where nulls differ.
    pub scope: String,
    /// Only at this station.
    pub station_id: Option<StationId>,
    /// Only for members of this group.
    pub member_group: Option<String>,
    /// Only for things of this kind.
    pub kind_id: Option<KindId>,
    /// Loan length in minutes; not together with `loan_days`.
    pub loan_minutes: Option<i32>,
    /// Loan length in days; not together with `loan_minutes`.
    pub loan_days: Option<i32>,
    /// Where on its last day a loan of days ends.
    pub day_end: Option<DayEnd>,
    /// Minutes after the due time in which a return is not late.
    pub grace_minutes: Option<i32>,
    /// How often a loan may be renewed.
    pub renewals: Option<i32>,
    /// Open loans a member may have over all; only on rows without a kind.
    pub max_open: Option<i32>,
    /// Open loans a member may have of one kind.
    pub max_open_of_kind: Option<i32>,
    /// How well we must know who borrows; replaces the kind's own.
    pub identity: Option<Identity>,
    /// Where a thing may be given back.
    pub return_to: Option<ReturnTo>,
    /// Days of suspension per day late.
    pub suspension_days_per_late_day: Option<i32>,
    /// The longest suspension, in days.
    pub suspension_cap_days: Option<i32>,
    /// Days overdue after which a thing counts as lost.
    pub lost_after_days: Option<i32>,
    /// When the row was entered.
    pub created_at: DateTimeUtc,
    /// Counts its changes; the `ETag`.
    pub rev: i64,
}

/// Where on its last day a loan of days ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum DayEnd {
    /// When the station closes.
    ClosingTime,
    /// At midnight.
    EndOfDay,
}

/// Where a thing may be given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(12))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ReturnTo {
    /// At any station: it floats.
    Anywhere,
    /// At its home station; elsewhere it is taken back all the same, and a task is opened to carry it home.
    Home,
}

crate::bare_table!();
