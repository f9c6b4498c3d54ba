//! A pool 资源池: what can be booked. The interchangeable things of a kind at a station, a space, or the seats of an occasion. What
//! occupies it is a claim.

use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};

use crate::ids::{KindId, OccasionId, PoolId, SpaceId, StationId};

/// One pool, of exactly one of kind, space and occasion; `(station_id, kind_id)` is unique.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pool")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PoolId,
    /// Where.
    pub station_id: StationId,
    /// Of which kind the things are.
    pub kind_id: Option<KindId>,
    /// Which space.
    pub space_id: Option<SpaceId>,
    /// The seats of which occasion.
    pub occasion_id: Option<OccasionId>,
    /// How much there is: 1 for a space, the seats of an occasion; of things it is counted, not stored.
    pub capacity: Option<i32>,
    /// On which terms it is booked; where nobody has said, those that fit its sort (`rules/terms`).
    pub terms: Option<Terms>,
    /// Counts its changes, and is the lock of everything that is promised from it.
    pub rev: i64,
}

/// On which terms something is booked. Times are minutes; a limit that is `None` is not set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Can it be booked ahead at all?
    pub bookable: bool,
    /// The least time between booking and beginning.
    pub notice: u32,
    /// The most time between booking and beginning, in days.
    pub horizon_days: u32,
    /// The shortest booking.
    pub least: u32,
    /// The longest booking.
    pub most: u32,
    /// Beginnings and ends lie on this grid, counted from midnight; 1 is any minute.
    pub grid: u32,
    /// Between the promised end of one and the beginning of the next.
    pub turnaround: u32,
    /// Things only: what begins within this time must be covered by things that are on the shelf.
    pub protect: u32,
    /// The time of protection does not pass at night, nor while the station is closed.
    pub protect_overnight: bool,
    /// Things only: whoever walks up is not lent it for less than this.
    pub least_loan: u32,
    /// The most units in one booking.
    pub most_units: u32,
    /// What one person may book.
    pub quota: Quota,
    /// Between two bookings of one person, so that they are not chained.
    pub pause_between: u32,
    /// A keeper must say yes.
    pub approval: bool,
    /// Until so long before the beginning it can be cancelled by whoever has booked.
    pub cancel_until: u32,
    /// How long before the beginning it can be collected or checked in.
    pub early: u32,
    /// How long after the beginning it is released when nobody has come; `None`: it is not.
    pub no_show_after: Option<u32>,
    /// So many times not coming within [`Terms::strike_days`] is a pause; 0: never.
    pub strikes: u32,
    /// How long a strike counts, in days.
    pub strike_days: u32,
    /// How long the pause is, in days.
    pub pause_days: u32,
    /// How long something is held for somebody who has not yet confirmed.
    pub hold: u32,
}

/// What one person may book, of one kind at all stations, of all spaces, or of all occasions. By days, weeks and months of the
/// station, of the beginning. Durations are minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// Bookings that are not over, at once.
    pub ahead: Option<u32>,
    /// Bookings on a day.
    pub per_day: Option<u32>,
    /// Bookings in a week, from Monday.
    pub per_week: Option<u32>,
    /// Bookings in a calendar month.
    pub per_month: Option<u32>,
    /// Time on a day.
    pub time_per_day: Option<u32>,
    /// Time in a week.
    pub time_per_week: Option<u32>,
    /// Time in a calendar month.
    pub time_per_month: Option<u32>,
}

crate::bare_table!();
