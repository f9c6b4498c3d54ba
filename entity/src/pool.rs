//! A pool 资源池: the interchangeable things of a kind at a station. What occupies them is a claim.

use sea_orm::entity::prelude::*;

use crate::ids::{KindId, PoolId, StationId};

/// One pool; `(station_id, kind_id)` is unique. Its capacity is the number of items in service there, counted, not stored.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pool")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PoolId,
    /// Where.
    pub station_id: StationId,
    /// What.
    pub kind_id: KindId,
    /// Counts its changes, and is the lock of everything that is promised from it.
    pub rev: i64,
}

crate::bare_table!();
