//! Figures of how stations stand now.

use chrono::{DateTime, Utc};
use entity::{closure, ids::StationId, item::Lifecycle};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{super::Read, Asking};

/// How many items are at each station, by lifecycle and by whether they are out.
pub async fn items(conn: &impl ConnectionTrait, stations: &[StationId]) -> Read<Vec<(StationId, Lifecycle, bool, i64)>> {
    let mut asking = Asking::of(conn);
    let there = asking.list(stations);
    let sql = format!(
        "SELECT station_id, lifecycle, CAST(CASE WHEN open_loan_id IS NULL THEN 0 ELSE 1 END AS BIGINT), COUNT(*) \
         FROM item WHERE station_id IN {there} GROUP BY 1, 2, 3"
    );
    let rows = asking.rows(conn, &sql).await?;
    let read = |row: &sea_orm::QueryResult| {
        let out: i64 = row.try_get_by_index(2)?;
        Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, out == 1, row.try_get_by_index(3)?))
    };
    rows.iter().map(read).collect()
}

/// How many things each station has lent that are out now, and how many of them are overdue.
pub async fn out(conn: &impl ConnectionTrait, stations: &[StationId], now: DateTime<Utc>) -> Read<Vec<(StationId, i64, i64)>> {
    let mut asking = Asking::of(conn);
    let (there, now) = (asking.list(stations), asking.bind(now));
    let sql = format!(
        "SELECT station_id, COUNT(*), CAST(SUM(CASE WHEN due_at < {now} THEN 1 ELSE 0 END) AS BIGINT) \
         FROM loan WHERE returned_at IS NULL AND station_id IN {there} GROUP BY 1"
    );
    let rows = asking.rows(conn, &sql).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?))).collect()
}

/// How many tasks are open at each station, and since when the oldest.
pub async fn tasks(conn: &impl ConnectionTrait, stations: &[StationId]) -> Read<Vec<(StationId, i64, DateTime<Utc>)>> {
    let mut asking = Asking::of(conn);
    let there = asking.list(stations);
    let sql = format!(
        "SELECT station_id, COUNT(*), MIN(created_at) FROM task WHERE done_at IS NULL AND station_id IN {there} GROUP BY 1"
    );
    let rows = asking.rows(conn, &sql).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?))).collect()
}

async fn latest(conn: &impl ConnectionTrait, asking: Asking, sql: &str) -> Read<Vec<(StationId, DateTime<Utc>)>> {
    let rows = asking.rows(conn, sql).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// When the last nightly check of each station ended.
pub async fn last_checks(conn: &impl ConnectionTrait, stations: &[StationId]) -> Read<Vec<(StationId, DateTime<Utc>)>> {
    let mut asking = Asking::of(conn);
    let there = asking.list(stations);
    let sql = format!("SELECT station_id, MAX(finished_at) FROM expiry_check WHERE station_id IN {there} GROUP BY 1");
    latest(conn, asking, &sql).await
}

/// When somebody last borrowed, gave back or took something at each station.
pub async fn last_activity(conn: &impl ConnectionTrait, stations: &[StationId]) -> Read<Vec<(StationId, DateTime<Utc>)>> {
    let mut asking = Asking::of(conn);
    let there = asking.list(stations);
    let sql = format!(
        "SELECT station_id, MAX(at) FROM ( \
         SELECT station_id, MAX(lent_at) AS at FROM loan WHERE station_id IN {there} GROUP BY station_id UNION ALL \
         SELECT returned_station_id, MAX(returned_at) FROM loan WHERE returned_station_id IN {there} \
         GROUP BY returned_station_id UNION ALL \
         SELECT station_id, MAX(taken_at) FROM take WHERE station_id IN {there} GROUP BY station_id) AS seen GROUP BY 1"
    );
    latest(conn, asking, &sql).await
}

/// The closures of these stations.
pub async fn closures(conn: &impl ConnectionTrait, stations: &[StationId]) -> Read<Vec<closure::Model>> {
    let theirs = closure::Entity::find().filter(closure::Column::StationId.is_in(stations.iter().copied()));
    theirs.order_by_asc(closure::Column::FirstDay).all(conn).await
}
