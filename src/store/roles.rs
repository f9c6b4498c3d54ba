//! Roles of members.

use entity::{
    grant::{Column, Entity, Model, Role},
    ids::{CommunityId, GrantId, MemberId, StationId},
    member,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Select, sea_query::SelectStatement,
};

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

/// Members who can be told something.
fn reachable() -> SelectStatement {
    let members = member::Entity::find().select_only().column(member::Column::Id);
    members.filter(member::Column::ErasedAt.is_null()).filter(member::Column::PhoneSealed.is_not_null()).into_query()
}

/// The roles of those who keep a station.
pub async fn list_at(conn: &impl ConnectionTrait, station: StationId) -> Read<Vec<Model>> {
    Entity::find().filter(Column::StationId.eq(station)).filter(Column::RevokedAt.is_null()).all(conn).await
}

fn members(whose: Condition) -> Select<Entity> {
    let members = Entity::find().select_only().column(Column::MemberId).distinct();
    members.filter(whose).filter(Column::RevokedAt.is_null()).filter(Column::MemberId.in_subquery(reachable()))
}

/// Does anybody keep that station who can be told something?
pub async fn has_keeper(conn: &impl ConnectionTrait, station: StationId) -> Read<bool> {
    let keeper: Option<MemberId> = members(Condition::all().add(Column::StationId.eq(station))).into_tuple().one(conn).await?;
    Ok(keeper.is_some())
}

/// Who keeps which of these stations and can be told something.
pub async fn list_keepers(conn: &impl ConnectionTrait, stations: Vec<StationId>) -> Read<Vec<(MemberId, StationId)>> {
    pairs(members(Condition::all().add(Column::StationId.is_in(stations)))).all(conn).await
}

/// Which stations these members keep.
pub async fn list_kept(conn: &impl ConnectionTrait, keepers: Vec<MemberId>) -> Read<Vec<(MemberId, StationId)>> {
    pairs(members(Condition::all().add(Column::MemberId.is_in(keepers)).add(Column::StationId.is_not_null()))).all(conn).await
}

fn pairs(who: Select<Entity>) -> sea_orm::Selector<sea_orm::SelectGetableTuple<(MemberId, StationId)>> {
    who.column(Column::StationId).order_by_asc(Column::MemberId).order_by_asc(Column::StationId).into_tuple()
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
