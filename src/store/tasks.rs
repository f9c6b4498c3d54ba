//! Tasks: the keeper's list.

use std::collections::HashSet;

use entity::{
    ids::{ItemId, StationId, TaskId},
    task::{Column, Entity, Model, What},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

use super::{Read, insert_all, overwrite};
use crate::db::{Trouble, WriteTx};

/// One task.
pub async fn find(conn: &impl ConnectionTrait, id: TaskId) -> Read<Option<Model>> {
    Entity::find_by_id(id).one(conn).await
}

/// A page of tasks of these stations (all for none), oldest first.
pub async fn list(
    conn: &impl ConnectionTrait,
    stations: Option<Vec<StationId>>,
    done: bool,
    after: Option<TaskId>,
    limit: u64,
) -> Read<Vec<Model>> {
    let wanted = Condition::all()
        .add_option(stations.map(|ids| Column::StationId.is_in(ids)))
        .add(if done { Column::DoneAt.is_not_null() } else { Column::DoneAt.is_null() })
        .add_option(after.map(|id| Column::Id.gt(id)));
    Entity::find().filter(wanted).order_by_asc(Column::Id).limit(limit).all(conn).await
}

/// Opens a task, unless one with its natural key is open.
pub async fn open(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    // Looked up first: an ON CONFLICT on a partial index is written differently by the two engines. The index is the referee.
    let there = Entity::find().filter(Column::NaturalKey.eq(&row.natural_key)).filter(Column::DoneAt.is_null());
    if there.one(tx.conn()).await?.is_none() {
        Entity::insert(row.into_active_model()).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}

/// As [`open`], for many: those whose natural key is not open yet.
pub async fn open_all(tx: &WriteTx, mut rows: Vec<Model>) -> Result<(), Trouble> {
    if rows.is_empty() {
        return Ok(());
    }
    let there: Vec<String> = Entity::find()
        .select_only()
        .column(Column::NaturalKey)
        .filter(Column::NaturalKey.is_in(rows.iter().map(|row| row.natural_key.as_str())))
        .filter(Column::DoneAt.is_null())
        .into_tuple()
        .all(tx.conn())
        .await?;
    let there: HashSet<String> = there.into_iter().collect();
    rows.retain(|row| !there.contains(&row.natural_key));
    insert_all::<Entity>(tx, rows).await
}

/// Writes an open task anew: it was seen (`seen_at` is set in the row), or is done (`done_at`).
pub async fn finish(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    let guard = Condition::all().add(Column::Id.eq(row.id)).add(Column::DoneAt.is_null());
    overwrite::<Entity>(tx, row, guard, "task.done_at").await
}

/// Closes the open tasks of one sort about an item, because what they asked for has happened.
pub async fn settle(tx: &WriteTx, item: ItemId, what: &[What], now: chrono::DateTime<chrono::Utc>) -> Result<u64, Trouble> {
    let settled = Entity::update_many()
        .col_expr(Column::DoneAt, Expr::value(now))
        .filter(Column::ItemId.eq(item))
        .filter(Column::What.is_in(what.iter().copied()))
        .filter(Column::DoneAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(settled.rows_affected)
}

/// Closes the open tasks of some sorts about a lot, because what they asked for has happened.
pub async fn settle_lot(
    tx: &WriteTx,
    lot: entity::ids::LotId,
    what: &[What],
    now: chrono::DateTime<chrono::Utc>,
) -> Result<u64, Trouble> {
    settle_lots(tx, vec![lot], what, now).await
}

/// As [`settle_lot`], for many lots.
pub async fn settle_lots(
    tx: &WriteTx,
    lots: Vec<entity::ids::LotId>,
    what: &[What],
    now: chrono::DateTime<chrono::Utc>,
) -> Result<u64, Trouble> {
    let settled = Entity::update_many()
        .col_expr(Column::DoneAt, Expr::value(now))
        .filter(Column::LotId.is_in(lots))
        .filter(Column::What.is_in(what.iter().copied()))
        .filter(Column::DoneAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(settled.rows_affected)
}

/// Closes the open tasks of one sort about a whole station, because what they asked for has happened.
pub async fn settle_at(tx: &WriteTx, station: StationId, what: What, now: chrono::DateTime<chrono::Utc>) -> Result<u64, Trouble> {
    let settled = Entity::update_many()
        .col_expr(Column::DoneAt, Expr::value(now))
        .filter(Column::StationId.eq(station))
        .filter(Column::What.eq(what))
        .filter(Column::KindId.is_null())
        .filter(Column::DoneAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(settled.rows_affected)
}

/// The open tasks of some sorts at a station about kinds.
pub async fn list_open_about_kinds(
    conn: &impl ConnectionTrait,
    station: StationId,
    what: &[What],
) -> Read<Vec<(TaskId, String)>> {
    Entity::find()
        .select_only()
        .columns([Column::Id, Column::NaturalKey])
        .filter(Column::StationId.eq(station))
        .filter(Column::What.is_in(what.iter().copied()))
        .filter(Column::KindId.is_not_null())
        .filter(Column::LotId.is_null())
        .filter(Column::DoneAt.is_null())
        .into_tuple()
        .all(conn)
        .await
}

/// Closes these tasks, where they are open, because what they asked for has happened.
pub async fn settle_these(tx: &WriteTx, ids: Vec<TaskId>, now: chrono::DateTime<chrono::Utc>) -> Result<(), Trouble> {
    for ids in ids.chunks(500) {
        Entity::update_many()
            .col_expr(Column::DoneAt, Expr::value(now))
            .filter(Column::Id.is_in(ids.iter().copied()))
            .filter(Column::DoneAt.is_null())
            .exec(tx.conn())
            .await?;
    }
    Ok(())
}

/// The open tasks of a station about lots.
pub async fn list_open_about_lots(conn: &impl ConnectionTrait, station: StationId) -> Read<Vec<Model>> {
    let open = Entity::find().filter(Column::StationId.eq(station)).filter(Column::DoneAt.is_null());
    open.filter(Column::LotId.is_not_null()).order_by_asc(Column::Id).all(conn).await
}

/// How many there are of them that nobody has seen since an instant: seen is not done, but it is quiet for a day.
pub async fn count_unseen_about_lots(
    conn: &impl ConnectionTrait,
    station: StationId,
    since: chrono::DateTime<chrono::Utc>,
) -> Read<u64> {
    let open = Entity::find().filter(Column::StationId.eq(station)).filter(Column::DoneAt.is_null());
    let unseen = Condition::any().add(Column::SeenAt.is_null()).add(Column::SeenAt.lt(since));
    open.filter(Column::LotId.is_not_null()).filter(unseen).count(conn).await
}

/// Is a task about a lot open at a station?
pub async fn is_open_about_lots(conn: &impl ConnectionTrait, station: StationId) -> Read<bool> {
    let open = Entity::find().select_only().column(Column::Id).filter(Column::StationId.eq(station));
    let one: Option<TaskId> =
        open.filter(Column::DoneAt.is_null()).filter(Column::LotId.is_not_null()).limit(1).into_tuple().one(conn).await?;
    Ok(one.is_some())
}

/// The open tasks of some sorts about lots at a station that were carried less far than a level: what, since when, how far.
pub async fn list_carried_less(
    conn: &impl ConnectionTrait,
    station: StationId,
    what: &[What],
    level: i32,
) -> Read<Vec<(TaskId, What, chrono::DateTime<chrono::Utc>, i32)>> {
    Entity::find()
        .select_only()
        .columns([Column::Id, Column::What, Column::CreatedAt, Column::Escalated])
        .filter(Column::StationId.eq(station))
        .filter(Column::What.is_in(what.iter().copied()))
        .filter(Column::Escalated.lt(level))
        .filter(Column::LotId.is_not_null())
        .filter(Column::DoneAt.is_null())
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(conn)
        .await
}

/// Tasks are carried further.
pub async fn escalate(tx: &WriteTx, ids: Vec<TaskId>, level: i32) -> Result<(), Trouble> {
    for ids in ids.chunks(500) {
        Entity::update_many()
            .col_expr(Column::Escalated, Expr::value(level))
            .filter(Column::Id.is_in(ids.iter().copied()))
            .filter(Column::DoneAt.is_null())
            .exec(tx.conn())
            .await?;
    }
    Ok(())
}
