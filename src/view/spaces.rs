//! Spaces 场地, sessions 场次, and when something is out of use.

use chrono::{DateTime, Utc};
use entity::{claim, occasion, space};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A space 场地.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SpaceView {
    /// Its id.
    pub id: Uuid,
    /// Where.
    pub station_id: Uuid,
    /// Of which space it is a part.
    pub part_of: Option<Uuid>,
    /// What people call it.
    pub name: String,
    /// In English.
    pub name_en: Option<String>,
    /// Its picture.
    pub emoji: Option<String>,
    /// How many people fit in.
    pub seats: Option<i32>,
    /// When it was given up.
    pub retired_at: Option<DateTime<Utc>>,
    /// Its version; the `ETag`.
    pub rev: i64,
}

impl From<&space::Model> for SpaceView {
    fn from(row: &space::Model) -> Self {
        Self {
            id: row.id.0,
            station_id: row.station_id.0,
            part_of: row.part_of.map(|id| id.0),
            name: row.name.clone(),
            name_en: row.name_en.clone(),
            emoji: row.emoji.clone(),
            seats: row.seats,
            retired_at: row.retired_at,
            rev: row.rev,
        }
    }
}

/// A session 场次: a clinic, a class, a market.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OccasionView {
    /// Its id: what a booking calls `session_id`.
    pub id: Uuid,
    /// Where.
    pub station_id: Uuid,
    /// In which space.
    pub space_id: Option<Uuid>,
    /// What people call it.
    pub name: String,
    /// In English.
    pub name_en: Option<String>,
    /// Its picture.
    pub emoji: Option<String>,
    /// What people should know or bring.
    pub note: Option<String>,
    /// How many may come.
    pub seats: i32,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// When it was called off.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Why.
    pub cancel_reason: Option<String>,
    /// Its version; the `ETag`.
    pub rev: i64,
}

impl From<&occasion::Model> for OccasionView {
    fn from(row: &occasion::Model) -> Self {
        Self {
            id: row.id.0,
            station_id: row.station_id.0,
            space_id: row.space_id.map(|id| id.0),
            name: row.name.clone(),
            name_en: row.name_en.clone(),
            emoji: row.emoji.clone(),
            note: row.note.clone(),
            seats: row.seats,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            cancelled_at: row.cancelled_at,
            cancel_reason: row.cancel_reason.clone(),
            rev: row.rev,
        }
    }
}

/// A time in which something is out of use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutageView {
    /// Its id.
    pub id: Uuid,
    /// How many units.
    pub quantity: i32,
    /// From.
    pub starts_at: DateTime<Utc>,
    /// Until.
    pub ends_at: DateTime<Utc>,
    /// Why.
    pub note: String,
}

impl From<&claim::Model> for OutageView {
    fn from(row: &claim::Model) -> Self {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap_or_default();
        Self {
            id: row.id.0,
            quantity: row.qty,
            starts_at: at(row.s),
            ends_at: at(row.e),
            note: row.note.clone().unwrap_or_default(),
        }
    }
}
