//! A series: the same thing every week or every month. Each of its days is a booking or an occasion like any other.

use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};

use crate::ids::{KindId, MemberId, SeriesId, SpaceId, StationId};

/// One series.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "series")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SeriesId,
    /// Where.
    pub station_id: StationId,
    /// For whom it is booked; none for occasions.
    pub member_id: Option<MemberId>,
    /// Who has made it.
    pub made_by: Option<MemberId>,
    /// What its occasions are called.
    pub name: Option<String>,
    /// On which days.
    pub rule: Rule,
    /// What each day.
    pub wish: Wish,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When what was left of it was cancelled.
    pub ended_at: Option<DateTimeUtc>,
}

/// On which days of its station.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// In which rhythm.
    pub every: Every,
    /// The first day it may be.
    pub first_day: Date,
    /// The last day it may be.
    pub last_day: Date,
    /// Not on these days.
    #[serde(default)]
    pub except: Vec<Date>,
}

/// A rhythm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Every {
    /// In every so-manieth week, counted from the week of the first day.
    Weeks {
        /// 1 is every week.
        every: u32,
        /// On these days of it.
        on: Vec<chrono::Weekday>,
    },
    /// Once a month.
    Month {
        /// The first (1) to the fourth, or the last (-1), …
        nth: i8,
        /// … such day of the week.
        weekday: chrono::Weekday,
    },
}

/// What each day, in the time of the station.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// Things of this kind, where it is no space.
    pub kind_id: Option<KindId>,
    /// This space; for occasions, where they are held.
    pub space_id: Option<SpaceId>,
    /// From.
    pub from: chrono::NaiveTime,
    /// For so many minutes.
    pub minutes: u32,
    /// How many units; the seats of an occasion.
    pub quantity: u32,
    /// What it is for; of an occasion, what people should know.
    pub purpose: Option<String>,
}

crate::bare_table!();
