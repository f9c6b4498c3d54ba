//! The nightly check, once per station and business date, whatever the number of replicas and however long the pause: which
//! lots are nearer to their end than anybody has been told, what is to be done about them, and proof that somebody looked.
//!
//! Nothing is kept safe by this job: a take is refused by its own statement. It leads people to the packs that must go. It
//! never changes a quantity: books follow hands.

mod escalate;
mod evidence;
mod lots;
mod needs;
mod tell;

use std::collections::HashSet;

use chrono::NaiveDate;
use entity::{
    expiry_check::{Mode, Status},
    ids::StationId,
    station,
    task::What,
};
use tokio::task::JoinSet;

use super::{
    JobError, Report,
    runs::{Held, Scope, begin_all, scopes},
};
use crate::{
    app::App,
    db::Trouble,
    desk::{Desk, Door, stock},
    rules::expiry::{self as rule, Clocks},
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
    let with_lots: HashSet<StationId> = store::expiry_checks::list_stations(app.db.read()).await?.into_iter().collect();
    let mut waiting = scopes(app).await?.into_iter();
    let mut at_work = JoinSet::new();
    let (mut all, mut failed) = (Report::default(), None);
    loop {
        while at_work.len() < AT_ONCE
            && let Some(scope) = waiting.next()
        {
            let Some(id) = scope.station else { continue };
            let (app, has_lots) = (app.clone(), with_lots.contains(&id));
            at_work.spawn(async move { at_station(&app, &scope, id, has_lots).await });
        }
        let Some(ended) = at_work.join_next().await else { break };
        let (report, outcome) = ended.unwrap_or_else(|error| (Report::default(), Err(Trouble::Fault(error.to_string()).into())));
        report.done.into_iter().for_each(|(what, count)| all.add(what, count));
        // What one station cannot do stops no other.
        failed = outcome.err().or(failed);
    }
    failed.map_or(Ok(all), Err)
}

/// Everything that is to be done at a station, and how far it came.
async fn at_station(app: &App, scope: &Scope, id: StationId, has_lots: bool) -> (Report, Result<(), JobError>) {
    let mut report = Report::default();
    let outcome = work(app, scope, id, has_lots, &mut report).await;
    (report, outcome)
}

async fn work(app: &App, scope: &Scope, id: StationId, has_lots: bool, report: &mut Report) -> Result<(), JobError> {
    let Some(station) = store::stations::find(app.db.read(), id).await? else { return Ok(()) };
    let jobs: &[&str] = if has_lots { &[INSPECTIONS, JOB] } else { &[INSPECTIONS] };
    let held = begin_all(app, jobs, scope).await?;
    let (inspections, night) = (held.get(INSPECTIONS), held.get(JOB));
    let inspected = match inspections {
        None => Ok(Report::default()),
        Some(held) => needs::inspections(app, held, &station, scope.today).await,
    };
    let due = inspected.as_ref().map_or(0, |done| done.done.len());
    // Where nothing was to be inspected, that is written down together with the night.
    let along = inspections.filter(|_| inspected.is_ok() && due == 0 && night.is_some());
    if let (Some(held), None) = (inspections, along) {
        held.end(&inspected).await?;
    }
    let mut failed = match inspected {
        Ok(done) => {
            done.done.into_iter().for_each(|(what, count)| report.add(what, count));
            None
        }
        Err(error) => Some(error),
    };
    if let Some(held) = night {
        match a_night(app, held, along, scope, &station).await {
            Ok(night) => night.done.into_iter().for_each(|(what, count)| report.add(what, count)),
            Err(error) => {
                held.failed(&error).await?;
                if let Some(along) = along {
                    along.end(&Ok(Report::default())).await?;
                }
                failed = Some(error);
            }
        }
    }
    if has_lots {
        report.add("holds ended", stock::hold::tidy(&Desk::internal(app, Door::Job), &station).await?);
        escalate::escalate(app, scope, &station, report).await?;
    }
    failed.map_or(Ok(()), Err)
}

/// What a night has found so far.
struct Night<'a> {
    app: &'a App,
    held: &'a Held<'a>,
    station: &'a station::Model,
    today: NaiveDate,
    mode: Mode,
    status: Status,
    checked: i64,
}

/// `along` is a run that has nothing left to do, and ends with this one.
async fn a_night(
    app: &App,
    held: &Held<'_>,
    along: Option<&Held<'_>>,
    scope: &Scope,
    station: &station::Model,
) -> Result<Report, JobError> {
    let conn = app.db.read();
    let last = store::expiry_checks::find_last(conn, station.id).await?;
    let seen = store::stock_days::find(conn, station.id).await?;
    let clocks = Clocks {
        now: app.clock.now(),
        database: if app.clock.is_real() { store::stock_days::database_clock(conn).await? } else { None },
        last_check: last.as_ref().map(|check| check.finished_at),
        up_since: app.started_at,
    };
    // A date that was seen before is not unseen; one that looks wrong blocks, and releases nothing.
    let mode = if seen.is_some_and(|seen| seen > scope.today) { Mode::TightenOnly } else { rule::mode(clocks) };
    let today = seen.map_or(scope.today, |seen| seen.max(scope.today));
    let mut night = Night { app, held, station, today, mode, status: Status::Done, checked: 0 };
    let mut report = Report::default();
    report.add("lots blocked for their data", lots::block_implausible(&mut night).await?);
    report.add("lots nearer their end", lots::raise_tiers(&mut night).await?);
    // Read before the write is opened: nobody waits for this meanwhile.
    let found = evidence::gather(&night).await?;
    // On the business date of the night: which may be later than the clock says.
    let ahead = needs::look_ahead(&night).await?;
    let tx = held.write().await?;
    if mode == Mode::Normal {
        store::stock_days::advance(&tx, station.id, today).await?;
    } else {
        let note = Some(format!("{} / {today}", app.clock.now()));
        stock::open_station_task(app, &tx, station.id, What::CheckClock, note).await?;
    }
    if !found.late.is_empty() {
        let note = Some(format!("过期后仍被取用的批次 / taken after their date: {}", found.late.len()));
        stock::open_station_task(app, &tx, station.id, What::Incident, note).await?;
    }
    needs::ask_for(&night, &tx, ahead).await?;
    report.add("stations looked ahead for", 1);
    evidence::write(&night, &tx, last.as_ref(), &found).await?;
    report.add("checks written down", 1);
    report.add("digests", tell::digest(&night, &tx, scope, &found.tiers).await?);
    held.done(&tx, &report).await?;
    if let Some(along) = along {
        along.done(&tx, &Report::default()).await?;
    }
    tx.commit(()).await?;
    Ok(report)
}
