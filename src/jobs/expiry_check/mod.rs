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

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use entity::{expiry_check::Status, ids::LotId, lot::Tier, station, task::What};

use watch::Watch;

use super::{
    JobError, Report,
    runs::{Held, Scope, begin, scopes},
};
use crate::{
    app::App,
    desk::{Desk, Door, stock},
    store,
};

/// The name of the job in the rows.
pub(super) const JOB: &str = "expiry-check";
/// The part of it about things that are inspected.
const INSPECTIONS: &str = "inspections";

pub(super) async fn run(app: &App) -> Result<Report, JobError> {
    let mut report = Report::default();
    let mut failed = None;
    let with_lots = store::check_records::list_stations(app.db.read()).await?;
    let scopes = scopes(app).await?;
    let mut nights = Vec::new();
    for scope in &scopes {
        let Some(id) = scope.station else { continue };
        let Some(station) = store::stations::find(app.db.read(), id).await? else { continue };
        match a_station(app, scope, &station, with_lots.contains(&id), &mut report).await {
            Ok(true) => nights.push(id),
            Ok(false) => {}
            // What one station cannot do stops no other.
            Err(error) => failed = Some(error),
        }
    }
    tell::digests(app, &scopes, &nights, &mut report).await?;
    failed.map_or(Ok(report), Err)
}

/// Looks at one station. True: its night was done just now.
async fn a_station(
    app: &App,
    scope: &Scope,
    station: &station::Model,
    has_lots: bool,
    report: &mut Report,
) -> Result<bool, JobError> {
    let watch = watch::look(app, scope, station).await?;
    let mut failed = None;
    if watch.is_trusted()
        && let Some(held) = begin(app, INSPECTIONS, scope).await?
    {
        let mut done = Report::default();
        let outcome = needs::inspections(app, &held, station, scope.today, &mut done).await.map(|()| done);
        held.end(&outcome).await?;
        match outcome {
            Ok(done) => report.add_all(done),
            Err(error) => failed = Some(error),
        }
    }
    if !has_lots {
        return failed.map_or(Ok(false), Err);
    }
    let mut done = false;
    if let Some(held) = begin(app, JOB, &watch.scope_of_run(scope)).await? {
        match a_night(app, &held, scope, station, &watch).await {
            Ok(night) => {
                report.add_all(night);
                done = watch.is_trusted();
            }
            Err(error) => {
                held.failed(&error).await?;
                failed = Some(error);
            }
        }
    } else if watch.is_trusted() {
        // By a clock that is not trusted nothing lapses.
        report.add("holds ended", stock::hold::tidy(&Desk::internal(app, Door::Job), station).await?);
    }
    // What a night could not do does not keep what is left undone from being carried further.
    escalate::escalate(app, scope, station, &watch, report).await?;
    failed.map_or(Ok(done), Err)
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

async fn a_night(app: &App, held: &Held<'_>, scope: &Scope, station: &station::Model, watch: &Watch) -> Result<Report, JobError> {
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
    tx.commit(()).await?;
    Ok(report)
}
