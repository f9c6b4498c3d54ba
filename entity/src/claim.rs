//! A claim 占用: what occupies capacity of a pool, over the half-open interval `[s, e)` in UTC epoch seconds.

use sea_orm::entity::prelude::*;

use crate::ids::{ClaimId, ItemId, LoanId, PoolId};

/// One claim. `live` falls to false when it ends, so that the index of live claims holds no history.
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
    /// Until, exclusive: UTC epoch seconds. An open loan goes on occupying its item past this, until it is returned.
    pub e: i64,
    /// Still in force?
    pub live: bool,
    /// The loan it belongs to; at most one live claim each.
    pub loan_id: Option<LoanId>,
    /// The unit in hand.
    pub item_id: Option<ItemId>,
}

/// Why capacity is occupied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(8))", rename_all = "snake_case")]
pub enum Reason {
    /// A unit is in somebody's hands.
    Loan,
}

crate::bare_table!();
