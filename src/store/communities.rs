//! Communities.

use entity::{
    community::{Column, Entity, Model},
    ids::CommunityId,
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Read, insert, overwrite};
use crate::db::{Trouble, WriteTx};

/// One community.
pub async fn find(conn: &impl ConnectionTrait, id: CommunityId) -> Read<Option<Model>> {
    Entity::find_by_id(id).one(conn).await
}

/// The community of that name.
pub async fn find_by_name(conn: &impl ConnectionTrait, name: &str) -> Read<Option<Model>> {
    Entity::find().filter(Column::Name.eq(name)).one(conn).await
}

/// A page of communities, oldest first.
pub async fn list(conn: &impl ConnectionTrait, after: Option<CommunityId>, limit: u64) -> Read<Vec<Model>> {
    let after = after.map(|id| Column::Id.gt(id));
    Entity::find().filter(Condition::all().add_option(after)).order_by_asc(Column::Id).limit(limit).all(conn).await
}

/// A new one.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}

/// Writes a changed row over the version it was read at, and gives it the next.
pub async fn change(tx: &WriteTx, mut row: Model) -> Result<Model, Trouble> {
    let guard = Condition::all().add(Column::Id.eq(row.id)).add(Column::Rev.eq(row.rev));
    row.rev += 1;
    overwrite::<Entity>(tx, row.clone(), guard, "community.rev").await?;
    Ok(row)
}
