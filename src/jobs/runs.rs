//! Once per station and business date, whatever the number of replicas, however long the pause.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::{ids::StationId, job_run};

use super::{JobError, Report};
use crate::{
    app::App,
    db::{Intent, Trouble, WriteTx},
    store,
};

/// How long whoever works on a run has it without a sign of life.
const LEASE: TimeDelta = TimeDelta::minutes(2);

/// For what a run is: a station on its own current date, or everything whose station is not known.
#[derive(Clone)]
pub(super) struct Scope {
    /// The station's id, or `*`.
    pub(super) name: String,
    pub(super) station: Option<StationId>,
    pub(super) zone: Tz,
    pub(super) today: NaiveDate,
}

/// All scopes.
pub(super) async fn scopes(app: &App) -> Result<Vec<Scope>, Trouble> {
    let now = app.clock.now();
    let unknown = chrono_tz::Asia::Shanghai;
    let mut all =
        vec![Scope { name: "*".to_owned(), station: None, zone: unknown, today: now.with_timezone(&unknown).date_naive() }];
    let mut after = None;
    loop {
        let page = store::stations::list(app.db.read(), None, after, 500).await?;
        after = page.last().map(|station| station.id);
        let more = page.len() == 500;
        for station in page.into_iter().filter(|station| station.closed_at.is_none()) {
            let zone = station.zone();
            let today = now.with_timezone(&zone).date_naive();
            all.push(Scope { name: station.id.to_string(), station: Some(station.id), zone, today });
        }
        if !more {
            return Ok(all);
        }
    }
}

/// A run that is held: every write of its work proves that it still is.
pub(super) struct Held<'a> {
    app: &'a App,
    run: job_run::Model,
}

impl Held<'_> {
    /// When the work was begun, by whomever.
    pub(super) fn begun_at(&self) -> DateTime<Utc> {
        self.run.started_at
    }

    /// Has nobody been at it before?
    pub(super) fn is_first(&self) -> bool {
        self.run.fence == 1
    }

    /// Has somebody else taken it over?
    pub(super) fn is_lost_to(&self, run: &job_run::Model) -> bool {
        run.fence != self.run.fence
    }

    /// Opens a write that fails if somebody else has taken the run over in between.
    pub(super) async fn write(&self) -> Result<WriteTx, Trouble> {
        let tx = self.app.db.write(Intent::default()).await?;
        store::job_runs::hold(&tx, &self.run, self.app.clock.now() + LEASE).await?;
        Ok(tx)
    }

    /// Writes down inside the last write of the work that it is done: it is done with its last effect, or not at all.
    pub(super) async fn done(&self, tx: &WriteTx, report: &Report) -> Result<(), Trouble> {
        store::job_runs::finish(tx, &self.run, self.app.clock.now(), report.effects()).await
    }

    /// Writes down that the work has failed. It is begun again at the next ring.
    pub(super) async fn failed(&self, error: &JobError) -> Result<(), Trouble> {
        let tx = self.app.db.write(Intent::default()).await?;
        store::job_runs::fail(&tx, &self.run, self.app.clock.now(), &error.to_string()).await?;
        tx.commit(()).await?;
        Ok(())
    }

    /// Writes down how the work ended. What failed is begun again at the next ring.
    pub(super) async fn end(&self, outcome: &Result<Report, JobError>) -> Result<(), Trouble> {
        let report = match outcome {
            Ok(report) => report,
            Err(error) => return self.failed(error).await,
        };
        let tx = self.app.db.write(Intent::default()).await?;
        self.done(&tx, report).await?;
        tx.commit(()).await?;
        Ok(())
    }
}

/// Begins the work of a job for a scope's current date. `None`: it is done, or somebody else is at it.
pub(super) async fn begin<'a>(app: &'a App, job: &str, scope: &Scope) -> Result<Option<Held<'a>>, Trouble> {
    let done = store::job_runs::find(app.db.read(), job, &scope.name, scope.today).await?;
    if done.is_some_and(|run| run.finished_at.is_some()) {
        return Ok(None);
    }
    Ok(take(app, job, scope).await?.map(|run| Held { app, run }))
}

/// As [`begin`], for several jobs of which none had ended lately, in one write. What is in other hands is not in the answer; nor is
/// what has nothing to do for the date (`idle`): that ends as it begins.
pub(super) async fn begin_all<'a>(
    app: &'a App,
    jobs: &[&'static str],
    idle: &[&str],
    scope: &Scope,
) -> Result<BTreeMap<&'static str, Held<'a>>, Trouble> {
    if jobs.is_empty() {
        return Ok(BTreeMap::new());
    }
    let now = app.clock.now();
    let row = |job: &&'static str| {
        let ended = idle.contains(job).then_some(now);
        job_run::Model {
            id: app.clock.id(),
            job: (*job).to_owned(),
            scope: scope.name.clone(),
            business_date: scope.today,
            fence: 1,
            leased_until: now + LEASE,
            started_at: now,
            finished_at: ended,
            effects: ended.map(|_| 0),
            trouble: None,
        }
    };
    let rows: Vec<_> = jobs.iter().map(row).collect();
    let tx = app.db.write(Intent::default()).await?;
    if store::job_runs::begin_all(&tx, &rows).await? {
        tx.commit(()).await?;
        let held = jobs.iter().zip(rows).filter(|(_, run)| run.finished_at.is_none());
        return Ok(held.map(|(job, run)| (*job, Held { app, run })).collect());
    }
    tx.roll_back().await?;
    // Begun before, and cut short; or begun by somebody else just now.
    let mut held = BTreeMap::new();
    for job in jobs {
        let Some(run) = take(app, job, scope).await? else { continue };
        let taken = Held { app, run };
        if idle.contains(job) {
            taken.end(&Ok(Report::default())).await?;
        } else {
            held.insert(*job, taken);
        }
    }
    Ok(held)
}

async fn take(app: &App, job: &str, scope: &Scope) -> Result<Option<job_run::Model>, Trouble> {
    let now = app.clock.now();
    let tx = app.db.write(Intent::default()).await?;
    let run = store::job_runs::take(&tx, (job, &scope.name, scope.today), app.clock.id(), now, now + LEASE).await?;
    tx.commit(()).await?;
    Ok(run)
}
