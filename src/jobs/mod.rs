//! What happens by itself: the timetable, and each job as a function that takes no input.
//!
//! A job looks at what is and brings about what should be, in small writes, so that it may run at any time, any number of
//! times, on any number of replicas, and after any pause. `bell` only rings; what was done, and what not, is in the rows.

mod bell;
mod bookings;
mod channel;
mod expiry_check;
mod overdue;
mod runs;
mod send_notices;
mod sweep;

pub use bell::{Bells, start};

use std::{fmt, future::Future, pin::Pin};

use chrono::{DateTime, Utc};
use entity::ids::StationId;

use crate::{
    app::App,
    db::Trouble,
    desk,
    rules::{self, expiry::Light},
    store,
};

/// Why a job was not done.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// There is no job of that name.
    #[error("there is no job {0:?}; there are: bookings, expiry-check, overdue, send-notices, sweep")]
    Unknown(String),
    /// The database.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// A verb.
    #[error(transparent)]
    Desk(#[from] desk::Error),
}

impl From<sea_orm::DbErr> for JobError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Trouble(error.into())
    }
}

/// What a job did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What, and how many.
    pub done: Vec<(&'static str, u64)>,
}

impl Report {
    fn add(&mut self, what: &'static str, count: u64) {
        match self.done.iter_mut().find(|(name, _)| *name == what) {
            Some((_, sum)) => *sum += count,
            None => self.done.push((what, count)),
        }
    }

    fn add_all(&mut self, other: Self) {
        other.done.into_iter().for_each(|(what, count)| self.add(what, count));
    }

    /// How many of these were done.
    #[must_use]
    pub fn count(&self, what: &str) -> u64 {
        self.done.iter().find(|(name, _)| *name == what).map_or(0, |(_, count)| *count)
    }

    fn effects(&self) -> i64 {
        self.done.iter().map(|(_, count)| i64::try_from(*count).unwrap_or(i64::MAX)).sum()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: Vec<_> = self.done.iter().map(|(what, count)| format!("{count} {what}")).collect();
        f.write_str(&if shown.is_empty() { "nothing to do".to_owned() } else { shown.join(", ") })
    }
}

type Running<'a> = Pin<Box<dyn Future<Output = Result<Report, JobError>> + Send + 'a>>;

/// One line of the timetable.
struct Entry {
    name: &'static str,
    /// Seconds, minutes, hours, days, months, weekdays. Times of day are decided by the rows, in station time; so all jobs ring
    /// often, and most rings find nothing to do.
    cron: &'static str,
    run: for<'a> fn(&'a App) -> Running<'a>,
}

/// The timetable.
const TIMETABLE: [Entry; 5] = [
    // Reminders to the minute; the digest and what is lost once per station and business date.
    Entry { name: "overdue", cron: "5 * * * * *", run: |app| Box::pin(overdue::run(app)) },
    // What has lapsed is written down, reminders to the minute, bookings at risk, whose turn it is: nothing waits for it.
    Entry { name: "bookings", cron: "25 * * * * *", run: |app| Box::pin(bookings::run(app)) },
    // Every hour and at start: once per station and business date, and what nobody did is carried further.
    Entry { name: "expiry-check", cron: "20 5 * * * *", run: |app| Box::pin(expiry_check::run(app)) },
    Entry { name: "send-notices", cron: "*/10 * * * * *", run: |app| Box::pin(send_notices::run(app)) },
    Entry { name: "sweep", cron: "30 17 * * * *", run: |app| Box::pin(sweep::run(app)) },
];

/// Runs a job by hand.
///
/// # Errors
/// [`JobError`].
pub async fn run(app: &App, name: &str) -> Result<Report, JobError> {
    let entry = TIMETABLE.iter().find(|entry| entry.name == name).ok_or_else(|| JobError::Unknown(name.to_owned()))?;
    let report = (entry.run)(app).await?;
    #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are far below 2^52")]
    metrics::gauge!("yizhan_job_last_success_seconds", "job" => entry.name).set(app.clock.now().timestamp() as f64);
    Ok(report)
}

/// Has the daily part of the jobs been done for every station and its current date? What `/readyz` tells in detail.
///
/// # Errors
/// [`Trouble`] of the database.
pub async fn daily_work_is_done(app: &App) -> Result<bool, Trouble> {
    for scope in runs::scopes(app).await? {
        if store::job_runs::find(app.db.read(), overdue::DAILY, &scope.name, scope.today)
            .await?
            .is_none_or(|r| r.finished_at.is_none())
        {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The light of each open station that ever held a lot, with when its last trusted check ended; before the first one, when its
/// first lot arrived. Sets the gauge of the oldest.
///
/// # Errors
/// [`Trouble`] of the database.
pub async fn expiry_lights(app: &App) -> Result<Vec<(StationId, Light, Option<DateTime<Utc>>)>, Trouble> {
    let now = app.clock.now();
    let ages = store::check_records::list_ages(app.db.read()).await?;
    let oldest = ages.iter().filter_map(|(_, last)| *last).map(|last| (now - last).num_seconds()).max();
    #[expect(clippy::cast_precision_loss, reason = "seconds of a human life are far below 2^52")]
    metrics::gauge!("yizhan_expiry_check_age_seconds").set(oldest.unwrap_or_default() as f64);
    Ok(ages.into_iter().map(|(station, last)| (station, rules::expiry::light(last, now), last)).collect())
}

/// The light of the station whose last nightly check is longest ago; green where nothing is to be checked.
///
/// # Errors
/// [`Trouble`] of the database.
pub async fn expiry_light(app: &App) -> Result<Light, Trouble> {
    Ok(expiry_lights(app).await?.into_iter().map(|(_, light, _)| light).max().unwrap_or(Light::Green))
}
