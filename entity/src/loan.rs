//! A loan 借用: an item in somebody's hands.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{BookingId, ItemId, KindId, LoanId, MemberId, StationId},
    policy::{DayEnd, ReturnTo},
};

/// One loan. The rule values that applied when it was made are copied into it: a later change of policy does not rewrite it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "loan")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LoanId,
    /// The number it has in an imported register; unique.
    pub external_no: Option<String>,
    /// What is out.
    pub item_id: ItemId,
    /// What kind of thing that is.
    pub kind_id: KindId,
    /// Where it was lent; none where an old register does not say.
    pub station_id: Option<StationId>,
    /// Who has it; none for an anonymous loan, and after the borrower was erased.
    pub member_id: Option<MemberId>,
    /// The borrower's group at the time.
    pub member_group: Option<String>,
    /// The keeper who lent it on the borrower's behalf.
    pub lent_by: Option<MemberId>,
    /// Why a keeper lent it against a refusal.
    pub override_reason: Option<String>,
    /// The booking that it was collected for.
    pub booking_id: Option<BookingId>,
    /// When it left.
    pub lent_at: DateTimeUtc,
    /// When it should be back.
    pub due_at: DateTimeUtc,
    /// When it came back; none while it is out.
    pub returned_at: Option<DateTimeUtc>,
    /// Where it came back.
    pub returned_station_id: Option<StationId>,
    /// In what state.
    pub returned_condition: Option<Condition>,
    /// What the returner wrote.
    pub returned_note: Option<String>,
    /// When it was reported lost, or counted as lost by age.
    pub lost_at: Option<DateTimeUtc>,
    /// When the borrower said it was back although nobody had seen it.
    pub claimed_returned_at: Option<DateTimeUtc>,
    /// How often it was renewed; each time has its row in `renewal`.
    pub renewals: i32,
    /// The value that applied: length in minutes.
    pub rule_minutes: Option<i32>,
    /// The value that applied: length in days.
    pub rule_days: Option<i32>,
    /// The value that applied: the end of the last day.
    pub rule_day_end: DayEnd,
    /// The value that applied: minutes of grace.
    pub rule_grace_minutes: i32,
    /// The value that applied: renewals allowed.
    pub rule_renewals: i32,
    /// The value that applied: where it may be given back.
    pub rule_return_to: ReturnTo,
    /// The value that applied: days of suspension per day late.
    pub rule_suspension_days_per_late_day: i32,
    /// The value that applied: the longest suspension.
    pub rule_suspension_cap_days: i32,
    /// The value that applied: days overdue after which it counts as lost.
    pub rule_lost_after_days: i32,
    /// Counts its changes.
    pub rev: i64,
}

/// In what state a thing came back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(12))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// As it left.
    #[default]
    Good,
    /// A part is missing.
    Incomplete,
    /// Broken or dirty.
    Damaged,
}

impl Model {
    /// Still out?
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.returned_at.is_none()
    }

    /// Out, and past its due time? Computed, never stored.
    #[must_use]
    pub fn is_overdue(&self, now: DateTimeUtc) -> bool {
        self.is_open() && self.due_at < now
    }
}

crate::bare_table!();
