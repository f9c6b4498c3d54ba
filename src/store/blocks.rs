//! Suspensions of members.

use chrono::{DateTime, Utc};
use entity::{
    block::{Column, Entity, Model},
    ids::{BlockId, MemberId},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{Read, insert, overwrite};
use crate::db::{Trouble, WriteTx};

/// The suspensions of a member that were not lifted and are not over.
pub async fn list_of(conn: &impl ConnectionTrait, member: MemberId, now: DateTime<Utc>) -> Read<Vec<Model>> {
    Entity::find()
        .filter(Column::MemberId.eq(member))
        .filter(Column::LiftedAt.is_null())
        .filter(Condition::any().add(Column::EndsAt.is_null()).add(Column::EndsAt.gt(now)))
        .order_by_asc(Column::Id)
        .all(conn)
        .await
}

/// One suspension.
pub async fn find(conn: &impl ConnectionTrait, id: BlockId) -> Read<Option<Model>> {
    Entity::find_by_id(id).one(conn).await
}

/// A new one.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}

/// Lifts one: `lifted_at` is set in the row.
pub async fn lift(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    let guard = Condition::all().add(Column::Id.eq(row.id)).add(Column::LiftedAt.is_null());
    overwrite::<Entity>(tx, row, guard, "block.lifted_at").await
}
