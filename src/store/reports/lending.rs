//! Figures of lending.

use chrono::{DateTime, Utc};
use entity::{
    ids::{KindId, LoanId, StationId},
    loan,
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{super::Read, Asking, Spells};

/// Which end of a loan is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// When and where it was lent.
    Lent,
    /// When and where it came back.
    Returned,
}

/// How many loans began or ended at each station in each quarter of an hour (of UTC, since 1970).
pub async fn by_quarter(conn: &impl ConnectionTrait, end: End, spells: &[Spells]) -> Read<Vec<(StationId, i64, i64)>> {
    let (at, station) = match end {
        End::Lent => ("lent_at", "station_id"),
        End::Returned => ("returned_at", "COALESCE(returned_station_id, station_id)"),
    };
    let mut asking = Asking::of(conn);
    let (_, within) = asking.spells(at, station, spells);
    let quarter = asking.quarter(at);
    let sql = format!("SELECT {station}, {quarter}, COUNT(*) FROM loan WHERE {within} GROUP BY 1, 2");
    let rows = asking.rows(conn, &sql).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?))).collect()
}

/// How many loans there were of each kind.
pub async fn by_kind(conn: &impl ConnectionTrait, spells: &[Spells]) -> Read<Vec<(KindId, i64)>> {
    let mut asking = Asking::of(conn);
    let (_, within) = asking.spells("lent_at", "station_id", spells);
    let sql = format!("SELECT kind_id, COUNT(*) FROM loan WHERE {within} GROUP BY 1");
    let rows = asking.rows(conn, &sql).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// The borrowers of these loans.
pub async fn list_borrowers(conn: &impl ConnectionTrait, ids: Vec<entity::ids::MemberId>) -> Read<Vec<entity::member::Model>> {
    entity::member::Entity::find().filter(entity::member::Column::Id.is_in(ids)).all(conn).await
}

/// A page of what is out that was lent at these stations, the longest overdue first.
pub async fn list_open(
    conn: &impl ConnectionTrait,
    stations: &[StationId],
    after: Option<(DateTime<Utc>, LoanId)>,
    limit: u64,
) -> Read<Vec<loan::Model>> {
    let later = after.map(|(due, id)| {
        let same = Condition::all().add(loan::Column::DueAt.eq(due)).add(loan::Column::Id.gt(id));
        Condition::any().add(loan::Column::DueAt.gt(due)).add(same)
    });
    loan::Entity::find()
        .filter(loan::Column::ReturnedAt.is_null())
        .filter(loan::Column::StationId.is_in(stations.iter().copied()))
        .filter(Condition::all().add_option(later))
        .order_by_asc(loan::Column::DueAt)
        .order_by_asc(loan::Column::Id)
        .limit(limit)
        .all(conn)
        .await
}

/// How many loans each station made in each spell, and to how many people whose number is known.
pub async fn loans(conn: &impl ConnectionTrait, spells: &[Spells]) -> Read<Vec<(StationId, i64, i64, i64)>> {
    let mut asking = Asking::of(conn);
    let (which, within) = asking.spells("lent_at", "station_id", spells);
    let sql = format!("SELECT station_id, {which}, COUNT(*), COUNT(DISTINCT member_id) FROM loan WHERE {within} GROUP BY 1, 2");
    let rows = asking.rows(conn, &sql).await?;
    let read = |row: &sea_orm::QueryResult| {
        Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?, row.try_get_by_index(3)?))
    };
    rows.iter().map(read).collect()
}

/// How many people whose number is known borrowed in each spell, at whichever of the stations.
pub async fn borrowers(conn: &impl ConnectionTrait, spells: &[Spells]) -> Read<Vec<(i64, i64)>> {
    let mut asking = Asking::of(conn);
    let (which, within) = asking.spells("lent_at", "station_id", spells);
    let sql = format!("SELECT {which}, COUNT(DISTINCT member_id) FROM loan WHERE {within} GROUP BY 1");
    let rows = asking.rows(conn, &sql).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// What came back of what a station lent, in one spell.
#[derive(Clone, Copy, Debug)]
pub struct Returned {
    /// Which station had lent it.
    pub station: StationId,
    /// In which spell it came back.
    pub spell: i64,
    /// How much.
    pub returns: i64,
    /// Past the due time and its grace.
    pub late: i64,
    /// At another station.
    pub elsewhere: i64,
}

/// What came back of what each station had lent, in each spell.
pub async fn returns(conn: &impl ConnectionTrait, spells: &[Spells]) -> Read<Vec<Returned>> {
    let mut asking = Asking::of(conn);
    let (which, within) = asking.spells("returned_at", "station_id", spells);
    let (back, due) = (asking.seconds("returned_at"), asking.seconds("due_at"));
    let sql = format!(
        "SELECT station_id, {which}, COUNT(*), \
         CAST(SUM(CASE WHEN {back} > {due} + rule_grace_minutes * 60 THEN 1 ELSE 0 END) AS BIGINT), \
         CAST(SUM(CASE WHEN returned_station_id <> station_id THEN 1 ELSE 0 END) AS BIGINT) \
         FROM loan WHERE {within} GROUP BY 1, 2"
    );
    let rows = asking.rows(conn, &sql).await?;
    let read = |row: &sea_orm::QueryResult| {
        Ok(Returned {
            station: row.try_get_by_index(0)?,
            spell: row.try_get_by_index(1)?,
            returns: row.try_get_by_index(2)?,
            late: row.try_get_by_index(3)?,
            elsewhere: row.try_get_by_index(4)?,
        })
    };
    rows.iter().map(read).collect()
}

/// How many things that a station had lent were counted as lost in each spell.
pub async fn losses(conn: &impl ConnectionTrait, spells: &[Spells]) -> Read<Vec<(StationId, i64, i64)>> {
    let mut asking = Asking::of(conn);
    let (which, within) = asking.spells("lost_at", "station_id", spells);
    let sql = format!("SELECT station_id, {which}, COUNT(*) FROM loan WHERE {within} GROUP BY 1, 2");
    let rows = asking.rows(conn, &sql).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?))).collect()
}

/// How many things each station sent to repair in each spell.
pub async fn repairs(conn: &impl ConnectionTrait, spells: &[Spells]) -> Read<Vec<(StationId, i64, i64)>> {
    let mut asking = Asking::of(conn);
    let (which, within) = asking.spells("created_at", "station_id", spells);
    let sql = format!("SELECT station_id, {which}, COUNT(*) FROM task WHERE what = 'repair' AND {within} GROUP BY 1, 2");
    let rows = asking.rows(conn, &sql).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?))).collect()
}
