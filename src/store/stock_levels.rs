//! How much of a kind a station wants to have, and how much of it leaves.

use chrono::NaiveDate;
use entity::{
    ids::{KindId, StationId},
    lot,
    stock_level::{Column, Entity, Model},
    take,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict, Order, Query},
};

use super::Read;
use crate::db::{Trouble, WriteTx};

/// The levels of a station.
pub async fn list_of(conn: &impl ConnectionTrait, station: StationId) -> Read<Vec<Model>> {
    list_at(conn, &[station]).await
}

/// The levels of stations.
pub async fn list_at(conn: &impl ConnectionTrait, stations: &[StationId]) -> Read<Vec<Model>> {
    let levels = Entity::find().filter(Column::StationId.is_in(stations.iter().copied()));
    levels.order_by_asc(Column::StationId).order_by_asc(Column::KindId).all(conn).await
}

/// The kinds of which stations surely have not less than their level, on a business date: the few lots that are good for longest
/// are enough to see it, so that the others are not looked at. Of dated kinds only, and only while nothing is suspended.
pub async fn list_surely_enough(
    conn: &impl ConnectionTrait,
    stations: &[StationId],
    today: NaiveDate,
) -> Read<Vec<(StationId, KindId)>> {
    let units = Expr::col((lot::Entity, lot::Column::Available)).add(Expr::col((lot::Entity, lot::Column::Held)));
    let longest = Query::select()
        .expr_as(units, "units")
        .from(lot::Entity)
        // In the words of the index of what is on a shelf by kind and last day.
        .and_where(Expr::cust("available + held + quarantined + to_dispose > 0"))
        .and_where(super::lots::on_shelf())
        .and_where(Expr::col((lot::Entity, lot::Column::StationId)).equals((Entity, Column::StationId)))
        .and_where(Expr::col((lot::Entity, lot::Column::KindId)).equals((Entity, Column::KindId)))
        .and_where(Expr::col((lot::Entity, lot::Column::Blocks)).eq(0))
        .cond_where(super::lots::in_time(today))
        // What was opened may be for nobody else.
        .and_where(Expr::col((lot::Entity, lot::Column::OpenedOn)).is_null())
        .order_by((lot::Entity, lot::Column::LastDay), Order::Desc)
        .limit(4)
        .to_owned();
    let sum = Query::select().expr(Expr::col("units").sum()).from_subquery(longest, "longest").to_owned();
    let sum = Expr::SubQuery(None, Box::new(sum.into()));
    Entity::find()
        .select_only()
        .columns([Column::StationId, Column::KindId])
        .filter(Column::StationId.is_in(stations.iter().copied()))
        .filter(Column::KindId.not_in_subquery(super::lots::unbacked()))
        .filter(sum.gte(Expr::col((Entity, Column::MinUnits))))
        .into_tuple()
        .all(conn)
        .await
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

/// How many base units of each kind were taken at stations since a business date.
pub async fn list_taken_since(
    conn: &impl ConnectionTrait,
    stations: &[StationId],
    since: NaiveDate,
) -> Read<Vec<(StationId, KindId, i64)>> {
    take::Entity::find()
        .select_only()
        .columns([take::Column::StationId, take::Column::KindId])
        .column_as(take::Column::Units.sum(), "units")
        .filter(take::Column::StationId.is_in(stations.iter().copied()))
        .filter(take::Column::TakenOn.gte(since))
        .filter(take::Column::UndoneAt.is_null())
        .group_by(take::Column::StationId)
        .group_by(take::Column::KindId)
        .into_tuple()
        .all(conn)
        .await
}
