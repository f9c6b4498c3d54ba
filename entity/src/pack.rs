//! One sales pack with an identity of its own: a trace code 药品追溯码, or a serial number.

use sea_orm::entity::prelude::*;

use crate::ids::{LotId, TakeId};

/// One pack.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pack")]
pub struct Model {
    /// Its name among all packs: `trace:` and the 20 digits, or `gs1:`, the GTIN, `:`, and the serial number, which is one of
    /// its product only. A pack with two codes has two rows.
    #[sea_orm(primary_key, auto_increment = false)]
    pub serial: String,
    /// Of which lot.
    pub lot_id: LotId,
    /// When it was scanned in.
    pub registered_at: DateTimeUtc,
    /// When it was taken.
    pub taken_at: Option<DateTimeUtc>,
    /// By which take, so that it is free again when that is undone.
    pub take_id: Option<TakeId>,
}

crate::bare_table!();
