//! The latest day that a station has seen: a clock that goes backwards releases nothing.

use sea_orm::entity::prelude::*;

use crate::ids::StationId;

/// One station.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stock_day")]
pub struct Model {
    /// Which station.
    #[sea_orm(primary_key, auto_increment = false)]
    pub station_id: StationId,
    /// Its latest business date.
    pub latest: Date,
}

crate::bare_table!();
