//! The evidence of the nightly check, and of inspections.

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{expiry_check, inspection, station};
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
    /// The how-manieth of its station: the order of the chain.
    pub n: i64,
    /// The day that the clock showed.
    pub run_on: NaiveDate,
    /// Of which day: the latest that is trusted.
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
            n: row.n,
            run_on: row.run_on,
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

/// A text in both languages.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct WordsView {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// A nightly check ready to print and sign: 效期检查记录.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CheckSheetView {
    /// The check.
    pub check: ExpiryCheckView,
    /// The plate of the station.
    pub station_code: String,
    /// Its name.
    pub station: String,
    /// How many lots were in each tier before, as `[tier, lots]`.
    #[schema(value_type = Vec<Object>)]
    pub tiers_before: serde_json::Value,
    /// How many afterwards.
    #[schema(value_type = Vec<Object>)]
    pub tiers_after: serde_json::Value,
    /// What came nearer to its end, and what has become of it.
    pub lines: Vec<CheckLineView>,
    /// How many more did than there are lines.
    pub lines_left_out: i64,
    /// What must never be so, and was.
    #[schema(value_type = Vec<Object>)]
    pub incidents: serde_json::Value,
    /// Nights that it made up for, with the reason.
    #[schema(value_type = Vec<Object>)]
    pub missed: serde_json::Value,
    /// What could not be checked.
    #[schema(value_type = Vec<Object>)]
    pub errors: serde_json::Value,
    /// Blocks that were laid since the check before: recalls, conflicts, data that cannot be true.
    #[schema(value_type = Vec<Object>)]
    pub blocked: serde_json::Value,
    /// Blocks that somebody has lifted since then.
    #[schema(value_type = Vec<Object>)]
    pub lifted: serde_json::Value,
    /// Things whose inspection or calibration is over.
    #[schema(value_type = Vec<Object>)]
    pub calibration_overdue: serde_json::Value,
    /// The lines to sign on.
    pub signatures: Vec<WordsView>,
}

impl CheckSheetView {
    /// From a check, its station, its report and its lines.
    #[must_use]
    pub fn new(
        check: &expiry_check::Model,
        station: &station::Model,
        report: &serde_json::Value,
        lines: Vec<CheckLineView>,
        signatures: Vec<WordsView>,
    ) -> Self {
        let part = |name: &str| report[name].clone();
        let shown = i64::try_from(lines.len()).unwrap_or(i64::MAX);
        Self {
            check: check.into(),
            station_code: station.code.clone(),
            station: station.name.clone(),
            tiers_before: part("tiers_before"),
            tiers_after: part("tiers"),
            lines_left_out: (check.transitions - shown).max(0),
            lines,
            incidents: part("incidents"),
            missed: part("missed"),
            errors: part("errors"),
            blocked: part("blocked"),
            lifted: part("lifted"),
            calibration_overdue: part("calibration_overdue"),
            signatures,
        }
    }
}

/// One lot that came nearer to its end.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CheckLineView {
    /// Which lot.
    pub lot: Uuid,
    /// Its number, as printed.
    pub number: Option<String>,
    /// What it is.
    pub kind: Option<String>,
    /// What it is, in English.
    pub kind_en: Option<String>,
    /// On which shelf.
    pub shelf: Option<String>,
    /// The last day on which it is good.
    pub last_day: Option<NaiveDate>,
    /// `t90`, `t30`, `t7`, `stop_issue`, `expired` or `opened_expired`.
    pub what: String,
    /// Since when.
    pub since: Option<NaiveDate>,
    /// Base units on the shelf.
    pub units: i32,
    /// The photo of its label.
    pub photo: Option<Uuid>,
    /// The version of its profile.
    pub profile_rev: Option<i64>,
    /// What it is called.
    #[serde(default)]
    pub said: WordsView,
    /// What has become of it since.
    #[serde(default)]
    pub handling: WordsView,
}

/// How old the last trusted check of a station is.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CheckLightView {
    /// Of which station.
    pub station_id: Uuid,
    /// `green`, `amber` (more than 26 hours) or `red` (more than 50, or never).
    pub light: String,
    /// When it ended; before the first one, when the first lot arrived.
    pub last_check_at: Option<DateTime<Utc>>,
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
