//! The audit trail. Lines are added, never changed.

use entity::{
    event::{Column, Entity, Model},
    ids::{EventId, ItemId, StationId},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Read, insert};
use crate::db::{Trouble, WriteTx};

/// A new line.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}

/// A page of lines, newest first.
pub async fn list(
    conn: &impl ConnectionTrait,
    station: Option<StationId>,
    item: Option<ItemId>,
    before: Option<EventId>,
    limit: u64,
) -> Read<Vec<Model>> {
    let wanted = Condition::all()
        .add_option(station.map(|id| Column::StationId.eq(id)))
        .add_option(item.map(|id| Column::ItemId.eq(id)))
        .add_option(before.map(|id| Column::Id.lt(id)));
    Entity::find().filter(wanted).order_by_desc(Column::Id).limit(limit).all(conn).await
}
