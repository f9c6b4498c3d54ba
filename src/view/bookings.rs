//! Time that is promised: bookings, and what is free.

use chrono::{DateTime, Utc};
use entity::booking::{self, Priority, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A booking 预约.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BookingView {
    /// Its id.
    pub id: Uuid,
    /// `held`, `pending`, `confirmed`, `at_risk`, `ready`, `collected`; over: `ended`, `cancelled`, `rejected`, `expired`,
    /// `no_show`, `displaced`.
    #[schema(value_type = String, example = "confirmed")]
    pub state: State,
    /// Where.
    pub station_id: Uuid,
    /// Things of which kind.
    pub kind_id: Option<Uuid>,
    /// Which space.
    pub space_id: Option<Uuid>,
    /// Which session 场次.
    pub session_id: Option<Uuid>,
    /// For whom.
    pub member_id: Uuid,
    /// The promised beginning.
    pub starts_at: DateTime<Utc>,
    /// The promised end.
    pub ends_at: DateTime<Utc>,
    /// How many units.
    pub quantity: i32,
    /// How many of them were collected.
    pub collected: i32,
    /// Who comes first where there is not enough: `medical`, `disabled`, `elderly`, `ordinary`.
    #[schema(value_type = String, example = "ordinary")]
    pub priority: Priority,
    /// What it is for.
    pub purpose: Option<String>,
    /// From when it can be collected or checked in.
    pub opens_at: DateTime<Utc>,
    /// From when it counts no longer, if nothing happens.
    pub lapses_at: Option<DateTime<Utc>>,
    /// Until when whoever has booked can give it up.
    pub cancel_until: DateTime<Utc>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it was over.
    pub ended_at: Option<DateTime<Utc>>,
    /// What was said about the end.
    pub end_reason: Option<String>,
    /// Its version.
    pub rev: i64,
}

impl BookingView {
    /// From the row. `now_is` is what it has become by itself, if it has.
    #[must_use]
    pub fn new(row: &booking::Model, now_is: Option<State>, cancel_until: DateTime<Utc>) -> Self {
        Self {
            id: row.id.0,
            state: now_is.unwrap_or(row.state),
            station_id: row.station_id.0,
            kind_id: row.kind_id.map(|id| id.0),
            space_id: row.space_id.map(|id| id.0),
            session_id: row.occasion_id.map(|id| id.0),
            member_id: row.member_id.0,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            quantity: row.quantity,
            collected: row.collected,
            priority: row.priority,
            purpose: row.purpose.clone(),
            opens_at: row.opens_at(),
            lapses_at: row.lapses_at,
            cancel_until,
            created_at: row.created_at,
            ended_at: row.ended_at,
            end_reason: row.end_reason.clone(),
            rev: row.rev,
        }
    }
}

/// What is free of something over a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AvailabilityView {
    /// Things of which kind.
    pub kind_id: Option<Uuid>,
    /// Which space.
    pub space_id: Option<Uuid>,
    /// Which session 场次.
    pub session_id: Option<Uuid>,
    /// Can it be booked ahead?
    pub bookable: bool,
    /// How many units there are.
    pub capacity: i64,
    /// How many are free throughout the time that was asked for; below 0, more is promised than there is.
    pub free: i64,
    /// How long after a booking the next can begin, in minutes.
    pub turnaround_minutes: u32,
    /// The spells of the time, in order, without gaps.
    pub spells: Vec<SpellView>,
    /// Counts the changes of what is promised; the same number, the same answer but for the clock.
    pub rev: i64,
}

/// A spell in which the same number of units is free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SpellView {
    /// From.
    pub from: DateTime<Utc>,
    /// Until.
    pub to: DateTime<Utc>,
    /// How many units are free.
    pub free: i64,
}
