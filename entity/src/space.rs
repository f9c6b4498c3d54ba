//! A space 场地: a room that is booked as a whole, or a part of one.

use sea_orm::entity::prelude::*;

use crate::ids::{SpaceId, StationId};

/// One space. A space with parts has no pool of its own: whoever books it books all its parts, and a part that is booked keeps the
/// whole from being booked.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "space")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SpaceId,
    /// Where it is.
    pub station_id: StationId,
    /// Of which space it is a part.
    pub part_of: Option<SpaceId>,
    /// What people call it, in Chinese; unique at its station.
    pub name: String,
    /// What people call it, in English.
    pub name_en: Option<String>,
    /// The picture that always loads.
    pub emoji: Option<String>,
    /// How many people fit in; told, not counted.
    pub seats: Option<i32>,
    /// When it was given up.
    pub retired_at: Option<DateTimeUtc>,
    /// When it was entered.
    pub created_at: DateTimeUtc,
    /// Counts its changes; the `ETag`.
    pub rev: i64,
}

crate::bare_table!();
