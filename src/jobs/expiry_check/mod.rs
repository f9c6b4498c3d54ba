//! The nightly check, once per station and business date, whatever the number of replicas and however long the pause: which
//! lots are nearer to their end than anybody has been told, what is to be done about them, and proof that somebody looked.
//!
//! Nothing is kept safe by this job: a take is refused by its own statement. It leads people to the packs that must go. It
//! never changes a quantity: books follow hands.

mod escalate;
mod evidence;
mod incidents;
mod ledger;
mod lots;
mod needs;
mod sight;
mod tell;
mod watch;

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use entity::{
    expiry_check::Status,
    ids::{KindId, LotId, StationId},
    lot,
    lot::Tier,
    station,
    task::What,
};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    task::JoinSet,
};

use ledger::Ledger;
use sight::{Sight, Something};
use tell::Near;
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
/// How many stations are looked at in one statement.
const TOGETHER: usize = 100;

pub(super) async fn run(app: &App) -> Result<Report, JobError> {
    let with_lots: HashSet<StationId> = store::check_records::list_stations(app.db.read()).await?.into_iter().collect();
    let scopes: Vec<Scope> = scopes(app).await?.into_iter().filter(|scope| scope.station.is_some()).collect();
    let ledger = Ledger::of(scopes.iter().filter_map(|scope| scope.station).filter(|id| with_lots.contains(id)).collect());
    let (mut all, mut failed) = (Report::default(), None);
    let (mut nights, mut elsewhere) = (BTreeMap::new(), Vec::new());
    for scopes in scopes.chunks(TOGETHER) {
        let sight = Sight::look(app, scopes).await?;
        if scopes.iter().any(|scope| is_night(&sight, scope, &with_lots)) {
            ledger.begin(app);
        }
        let shared = Arc::new(Shared { app: app.clone(), sight, ledger: Arc::clone(&ledger), seats: Semaphore::new(AT_ONCE) });
        let mut at_work = JoinSet::new();
        for scope in scopes {
            let Some(id) = scope.station else { continue };
            let (shared, scope, has_lots) = (Arc::clone(&shared), scope.clone(), with_lots.contains(&id));
            at_work.spawn(async move { at_station(&shared, scope, id, has_lots).await });
        }
        let mut looked = Vec::new();
        while let Some(ended) = at_work.join_next().await {
            let done = ended.unwrap_or_else(|error| AtStation::failed(Trouble::Fault(error.to_string()).into()));
            all.add_all(done.report);
            nights.extend(done.night);
            elsewhere.extend(done.elsewhere);
            looked.extend(done.looked);
            // What one station cannot do stops no other.
            failed = done.failed.or(failed);
        }
        // What could not be done so far does not keep what is left undone from being carried further.
        if let Err(error) = escalate::escalate_all(&shared, looked, &mut all).await {
            failed = Some(error);
        }
    }
    tell::digests(app, &scopes, (&nights, elsewhere), &mut all).await?;
    failed.map_or(Ok(all), Err)
}

/// Is a night to be done there?
fn is_night(sight: &Sight, scope: &Scope, with_lots: &HashSet<StationId>) -> bool {
    scope.station.is_some_and(|id| with_lots.contains(&id)) && !sight.has_ended(JOB, &scope.name)
}

/// What all stations that are looked at together have in common.
struct Shared {
    app: App,
    sight: Sight,
    ledger: Arc<Ledger>,
    /// Whoever is at work has one.
    seats: Semaphore,
}

impl Shared {
    async fn seat(&self) -> Result<SemaphorePermit<'_>, Trouble> {
        self.seats.acquire().await.map_err(|closed| Trouble::Fault(closed.to_string()))
    }
}

/// How far a station came.
#[derive(Default)]
struct AtStation {
    report: Report,
    /// Where it stands in time, if it has lots.
    looked: Option<(Scope, Watch)>,
    /// The station, if its night was done just now, and how much of it is near its end.
    night: Option<(StationId, Near)>,
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
async fn at_station(shared: &Shared, scope: Scope, id: StationId, has_lots: bool) -> AtStation {
    let mut done = AtStation::default();
    let outcome = work(shared, &scope, id, has_lots, &mut done).await;
    done.note(outcome);
    done
}

async fn work(shared: &Shared, scope: &Scope, id: StationId, has_lots: bool, done: &mut AtStation) -> Result<(), JobError> {
    let (app, sight) = (&shared.app, &shared.sight);
    let Some(station) = sight.stations.get(&id) else { return Ok(()) };
    let seat = shared.seat().await?;
    let watch = watch::look(app, sight, scope, id).await?;
    done.looked = has_lots.then(|| (scope.clone(), watch.clone()));
    let run = watch.scope_of_run(scope);
    let mut jobs = Vec::new();
    if watch.is_trusted() && !sight.has_ended(INSPECTIONS, &run.name) {
        jobs.push(INSPECTIONS);
    }
    if has_lots && !sight.has_ended(JOB, &run.name) {
        jobs.push(JOB);
    }
    // Where nothing has to be inspected, that is all there is to be written down.
    let idle: &[&str] = if sight.has(Something::Inspections, id) { &[] } else { &[INSPECTIONS] };
    let held = begin_all(app, &jobs, idle, &run).await?;
    let night = held.get(JOB);
    if jobs.contains(&JOB) && night.is_none() {
        let there = store::job_runs::find(app.db.read(), JOB, &run.name, run.today).await?;
        done.elsewhere = there.is_some_and(|run| run.finished_at.is_none()).then_some(id);
    }
    if let Some(held) = held.get(INSPECTIONS) {
        let outcome = needs::inspections(app, held, station, scope.today).await;
        held.end(&outcome).await?;
        match outcome {
            Ok(report) => done.report.add_all(report),
            Err(error) => done.failed = Some(error),
        }
    }
    if let Some(held) = night {
        match a_night(shared, held, scope, station, &watch, seat).await {
            Ok((report, near)) => {
                done.report.add_all(report);
                done.night = watch.is_trusted().then_some((id, near));
            }
            Err(error) => {
                let told = held.failed(&error).await;
                done.failed = Some(error);
                done.note(told);
                // Whoever has taken it over tells of it: half a night is no message for the day.
                let there = store::job_runs::find(app.db.read(), JOB, &run.name, run.today).await?;
                done.elsewhere = there.is_some_and(|run| run.finished_at.is_none() && held.is_lost_to(&run)).then_some(id);
            }
        }
    } else if has_lots && watch.is_trusted() && sight.has(Something::Holds, id) {
        // By a clock that is not trusted nothing lapses.
        match stock::hold::tidy(&Desk::internal(app, Door::Job), station).await {
            Ok(ended) => done.report.add("holds ended", ended),
            Err(error) => done.failed = Some(error.into()),
        }
    }
    Ok(())
}

/// What a night has found so far.
struct Night<'a> {
    app: &'a App,
    sight: &'a Sight,
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
    /// Was anything blocked in this night?
    has_blocked: bool,
    /// How many lots went from one tier to another.
    moved: BTreeMap<(Tier, Tier), i64>,
    /// What the evidence says of them.
    lines: BTreeMap<LotId, Line>,
}

/// What a person knows a lot by.
struct Line {
    number: String,
    kind: KindId,
    shelf: Option<String>,
    last_day: Option<NaiveDate>,
}

impl Line {
    /// Of about how many lots it is kept; of others it is read again.
    const KEPT: usize = 1_000;
}

impl From<&lot::Model> for Line {
    fn from(lot: &lot::Model) -> Self {
        Self { number: lot.number.clone(), kind: lot.kind_id, shelf: lot.shelf.clone(), last_day: lot.last_day }
    }
}

impl Night<'_> {
    /// When the last trusted check began to look.
    fn last_look(&self) -> Option<DateTime<Utc>> {
        self.sight.last_look(self.station.id)
    }

    /// Now; by a clock that is not trusted, the end of the day that is.
    fn now(&self) -> DateTime<Utc> {
        if self.watch.is_trusted() {
            self.watch.now
        } else {
            (self.today + chrono::Days::new(1)).and_time(NaiveTime::MIN).and_utc()
        }
    }
}

/// What it does lot by lot, what it finds, and the last write. Whoever waits for the books of all stations leaves its seat to another.
async fn a_night(
    shared: &Shared,
    held: &Held<'_>,
    scope: &Scope,
    station: &station::Model,
    watch: &Watch,
    seat: SemaphorePermit<'_>,
) -> Result<(Report, Near), JobError> {
    let (app, sight) = (&shared.app, &shared.sight);
    let mut night = Night {
        app,
        sight,
        held,
        station,
        watch,
        today: watch.today,
        run_on: scope.today,
        status: Status::Done,
        errors: Vec::new(),
        has_blocked: false,
        moved: BTreeMap::new(),
        lines: BTreeMap::new(),
    };
    let mut report = Report::default();
    let (implausible, recalled) = (lots::block_implausible(&mut night).await?, lots::apply_recalls(&night).await?);
    report.add("lots blocked for their data", implausible);
    report.add("recalled lots blocked", recalled);
    report.add("lots nearer their end", lots::raise_tiers(&mut night).await?);
    night.has_blocked = implausible + recalled > 0 || !night.errors.is_empty();
    report.add("lots asked for again", lots::ask_again(&night).await?);
    if watch.is_trusted() && sight.has(Something::Holds, station.id) {
        report.add("holds ended", stock::hold::tidy(&Desk::internal(app, Door::Job), station).await?);
    }
    drop(seat);
    let (unbalanced, turn) = shared.ledger.unbalanced_at(app, station.id).await?;
    let _seat = shared.seat().await?;
    // Read before the write is opened: nobody waits for this meanwhile.
    let incidents = incidents::find(&night, unbalanced).await?;
    let found = evidence::gather(&night, turn).await?;
    let ahead = needs::look_ahead(&night).await?;
    let tx = held.write().await?;
    if watch.is_trusted() {
        store::stock_days::advance(&tx, station.id, night.today).await?;
        if sight.asked(station.id).iter().any(|(_, _, what, _)| *what == What::CheckClock) {
            store::tasks::settle_at(&tx, station.id, None, What::CheckClock, watch.now).await?;
        }
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
    tx.commit(()).await?;
    Ok((report, found.near()))
}
