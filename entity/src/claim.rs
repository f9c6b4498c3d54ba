//! A claim 占用: what occupies capacity of a pool, over the half-open interval `[s, e)` in UTC epoch seconds.

use sea_orm::entity::prelude::*;

use crate::ids::{BookingId, ClaimId, ItemId, LoanId, OccasionId, PoolId};

/// One claim. `live` falls to false when it ends, so that the index of live claims holds no history. What was not collected by
/// `lapses_at` counts no longer, whether or not anybody has written that down.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "claim")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ClaimId,
    /// What it occupies.
    pub pool_id: PoolId,
    /// Why.
    pub reason: Reason,
    /// How many units.
    pub qty: i32,
    /// From: UTC epoch seconds.
    pub s: i64,
    /// Until, exclusive, with the turnaround: UTC epoch seconds. An open loan goes on occupying its unit past this, until it is
    /// returned (`rules/availability`).
    pub e: i64,
    /// How much of it is turnaround, in seconds: the promised end is `e - turnaround`.
    pub turnaround: i64,
    /// From when it counts no longer, if nothing happens: UTC epoch seconds.
    pub lapses_at: Option<i64>,
    /// Still in force?
    pub live: bool,
    /// The loan it belongs to; at most one claim each.
    pub loan_id: Option<LoanId>,
    /// The unit in hand.
    pub item_id: Option<ItemId>,
    /// The booking it belongs to; also of a loan that was booked.
    pub booking_id: Option<BookingId>,
    /// The occasion that takes the space.
    pub occasion_id: Option<OccasionId>,
    /// The outage it belongs to, named after its first claim: of a space that is divided each part has one.
    pub outage_id: Option<ClaimId>,
    /// Why a part of it is out of use.
    pub note: Option<String>,
}

/// Why capacity is occupied. All but [`Reason::Outage`] are promises, and can be refused; that is a fact, and cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(8))", rename_all = "snake_case")]
pub enum Reason {
    /// A unit is in somebody's hands.
    Loan,
    /// It is promised to somebody.
    Booking,
    /// An occasion is held there.
    Occasion,
    /// It is out of use: repair, cleaning, a closed room.
    Outage,
}

crate::bare_table!();
