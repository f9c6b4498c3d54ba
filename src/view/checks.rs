//! The evidence of the nightly check, and of inspections.

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{expiry_check, inspection};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// One nightly check.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ExpiryCheckView {
    /// Its id.
    pub id: Uuid,
    /// Of which station.
    pub station_id: Uuid,
    /// Of which day.
    pub business_date: NaiveDate,
    /// The first day it makes up for; earlier than the day itself if nights were missed.
    pub covers_from: NaiveDate,
    /// `normal`, or `tighten_only` when the clock was not to be trusted.
    #[schema(value_type = String)]
    pub mode: expiry_check::Mode,
    /// `done`, or `partial` when a lot could not be checked and was blocked.
    #[schema(value_type = String)]
    pub status: expiry_check::Status,
    /// How many lots were on the shelf.
    pub checked: i64,
    /// How many came nearer to their end.
    pub transitions: i64,
    /// What was found: the text that the hash is of.
    pub report: String,
    /// When it ended.
    pub finished_at: DateTime<Utc>,
    /// SHA-256 over the hash before it and the report, in hexadecimal digits.
    pub hash: String,
}

impl From<&expiry_check::Model> for ExpiryCheckView {
    fn from(row: &expiry_check::Model) -> Self {
        let hash = row.hash.iter().fold(String::with_capacity(64), |mut hex, byte| {
            // A String takes whatever is written to it.
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        Self {
            id: row.id.0,
            station_id: row.station_id.0,
            business_date: row.business_date,
            covers_from: row.covers_from,
            mode: row.mode,
            status: row.status,
            checked: row.checked,
            transitions: row.transitions,
            report: row.report.clone(),
            finished_at: row.finished_at,
            hash,
        }
    }
}

/// An inspection or calibration.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InspectionView {
    /// Its id.
    pub id: Uuid,
    /// Of which thing.
    pub item_id: Uuid,
    /// On which day.
    pub inspected_on: NaiveDate,
    /// Was it as it should be?
    pub passed: bool,
    /// The last day on which that holds.
    pub good_until: Option<NaiveDate>,
    /// The number of the certificate.
    pub certificate: Option<String>,
    /// What was seen.
    pub note: Option<String>,
}

impl From<&inspection::Model> for InspectionView {
    fn from(row: &inspection::Model) -> Self {
        Self {
            id: row.id.0,
            item_id: row.item_id.0,
            inspected_on: row.inspected_on,
            passed: row.passed,
            good_until: row.good_until,
            certificate: row.certificate.clone(),
            note: row.note.clone(),
        }
    }
}
