//! A photo somebody took of an item, re-encoded here: no position, no camera, no metadata.

use sea_orm::entity::prelude::*;

use crate::ids::{ItemId, LoanId, PhotoId};

/// One photo.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "photo")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PhotoId,
    /// Of which item.
    pub item_id: ItemId,
    /// On the return of which loan.
    pub loan_id: Option<LoanId>,
    /// A JPEG of at most 1,600 pixels a side.
    pub jpeg: Vec<u8>,
    /// When it was taken in.
    pub created_at: DateTimeUtc,
}

crate::bare_table!();
