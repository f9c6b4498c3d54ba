//! A hold 排队: a place in the queue for a unit of a kind, for a space, or for a seat at an occasion. When its turn comes, it is
//! offered a booking that is held for a while: an offer is a claim like any other.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    booking::Priority,
    ids::{BookingId, HoldId, KindId, MemberId, OccasionId, SpaceId, StationId},
};

/// One place in the queue, for exactly one of kind, space and occasion. At which stations, is in `hold_place`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "hold")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HoldId,
    /// Where; the first of several stations.
    pub station_id: StationId,
    /// A unit of which kind.
    pub kind_id: Option<KindId>,
    /// Which space.
    pub space_id: Option<SpaceId>,
    /// A seat at which occasion.
    pub occasion_id: Option<OccasionId>,
    /// Who waits.
    pub member_id: MemberId,
    /// For how many units.
    pub quantity: i32,
    /// From when it is wanted; without it: as soon as possible.
    pub starts_at: Option<DateTimeUtc>,
    /// Until when.
    pub ends_at: Option<DateTimeUtc>,
    /// So much earlier or later would do as well.
    pub flexible_minutes: i32,
    /// Whose need it is.
    pub priority: Priority,
    /// It makes up for this booking, that could not be kept: it is first.
    pub displaced_id: Option<BookingId>,
    /// How far it is.
    pub state: State,
    /// How many offers passed by without an answer.
    pub missed: i32,
    /// Why it was passed over when last looked at, as refusals; nothing when nothing was free.
    pub noted: Option<Json>,
    /// Since when it has this place; whoever misses an offer goes to the end.
    pub queued_at: DateTimeUtc,
    /// Since when somebody waits.
    pub created_at: DateTimeUtc,
    /// When they were told that something is free now, for whoever comes first.
    pub told_spare_at: Option<DateTimeUtc>,
    /// When it was over, in whatever way.
    pub ended_at: Option<DateTimeUtc>,
    /// Counts its changes.
    pub rev: i64,
}

/// How far a place in the queue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(8))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Somebody waits.
    Waiting,
    /// Something is held for them; they must say yes.
    Offered,
    /// They have got it.
    Met,
    /// They have given it up, or said no.
    Left,
    /// They did not answer, more than once.
    Missed,
    /// Its time is over, and there was nothing.
    Over,
}

impl State {
    /// Does somebody wait still?
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Offered)
    }
}

impl Model {
    /// The last moment at which what is wanted could begin; none where it is wanted as soon as possible.
    #[must_use]
    pub fn latest_start(&self) -> Option<DateTimeUtc> {
        self.starts_at.map(|at| at + chrono::TimeDelta::minutes(i64::from(self.flexible_minutes)))
    }
}

crate::bare_table!();
