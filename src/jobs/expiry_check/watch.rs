//! What the clocks say before a night begins: is ours to be trusted, and which day is it then?

use chrono::{DateTime, NaiveDate, Utc};
use entity::{expiry_check::Mode, ids::StationId};

use super::sight::{self, Sight};
use crate::{
    app::App,
    desk::stock::clocks,
    jobs::{JobError, runs::Scope},
    rules::expiry::Clocks,
    store::check_records::Brief,
};

/// Where a station stands in time.
#[derive(Clone)]
pub(super) struct Watch {
    pub(super) mode: Mode,
    /// The latest business date that is trusted: nothing is written for a later one.
    pub(super) today: NaiveDate,
    /// The last check under a clock that was trusted.
    pub(super) trusted: Option<Brief>,
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
        let name = if self.is_trusted() { scope.name.clone() } else { sight::untrusted(&scope.name) };
        Scope { name, ..scope.clone() }
    }
}

/// Looks at the clocks.
pub(super) async fn look(app: &App, sight: &Sight, scope: &Scope, station: StationId) -> Result<Watch, JobError> {
    let trusted = sight.trusted.get(&station).cloned();
    let seen = sight.days.get(&station).copied();
    let clocks = Clocks {
        now: sight.now,
        database: sight.database,
        last_check: trusted.as_ref().map(|check| check.finished_at),
        up_since: app.started_at,
    };
    let mut mode = clocks::mode(app.db.read(), station, clocks).await?;
    // A date that was seen before is not unseen; one that looks wrong blocks, and releases nothing. Somebody may have seen the next
    // day since this ring began.
    let latest = scope.today.max(app.clock.now().with_timezone(&scope.zone).date_naive());
    if seen.is_some_and(|seen| seen > latest) {
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
