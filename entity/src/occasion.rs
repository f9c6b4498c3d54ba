//! An occasion 场次: a clinic, a haircut round, a class, a market, with so many seats. The API calls it a session, as people do;
//! here that word is taken by a signed-in device.

use sea_orm::entity::prelude::*;

use crate::ids::{OccasionId, SpaceId, StationId};

/// One occasion. Its seats are a pool; where it is held in a space, it has a claim on that.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "occasion")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OccasionId,
    /// Where it is.
    pub station_id: StationId,
    /// In which space, if in one that is booked.
    pub space_id: Option<SpaceId>,
    /// What people call it, in Chinese.
    pub name: String,
    /// What people call it, in English.
    pub name_en: Option<String>,
    /// The picture that always loads.
    pub emoji: Option<String>,
    /// What people should know or bring.
    pub note: Option<String>,
    /// How many may come.
    pub seats: i32,
    /// When it begins.
    pub starts_at: DateTimeUtc,
    /// When it ends.
    pub ends_at: DateTimeUtc,
    /// When it was called off.
    pub cancelled_at: Option<DateTimeUtc>,
    /// Why.
    pub cancel_reason: Option<String>,
    /// When it was entered.
    pub created_at: DateTimeUtc,
    /// Counts its changes for calendars (RFC 5545 `SEQUENCE`).
    pub sequence: i32,
    /// Counts its changes; the `ETag`.
    pub rev: i64,
}

crate::bare_table!();
