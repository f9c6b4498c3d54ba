//! Photos of items.

use entity::{
    ids::PhotoId,
    photo::{Entity, Model},
};
use sea_orm::{ConnectionTrait, EntityTrait};

use super::{Read, insert};
use crate::db::{Trouble, WriteTx};

/// One photo.
pub async fn find(conn: &impl ConnectionTrait, id: PhotoId) -> Read<Option<Model>> {
    Entity::find_by_id(id).one(conn).await
}

/// A new one.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}
