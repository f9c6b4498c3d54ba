//! A run of a job: at most one per job, scope and business date.

use sea_orm::entity::prelude::*;

use crate::ids::JobRunId;

/// One run. Whoever works on it holds a lease; each new holder has a higher fence, and a write with an older fence fails.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job_run")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JobRunId,
    /// Which job.
    pub job: String,
    /// For what: a station's id, or `*`.
    pub scope: String,
    /// The day in station time.
    pub business_date: Date,
    /// Counts the holders.
    pub fence: i32,
    /// Until when the holder has it.
    pub leased_until: DateTimeUtc,
    /// When it was first begun.
    pub started_at: DateTimeUtc,
    /// When it was done.
    pub finished_at: Option<DateTimeUtc>,
    /// How much it did.
    pub effects: Option<i64>,
    /// Why the last try failed.
    pub trouble: Option<String>,
}

crate::bare_table!();
