//! A spell of days on which a station is closed.

use sea_orm::entity::prelude::*;

use crate::ids::{ClosureId, StationId};

/// One closure; both days belong to it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "closure")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ClosureId,
    /// The station that is closed.
    pub station_id: StationId,
    /// The first closed day, in station time.
    pub first_day: Date,
    /// The last closed day, in station time.
    pub last_day: Date,
    /// What people are told.
    pub reason: String,
    /// When it was entered.
    pub created_at: DateTimeUtc,
}

crate::bare_table!();
