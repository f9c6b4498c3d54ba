//! How stations stand now, side by side.

use std::collections::{BTreeMap, HashMap};

use entity::{ids::StationId, item::Lifecycle, station};

use super::{Scope, boxes::Boxes};
use crate::{
    desk::{Desk, Result, surroundings::calendar_with},
    rules::{
        expiry::light,
        figures::{month_of, months, neglected_for},
    },
    store::reports::{lending, medicine, stations},
    view::StandingView,
};

/// Every station of the scope.
///
/// # Errors
/// The database.
pub async fn standing(desk: &Desk, scope: &Scope) -> Result<Vec<StandingView>> {
    let facts = Facts::of(desk, scope).await?;
    Ok(scope.stations().iter().map(|station| facts.about(station, scope)).collect())
}

/// What is known of all of them.
struct Facts {
    items: HashMap<(StationId, Lifecycle, bool), i64>,
    out: BTreeMap<StationId, (i64, i64)>,
    tasks: BTreeMap<StationId, (i64, chrono::DateTime<chrono::Utc>)>,
    checks: BTreeMap<StationId, chrono::DateTime<chrono::Utc>>,
    active: BTreeMap<StationId, chrono::DateTime<chrono::Utc>>,
    loans: BTreeMap<(StationId, i64), i64>,
    first_lots: BTreeMap<StationId, chrono::DateTime<chrono::Utc>>,
    closures: Vec<entity::closure::Model>,
    boxes: Boxes,
}

impl Facts {
    async fn of(desk: &Desk, scope: &Scope) -> Result<Self> {
        let (conn, ids) = (desk.app.db.read(), scope.ids());
        let two_months = scope.spells(&months(month_of(scope.today()), 2));
        let items = stations::items(conn, &ids).await?;
        let loans = lending::loans(conn, &two_months).await?;
        Ok(Self {
            items: items.into_iter().map(|(station, lifecycle, out, n)| ((station, lifecycle, out), n)).collect(),
            out: stations::out(conn, &ids, scope.now()).await?.into_iter().map(|(id, out, late)| (id, (out, late))).collect(),
            tasks: stations::tasks(conn, &ids).await?.into_iter().map(|(id, n, oldest)| (id, (n, oldest))).collect(),
            checks: stations::last_checks(conn, &ids).await?.into_iter().collect(),
            active: stations::last_activity(conn, &ids).await?.into_iter().collect(),
            loans: loans.into_iter().map(|(station, month, n, _)| ((station, month), n)).collect(),
            first_lots: medicine::first_lots(conn, &ids).await?,
            closures: stations::closures(conn, &ids).await?,
            boxes: Boxes::of(desk, scope).await?,
        })
    }

    fn about(&self, station: &station::Model, scope: &Scope) -> StandingView {
        let id = station.id;
        let items = |lifecycle, out| self.items.get(&(id, lifecycle, out)).copied().unwrap_or_default();
        let loans = |month| self.loans.get(&(id, month)).copied().unwrap_or_default();
        let (out, overdue) = self.out.get(&id).copied().unwrap_or_default();
        let has_box = self.first_lots.contains_key(&id);
        let last_check = self.checks.get(&id).copied();
        let last_activity = self.active.get(&id).copied();
        let outlooks = self.boxes.outlooks(id);
        let closures: Vec<_> = self.closures.iter().filter(|closure| closure.station_id == id).cloned().collect();
        let calendar = calendar_with(station, &closures);
        let in_use = station.closed_at.is_none();
        StandingView {
            station: station.into(),
            closed_down: !in_use,
            open_now: in_use && calendar.is_open_at(scope.now()),
            on_shelf: items(Lifecycle::Active, false),
            out,
            overdue,
            in_repair: items(Lifecycle::Maintenance, false),
            tasks: self.tasks.get(&id).map_or(0, |(n, _)| *n),
            oldest_task: self.tasks.get(&id).map(|(_, oldest)| *oldest),
            usable_kinds: has_box.then(|| outlooks.iter().filter(|(_, outlook)| outlook.usable > 0).count()),
            short_kinds: outlooks.iter().filter(|(_, outlook)| outlook.propose > 0).count(),
            light: has_box.then(|| light(last_check, scope.now())),
            last_check,
            this_month: loans(1),
            last_month: loans(0),
            last_activity,
            neglected_for: in_use.then(|| neglected_for(last_activity, station.created_at, scope.now())).flatten(),
        }
    }
}
