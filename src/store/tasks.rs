//! Tasks: the keeper's list.

use entity::{
    ids::{ItemId, StationId, TaskId},
    task::{Column, Entity, Model, What},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

use super::{Read, overwrite};
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
    let settled = Entity::update_many()
        .col_expr(Column::DoneAt, Expr::value(now))
        .filter(Column::LotId.eq(lot))
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

/// Closes the open task with a natural key, because what it asked for has happened.
pub async fn settle_key(tx: &WriteTx, key: &str, now: chrono::DateTime<chrono::Utc>) -> Result<(), Trouble> {
    Entity::update_many()
        .col_expr(Column::DoneAt, Expr::value(now))
        .filter(Column::NaturalKey.eq(key))
        .filter(Column::DoneAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(())
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

/// The kinds about which a station has an open task of one of these sorts.
pub async fn list_kinds_asked_for(
    conn: &impl ConnectionTrait,
    station: StationId,
    what: &[What],
) -> Read<Vec<entity::ids::KindId>> {
    let open = Entity::find().filter(Column::StationId.eq(station)).filter(Column::DoneAt.is_null());
    let about = open.filter(Column::What.is_in(what.iter().copied())).filter(Column::KindId.is_not_null());
    about.select_only().column(Column::KindId).distinct().into_tuple().all(conn).await
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

/// A task is carried further.
pub async fn escalate(tx: &WriteTx, id: TaskId, level: i32) -> Result<(), Trouble> {
    Entity::update_many()
        .col_expr(Column::Escalated, Expr::value(level))
        .filter(Column::Id.eq(id))
        .filter(Column::DoneAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}
