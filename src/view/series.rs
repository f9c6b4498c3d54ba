//! Series, and calendars to subscribe to.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{feed, series};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::ReasonView;

/// A series, with every day in exactly one of made and skipped.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SeriesView {
    /// Its id.
    pub id: Uuid,
    /// Where.
    pub station_id: Uuid,
    /// For whom it is booked; none for sessions.
    pub member_id: Option<Uuid>,
    /// What its sessions are called.
    pub name: Option<String>,
    /// When what was left of it was cancelled.
    pub ended_at: Option<DateTime<Utc>>,
    /// The days that were made.
    pub created: Vec<SeriesDayView>,
    /// The days that were skipped, with the reasons.
    pub skipped: Vec<SeriesDayView>,
}

impl SeriesView {
    /// From the row and its days.
    #[must_use]
    pub fn new(row: &series::Model, days: Vec<SeriesDayView>) -> Self {
        let (created, skipped) = days.into_iter().partition(|day| day.booking_id.is_some() || day.session_id.is_some());
        Self {
            id: row.id.0,
            station_id: row.station_id.0,
            member_id: row.member_id.map(|id| id.0),
            name: row.name.clone(),
            ended_at: row.ended_at,
            created,
            skipped,
        }
    }
}

/// One day of a series.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SeriesDayView {
    /// Which, in station time.
    pub day: NaiveDate,
    /// Made as this booking.
    pub booking_id: Option<Uuid>,
    /// Made as this session.
    pub session_id: Option<Uuid>,
    /// Why it was skipped.
    pub reasons: Vec<ReasonView>,
}

/// A calendar to subscribe to.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FeedView {
    /// Its id.
    pub id: Uuid,
    /// The bookings of this member.
    pub member_id: Option<Uuid>,
    /// What is on at this station.
    pub station_id: Option<Uuid>,
    /// When this space is taken.
    pub space_id: Option<Uuid>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl From<&feed::Model> for FeedView {
    fn from(row: &feed::Model) -> Self {
        Self {
            id: row.id.0,
            member_id: row.member_id.map(|id| id.0),
            station_id: row.station_id.map(|id| id.0),
            space_id: row.space_id.map(|id| id.0),
            created_at: row.created_at,
            revoked_at: row.revoked_at,
        }
    }
}

/// A calendar that was just made.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NewFeedView {
    /// The calendar.
    pub feed: FeedView,
    /// Its address. Whoever has it reads the calendar; it is told this once.
    pub address: String,
}
