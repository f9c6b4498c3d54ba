//! One-time codes on their way to a phone.

use chrono::{DateTime, Utc};
use entity::verification::{Column, Entity, Model};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use super::{Read, exactly_one, insert};
use crate::db::{Trouble, WriteTx};

/// The codes sent to a phone since an instant, newest first.
pub async fn list_since(conn: &impl ConnectionTrait, phone_index: &[u8], since: DateTime<Utc>) -> Read<Vec<Model>> {
    Entity::find()
        .filter(Column::PhoneIndex.eq(phone_index))
        .filter(Column::CreatedAt.gt(since))
        .order_by_desc(Column::CreatedAt)
        .all(conn)
        .await
}

/// The newest code sent to a phone, held until the end of the write.
pub async fn lock_newest(tx: &WriteTx, phone_index: &[u8]) -> Read<Option<Model>> {
    Entity::find()
        .filter(Column::PhoneIndex.eq(phone_index))
        .order_by_desc(Column::CreatedAt)
        .limit(1)
        .lock_exclusive()
        .one(tx.conn())
        .await
}

/// A new one.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}

/// Counts a try; five is the most (the table says so too).
pub async fn count_attempt(tx: &WriteTx, row: &Model) -> Result<(), Trouble> {
    let counted = Entity::update_many()
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .filter(Column::Id.eq(row.id))
        .filter(Column::Attempts.lt(5))
        .exec(tx.conn())
        .await?;
    exactly_one(counted.rows_affected, "verification.attempts")
}

/// Uses a code up.
pub async fn use_up(tx: &WriteTx, row: &Model, now: DateTime<Utc>) -> Result<(), Trouble> {
    let used = Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now))
        .filter(Column::Id.eq(row.id))
        .filter(Column::UsedAt.is_null())
        .exec(tx.conn())
        .await?;
    exactly_one(used.rows_affected, "verification.used_at")
}

/// Forgets old codes.
pub async fn forget_before(tx: &WriteTx, instant: DateTime<Utc>) -> Result<u64, Trouble> {
    Ok(Entity::delete_many().filter(Column::CreatedAt.lt(instant)).exec(tx.conn()).await?.rows_affected)
}
