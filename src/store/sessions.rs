//! Sessions.

use chrono::{DateTime, Utc};
use entity::{
    ids::{MemberId, SessionId},
    session::{Column, Entity, Model},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use super::{Read, insert, overwrite};
use crate::db::{Trouble, WriteTx};

/// One session.
pub async fn find(conn: &impl ConnectionTrait, id: SessionId) -> Read<Option<Model>> {
    Entity::find_by_id(id).one(conn).await
}

/// The session whose current secret has this hash.
pub async fn find_by_secret(conn: &impl ConnectionTrait, hash: &[u8]) -> Read<Option<Model>> {
    Entity::find().filter(Column::SecretHash.eq(hash)).one(conn).await
}

/// The session whose current or previous secret has this hash, held until the end of the write.
pub async fn lock_by_any_secret(tx: &WriteTx, hash: &[u8]) -> Read<Option<Model>> {
    let either = Condition::any().add(Column::SecretHash.eq(hash)).add(Column::PreviousHash.eq(hash));
    Entity::find().filter(either).lock_exclusive().one(tx.conn()).await
}

/// The sessions of a member that are still kept, newest first.
pub async fn list_of(conn: &impl ConnectionTrait, member: MemberId) -> Read<Vec<Model>> {
    Entity::find().filter(Column::MemberId.eq(member)).order_by_desc(Column::Id).all(conn).await
}

/// A new one.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}

/// Writes a changed row over the generation it was read at.
pub async fn change(tx: &WriteTx, row: Model, read_at_generation: i32) -> Result<(), Trouble> {
    let guard = Condition::all().add(Column::Id.eq(row.id)).add(Column::Generation.eq(read_at_generation));
    overwrite::<Entity>(tx, row, guard, "session.generation").await
}

/// A generation of tokens has been seen in use: the one before it is no longer forgiven.
pub async fn mark_used(tx: &WriteTx, id: SessionId, generation: i32) -> Result<(), Trouble> {
    Entity::update_many()
        .col_expr(Column::GenerationUsed, Expr::value(generation))
        .filter(Column::Id.eq(id))
        .filter(Column::Generation.eq(generation))
        .filter(Column::GenerationUsed.lt(generation))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Ends one session.
pub async fn revoke(tx: &WriteTx, id: SessionId, now: DateTime<Utc>) -> Result<(), Trouble> {
    Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::RevokedAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Ends all sessions of a member.
pub async fn revoke_all(tx: &WriteTx, member: MemberId, now: DateTime<Utc>) -> Result<(), Trouble> {
    Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(now))
        .filter(Column::MemberId.eq(member))
        .filter(Column::RevokedAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Forgets sessions that ended before an instant.
pub async fn forget_ended_before(tx: &WriteTx, instant: DateTime<Utc>) -> Result<u64, Trouble> {
    let ended = Condition::any().add(Column::ExpiresAt.lt(instant)).add(Column::RevokedAt.lt(instant));
    Ok(Entity::delete_many().filter(ended).exec(tx.conn()).await?.rows_affected)
}
