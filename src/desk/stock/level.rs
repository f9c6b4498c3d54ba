//! How much of a kind a station wants to have, and what that means for what it has.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use entity::{ids::KindId, kind, lot, station, stock_level, task::What};
use sea_orm::ConnectionTrait;

use super::{place, today, with_causes};
use crate::{
    db::Done,
    desk::{About, Desk, Error, Problem, Result},
    rules::{
        handling::{self as rule, Outlook},
        refusal::Refusal,
        usability,
    },
    store,
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
    let mut all = Vec::new();
    for (kind, level, outlook) in look_ahead(conn, &station, day).await? {
        all.push(StockOutlookView::new(&kind, level, outlook));
    }
    Ok(all)
}

/// What lies ahead of a station on a business date: each kind, its `(least, most)` if it has a level, and the outlook.
pub(crate) async fn look_ahead(
    conn: &impl ConnectionTrait,
    station: &station::Model,
    day: NaiveDate,
) -> Result<Vec<(kind::Model, Option<(i32, i32)>, Outlook)>> {
    let mut lots: BTreeMap<KindId, Vec<lot::Model>> = BTreeMap::new();
    for lot in store::lots::list_on_shelf(conn, station.id, None).await? {
        lots.entry(lot.kind_id).or_default().push(lot);
    }
    let levels: BTreeMap<KindId, (i32, i32)> = store::stock_levels::list_of(conn, station.id)
        .await?
        .into_iter()
        .map(|level| (level.kind_id, (level.min_units, level.max_units)))
        .collect();
    let since = day - Days::new(USE_DAYS.into());
    let taken: BTreeMap<KindId, i64> =
        store::stock_levels::list_taken_since(conn, station.id, since).await?.into_iter().collect();
    // Also what was asked for and is gone: that ends too.
    let asked = store::tasks::list_kinds_asked_for(conn, station.id, &[What::Restock, What::UseUpElsewhere]).await?;
    let mut kinds: Vec<KindId> = lots.keys().chain(levels.keys()).copied().chain(asked).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut all = Vec::with_capacity(kinds.len());
    for profile in store::consumables::list(conn, kinds).await? {
        let id = profile.kind_id;
        let Some(kind) = store::kinds::find(conn, id).await? else { continue };
        let mut usable: Vec<(Option<NaiveDate>, i32)> =
            with_causes(conn, station.id, &profile, lots.remove(&id).unwrap_or_default())
                .await?
                .into_iter()
                .filter(|shelf| usability::blocks(&shelf.lot, &shelf.causes, &profile, day).is_empty())
                .map(|shelf| (shelf.lot.last_issue_day, shelf.lot.available + shelf.lot.held))
                .collect();
        usable.sort_by_key(|(last, _)| (last.is_none(), *last));
        let used = u32::try_from(taken.get(&id).copied().unwrap_or_default()).unwrap_or(u32::MAX);
        let level = levels.get(&id).copied();
        all.push((kind, level, rule::outlook(&usable, level, f64::from(used) / f64::from(USE_DAYS), day)));
    }
    Ok(all)
}
