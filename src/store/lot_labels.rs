//! What was written down from labels, version by version, and their photos.

use entity::{
    ids::{LotId, PhotoId},
    lot_label::{Column, Entity, Model},
    lot_photo,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Read, insert};
use crate::db::{Trouble, WriteTx};

/// The history of a label, oldest first.
pub async fn list_of(conn: &impl ConnectionTrait, lot: LotId) -> Read<Vec<Model>> {
    Entity::find().filter(Column::LotId.eq(lot)).order_by_asc(Column::N).all(conn).await
}

/// A new line.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}

/// A new photo.
pub async fn add_photo(tx: &WriteTx, row: lot_photo::Model) -> Result<(), Trouble> {
    insert::<lot_photo::Entity>(tx, row).await
}

/// The photos of a lot, newest first: which they are, what they show, and since when.
pub async fn list_photos(conn: &impl ConnectionTrait, lot: LotId) -> Read<Vec<(PhotoId, String, chrono::DateTime<chrono::Utc>)>> {
    lot_photo::Entity::find()
        .select_only()
        .columns([lot_photo::Column::Id, lot_photo::Column::About, lot_photo::Column::CreatedAt])
        .filter(lot_photo::Column::LotId.eq(lot))
        .order_by_desc(lot_photo::Column::Id)
        .into_tuple()
        .all(conn)
        .await
}

/// One photo.
pub async fn find_photo(conn: &impl ConnectionTrait, id: PhotoId) -> Read<Option<lot_photo::Model>> {
    lot_photo::Entity::find_by_id(id).one(conn).await
}

/// The photos of the labels of these lots, the newest last: lot and photo.
pub async fn list_label_photos(conn: &impl ConnectionTrait, lots: Vec<LotId>) -> Read<Vec<(LotId, PhotoId)>> {
    let photos = lot_photo::Entity::find().select_only().columns([lot_photo::Column::LotId, lot_photo::Column::Id]);
    let photos = photos.filter(lot_photo::Column::LotId.is_in(lots)).filter(lot_photo::Column::About.eq("label"));
    photos.order_by_asc(lot_photo::Column::Id).into_tuple().all(conn).await
}
