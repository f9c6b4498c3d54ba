//! What is looked at for many stations at once before their nights begin: what a station has nothing of costs it no statement. All
//! of it is read after `now`, and what comes in between is found by the night after this one.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{
    ids::{KindId, StationId},
    station,
    task::What,
};
use sea_orm::DatabaseConnection;
use tokio::sync::OnceCell;

use super::{INSPECTIONS, JOB, lots::ASKED, needs};
use crate::{
    app::App,
    db::Trouble,
    desk::stock::level::{self, Known},
    jobs::{JobError, runs::Scope},
    store::{self, check_records::Brief, nights, nights::Asked},
};

/// The last checks of stations that lie further apart are looked at one by one: who was away for a year asks nobody else for it.
const NEAR: TimeDelta = TimeDelta::days(3);

/// What a station may have something of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Something {
    /// Lots of which something stored cannot be true.
    Implausible,
    /// Lots that nobody is asked for.
    Unasked,
    /// Units that are set aside.
    Holds,
    /// Late takes that were written down since the last check.
    LateTakes,
    /// Blocks that were laid or lifted since the last check.
    Blocks,
    /// A red box that was ever used.
    RedBox,
    /// Things whose inspection is near or over.
    Inspections,
    /// Somebody who keeps it and can be told.
    Keeper,
}

/// A kind by name, with the version of its profile.
pub(super) struct Named {
    pub(super) name: String,
    pub(super) name_en: Option<String>,
    pub(super) rev: i64,
}

/// What was seen.
pub(super) struct Sight {
    /// When it was begun.
    pub(super) now: DateTime<Utc>,
    /// What the database's clock said then.
    pub(super) database: Option<DateTime<Utc>>,
    /// The stations.
    pub(super) stations: BTreeMap<StationId, station::Model>,
    /// Their newest checks under a clock that was trusted.
    pub(super) trusted: BTreeMap<StationId, Brief>,
    /// The latest dates seen.
    pub(super) days: BTreeMap<StationId, NaiveDate>,
    /// Runs that have ended: job and scope.
    ended: BTreeSet<(String, String)>,
    /// Open tasks about no lot.
    asked: BTreeMap<StationId, Vec<Asked>>,
    /// What is known before a station looks ahead on a date.
    known: BTreeMap<StationId, (NaiveDate, Known)>,
    /// Is anything recalled?
    pub(super) recalls: bool,
    there: BTreeSet<(Something, StationId)>,
    kinds: OnceCell<BTreeMap<KindId, Named>>,
}

/// The name of the run of a date that nobody trusts: it does not use up the night of that date.
pub(super) fn untrusted(scope: &str) -> String {
    format!("{scope}:untrusted")
}

impl Sight {
    /// Looks at these stations.
    pub(super) async fn look(app: &App, scopes: &[Scope]) -> Result<Self, JobError> {
        let conn = app.db.read();
        let ids: Vec<StationId> = scopes.iter().filter_map(|scope| scope.station).collect();
        let now = app.clock.now();
        let database = if app.clock.is_real() { store::stock_days::database_clock(conn).await? } else { None };
        let stations = store::stations::list_some(conn, ids.clone()).await?;
        let days = nights::list_days(conn, &ids).await?;
        let names = scopes.iter().flat_map(|scope| [scope.name.clone(), untrusted(&scope.name)]).collect();
        let dates: BTreeSet<NaiveDate> = scopes.iter().map(|scope| scope.today).collect();
        let runs = store::job_runs::list_of(conn, names, &[INSPECTIONS, JOB], dates.into_iter().collect()).await?;
        let today: BTreeMap<&str, NaiveDate> = scopes.iter().map(|scope| (scope.name.as_str(), scope.today)).collect();
        let of_today = |scope: &str, date| today.get(scope.trim_end_matches(":untrusted")) == Some(&date);
        let by_id = |checks: Vec<Brief>| checks.into_iter().map(|check| (check.station_id, check)).collect();
        let mut sight = Self {
            now,
            database,
            stations: stations.into_iter().map(|station| (station.id, station)).collect(),
            trusted: by_id(store::check_records::list_last(conn, ids.clone(), true).await?),
            days: days.into_iter().map(|day| (day.station_id, day.latest)).collect(),
            ended: runs
                .into_iter()
                .filter(|run| run.finished_at.is_some() && of_today(&run.scope, run.business_date))
                .map(|run| (run.job, run.scope))
                .collect(),
            asked: BTreeMap::new(),
            known: BTreeMap::new(),
            recalls: false,
            there: BTreeSet::new(),
            kinds: OnceCell::new(),
        };
        sight.note(Something::Holds, nights::with_open_holds(conn, &ids).await?);
        sight.note(Something::Keeper, store::roles::list_keepers(conn, ids).await?.into_iter().map(|(_, id)| id));
        let due: Vec<&Scope> = scopes.iter().filter(|scope| !sight.has_ended(JOB, &scope.name)).collect();
        let not_inspected = scopes.iter().any(|scope| !sight.has_ended(INSPECTIONS, &scope.name));
        if !due.is_empty() || not_inspected {
            sight.look_closer(conn, scopes, &due).await?;
        }
        Ok(sight)
    }

    /// What is of use only where a night is to be done.
    async fn look_closer(&mut self, conn: &DatabaseConnection, all: &[Scope], due: &[&Scope]) -> Result<(), JobError> {
        let mut by_day: BTreeMap<NaiveDate, Vec<StationId>> = BTreeMap::new();
        for scope in all {
            by_day.entry(scope.today).or_default().extend(scope.station);
        }
        for (day, stations) in by_day {
            self.note(Something::Inspections, nights::with_inspections(conn, &stations, needs::inspected_by(day)).await?);
        }
        let ids: Vec<StationId> = due.iter().filter_map(|scope| scope.station).collect();
        if ids.is_empty() {
            return Ok(());
        }
        self.note(Something::Implausible, nights::with_implausible_lots(conn, &ids).await?);
        self.note(Something::RedBox, nights::with_red_boxes(conn, &ids).await?);
        for asked in ASKED {
            self.note(Something::Unasked, nights::with_unasked_lots(conn, &ids, asked).await?);
        }
        for (since, stations) in self.by_last_look(&ids) {
            self.note(Something::LateTakes, nights::with_late_takes(conn, &stations, since).await?);
            self.note(Something::Blocks, nights::with_blocks(conn, &stations, since).await?);
        }
        let sorts = [needs::NEEDS.as_slice(), &[What::CheckClock, What::Incident]].concat();
        for asked in nights::list_asked(conn, &ids, &sorts).await? {
            self.asked.entry(asked.0).or_default().push(asked);
        }
        self.recalls = !store::stock_blocks::list_recalls_in_force(conn).await?.is_empty();
        let mut by_day: BTreeMap<NaiveDate, Vec<StationId>> = BTreeMap::new();
        for scope in due {
            by_day.entry(scope.today).or_default().extend(scope.station);
        }
        for (day, stations) in by_day {
            let known = level::known_of(conn, &stations, day).await?;
            self.known.extend(known.into_iter().map(|(id, known)| (id, (day, known))));
        }
        Ok(())
    }

    /// The stations by when their last trusted check began to look: those that did so at about the same time together.
    fn by_last_look(&self, ids: &[StationId]) -> BTreeMap<Option<DateTime<Utc>>, Vec<StationId>> {
        let (mut groups, mut near) = (BTreeMap::<_, Vec<StationId>>::new(), Vec::new());
        for id in ids {
            match self.last_look(*id) {
                Some(since) if since > self.now - NEAR => near.push((since, *id)),
                since => groups.entry(since).or_default().push(*id),
            }
        }
        if let Some(first) = near.iter().map(|(since, _)| *since).min() {
            groups.entry(Some(first)).or_default().extend(near.into_iter().map(|(_, id)| id));
        }
        groups
    }

    /// When the last trusted check of a station began to look. What was found then, and settled, is not found again.
    pub(super) fn last_look(&self, station: StationId) -> Option<DateTime<Utc>> {
        self.trusted.get(&station).map(Brief::looked_at)
    }

    fn note(&mut self, what: Something, stations: impl IntoIterator<Item = StationId>) {
        self.there.extend(stations.into_iter().map(|id| (what, id)));
    }

    /// Does the station have any of it?
    pub(super) fn has(&self, what: Something, station: StationId) -> bool {
        self.there.contains(&(what, station))
    }

    /// Had the run ended before anybody looked?
    pub(super) fn has_ended(&self, job: &str, scope: &str) -> bool {
        self.ended.contains(&(job.to_owned(), scope.to_owned()))
    }

    /// The open tasks of a station that are about no lot.
    pub(super) fn asked(&self, station: StationId) -> &[Asked] {
        self.asked.get(&station).map_or(&[], Vec::as_slice)
    }

    /// What is known of a station before it looks ahead on a date.
    pub(super) async fn known(&self, app: &App, station: StationId, day: NaiveDate) -> Result<Known, JobError> {
        if let Some((_, known)) = self.known.get(&station).filter(|(of, _)| *of == day) {
            return Ok(known.clone());
        }
        // By a clock that is not trusted it is another day.
        Ok(level::known_of(app.db.read(), &[station], day).await?.remove(&station).unwrap_or_default())
    }

    /// The names of kinds that are taken.
    pub(super) async fn kinds(&self, app: &App) -> Result<&BTreeMap<KindId, Named>, Trouble> {
        let read = async || {
            let rows = store::consumables::list_names(app.db.read()).await?;
            Ok::<_, Trouble>(rows.into_iter().map(|(id, name, name_en, rev)| (id, Named { name, name_en, rev })).collect())
        };
        self.kinds.get_or_try_init(read).await
    }
}
