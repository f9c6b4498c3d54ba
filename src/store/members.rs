//! Members. Whoever counts what a member has, locks the member first.

use entity::{
    ids::MemberId,
    member::{Column, Entity, Model},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Read, insert, overwrite};
use crate::db::{Trouble, WriteTx};

/// One member.
pub async fn find(conn: &impl ConnectionTrait, id: MemberId) -> Read<Option<Model>> {
    Entity::find_by_id(id).one(conn).await
}

/// The member with that phone number, by its blind index.
pub async fn find_by_phone(conn: &impl ConnectionTrait, index: &[u8]) -> Read<Option<Model>> {
    Entity::find().filter(Column::PhoneIndex.eq(index)).one(conn).await
}

/// As [`find`], held until the end of the write.
pub async fn lock(tx: &WriteTx, id: MemberId) -> Read<Option<Model>> {
    Entity::find_by_id(id).lock_exclusive().one(tx.conn()).await
}

/// As [`find_by_phone`], held until the end of the write.
pub async fn lock_by_phone(tx: &WriteTx, index: &[u8]) -> Read<Option<Model>> {
    Entity::find().filter(Column::PhoneIndex.eq(index)).lock_exclusive().one(tx.conn()).await
}

/// A page of members, oldest first.
pub async fn list(conn: &impl ConnectionTrait, after: Option<MemberId>, limit: u64) -> Read<Vec<Model>> {
    let after = after.map(|id| Column::Id.gt(id));
    Entity::find().filter(Condition::all().add_option(after)).order_by_asc(Column::Id).limit(limit).all(conn).await
}

/// Several members, in no order.
pub async fn list_by_ids(conn: &impl ConnectionTrait, ids: Vec<MemberId>) -> Read<Vec<Model>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find().filter(Column::Id.is_in(ids)).all(conn).await
}

/// A new one.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}

/// Writes a changed row over the version it was read at, and gives it the next.
pub async fn change(tx: &WriteTx, mut row: Model) -> Result<Model, Trouble> {
    let guard = Condition::all().add(Column::Id.eq(row.id)).add(Column::Rev.eq(row.rev));
    row.rev += 1;
    overwrite::<Entity>(tx, row.clone(), guard, "member.rev").await?;
    Ok(row)
}
