//! A booking 预约: a promise of capacity of a pool for an interval.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{BookingId, HoldId, KindId, MemberId, OccasionId, SpaceId, StationId},
    pool::Terms,
};

/// One booking, of exactly one of kind, space and occasion. The unit is bound at hand-over.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "booking")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BookingId,
    /// Where.
    pub station_id: StationId,
    /// Things of which kind.
    pub kind_id: Option<KindId>,
    /// Which space.
    pub space_id: Option<SpaceId>,
    /// Seats at which occasion.
    pub occasion_id: Option<OccasionId>,
    /// For whom.
    pub member_id: MemberId,
    /// The keeper who has booked for them.
    pub made_by: Option<MemberId>,
    /// The place in the queue whose turn it was: it began as an offer.
    pub hold_id: Option<HoldId>,
    /// How many units.
    pub quantity: i32,
    /// How many of them were collected.
    pub collected: i32,
    /// The promised beginning.
    pub starts_at: DateTimeUtc,
    /// The promised end; the turnaround comes after it.
    pub ends_at: DateTimeUtc,
    /// How far it is.
    pub state: State,
    /// Who comes first where there is not enough for all.
    pub priority: Priority,
    /// What it is for, in the words of whoever has booked.
    pub purpose: Option<String>,
    /// Why a keeper has set a rule aside.
    pub override_reason: Option<String>,
    /// The terms it was booked on.
    pub terms: Terms,
    /// From when it counts no longer, if nothing happens.
    pub lapses_at: Option<DateTimeUtc>,
    /// When it was asked for.
    pub created_at: DateTimeUtc,
    /// When it became firm.
    pub confirmed_at: Option<DateTimeUtc>,
    /// The keeper who has said yes or no.
    pub decided_by: Option<MemberId>,
    /// When a keeper had put the things aside.
    pub ready_at: Option<DateTimeUtc>,
    /// When the first unit was collected, or somebody checked in.
    pub collected_at: Option<DateTimeUtc>,
    /// When it was over, in whatever way.
    pub ended_at: Option<DateTimeUtc>,
    /// By whose doing.
    pub ended_by: Option<MemberId>,
    /// What was said about the end.
    pub end_reason: Option<String>,
    /// When a keeper forgave that nobody came.
    pub pardoned_at: Option<DateTimeUtc>,
    /// Who.
    pub pardoned_by: Option<MemberId>,
    /// Counts its changes for calendars (RFC 5545 `SEQUENCE`).
    pub sequence: i32,
    /// Counts its changes; the `ETag`.
    pub rev: i64,
}

/// How far a booking is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(12))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Held for somebody who has not confirmed yet.
    Held,
    /// A keeper must still say yes. Counts all the same.
    Pending,
    /// Firm.
    Confirmed,
    /// Firm, but something that is overdue or broken may eat it.
    AtRisk,
    /// The things stand ready.
    Ready,
    /// Collected or checked in.
    Collected,
    /// Over, as it should be.
    Ended,
    /// Given up by whoever had booked, or by a keeper.
    Cancelled,
    /// A keeper has said no.
    Rejected,
    /// Not confirmed, or not approved, in time.
    Expired,
    /// Nobody came.
    NoShow,
    /// There was nothing left for it: not their fault.
    Displaced,
}

impl State {
    /// Does it still stand?
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Held | Self::Pending | Self::Confirmed | Self::AtRisk | Self::Ready | Self::Collected)
    }

    /// Is it a firm promise that was not collected yet?
    #[must_use]
    pub fn awaits_collection(self) -> bool {
        matches!(self, Self::Confirmed | Self::AtRisk | Self::Ready)
    }

    /// Does it use up a person's quota? Also what nobody came for; not what was given up in time.
    #[must_use]
    pub fn uses_quota(self) -> bool {
        self.is_open() || matches!(self, Self::Ended | Self::NoShow)
    }
}

/// Who comes first where there is not enough for all; later variants give way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(8))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// A medical need that a keeper knows of.
    Medical,
    /// A disability.
    Disabled,
    /// Old age.
    Elderly,
    /// Everybody else.
    Ordinary,
}

impl Model {
    /// How long is promised, in whole minutes.
    #[must_use]
    pub fn minutes(&self) -> i64 {
        (self.ends_at - self.starts_at).num_minutes()
    }

    /// Is it an offer to somebody who waits, and has not said yes?
    #[must_use]
    pub fn is_offer(&self) -> bool {
        self.state == State::Held && self.hold_id.is_some()
    }

    /// From when it can be collected or checked in.
    #[must_use]
    pub fn opens_at(&self) -> DateTimeUtc {
        self.starts_at - chrono::TimeDelta::minutes(i64::from(self.terms.early))
    }
}

crate::bare_table!();
