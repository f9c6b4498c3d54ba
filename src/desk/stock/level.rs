//! How much of a kind a station wants to have, and what that means for what it has.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use entity::{
    ids::{KindId, StationId},
    kind, stock_level,
    task::What,
};
use sea_orm::ConnectionTrait;

use super::{place, today};
use crate::{
    db::Done,
    desk::{About, Desk, Error, Problem, Result},
    rules::{
        handling::{self as rule, Outlook},
        refusal::Refusal,
    },
    store::{self, lots::Stock},
    view::{StockLevelView, StockOutlookView},
};

/// A level. Both 0: none any more.
#[derive(Clone, Debug)]
pub struct Level {
    /// The plate of the station.
    pub station_code: String,
    /// Of which kind.
    pub kind: KindId,
    /// Below that it is ordered.
    pub min_units: i32,
    /// Up to that.
    pub max_units: i32,
}

/// Over how many days the use is averaged.
const USE_DAYS: u32 = 90;

/// Sets a level.
///
/// # Errors
/// [`Error::Refused`] for a kind that is not taken; [`Error::Invalid`], [`Error::NotFound`], [`Error::Forbidden`].
pub async fn set(desk: Desk, order: Level) -> Result<Done<StockLevelView>> {
    let tx = desk.open().await?;
    let place = place(tx.conn(), &order.station_code, order.kind).await?;
    desk.actor.keeper_of(&place.station)?;
    if order.min_units < 0 || order.max_units < order.min_units {
        return Err(Error::Invalid { field: "max_units", problem: Problem::OutOfRange });
    }
    if place.profile.is_none() {
        return desk.refuse(tx, vec![Refusal::NoProfile]).await;
    }
    let row = stock_level::Model {
        station_id: place.station.id,
        kind_id: place.kind.id,
        min_units: order.min_units,
        max_units: order.max_units,
    };
    if order.max_units == 0 {
        store::stock_levels::remove(&tx, row.station_id, row.kind_id).await?;
        store::tasks::settle_at(&tx, row.station_id, Some(row.kind_id), What::Restock, desk.now()).await?;
    } else {
        store::stock_levels::set(&tx, row.clone()).await?;
    }
    let detail = Some(serde_json::json!({ "kind": row.kind_id, "min": row.min_units, "max": row.max_units }));
    desk.record(&tx, "level_set", About { station: Some(row.station_id), detail, ..About::default() }).await?;
    desk.commit(tx, StockLevelView::from(&row)).await
}

/// Looks ahead for every kind that a station holds or wants to have.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], the database.
pub async fn outlooks(desk: &Desk, conn: &impl ConnectionTrait, station_code: &str) -> Result<Vec<StockOutlookView>> {
    let station = store::stations::find_by_code(conn, station_code).await?.ok_or(Error::NotFound("station"))?;
    desk.actor.keeper_of(&station)?;
    let day = today(desk, conn, &station).await?;
    let known = known_of(conn, &[station.id], day).await?.remove(&station.id).unwrap_or_default();
    let mut ahead = look_ahead(conn, station.id, day, Breadth::Everything, known).await?;
    let kinds = store::kinds::list_by_ids(conn, ahead.keys().copied().collect()).await?;
    let view = |kind: kind::Model| ahead.remove(&kind.id).map(|(level, outlook)| StockOutlookView::new(&kind, level, outlook));
    Ok(kinds.into_iter().filter_map(view).collect())
}

/// How much of what lies ahead is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Breadth {
    /// Every kind that a station holds or wants to have.
    Everything,
    /// Kinds of which something must be ordered or will not be used up; of the others nothing can be said, so that their lots
    /// are not looked at.
    WhatNeedsSomething,
}

/// What is known of a station before its lots are looked at.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// `(least, most)` of the kinds that have a level.
    levels: BTreeMap<KindId, (i32, i32)>,
    /// Its medicine is suspended.
    suspended: bool,
    /// How much was taken of each kind lately.
    taken: BTreeMap<KindId, i64>,
    /// Of what there is surely enough.
    enough: Vec<KindId>,
}

/// What is known of these stations on a business date, in one statement each for all of them.
pub(crate) async fn known_of(
    conn: &impl ConnectionTrait,
    stations: &[StationId],
    day: NaiveDate,
) -> Result<BTreeMap<StationId, Known>> {
    let mut known: BTreeMap<StationId, Known> = stations.iter().map(|id| (*id, Known::default())).collect();
    for level in store::stock_levels::list_at(conn, stations).await? {
        known.entry(level.station_id).or_default().levels.insert(level.kind_id, (level.min_units, level.max_units));
    }
    for station in store::nights::suspended(conn, stations).await? {
        known.entry(station).or_default().suspended = true;
    }
    for (station, kind, units) in store::stock_levels::list_taken_since(conn, stations, day - Days::new(USE_DAYS.into())).await? {
        known.entry(station).or_default().taken.insert(kind, units);
    }
    for (station, kind) in store::stock_levels::list_surely_enough(conn, stations, day).await? {
        known.entry(station).or_default().enough.push(kind);
    }
    Ok(known)
}

/// What lies ahead of a station on a business date: for each kind its `(least, most)` if it has a level, and the outlook.
pub(crate) async fn look_ahead(
    conn: &impl ConnectionTrait,
    station: StationId,
    day: NaiveDate,
    breadth: Breadth,
    known: Known,
) -> Result<BTreeMap<KindId, (Option<(i32, i32)>, Outlook)>> {
    let Known { mut levels, suspended, taken, enough } = known;
    let usable = async |what: Stock| store::lots::sum_usable(conn, station, day, suspended, what).await;
    let mut sums = Vec::new();
    if breadth == Breadth::Everything {
        sums.extend(usable(Stock::All).await?);
        // A kind of which nothing may be handed out is looked at too.
        let held = store::lots::list_kinds_on_shelf(conn, station).await?;
        sums.extend(held.into_iter().chain(levels.keys().copied()).map(|kind| (kind, None, 0)));
    } else {
        if !suspended {
            for kind in enough {
                levels.remove(&kind);
            }
        }
        let short: Vec<KindId> = levels.keys().copied().collect();
        // The order in which lots leave matters only for what leaves at all.
        sums.extend(usable(Stock::EndingBy(rule::soon(day), taken.keys().copied().collect())).await?);
        sums.retain(|(kind, ..)| !short.contains(kind));
        if !short.is_empty() {
            sums.extend(short.iter().map(|kind| (*kind, None, 0)));
            sums.extend(usable(Stock::OfKinds(short)).await?);
        }
    }
    let mut by_kind: BTreeMap<KindId, Vec<(Option<NaiveDate>, i32)>> = BTreeMap::new();
    for (kind, last_issue_day, units) in sums {
        by_kind.entry(kind).or_default().push((last_issue_day, i32::try_from(units).unwrap_or(i32::MAX)));
    }
    let outlook = |(kind, mut usable): (KindId, Vec<(Option<NaiveDate>, i32)>)| {
        usable.sort_by_key(|(last, _)| (last.is_none(), *last));
        let used = u32::try_from(taken.get(&kind).copied().unwrap_or_default()).unwrap_or(u32::MAX);
        let level = levels.get(&kind).copied();
        (kind, (level, rule::outlook(&usable, level, f64::from(used) / f64::from(USE_DAYS), day)))
    };
    Ok(by_kind.into_iter().map(outlook).collect())
}
