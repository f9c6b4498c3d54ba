//! Stickers.

use entity::{
    ids::{ItemId, MemberId, StationId},
    sticker::{Column, Entity, Model},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Read, insert, insert_all, overwrite};
use crate::db::{Trouble, WriteTx};

/// One sticker.
pub async fn find(conn: &impl ConnectionTrait, code: &str) -> Read<Option<Model>> {
    Entity::find_by_id(code.to_owned()).one(conn).await
}

/// As [`find`], held until the end of the write.
pub async fn lock(tx: &WriteTx, code: &str) -> Read<Option<Model>> {
    Entity::find_by_id(code.to_owned()).lock_exclusive().one(tx.conn()).await
}

/// The stickers on an item that were not given up.
pub async fn list_on_item(conn: &impl ConnectionTrait, item: ItemId) -> Read<Vec<Model>> {
    Entity::find().filter(Column::ItemId.eq(item)).filter(Column::RetiredAt.is_null()).order_by_asc(Column::Code).all(conn).await
}

/// The paper card of a member, the newest if there are several.
pub async fn find_card(conn: &impl ConnectionTrait, member: MemberId) -> Read<Option<Model>> {
    Entity::find()
        .filter(Column::MemberId.eq(member))
        .filter(Column::RetiredAt.is_null())
        .order_by_desc(Column::CreatedAt)
        .one(conn)
        .await
}

/// The stickers on several items that were not given up.
pub async fn list_on_items(conn: &impl ConnectionTrait, items: Vec<ItemId>) -> Read<Vec<Model>> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let on = Entity::find().filter(Column::ItemId.is_in(items)).filter(Column::RetiredAt.is_null());
    on.order_by_asc(Column::Code).all(conn).await
}

/// The stickers with these codes that were not given up.
pub async fn list_by_codes(conn: &impl ConnectionTrait, codes: Vec<String>) -> Read<Vec<Model>> {
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find().filter(Column::Code.is_in(codes)).filter(Column::RetiredAt.is_null()).all(conn).await
}

/// The plate and the shelves of a station: its stickers that were not given up.
pub async fn list_at_station(conn: &impl ConnectionTrait, station: StationId) -> Read<Vec<Model>> {
    let at = Entity::find().filter(Column::StationId.eq(station)).filter(Column::RetiredAt.is_null());
    at.order_by_asc(Column::BoundAt).limit(500).all(conn).await
}

/// A page of stickers that are still blank, by code.
pub async fn list_blank(conn: &impl ConnectionTrait, after: Option<String>, limit: u64) -> Read<Vec<Model>> {
    Entity::find()
        .filter(Column::BoundAt.is_null())
        .filter(Column::RetiredAt.is_null())
        .filter(Condition::all().add_option(after.map(|code| Column::Code.gt(code))))
        .order_by_asc(Column::Code)
        .limit(limit)
        .all(conn)
        .await
}

/// A new one.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}

/// Many new ones.
pub async fn add_all(tx: &WriteTx, rows: Vec<Model>) -> Result<(), Trouble> {
    insert_all::<Entity>(tx, rows).await
}

/// Writes a changed row over one that was not given up in between.
pub async fn change(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    let guard = Condition::all().add(Column::Code.eq(&row.code)).add(Column::RetiredAt.is_null());
    overwrite::<Entity>(tx, row, guard, "sticker.retired_at").await
}
