//! How much of a kind a station wants to have, and how much of it leaves.

use chrono::NaiveDate;
use entity::{
    ids::{KindId, StationId},
    stock_level::{Column, Entity, Model},
    take,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, sea_query::OnConflict,
};

use super::Read;
use crate::db::{Trouble, WriteTx};

/// The levels of a station.
pub async fn list_of(conn: &impl ConnectionTrait, station: StationId) -> Read<Vec<Model>> {
    Entity::find().filter(Column::StationId.eq(station)).order_by_asc(Column::KindId).all(conn).await
}

/// Says a level anew.
pub async fn set(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    let mut again = OnConflict::columns([Column::StationId, Column::KindId]);
    again.update_columns([Column::MinUnits, Column::MaxUnits]);
    Entity::insert(row.into_active_model()).on_conflict(again).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// No level any more.
pub async fn remove(tx: &WriteTx, station: StationId, kind: KindId) -> Result<(), Trouble> {
    Entity::delete_by_id((station, kind)).exec(tx.conn()).await?;
    Ok(())
}

/// How many base units of each kind were taken at a station since a business date.
pub async fn list_taken_since(conn: &impl ConnectionTrait, station: StationId, since: NaiveDate) -> Read<Vec<(KindId, i64)>> {
    take::Entity::find()
        .select_only()
        .column(take::Column::KindId)
        .column_as(take::Column::Units.sum(), "units")
        .filter(take::Column::StationId.eq(station))
        .filter(take::Column::TakenOn.gte(since))
        .filter(take::Column::UndoneAt.is_null())
        .group_by(take::Column::KindId)
        .into_tuple()
        .all(conn)
        .await
}
