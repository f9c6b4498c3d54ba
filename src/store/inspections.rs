//! Inspections of things.

use chrono::NaiveDate;
use entity::{
    ids::{ItemId, StationId},
    inspection::{Column, Entity, Model},
    item, kind,
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

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

/// The things at a station that must be inspected by a day and were not: a page of them. What was never inspected is due.
pub async fn list_due(
    conn: &impl ConnectionTrait,
    station: StationId,
    by: NaiveDate,
    after: Option<ItemId>,
    limit: u64,
) -> Read<Vec<item::Model>> {
    item::Entity::find()
        .filter(item::Column::StationId.eq(station))
        .filter(is_due(by))
        .filter(Condition::all().add_option(after.map(|id| item::Column::Id.gt(id))))
        .order_by_asc(item::Column::Id)
        .limit(limit)
        .all(conn)
        .await
}

/// The thing must be inspected by a day, or was never inspected and has to be.
pub(super) fn is_due(by: NaiveDate) -> Condition {
    let inspected = kind::Entity::find()
        .select_only()
        .column(kind::Column::Id)
        .filter(kind::Column::InspectEveryDays.is_not_null())
        .into_query();
    let never = Condition::all().add(item::Column::InspectBy.is_null()).add(item::Column::KindId.in_subquery(inspected));
    Condition::all()
        .add(item::Column::Lifecycle.eq(item::Lifecycle::Active))
        .add(Condition::any().add(item::Column::InspectBy.lte(by)).add(never))
}
