//! One day of a series: made, or skipped for reasons.

use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};

use crate::ids::{BookingId, OccasionId, SeriesId};

/// One day. With neither booking nor occasion it was skipped.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "series_day")]
pub struct Model {
    /// Of which series.
    #[sea_orm(primary_key, auto_increment = false)]
    pub series_id: SeriesId,
    /// Which day, in station time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    /// Made as this booking.
    pub booking_id: Option<BookingId>,
    /// Made as this occasion.
    pub occasion_id: Option<OccasionId>,
    /// Why it was skipped: refusals, as JSON.
    pub reasons: Reasons,
}

/// Refusals, as the rules write them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(transparent)]
pub struct Reasons(pub serde_json::Value);

crate::bare_table!();
