//! Packs with a name of their own, each of which leaves once.

use chrono::{DateTime, Utc};
use entity::{
    ids::{LotId, TakeId},
    lot,
    pack::{Column, Entity, Model},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, OnConflict},
};

use super::{Read, exactly_one};
use crate::db::{Trouble, WriteTx};

/// The packs that are stored under these names, with their lots.
pub async fn list(conn: &impl ConnectionTrait, names: Vec<String>) -> Read<Vec<(Model, lot::Model)>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let packs = Entity::find().filter(Column::Serial.is_in(names)).order_by_asc(Column::Serial).all(conn).await?;
    let ids: Vec<LotId> = packs.iter().map(|pack| pack.lot_id).collect();
    let lots = lot::Entity::find().filter(lot::Column::Id.is_in(ids)).all(conn).await?;
    let with = |pack: Model| lots.iter().find(|lot| lot.id == pack.lot_id).cloned().map(|lot| (pack, lot));
    Ok(packs.into_iter().filter_map(with).collect())
}

/// How many names of packs of a lot are stored that have not left.
pub async fn count_of(conn: &impl ConnectionTrait, lot: LotId) -> Read<u64> {
    Entity::find().filter(Column::LotId.eq(lot)).filter(Column::TakenAt.is_null()).count(conn).await
}

/// A pack is known by its name, unless it was known before.
pub async fn register(tx: &WriteTx, name: String, lot: LotId, now: DateTime<Utc>) -> Result<(), Trouble> {
    let row = Model { serial: name, lot_id: lot, registered_at: now, taken_at: None, take_id: None };
    Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::column(Column::Serial).do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// A pack leaves with a take, known before or not: once.
///
/// # Errors
/// [`Trouble::GuardFailed`] when it has left.
pub async fn leave(tx: &WriteTx, name: String, lot: LotId, take: TakeId, now: DateTime<Utc>) -> Result<(), Trouble> {
    let row = Model { serial: name, lot_id: lot, registered_at: now, taken_at: Some(now), take_id: Some(take) };
    let mut again = OnConflict::column(Column::Serial);
    again.value(Column::TakenAt, Expr::value(now)).value(Column::TakeId, Expr::value(take));
    again.action_and_where(Expr::col((Entity, Column::TakenAt)).is_null());
    let left = Entity::insert(row.into_active_model()).on_conflict(again).exec_without_returning(tx.conn()).await?;
    exactly_one(left, "pack.taken_at")
}

/// What left with a take is back.
pub async fn come_back(tx: &WriteTx, take: TakeId) -> Result<(), Trouble> {
    Entity::update_many()
        .col_expr(Column::TakenAt, Expr::value(None::<DateTime<Utc>>))
        .col_expr(Column::TakeId, Expr::value(None::<TakeId>))
        .filter(Column::TakeId.eq(take))
        .exec(tx.conn())
        .await?;
    Ok(())
}
