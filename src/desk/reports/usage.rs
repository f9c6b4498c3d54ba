//! When people borrow, what, and where.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use entity::ids::StationId;

use super::Scope;
use crate::{
    desk::{Desk, Result},
    rules::figures::local,
    store::{
        self,
        reports::lending::{self, End},
    },
    view::{KindName, StationName, Traffic, UseView, largest_first},
};

/// Loans and returns on the days `[first, until)`.
///
/// # Errors
/// The database.
pub async fn usage(desk: &Desk, scope: &Scope, (first, until): (NaiveDate, NaiveDate)) -> Result<UseView> {
    let conn = desk.app.db.read();
    let spells = scope.spells(&[first, until]);
    let lent = lending::by_quarter(conn, End::Lent, &spells).await?;
    let returned = lending::by_quarter(conn, End::Returned, &spells).await?;
    let by_kind: HashMap<_, _> = lending::by_kind(conn, &spells).await?.into_iter().collect();
    let kinds = store::kinds::list_by_ids(conn, by_kind.keys().copied().collect()).await?;
    let mut hours = [[0; 24]; 7];
    let mut days: BTreeMap<NaiveDate, Traffic> =
        first.iter_days().take_while(|day| *day < until).map(|day| (day, Traffic::default())).collect();
    let mut stations: HashMap<StationId, Traffic> = HashMap::new();
    for (station, quarter, n) in lent {
        let Some(zone) = scope.station(station).map(entity::station::Model::zone) else { continue };
        let (day, weekday, hour) = local(quarter, zone);
        hours[weekday][hour] += n;
        days.entry(day).or_default().lent += n;
        stations.entry(station).or_default().lent += n;
    }
    for (station, quarter, n) in returned {
        let Some(zone) = scope.station(station).map(entity::station::Model::zone) else { continue };
        days.entry(local(quarter, zone).0).or_default().returned += n;
        stations.entry(station).or_default().returned += n;
    }
    let mut categories: BTreeMap<String, i64> = BTreeMap::new();
    let mut of_kinds: BTreeMap<(KindName, String), i64> = BTreeMap::new();
    for kind in kinds {
        let n = by_kind.get(&kind.id).copied().unwrap_or_default();
        *categories.entry(kind.category.clone()).or_default() += n;
        *of_kinds.entry((KindName::new(&kind, ""), kind.category)).or_default() += n;
    }
    let of_station =
        |station: &entity::station::Model| (StationName::from(station), stations.get(&station.id).copied().unwrap_or_default());
    Ok(UseView {
        first,
        last: until.pred_opt().unwrap_or(first),
        hours,
        days: days.into_iter().collect(),
        categories: largest_first(&categories),
        kinds: largest_first(&of_kinds).into_iter().map(|((kind, category), n)| (kind, category, n)).collect(),
        stations: scope.stations().iter().map(of_station).collect(),
    })
}
