//! One sales pack with an identity of its own: a trace code 药品追溯码, or a serial number.

use sea_orm::entity::prelude::*;

use crate::ids::LotId;

/// One pack.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pack")]
pub struct Model {
    /// The trace code, or GTIN and serial number.
    #[sea_orm(primary_key, auto_increment = false)]
    pub serial: String,
    /// Of which lot.
    pub lot_id: LotId,
    /// When it was scanned in.
    pub registered_at: DateTimeUtc,
    /// When it was taken, or put in the red box.
    pub taken_at: Option<DateTimeUtc>,
}

crate::bare_table!();
