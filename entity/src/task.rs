//! A task 待办: one line of the keeper's list.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{ItemId, KindId, LoanId, LotId, MemberId, StationId, TaskId};

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
    /// About which kind.
    pub kind_id: Option<KindId>,
    /// About which lot.
    pub lot_id: Option<LotId>,
    /// On which facts it stands. Whoever has seen it has seen it for these facts only.
    pub facts: Option<String>,
    /// When somebody said that they have seen it: seen is not done.
    pub seen_at: Option<DateTimeUtc>,
    /// Who.
    pub seen_by: Option<MemberId>,
    /// How far it was escalated: 0 the keeper, 1 the community, 2 the admins.
    pub escalated: i32,
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
    /// A lot has a week left: take it out this week.
    TakeOutThisWeek,
    /// A lot has too little left to be used up: take it out today.
    TakeOutToday,
    /// A lot is past its date: put it in the red box.
    PutInRedBox,
    /// A lot was recalled: put it apart.
    PullRecalled,
    /// Something about a lot cannot be true: read the label again.
    ReadLabelAgain,
    /// Two lots of one number have different dates: read both labels again.
    SettleConflict,
    /// A second person must read the label.
    VerifyLabel,
    /// Somebody had a pack in hand that is past its date and of no lot: look through the shelf for more of them. Until that is
    /// done, only packs whose bar code was scanned leave.
    FindStray,
    /// The shelf and the ledger disagree: count again.
    CountAgain,
    /// Too little is left.
    Restock,
    /// More is there than will be used before its date: move some to a busier station.
    UseUpElsewhere,
    /// The red box has been standing for too long: hand it over.
    HandOver,
    /// The inspection of a thing is due.
    Inspect,
    /// Somebody has written about the station: read it, and answer.
    Answer,
    /// The clock cannot be trusted.
    CheckClock,
    /// Something was handed out after its last day, or the ledger does not add up.
    Incident,
    /// There may be nothing for a booking: find another, or talk to whoever has booked.
    MindBooking,
}

crate::bare_table!();
