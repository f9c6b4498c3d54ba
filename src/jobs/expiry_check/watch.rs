//! What the clocks say before a night begins: is ours to be trusted, and which day is it then?

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    expiry_check::{self, Mode},
    station,
    task::What,
};

use crate::{
    app::App,
    jobs::{JobError, runs::Scope},
    rules::expiry::{self as rule, Clocks},
    store,
};

/// Where a station stands in time.
pub(super) struct Watch {
    pub(super) mode: Mode,
    /// The latest business date that is trusted: nothing is written for a later one.
    pub(super) today: NaiveDate,
    /// The last check under a clock that was trusted.
    pub(super) trusted: Option<expiry_check::Model>,
    /// Ours.
    pub(super) now: DateTime<Utc>,
    /// The database's.
    pub(super) database: Option<DateTime<Utc>>,
}

impl Watch {
    pub(super) fn is_trusted(&self) -> bool {
        self.mode == Mode::Normal
    }

    /// The scope of the run: a date that nobody trusts does not use up the night of that date.
    pub(super) fn scope_of_run(&self, scope: &Scope) -> Scope {
        let name = if self.is_trusted() { scope.name.clone() } else { format!("{}:untrusted", scope.name) };
        Scope { name, station: scope.station, zone: scope.zone, today: scope.today }
    }
}

/// Looks at the clocks.
pub(super) async fn look(app: &App, scope: &Scope, station: &station::Model) -> Result<Watch, JobError> {
    let conn = app.db.read();
    let trusted = store::check_records::find_last_trusted(conn, station.id).await?;
    let seen = store::stock_days::find(conn, station.id).await?;
    let mut clocks = Clocks {
        now: app.clock.now(),
        database: if app.clock.is_real() { store::stock_days::database_clock(conn).await? } else { None },
        last_check: trusted.as_ref().map(|check| check.finished_at),
        up_since: app.started_at,
    };
    let mut mode = rule::mode(clocks);
    if mode == Mode::TightenOnly
        && let Some(said) = store::tasks::find_last_done(conn, station.id, What::CheckClock).await?
        && said <= clocks.now
    {
        // Somebody has looked at the clock and has said that it is right.
        clocks.up_since = clocks.up_since.max(said);
        mode = rule::mode(clocks);
    }
    // A date that was seen before is not unseen; one that looks wrong blocks, and releases nothing.
    if seen.is_some_and(|seen| seen > scope.today) {
        mode = Mode::TightenOnly;
    }
    let today = if mode == Mode::Normal {
        scope.today
    } else {
        let by_database = clocks.database.map(|at| at.with_timezone(&scope.zone).date_naive());
        seen.unwrap_or_else(|| by_database.map_or(scope.today, |day| day.min(scope.today)))
    };
    Ok(Watch { mode, today, trusted, now: clocks.now, database: clocks.database })
}
