//! Kinds.

use entity::{
    ids::{CommunityId, KindId},
    item,
    kind::{Column, Entity, Model},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Read, insert, overwrite};
use crate::db::{Trouble, WriteTx};

/// One kind.
pub async fn find(conn: &impl ConnectionTrait, id: KindId) -> Read<Option<Model>> {
    Entity::find_by_id(id).one(conn).await
}

/// The kind of that name, not retired, that a community keeps (or that all share, for none).
pub async fn find_by_name(conn: &impl ConnectionTrait, community: Option<CommunityId>, name: &str) -> Read<Option<Model>> {
    let whose = community.map_or_else(|| Column::CommunityId.is_null(), |id| Column::CommunityId.eq(id));
    Entity::find().filter(whose).filter(Column::Name.eq(name)).filter(Column::RetiredAt.is_null()).one(conn).await
}

/// A page of kinds, oldest first.
pub async fn list(conn: &impl ConnectionTrait, after: Option<KindId>, limit: u64) -> Read<Vec<Model>> {
    let after = after.map(|id| Column::Id.gt(id));
    Entity::find().filter(Condition::all().add_option(after)).order_by_asc(Column::Id).limit(limit).all(conn).await
}

/// The kinds in use that a community keeps or that all share.
pub async fn list_in_use(conn: &impl ConnectionTrait, community: CommunityId) -> Read<Vec<Model>> {
    let usable = Condition::any().add(Column::CommunityId.is_null()).add(Column::CommunityId.eq(community));
    let in_use = Entity::find().filter(usable).filter(Column::RetiredAt.is_null());
    in_use.order_by_asc(Column::Category).order_by_asc(Column::Name).limit(2_000).all(conn).await
}

/// These kinds, oldest first.
pub async fn list_by_ids(conn: &impl ConnectionTrait, ids: Vec<KindId>) -> Read<Vec<Model>> {
    let mut found = Vec::with_capacity(ids.len());
    // As many as both engines bind in one statement.
    for ids in ids.chunks(500) {
        found.extend(Entity::find().filter(Column::Id.is_in(ids.iter().copied())).order_by_asc(Column::Id).all(conn).await?);
    }
    Ok(found)
}

/// Are there things of this kind?
pub async fn is_in_use(conn: &impl ConnectionTrait, id: KindId) -> Read<bool> {
    Ok(item::Entity::find().filter(item::Column::KindId.eq(id)).limit(1).count(conn).await? > 0)
}

/// A new one.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}

/// Writes a changed row over the version it was read at, and gives it the next.
pub async fn change(tx: &WriteTx, mut row: Model) -> Result<Model, Trouble> {
    let guard = Condition::all().add(Column::Id.eq(row.id)).add(Column::Rev.eq(row.rev));
    row.rev += 1;
    overwrite::<Entity>(tx, row.clone(), guard, "kind.rev").await?;
    Ok(row)
}
