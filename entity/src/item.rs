//! An item 单件: one numbered, returnable thing of a kind.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{ItemId, KindId, LoanId, StationId};

/// One item. Its lifecycle (is it in service?) and its circulation (is it out?) are separate: a retired umbrella can still
/// be in somebody's hands.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "item")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ItemId,
    /// What it is.
    pub kind_id: KindId,
    /// What is written on it; unique. For things registered here, the code of their first sticker.
    pub code: String,
    /// The big number people tell things apart by: 伞 07.
    pub label: Option<String>,
    /// Where it belongs; none for things known only from an old register.
    pub home_station_id: Option<StationId>,
    /// Where it is, or was when it was lent.
    pub station_id: Option<StationId>,
    /// Is it in service?
    pub lifecycle: Lifecycle,
    /// Why it is not.
    pub lifecycle_reason: Option<String>,
    /// The open loan, if it is out. This is the cell that everybody fights for.
    pub open_loan_id: Option<LoanId>,
    /// The last day on which it may be lent without another inspection (calibration); none where none is due. Blocks like an
    /// expiry date.
    pub inspect_by: Option<Date>,
    /// When somebody last had it in hand.
    pub last_seen_at: Option<DateTimeUtc>,
    /// When it was entered.
    pub created_at: DateTimeUtc,
    /// Counts its changes. Every answer about the item carries it.
    pub rev: i64,
}

/// Is a thing in service? Set by people and by jobs, never by borrowing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(12))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Lifecycle {
    /// Entered, not yet in service.
    Pending,
    /// In service.
    Active,
    /// Being repaired, cleaned or inspected.
    Maintenance,
    /// Nobody knows where it is.
    Missing,
    /// Given up for good.
    Retired,
}

impl Model {
    /// In somebody's hands?
    #[must_use]
    pub fn is_out(&self) -> bool {
        self.open_loan_id.is_some()
    }

    /// On the shelf and in service?
    #[must_use]
    pub fn is_available(&self) -> bool {
        self.lifecycle == Lifecycle::Active && !self.is_out()
    }
}

crate::bare_table!();
