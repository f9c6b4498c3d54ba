//! Inspections of things.

use entity::{
    ids::ItemId,
    inspection::{Column, Entity, Model},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Read, insert};
use crate::db::{Trouble, WriteTx};

/// The inspections of a thing, newest first, at most a hundred.
pub async fn list_of(conn: &impl ConnectionTrait, item: ItemId) -> Read<Vec<Model>> {
    Entity::find().filter(Column::ItemId.eq(item)).order_by_desc(Column::Id).limit(100).all(conn).await
}

/// A new one.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}
