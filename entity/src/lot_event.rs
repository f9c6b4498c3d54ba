//! What the check has seen of a lot, once for every state of the facts: a transition.

use sea_orm::entity::prelude::*;

use crate::ids::{LotId, StationId};

/// One transition.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lot_event")]
pub struct Model {
    /// Of which lot.
    #[sea_orm(primary_key, auto_increment = false)]
    pub lot_id: LotId,
    /// What: a tier (`t30`, `expired` …), `opened_expired`, `data_error`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub what: String,
    /// On which facts: the last days it was computed from.
    #[sea_orm(primary_key, auto_increment = false)]
    pub facts: String,
    /// At which station.
    pub station_id: StationId,
    /// How many base units were on the shelf.
    pub units: i32,
    /// From which day on it is so.
    pub since: Option<Date>,
    /// On which business date it was seen.
    pub seen_on: Date,
}

crate::bare_table!();
