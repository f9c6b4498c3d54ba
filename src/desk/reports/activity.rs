//! What happened month by month.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::ids::StationId;

use super::Scope;
use crate::{
    desk::{Desk, Result},
    rules::figures::{checks_due, months},
    store::reports::{lending, medicine},
    view::{ActivityView, MonthFigures, StationName},
};

/// How many months are shown.
const MONTHS: u32 = 12;

type Figures = BTreeMap<(StationId, i64), MonthFigures>;

/// The twelve months of which `last` is the last.
///
/// # Errors
/// The database.
pub async fn activity(desk: &Desk, scope: &Scope, last: NaiveDate) -> Result<ActivityView> {
    let conn = desk.app.db.read();
    let bounds = months(last, MONTHS);
    let figures = figures(desk, scope, &bounds).await?;
    let borrowers: BTreeMap<i64, i64> = lending::borrowers(conn, &scope.spells(&bounds)).await?.into_iter().collect();
    let month = |(n, first): (usize, &NaiveDate)| {
        let n = i64::try_from(n).unwrap_or_default();
        let mut sum = MonthFigures { borrowers: borrowers.get(&n).copied().unwrap_or_default(), ..MonthFigures::default() };
        figures.iter().filter(|((_, month), _)| *month == n).for_each(|(_, one)| sum += *one);
        (*first, sum)
    };
    let last = i64::from(MONTHS) - 1;
    let of_station = |station: &entity::station::Model| {
        (StationName::from(station), figures.get(&(station.id, last)).copied().unwrap_or_default())
    };
    Ok(ActivityView {
        months: bounds[..bounds.len() - 1].iter().enumerate().map(month).collect(),
        stations: scope.stations().iter().map(of_station).collect(),
    })
}

/// What happened at each station in each spell between days.
async fn figures(desk: &Desk, scope: &Scope, bounds: &[NaiveDate]) -> Result<Figures> {
    let conn = desk.app.db.read();
    let spells = scope.spells(bounds);
    let mut all = Figures::new();
    for (station, month, loans, borrowers) in lending::loans(conn, &spells).await? {
        let one = all.entry((station, month)).or_default();
        (one.loans, one.borrowers) = (loans, borrowers);
    }
    for back in lending::returns(conn, &spells).await? {
        let one = all.entry((back.station, back.spell)).or_default();
        (one.returns, one.late, one.elsewhere) = (back.returns, back.late, back.elsewhere);
    }
    for (station, month, n) in lending::losses(conn, &spells).await? {
        all.entry((station, month)).or_default().losses = n;
    }
    for (station, month, n) in lending::repairs(conn, &spells).await? {
        all.entry((station, month)).or_default().repairs = n;
    }
    for (station, month, n) in medicine::takes(conn, &spells).await? {
        all.entry((station, month)).or_default().takes = n;
    }
    checks(desk, scope, bounds, &mut all).await?;
    Ok(all)
}

/// Nightly checks: how many there were, and how many there should have been.
async fn checks(desk: &Desk, scope: &Scope, bounds: &[NaiveDate], all: &mut Figures) -> Result<()> {
    let conn = desk.app.db.read();
    let first_lots = medicine::first_lots(conn, &scope.ids()).await?;
    for (station, month, n) in medicine::checks(conn, &scope.ids(), bounds).await? {
        all.entry((station, month)).or_default().checks = n;
    }
    for station in scope.stations() {
        let day = |instant: chrono::DateTime<chrono::Utc>| instant.with_timezone(&station.zone()).date_naive();
        let first_lot = first_lots.get(&station.id).map(|at| day(*at));
        for (month, days) in (0..).zip(bounds.windows(2)) {
            let due = checks_due(first_lot, (days[0], days[1]), day(scope.now()));
            if due > 0 {
                let one = all.entry((station.id, month)).or_default();
                one.missed = (due - one.checks).max(0);
            }
        }
    }
    Ok(())
}
