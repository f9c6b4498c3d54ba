//! The outbox.

use chrono::{DateTime, Utc};
use entity::{
    ids::NoticeId,
    notice::{Column, Entity, Model},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};

use super::{Read, exactly_one};
use crate::db::{Trouble, WriteTx};

/// Writes a notice, unless one with its natural key was ever written. Says whether it was new.
pub async fn tell(tx: &WriteTx, row: Model) -> Result<bool, Trouble> {
    let written = Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::column(Column::NaturalKey).do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(tx.conn())
        .await?;
    Ok(matches!(written, sea_orm::TryInsertResult::Inserted(n) if n > 0))
}

/// Was a notice with this natural key ever written?
pub async fn is_written(conn: &impl ConnectionTrait, natural_key: &str) -> Read<bool> {
    Ok(Entity::find().filter(Column::NaturalKey.eq(natural_key)).one(conn).await?.is_some())
}

/// Was a notice whose natural key begins so ever written?
pub async fn is_begun(conn: &impl ConnectionTrait, beginning: &str) -> Read<bool> {
    Ok(Entity::find().filter(Column::NaturalKey.starts_with(beginning)).one(conn).await?.is_some())
}

/// Forgets notices that were sent or given up before an instant.
pub async fn forget_settled_before(tx: &WriteTx, instant: DateTime<Utc>) -> Result<u64, Trouble> {
    let settled = Condition::any().add(Column::SentAt.lt(instant)).add(Column::DroppedAt.lt(instant));
    Ok(Entity::delete_many().filter(settled).exec(tx.conn()).await?.rows_affected)
}

fn waiting(now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(Column::SentAt.is_null())
        .add(Column::DroppedAt.is_null())
        .add(Column::SendAfter.lte(now))
        .add(Condition::any().add(Column::LeasedUntil.is_null()).add(Column::LeasedUntil.lt(now)))
}

/// Notices that wait to be delivered, the longest waiting first.
pub async fn list_waiting(conn: &impl ConnectionTrait, now: DateTime<Utc>, limit: u64) -> Read<Vec<Model>> {
    Entity::find().filter(waiting(now)).order_by_asc(Column::SendAfter).limit(limit).all(conn).await
}

/// Takes a notice for delivery. False: somebody else has it.
pub async fn lease(tx: &WriteTx, id: NoticeId, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<bool, Trouble> {
    let leased = Entity::update_many()
        .col_expr(Column::LeasedUntil, Expr::value(until))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .filter(Column::Id.eq(id))
        .filter(waiting(now))
        .exec(tx.conn())
        .await?;
    Ok(leased.rows_affected == 1)
}

/// Delivered.
pub async fn mark_sent(tx: &WriteTx, id: NoticeId, now: DateTime<Utc>) -> Result<(), Trouble> {
    let marked = Entity::update_many()
        .col_expr(Column::SentAt, Expr::value(now))
        .col_expr(Column::Trouble, Expr::value(Option::<String>::None))
        .filter(Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    exactly_one(marked.rows_affected, "notice")
}

/// Given up, with the reason.
pub async fn mark_dropped(tx: &WriteTx, id: NoticeId, now: DateTime<Utc>, why: &str) -> Result<(), Trouble> {
    let marked = Entity::update_many()
        .col_expr(Column::DroppedAt, Expr::value(now))
        .col_expr(Column::Trouble, Expr::value(why))
        .filter(Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    exactly_one(marked.rows_affected, "notice")
}

/// Not delivered this time; tried again after the lease.
pub async fn mark_failed(tx: &WriteTx, id: NoticeId, retry_at: DateTime<Utc>, why: &str) -> Result<(), Trouble> {
    let marked = Entity::update_many()
        .col_expr(Column::LeasedUntil, Expr::value(retry_at))
        .col_expr(Column::Trouble, Expr::value(why))
        .filter(Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    exactly_one(marked.rows_affected, "notice")
}

/// Which of these natural keys were ever written?
pub async fn list_written(conn: &impl ConnectionTrait, keys: Vec<String>) -> Read<Vec<String>> {
    let there = Entity::find().select_only().column(Column::NaturalKey).filter(Column::NaturalKey.is_in(keys));
    there.into_tuple().all(conn).await
}
