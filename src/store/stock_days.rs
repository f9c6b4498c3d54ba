//! The latest business date that was seen at a station: it never goes back.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    ids::StationId,
    stock_day::{Column, Entity, Model},
};
use sea_orm::{
    ConnectionTrait, DbBackend, EntityTrait, ExprTrait, IntoActiveModel, Statement,
    sea_query::{Expr, OnConflict},
};

use super::Read;
use crate::db::{Trouble, WriteTx};

/// The latest date seen.
pub async fn find(conn: &impl ConnectionTrait, station: StationId) -> Read<Option<NaiveDate>> {
    Ok(Entity::find_by_id(station).one(conn).await?.map(|row| row.latest))
}

/// A date was seen.
pub async fn advance(tx: &WriteTx, station: StationId, day: NaiveDate) -> Result<(), Trouble> {
    let mut later = OnConflict::column(Column::StationId);
    later.update_column(Column::Latest).action_and_where(Expr::col((Entity, Column::Latest)).lt(day));
    Entity::insert(Model { station_id: station, latest: day }.into_active_model())
        .on_conflict(later)
        .try_insert()
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// What the database's own clock says; none where it has none but this machine's.
pub async fn database_clock(conn: &impl ConnectionTrait) -> Read<Option<DateTime<Utc>>> {
    let backend = conn.get_database_backend();
    if backend != DbBackend::Postgres {
        return Ok(None);
    }
    // Not now(): that is the beginning of the transaction.
    let asked = conn.query_one_raw(Statement::from_string(backend, "SELECT clock_timestamp() AS at")).await?;
    asked.map(|row| row.try_get("", "at")).transpose()
}
