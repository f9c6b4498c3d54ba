//! Places in the queue.

use chrono::{DateTime, Utc};
use entity::hold::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::ReasonView;

/// A place in the queue 排队.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct QueueView {
    /// Its id.
    pub id: Uuid,
    /// `waiting`, `offered`; over: `met`, `left`, `missed`, `over`.
    #[schema(value_type = String, example = "waiting")]
    pub state: State,
    /// At which stations, by their plates.
    pub station_codes: Vec<String>,
    /// For a thing of which kind.
    pub kind_id: Option<Uuid>,
    /// For which space.
    pub space_id: Option<Uuid>,
    /// For a seat at which session 场次.
    pub session_id: Option<Uuid>,
    /// Who waits.
    pub member_id: Uuid,
    /// For how many.
    pub quantity: i32,
    /// From when; missing: as soon as possible.
    pub starts_at: Option<DateTime<Utc>>,
    /// Until when.
    pub ends_at: Option<DateTime<Utc>>,
    /// So many minutes earlier or later would do.
    pub flexible_minutes: i32,
    /// Which place, among those who wait for the same time: 1 is next. While it waits.
    pub position: Option<usize>,
    /// Why it waits still.
    pub why: QueueWhyView,
    /// The booking that is held for them: confirm it, or cancel it.
    pub booking_id: Option<Uuid>,
    /// Until when that is held.
    pub lapses_at: Option<DateTime<Utc>>,
    /// Since when somebody waits.
    pub created_at: DateTime<Utc>,
    /// When it was over.
    pub ended_at: Option<DateTime<Utc>>,
    /// Its version.
    pub rev: i64,
}

/// Why somebody waits still.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct QueueWhyView {
    /// `your-turn`, `first-come`, `passed-over`, `behind-others`, `none-free`; over: `met`, `left`, `missed`, `over`.
    pub code: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// When the next thing should be back.
    pub next_return: Option<DateTime<Utc>>,
    /// Why it went to somebody else, although it was their turn.
    pub reasons: Vec<ReasonView>,
}
