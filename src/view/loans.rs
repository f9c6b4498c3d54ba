//! Loans and what follows from them.

use chrono::{DateTime, Utc};
use entity::{item, loan, loan::Condition};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ItemView, ReasonView};

/// A loan 借用.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LoanView {
    /// Its id.
    pub id: Uuid,
    /// What is written on the thing.
    pub item_code: String,
    /// The thing.
    pub item_id: Uuid,
    /// What kind of thing it is.
    pub kind_id: Uuid,
    /// Where it was lent.
    pub station_id: Option<Uuid>,
    /// Who has it; none for an anonymous loan.
    pub member_id: Option<Uuid>,
    /// When it left.
    pub lent_at: DateTime<Utc>,
    /// When it should be back.
    pub due_at: DateTime<Utc>,
    /// When it came back.
    pub returned_at: Option<DateTime<Utc>>,
    /// Where it came back.
    pub returned_station_id: Option<Uuid>,
    /// In what state: `good`, `incomplete`, `damaged`.
    #[schema(value_type = Option<String>)]
    pub condition: Option<Condition>,
    /// When it was reported lost, or counted as lost.
    pub lost_at: Option<DateTime<Utc>>,
    /// When the borrower said it was back.
    pub claimed_returned_at: Option<DateTime<Utc>>,
    /// Out, and past its due time, at the moment of this answer?
    pub overdue: bool,
    /// How often it was renewed.
    pub renewals: i32,
    /// How often it may still be.
    pub renewals_left: i32,
    /// Its version.
    pub rev: i64,
    /// The version of the item that this answer was given at.
    pub item_rev: i64,
}

impl LoanView {
    /// From the rows.
    #[must_use]
    pub fn new(row: &loan::Model, item: &item::Model, now: DateTime<Utc>) -> Self {
        Self {
            id: row.id.0,
            item_code: item.code.clone(),
            item_id: row.item_id.0,
            kind_id: row.kind_id.0,
            station_id: row.station_id.map(|id| id.0),
            member_id: row.member_id.map(|id| id.0),
            lent_at: row.lent_at,
            due_at: row.due_at,
            returned_at: row.returned_at,
            returned_station_id: row.returned_station_id.map(|id| id.0),
            condition: row.returned_condition,
            lost_at: row.lost_at,
            claimed_returned_at: row.claimed_returned_at,
            overdue: row.is_overdue(now),
            renewals: row.renewals,
            renewals_left: (row.rule_renewals - row.renewals).max(0),
            rev: row.rev,
            item_rev: item.rev,
        }
    }
}

/// The receipt of a loan.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LentView {
    /// The loan.
    pub loan: LoanView,
    /// The due time before it was moved off closed days, if it was.
    pub due_moved_from: Option<DateTime<Utc>>,
    /// It is due earlier than usual, because somebody has booked from then.
    #[serde(default)]
    pub booked_from: Option<DateTime<Utc>>,
    /// What a keeper has set aside.
    pub overridden: Vec<ReasonView>,
}

/// The receipt of a return.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReturnedView {
    /// The thing, as it is now.
    pub item: ItemView,
    /// The loan that ended; none when the thing was not out.
    pub loan: Option<LoanView>,
    /// Whole days late.
    pub late_days: u32,
    /// Until when the borrower cannot borrow, if so.
    pub suspended_until: Option<DateTime<Utc>>,
}
