//! A task 待办: one line of the keeper's list.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{ItemId, LoanId, MemberId, StationId, TaskId};

/// One task. While it is open there is no second one with the same natural key.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "task")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TaskId,
    /// What is to be done.
    pub what: What,
    /// What makes it one of a kind while it is open.
    pub natural_key: String,
    /// At which station.
    pub station_id: Option<StationId>,
    /// With which item.
    pub item_id: Option<ItemId>,
    /// About which loan.
    pub loan_id: Option<LoanId>,
    /// What the reporter wrote.
    pub note: Option<String>,
    /// When it was opened.
    pub created_at: DateTimeUtc,
    /// When it was done.
    pub done_at: Option<DateTimeUtc>,
    /// By whom.
    pub done_by: Option<MemberId>,
}

/// What a keeper is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A due date fell on closed days without end: enter the opening hours.
    EnterOpeningHours,
    /// A thing came back damaged or incomplete: look at it.
    Repair,
    /// A thing came back at another station: carry it home.
    CarryHome,
    /// A borrower says it is back: look for it.
    LookFor,
    /// A thing has been out for too long: ask the borrower.
    Chase,
    /// A retired or missing thing turned up: decide what becomes of it.
    Decide,
}

crate::bare_table!();
