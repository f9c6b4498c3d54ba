//! One of the stations at which a hold waits.

use sea_orm::entity::prelude::*;

use crate::ids::{HoldId, StationId};

/// One station of one hold.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "hold_place")]
pub struct Model {
    /// Of which hold.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hold_id: HoldId,
    /// Where.
    #[sea_orm(primary_key, auto_increment = false)]
    pub station_id: StationId,
}

crate::bare_table!();
