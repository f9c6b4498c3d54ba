//! A count 盘点 of one lot.

use sea_orm::entity::prelude::*;

use crate::ids::{LotId, MemberId, StationId, StockCountId};

/// One count.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stock_count")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StockCountId,
    /// Of which lot.
    pub lot_id: LotId,
    /// At which station.
    pub station_id: StationId,
    /// How many base units were on the shelf.
    pub counted: i32,
    /// How many the ledger said there were at that instant.
    pub expected: i32,
    /// When it was counted.
    pub counted_at: DateTimeUtc,
    /// By whom.
    pub counted_by: Option<MemberId>,
    /// Why it differs.
    pub reason: Option<String>,
    /// When it was taken over into the ledger.
    pub final_at: Option<DateTimeUtc>,
    /// When another count took its place.
    pub replaced_at: Option<DateTimeUtc>,
}

crate::bare_table!();
