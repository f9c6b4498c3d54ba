//! A nightly check 效期检查 of one station: the evidence. Lines are added, never changed; each holds the hash of the one before.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{ExpiryCheckId, StationId};

/// One check.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "expiry_check")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ExpiryCheckId,
    /// Of which station.
    pub station_id: StationId,
    /// The how-manieth of its station, from 1: the order of the chain, whatever the clock says.
    pub n: i64,
    /// The day that the clock showed, in station time: once for each, and once more while the clock was not trusted.
    pub run_on: Date,
    /// For which day: the latest that is trusted.
    pub business_date: Date,
    /// The first day it stands for: later than the day after the last check, if days were missed.
    pub covers_from: Date,
    /// Was the clock to be trusted?
    pub mode: Mode,
    /// Could everything be checked?
    pub status: Status,
    /// How many lots were looked at.
    pub checked: i64,
    /// How many came nearer to their end.
    pub transitions: i64,
    /// What was found, as JSON in the form in which it was hashed.
    pub report: String,
    /// When it began to look; unknown of old ones.
    pub began_at: Option<DateTimeUtc>,
    /// When it was done.
    pub finished_at: DateTimeUtc,
    /// The hash of the check before; 32 zeros for the first.
    pub previous_hash: Vec<u8>,
    /// SHA-256 over the hash before and what this row says.
    pub hash: Vec<u8>,
}

/// Was the clock to be trusted?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Yes.
    Normal,
    /// No: what must be blocked was blocked, and nothing was released.
    TightenOnly,
}

/// Could everything be checked?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Yes.
    Done,
    /// Some lots could not be read; they are blocked.
    Partial,
}

crate::bare_table!();
