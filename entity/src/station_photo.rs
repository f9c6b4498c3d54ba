//! A photo somebody took of a station, for a ticket about it; re-encoded here like every other.

use sea_orm::entity::prelude::*;

use crate::ids::{PhotoId, StationId};

/// One photo.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "station_photo")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PhotoId,
    /// Of which station.
    pub station_id: StationId,
    /// A JPEG of at most 1,600 pixels a side.
    pub jpeg: Vec<u8>,
    /// When it was taken in.
    pub created_at: DateTimeUtc,
}

crate::bare_table!();
