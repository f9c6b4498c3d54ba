//! Roles of members.

use entity::{
    grant::{Column, Entity, Model, Role},
    ids::{CommunityId, GrantId, MemberId, StationId},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, Select};

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

/// Does anybody keep that station?
pub async fn has_keeper(conn: &impl ConnectionTrait, station: StationId) -> Read<bool> {
    let keepers = Entity::find().filter(Column::StationId.eq(station)).filter(Column::RevokedAt.is_null());
    Ok(keepers.limit(1).count(conn).await? > 0)
}

/// The roles of those who keep a station.
pub async fn list_keepers(conn: &impl ConnectionTrait, station: StationId) -> Read<Vec<Model>> {
    Entity::find().filter(Column::StationId.eq(station)).filter(Column::RevokedAt.is_null()).all(conn).await
}

fn members(whose: Condition) -> Select<Entity> {
    let members = Entity::find().select_only().column(Column::MemberId).distinct();
    members.filter(whose).filter(Column::RevokedAt.is_null())
}

/// Who hears about a station: its keepers; where nobody keeps it, the admins.
pub async fn list_to_tell(conn: &impl ConnectionTrait, station: StationId) -> Read<Vec<MemberId>> {
    let keepers: Vec<MemberId> = members(Condition::all().add(Column::StationId.eq(station))).into_tuple().all(conn).await?;
    if keepers.is_empty() { list_admins(conn).await } else { Ok(keepers) }
}

/// Who manages a community.
pub async fn list_managers(conn: &impl ConnectionTrait, community: CommunityId) -> Read<Vec<MemberId>> {
    let managers = Condition::all().add(Column::CommunityId.eq(community)).add(Column::Role.eq(Role::Manager));
    members(managers).into_tuple().all(conn).await
}

/// Who is an admin.
pub async fn list_admins(conn: &impl ConnectionTrait) -> Read<Vec<MemberId>> {
    members(Condition::all().add(Column::Role.eq(Role::Admin))).into_tuple().all(conn).await
}
