//! Roles of members.

use entity::{
    grant::{Column, Entity, Model, Role},
    ids::{GrantId, MemberId},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::{Read, insert, overwrite};
use crate::db::{Trouble, WriteTx};

/// The roles a member holds.
pub async fn list_of(conn: &impl ConnectionTrait, member: MemberId) -> Read<Vec<Model>> {
    Entity::find().filter(Column::MemberId.eq(member)).filter(Column::RevokedAt.is_null()).all(conn).await
}

/// One role that was not taken back.
pub async fn find(conn: &impl ConnectionTrait, id: GrantId) -> Read<Option<Model>> {
    Entity::find_by_id(id).filter(Column::RevokedAt.is_null()).one(conn).await
}

/// How many admins there are.
pub async fn count_admins(conn: &impl ConnectionTrait) -> Read<u64> {
    Entity::find().filter(Column::Role.eq(Role::Admin)).filter(Column::RevokedAt.is_null()).count(conn).await
}

/// A new one.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}

/// Takes a role back: `revoked_at` is set in the row.
pub async fn revoke(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    let guard = Condition::all().add(Column::Id.eq(row.id)).add(Column::RevokedAt.is_null());
    overwrite::<Entity>(tx, row, guard, "grant.revoked_at").await
}
