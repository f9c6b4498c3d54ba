//! A station 驿站: a place with a time zone, opening hours (or always open) and keepers.

use chrono_tz::Tz;
use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};

use crate::{
    ids::{CommunityId, StationId},
    opening_hours::OpeningHours,
};

/// One station.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "station")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StationId,
    /// The community that owns it.
    pub community_id: CommunityId,
    /// What is written on the plate; unique.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// Where it is, in words.
    pub place: Option<String>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// IANA name of its time zone; a business date is a day of this zone.
    pub time_zone: String,
    /// When people can get in.
    pub hours: Hours,
    /// Closed on Chinese public holidays, open on the weekends worked in exchange (调休).
    pub follows_holidays: bool,
    /// The number on the plate that people may call.
    pub contact: Option<String>,
    /// When it was given up.
    pub closed_at: Option<DateTimeUtc>,
    /// When it was entered.
    pub created_at: DateTimeUtc,
    /// Counts its changes; the `ETag`.
    pub rev: i64,
}

/// When people can get in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(rename_all = "snake_case")]
pub enum Hours {
    /// A cabinet in the open: always.
    Always,
    /// These hours of the week, in the station's zone.
    Weekly(OpeningHours),
}

impl Model {
    /// The time zone; the nation's where the stored name is not (or no longer) one.
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.time_zone.parse().unwrap_or(chrono_tz::Asia::Shanghai)
    }
}

crate::bare_table!();
