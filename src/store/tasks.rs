//! Tasks: the keeper's list.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use entity::{
    ids::{ItemId, StationId, TaskId},
    task::{Column, Entity, Model, What},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
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
    match there.one(tx.conn()).await? {
        None => {
            Entity::insert(row.into_active_model()).exec_without_returning(tx.conn()).await?;
        }
        // Whoever has seen it has seen it for other facts.
        Some(open) if row.facts.is_some() && open.facts != row.facts => {
            let open = Model { facts: row.facts, note: row.note, seen_at: None, seen_by: None, ..open };
            finish(tx, open).await?;
        }
        Some(_) => {}
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
pub async fn settle(tx: &WriteTx, item: ItemId, what: &[What], now: DateTime<Utc>) -> Result<u64, Trouble> {
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
pub async fn settle_lot(tx: &WriteTx, lot: entity::ids::LotId, what: &[What], now: DateTime<Utc>) -> Result<u64, Trouble> {
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

/// Closes the open tasks of one sort at a station, about one kind or about no kind, because what they asked for has happened.
pub async fn settle_at(
    tx: &WriteTx,
    station: StationId,
    kind: Option<entity::ids::KindId>,
    what: What,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<u64, Trouble> {
    let kind = match kind {
        Some(kind) => Column::KindId.eq(kind),
        None => Column::KindId.is_null(),
    };
    let settled = Entity::update_many()
        .col_expr(Column::DoneAt, Expr::value(now))
        .filter(Column::StationId.eq(station))
        .filter(Column::What.eq(what))
        .filter(kind)
        .filter(Column::DoneAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(settled.rows_affected)
}

/// Somebody has seen the open task of one sort about an item.
pub async fn see(
    tx: &WriteTx,
    item: ItemId,
    what: What,
    by: Option<entity::ids::MemberId>,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), Trouble> {
    Entity::update_many()
        .col_expr(Column::SeenAt, Expr::value(now))
        .col_expr(Column::SeenBy, Expr::value(by))
        .filter(Column::ItemId.eq(item))
        .filter(Column::What.eq(what))
        .filter(Column::DoneAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// The open task of one sort about an item is asked for at the station where the item is now; nobody has seen it there.
pub async fn follow(tx: &WriteTx, item: ItemId, what: What, station: StationId) -> Result<(), Trouble> {
    Entity::update_many()
        .col_expr(Column::StationId, Expr::value(station))
        .filter(Column::ItemId.eq(item))
        .filter(Column::What.eq(what))
        .filter(Column::DoneAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// The open task of one sort at a station about a kind.
pub async fn find_open_at(
    conn: &impl ConnectionTrait,
    station: StationId,
    kind: entity::ids::KindId,
    what: What,
) -> Read<Option<Model>> {
    let open = Entity::find().filter(Column::StationId.eq(station)).filter(Column::DoneAt.is_null());
    open.filter(Column::KindId.eq(kind)).filter(Column::What.eq(what)).one(conn).await
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

/// The open tasks of some sorts about these lots.
pub async fn list_open_on(conn: &impl ConnectionTrait, lots: Vec<entity::ids::LotId>, what: &[What]) -> Read<Vec<Model>> {
    if lots.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find().filter(open_of(what)).filter(Column::LotId.is_in(lots)).all(conn).await
}

/// Closes the open task with a natural key, because it is so no longer.
pub async fn settle_key(tx: &WriteTx, natural_key: &str, now: DateTime<Utc>) -> Result<(), Trouble> {
    let settled = Entity::update_many().col_expr(Column::DoneAt, Expr::value(now)).filter(Column::NaturalKey.eq(natural_key));
    settled.filter(Column::DoneAt.is_null()).exec(tx.conn()).await?;
    Ok(())
}

/// How many open tasks of some sorts each station has that nobody has seen, or that were last seen by an instant.
pub async fn count_unseen(conn: &impl ConnectionTrait, what: &[What], seen_by: DateTime<Utc>) -> Read<Vec<(StationId, i64)>> {
    let unseen = Condition::any().add(Column::SeenAt.is_null()).add(Column::SeenAt.lte(seen_by));
    by_station(conn, open_of(what).add(unseen)).await
}

/// How many open tasks of some sorts each of these stations has.
pub async fn count_open(conn: &impl ConnectionTrait, what: &[What], stations: Vec<StationId>) -> Read<Vec<(StationId, i64)>> {
    by_station(conn, open_of(what).add(Column::StationId.is_in(stations))).await
}

fn open_of(what: &[What]) -> Condition {
    Condition::all().add(Column::DoneAt.is_null()).add(Column::What.is_in(what.iter().copied()))
}

async fn by_station(conn: &impl ConnectionTrait, which: Condition) -> Read<Vec<(StationId, i64)>> {
    let counted = Entity::find().select_only().column(Column::StationId).column_as(Column::Id.count(), "tasks");
    let counted = counted.filter(which).filter(Column::StationId.is_not_null()).group_by(Column::StationId);
    counted.order_by_asc(Column::StationId).into_tuple().all(conn).await
}

fn behind(station: StationId, what: &[What], opened_by: DateTime<Utc>, level: i32) -> Condition {
    open_of(what).add(Column::StationId.eq(station)).add(Column::CreatedAt.lte(opened_by)).add(Column::Escalated.lt(level))
}

/// Is there an open task of these sorts at a station that should be carried further?
pub async fn is_behind(
    conn: &impl ConnectionTrait,
    station: StationId,
    what: &[What],
    opened_by: DateTime<Utc>,
    level: i32,
) -> Read<bool> {
    Ok(Entity::find().filter(behind(station, what, opened_by, level)).limit(1).one(conn).await?.is_some())
}

/// Open tasks of these sorts at a station are carried further: how many.
pub async fn escalate(
    tx: &WriteTx,
    station: StationId,
    what: &[What],
    opened_by: DateTime<Utc>,
    level: i32,
) -> Result<u64, Trouble> {
    let carried = Entity::update_many().col_expr(Column::Escalated, Expr::value(level));
    Ok(carried.filter(behind(station, what, opened_by, level)).exec(tx.conn()).await?.rows_affected)
}

/// When somebody last said that a task of one sort at a station is done.
pub async fn find_last_done(conn: &impl ConnectionTrait, station: StationId, what: What) -> Read<Option<DateTime<Utc>>> {
    let done = Entity::find().filter(Column::StationId.eq(station)).filter(Column::What.eq(what));
    let last = done.filter(Column::DoneBy.is_not_null()).order_by_desc(Column::DoneAt).limit(1).one(conn).await?;
    Ok(last.and_then(|task| task.done_at))
}
