//! Photos of items.

use chrono::{DateTime, Utc};
use entity::{
    ids::{ItemId, LoanId, PhotoId},
    photo::{Column, Entity, Model},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Read, insert};
use crate::db::{Trouble, WriteTx};

/// One photo.
pub async fn find(conn: &impl ConnectionTrait, id: PhotoId) -> Read<Option<Model>> {
    Entity::find_by_id(id).one(conn).await
}

/// Which photos there are of an item, newest first, at most a hundred; without the pictures.
pub async fn list_of_item(conn: &impl ConnectionTrait, item: ItemId) -> Read<Vec<(PhotoId, Option<LoanId>, DateTime<Utc>)>> {
    Entity::find()
        .select_only()
        .columns([Column::Id, Column::LoanId, Column::CreatedAt])
        .filter(Column::ItemId.eq(item))
        .order_by_desc(Column::Id)
        .limit(100)
        .into_tuple()
        .all(conn)
        .await
}

/// A new one.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}
