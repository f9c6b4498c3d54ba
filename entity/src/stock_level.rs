//! How much of a kind a station wants to have.

use sea_orm::entity::prelude::*;

use crate::ids::{KindId, StationId};

/// One level, in base units of usable stock.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stock_level")]
pub struct Model {
    /// Which station.
    #[sea_orm(primary_key, auto_increment = false)]
    pub station_id: StationId,
    /// Which kind.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind_id: KindId,
    /// Below that it is ordered.
    pub min_units: i32,
    /// Up to that.
    pub max_units: i32,
}

crate::bare_table!();
