//! Figures of the medicine boxes.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    ids::{KindId, StationId},
    lot, stock_block, stock_day, stock_level,
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::{super::Read, Asking, Spells};

/// Every lot of these stations that holds anything.
pub async fn lots(conn: &impl ConnectionTrait, stations: &[StationId]) -> Read<Vec<lot::Model>> {
    let theirs = super::super::lots::holds_something().add(lot::Column::StationId.is_in(stations.iter().copied()));
    lot::Entity::find().filter(theirs).order_by_asc(lot::Column::Id).all(conn).await
}

/// Every block that lies on a lot of these stations, or on their medicine.
pub async fn blocks(conn: &impl ConnectionTrait, stations: &[StationId]) -> Read<Vec<stock_block::Model>> {
    let theirs = lot::Entity::find().select_only().column(lot::Column::Id);
    let theirs = theirs.filter(lot::Column::StationId.is_in(stations.iter().copied())).into_query();
    let there = Condition::any()
        .add(stock_block::Column::LotId.in_subquery(theirs))
        .add(stock_block::Column::StationId.is_in(stations.iter().copied()));
    stock_block::Entity::find().filter(there).filter(stock_block::Column::LiftedAt.is_null()).all(conn).await
}

/// How much of which kind these stations want to have.
pub async fn levels(conn: &impl ConnectionTrait, stations: &[StationId]) -> Read<Vec<stock_level::Model>> {
    let theirs = stock_level::Entity::find().filter(stock_level::Column::StationId.is_in(stations.iter().copied()));
    theirs.order_by_asc(stock_level::Column::StationId).order_by_asc(stock_level::Column::KindId).all(conn).await
}

/// The latest business date that was seen at each station.
pub async fn days_seen(conn: &impl ConnectionTrait, stations: &[StationId]) -> Read<BTreeMap<StationId, NaiveDate>> {
    let theirs = stock_day::Entity::find().filter(stock_day::Column::StationId.is_in(stations.iter().copied()));
    Ok(theirs.all(conn).await?.into_iter().map(|row| (row.station_id, row.latest)).collect())
}

/// How many base units of each kind were taken at each station since a day.
pub async fn taken_since(
    conn: &impl ConnectionTrait,
    stations: &[StationId],
    since: NaiveDate,
) -> Read<BTreeMap<(StationId, KindId), i64>> {
    let mut asking = Asking::of(conn);
    let (there, since) = (asking.list(stations), asking.bind(since));
    let sql = format!(
        "SELECT station_id, kind_id, CAST(SUM(units) AS BIGINT) FROM take \
         WHERE undone_at IS NULL AND taken_on >= {since} AND station_id IN {there} GROUP BY 1, 2"
    );
    let rows = asking.rows(conn, &sql).await?;
    rows.iter().map(|row| Ok(((row.try_get_by_index(0)?, row.try_get_by_index(1)?), row.try_get_by_index(2)?))).collect()
}

/// How often people took something at each station in each spell.
pub async fn takes(conn: &impl ConnectionTrait, spells: &[Spells]) -> Read<Vec<(StationId, i64, i64)>> {
    let mut asking = Asking::of(conn);
    let (which, within) = asking.spells("taken_at", "station_id", spells);
    let sql = format!("SELECT station_id, {which}, COUNT(*) FROM take WHERE undone_at IS NULL AND {within} GROUP BY 1, 2");
    let rows = asking.rows(conn, &sql).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?))).collect()
}

/// How many nightly checks each station had in each spell of days `[bounds[n], bounds[n + 1])`.
pub async fn checks(
    conn: &impl ConnectionTrait,
    stations: &[StationId],
    bounds: &[NaiveDate],
) -> Read<Vec<(StationId, i64, i64)>> {
    let (Some(first), Some(last)) = (bounds.first(), bounds.last()) else { return Ok(Vec::new()) };
    let mut asking = Asking::of(conn);
    let (there, first, last) = (asking.list(stations), asking.bind(*first), asking.bind(*last));
    let bound: Vec<String> = bounds[1..].iter().map(|day| asking.bind(*day)).collect();
    let cases: Vec<String> = bound.iter().enumerate().map(|(n, day)| format!("WHEN business_date < {day} THEN {n}")).collect();
    let sql = format!(
        "SELECT station_id, CAST(CASE {} END AS BIGINT), COUNT(*) FROM expiry_check \
         WHERE station_id IN {there} AND business_date >= {first} AND business_date < {last} GROUP BY 1, 2",
        cases.join(" ")
    );
    let rows = asking.rows(conn, &sql).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?))).collect()
}

/// When each station got its first lot: from then on it is checked every night.
pub async fn first_lots(conn: &impl ConnectionTrait, stations: &[StationId]) -> Read<BTreeMap<StationId, DateTime<Utc>>> {
    let mut asking = Asking::of(conn);
    let there = asking.list(stations);
    let sql = format!("SELECT station_id, MIN(received_at) FROM lot WHERE station_id IN {there} GROUP BY 1");
    let rows = asking.rows(conn, &sql).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// One row of the ledger of kinds with a level: station, kind, in which quarter of an hour (0 for what was before the spells),
/// and what the shelf gained.
pub type Shelf = (StationId, KindId, i64, i64);

/// What the shelves held of kinds with a level before the spells, and what they gained in each quarter of an hour of them.
pub async fn shelves(conn: &impl ConnectionTrait, spells: &[Spells]) -> Read<Vec<Shelf>> {
    let mut asking = Asking::of(conn);
    let at = "m.occurred_at";
    let until: Vec<Spells> = spells
        .iter()
        .map(|zone| Spells {
            stations: zone.stations.clone(),
            bounds: vec![DateTime::UNIX_EPOCH, zone.bounds[0], zone.bounds[zone.bounds.len() - 1]],
        })
        .collect();
    let (which, within) = asking.spells(at, "m.station_id", &until);
    let quarter = asking.quarter(at);
    let sql = format!(
        "SELECT m.station_id, l.kind_id, CASE WHEN {which} = 0 THEN 0 ELSE {quarter} END, \
         CAST(SUM(m.available + m.held) AS BIGINT) FROM movement m JOIN lot l ON l.id = m.lot_id \
         JOIN stock_level s ON s.station_id = m.station_id AND s.kind_id = l.kind_id WHERE {within} GROUP BY 1, 2, 3"
    );
    let rows = asking.rows(conn, &sql).await?;
    let read = |row: &sea_orm::QueryResult| {
        Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?, row.try_get_by_index(3)?))
    };
    rows.iter().map(read).collect()
}
