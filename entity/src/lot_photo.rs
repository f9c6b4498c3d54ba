//! A photo of a label or of packs that were put in the red box, re-encoded here.

use sea_orm::entity::prelude::*;

use crate::ids::{LotId, PhotoId};

/// One photo.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lot_photo")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PhotoId,
    /// Of which lot.
    pub lot_id: LotId,
    /// What it shows: `label`, `set_aside`, `disposal`.
    pub about: String,
    /// A JPEG of at most 1,600 pixels a side.
    pub jpeg: Vec<u8>,
    /// When it was taken in.
    pub created_at: DateTimeUtc,
}

crate::bare_table!();
