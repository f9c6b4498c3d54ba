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

use chrono::NaiveDate;
use entity::{
    expiry_check::{Mode, Status},
    station,
    task::What,
};

use super::{
    JobError, Report,
    runs::{Held, Scope, begin, scopes},
};
use crate::{
    app::App,
    desk::{Desk, Door, stock},
    rules::expiry::{self as rule, Clocks},
    store,
};

/// The name of the job in the rows.
pub(super) const JOB: &str = "expiry-check";
/// The part of it about things that are inspected.
const INSPECTIONS: &str = "inspections";

pub(super) async fn run(app: &App) -> Result<Report, JobError> {
    let mut report = Report::default();
    let mut failed = None;
    let with_lots = store::expiry_checks::list_stations(app.db.read()).await?;
    for scope in scopes(app).await? {
        let Some(id) = scope.station else { continue };
        let Some(station) = store::stations::find(app.db.read(), id).await? else { continue };
        if let Some(held) = begin(app, INSPECTIONS, &scope).await? {
            let mut done = Report::default();
            let outcome = needs::inspections(app, &held, &station, scope.today, &mut done).await.map(|()| done);
            held.end(&outcome).await?;
            match outcome {
                Ok(done) => done.done.into_iter().for_each(|(what, count)| report.add(what, count)),
                Err(error) => failed = Some(error),
            }
        }
        if !with_lots.contains(&id) {
            continue;
        }
        if let Some(held) = begin(app, JOB, &scope).await? {
            match a_night(app, &held, &scope, &station).await {
                Ok(night) => night.done.into_iter().for_each(|(what, count)| report.add(what, count)),
                // What one station cannot do stops no other.
                Err(error) => {
                    held.failed(&error).await?;
                    failed = Some(error);
                }
            }
        }
        report.add("holds ended", stock::hold::tidy(&Desk::internal(app, Door::Job), &station).await?);
        escalate::escalate(app, &scope, &station, &mut report).await?;
    }
    failed.map_or(Ok(report), Err)
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

async fn a_night(app: &App, held: &Held<'_>, scope: &Scope, station: &station::Model) -> Result<Report, JobError> {
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
    tx.commit(()).await?;
    Ok(report)
}
