//! The nightly check, once per station and business date, whatever the number of replicas and however long the pause: which
//! lots are nearer to their end than anybody has been told, what is to be done about them, and proof that somebody looked.
//!
//! Nothing is kept safe by this job: a take is refused by its own statement. It leads people to the packs that must go. It
//! never changes a quantity: books follow hands.

mod escalate;
mod evidence;
mod incidents;
mod lots;
mod needs;
mod tell;
mod watch;

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use entity::{
    expiry_check::Status,
    ids::{LotId, StationId},
    lot::Tier,
    station,
    task::What,
};
use tokio::task::JoinSet;

use watch::Watch;

use super::{
    JobError, Report,
    runs::{Held, Scope, begin_all, scopes},
};
use crate::{
    app::App,
    db::Trouble,
    desk::{Desk, Door, stock},
    store,
};

/// The name of the job in the rows.
pub(super) const JOB: &str = "expiry-check";
/// The part of it about things that are inspected.
const INSPECTIONS: &str = "inspections";

/// How many stations are checked at once: while one waits for the disk another is at work, and on SQLite they share commits. Fewer
/// than there are writers on PostgreSQL, so that nobody who takes something waits for the night.
const AT_ONCE: usize = 6;

pub(super) async fn run(app: &App) -> Result<Report, JobError> {
    let with_lots: HashSet<StationId> = store::check_records::list_stations(app.db.read()).await?.into_iter().collect();
    let scopes = scopes(app).await?;
    let mut waiting = scopes.iter();
    let mut at_work = JoinSet::new();
    let (mut all, mut failed) = (Report::default(), None);
    let (mut nights, mut elsewhere) = (Vec::new(), Vec::new());
    loop {
        while at_work.len() < AT_ONCE
            && let Some(scope) = waiting.next()
        {
            let Some(id) = scope.station else { continue };
            let (app, scope, has_lots) = (app.clone(), scope.clone(), with_lots.contains(&id));
            at_work.spawn(async move { at_station(&app, &scope, id, has_lots).await });
        }
        let Some(ended) = at_work.join_next().await else { break };
        let done = ended.unwrap_or_else(|error| AtStation::failed(Trouble::Fault(error.to_string()).into()));
        all.add_all(done.report);
        nights.extend(done.night);
        elsewhere.extend(done.elsewhere);
        // What one station cannot do stops no other.
        failed = done.failed.or(failed);
    }
    tell::digests(app, &scopes, (&nights, elsewhere), &mut all).await?;
    failed.map_or(Ok(all), Err)
}

/// How far a station came.
#[derive(Default)]
struct AtStation {
    report: Report,
    /// The station, if its night was done just now.
    night: Option<StationId>,
    /// The station, if somebody else is at its night.
    elsewhere: Option<StationId>,
    failed: Option<JobError>,
}

impl AtStation {
    fn failed(error: JobError) -> Self {
        Self { failed: Some(error), ..Self::default() }
    }

    /// Notes what went wrong; what is left is done all the same.
    fn note(&mut self, outcome: Result<(), impl Into<JobError>>) {
        if let Err(error) = outcome {
            self.failed = Some(error.into());
        }
    }
}

/// Everything that is to be done at a station.
async fn at_station(app: &App, scope: &Scope, id: StationId, has_lots: bool) -> AtStation {
    let mut done = AtStation::default();
    let outcome = work(app, scope, id, has_lots, &mut done).await;
    done.note(outcome);
    done
}

async fn work(app: &App, scope: &Scope, id: StationId, has_lots: bool, done: &mut AtStation) -> Result<(), JobError> {
    let Some(station) = store::stations::find(app.db.read(), id).await? else { return Ok(()) };
    let watch = watch::look(app, scope, &station).await?;
    let jobs: &[&str] = match (watch.is_trusted(), has_lots) {
        (true, true) => &[INSPECTIONS, JOB],
        (true, false) => &[INSPECTIONS],
        (false, true) => &[JOB],
        (false, false) => return Ok(()),
    };
    let run = watch.scope_of_run(scope);
    let held = begin_all(app, jobs, &run).await?;
    let night = held.get(JOB);
    if has_lots && night.is_none() {
        let there = store::job_runs::find(app.db.read(), JOB, &run.name, run.today).await?;
        done.elsewhere = there.is_some_and(|run| run.finished_at.is_none()).then_some(id);
    }
    let along = inspect(app, scope, &station, (held.get(INSPECTIONS), night.is_some()), done).await?;
    if let Some(held) = night {
        match a_night(app, held, along, scope, &station, &watch).await {
            Ok(report) => {
                done.report.add_all(report);
                done.night = watch.is_trusted().then_some(id);
            }
            Err(error) => {
                let told = held.failed(&error).await;
                done.failed = Some(error);
                done.note(told);
                if let Some(along) = along {
                    done.note(along.end(&Ok(Report::default())).await);
                }
            }
        }
    }
    if has_lots {
        // What could not be done so far does not keep what is left undone from being carried further.
        if night.is_none() && watch.is_trusted() {
            // By a clock that is not trusted nothing lapses.
            match stock::hold::tidy(&Desk::internal(app, Door::Job), &station).await {
                Ok(ended) => done.report.add("holds ended", ended),
                Err(error) => done.failed = Some(error.into()),
            }
        }
        escalate::escalate(app, scope, &station, &watch, &mut done.report).await?;
    }
    Ok(())
}

/// Asks for what has to be inspected. Where nothing had to be, that is written down together with the night: the run that has
/// nothing left to do, and ends with the night.
async fn inspect<'a>(
    app: &App,
    scope: &Scope,
    station: &station::Model,
    (held, night_too): (Option<&'a Held<'a>>, bool),
    done: &mut AtStation,
) -> Result<Option<&'a Held<'a>>, JobError> {
    let Some(held) = held else { return Ok(None) };
    let outcome = needs::inspections(app, held, station, scope.today).await;
    if night_too && outcome.as_ref().is_ok_and(|report| report.done.is_empty()) {
        return Ok(Some(held));
    }
    held.end(&outcome).await?;
    match outcome {
        Ok(report) => done.report.add_all(report),
        Err(error) => done.failed = Some(error),
    }
    Ok(None)
}

/// What a night has found so far.
struct Night<'a> {
    app: &'a App,
    held: &'a Held<'a>,
    station: &'a station::Model,
    watch: &'a Watch,
    /// The latest business date that is trusted.
    today: NaiveDate,
    /// The date that the clock shows.
    run_on: NaiveDate,
    status: Status,
    /// What could not be checked, and why.
    errors: Vec<(LotId, String)>,
    /// How many lots went from one tier to another.
    moved: BTreeMap<(Tier, Tier), i64>,
}

impl Night<'_> {
    /// Now; by a clock that is not trusted, the end of the day that is.
    fn now(&self) -> DateTime<Utc> {
        if self.watch.is_trusted() {
            self.watch.now
        } else {
            (self.today + chrono::Days::new(1)).and_time(NaiveTime::MIN).and_utc()
        }
    }
}

/// `along` is a run that has nothing left to do, and ends with this one.
async fn a_night(
    app: &App,
    held: &Held<'_>,
    along: Option<&Held<'_>>,
    scope: &Scope,
    station: &station::Model,
    watch: &Watch,
) -> Result<Report, JobError> {
    let mut night = Night {
        app,
        held,
        station,
        watch,
        today: watch.today,
        run_on: scope.today,
        status: Status::Done,
        errors: Vec::new(),
        moved: BTreeMap::new(),
    };
    let mut report = Report::default();
    report.add("lots blocked for their data", lots::block_implausible(&mut night).await?);
    report.add("recalled lots blocked", lots::apply_recalls(&night).await?);
    report.add("lots nearer their end", lots::raise_tiers(&mut night).await?);
    report.add("lots asked for again", lots::ask_again(&night).await?);
    if watch.is_trusted() {
        report.add("holds ended", stock::hold::tidy(&Desk::internal(app, Door::Job), station).await?);
    }
    // Read before the write is opened: nobody waits for this meanwhile.
    let incidents = incidents::find(&night).await?;
    let found = evidence::gather(&night).await?;
    let ahead = needs::look_ahead(&night).await?;
    let tx = held.write().await?;
    if watch.is_trusted() {
        store::stock_days::advance(&tx, station.id, night.today).await?;
        store::tasks::settle_at(&tx, station.id, None, What::CheckClock, watch.now).await?;
    } else {
        let note = Some(format!(
            "系统时间 {0} 可疑，按 {1} 检查；若时间正确，请点“完成” / the clock says {0}, checked for {1}; if it is right, say done",
            night.run_on, night.today
        ));
        stock::open_station_task(app, &tx, station.id, What::CheckClock, note).await?;
    }
    incidents::report(&night, &tx, &incidents).await?;
    needs::ask_for(&night, &tx, ahead).await?;
    report.add("stations looked ahead for", 1);
    report.add("checks written down", u64::from(evidence::write(&night, &tx, &found, &incidents).await?));
    held.done(&tx, &report).await?;
    if let Some(along) = along {
        along.done(&tx, &Report::default()).await?;
    }
    tx.commit(()).await?;
    Ok(report)
}
