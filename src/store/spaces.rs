//! Spaces and occasions.

use chrono::{DateTime, Utc};
use entity::{
    ids::{OccasionId, SpaceId, StationId},
    occasion, space,
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Read, insert, overwrite};
use crate::db::{Trouble, WriteTx};

/// One space.
pub async fn find(conn: &impl ConnectionTrait, id: SpaceId) -> Read<Option<space::Model>> {
    space::Entity::find_by_id(id).one(conn).await
}

/// The spaces of a station that are in use, by name.
pub async fn list_at(conn: &impl ConnectionTrait, station: StationId) -> Read<Vec<space::Model>> {
    space::Entity::find()
        .filter(space::Column::StationId.eq(station))
        .filter(space::Column::RetiredAt.is_null())
        .order_by_asc(space::Column::Name)
        .all(conn)
        .await
}

/// These spaces, in no order.
pub async fn list_by_ids(conn: &impl ConnectionTrait, ids: Vec<SpaceId>) -> Read<Vec<space::Model>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    space::Entity::find().filter(space::Column::Id.is_in(ids)).all(conn).await
}

/// The parts of a space that are in use.
pub async fn list_parts(conn: &impl ConnectionTrait, whole: SpaceId) -> Read<Vec<space::Model>> {
    space::Entity::find()
        .filter(space::Column::PartOf.eq(whole))
        .filter(space::Column::RetiredAt.is_null())
        .order_by_asc(space::Column::Id)
        .all(conn)
        .await
}

/// A new space.
pub async fn add(tx: &WriteTx, row: space::Model) -> Result<(), Trouble> {
    insert::<space::Entity>(tx, row).await
}

/// Writes a changed space over the version it was read at, and gives it the next.
pub async fn change(tx: &WriteTx, mut row: space::Model) -> Result<space::Model, Trouble> {
    let guard = Condition::all().add(space::Column::Id.eq(row.id)).add(space::Column::Rev.eq(row.rev));
    row.rev += 1;
    overwrite::<space::Entity>(tx, row.clone(), guard, "space.rev").await?;
    Ok(row)
}

/// One occasion.
pub async fn find_occasion(conn: &impl ConnectionTrait, id: OccasionId) -> Read<Option<occasion::Model>> {
    occasion::Entity::find_by_id(id).one(conn).await
}

/// These occasions, in no order.
pub async fn list_occasions_by_ids(conn: &impl ConnectionTrait, ids: Vec<OccasionId>) -> Read<Vec<occasion::Model>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    occasion::Entity::find().filter(occasion::Column::Id.is_in(ids)).all(conn).await
}

/// The occasions of a station that end after an instant and begin before another, in order; also those that were called off.
pub async fn list_occasions(
    conn: &impl ConnectionTrait,
    station: StationId,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    limit: u64,
) -> Read<Vec<occasion::Model>> {
    occasion::Entity::find()
        .filter(occasion::Column::StationId.eq(station))
        .filter(occasion::Column::EndsAt.gt(from))
        .filter(occasion::Column::StartsAt.lt(to))
        .order_by_asc(occasion::Column::StartsAt)
        .limit(limit)
        .all(conn)
        .await
}

/// A new occasion.
pub async fn add_occasion(tx: &WriteTx, row: occasion::Model) -> Result<(), Trouble> {
    insert::<occasion::Entity>(tx, row).await
}

/// Writes a changed occasion over the version it was read at, and gives it the next.
pub async fn change_occasion(tx: &WriteTx, mut row: occasion::Model) -> Result<occasion::Model, Trouble> {
    let guard = Condition::all().add(occasion::Column::Id.eq(row.id)).add(occasion::Column::Rev.eq(row.rev));
    row.rev += 1;
    row.sequence += 1;
    overwrite::<occasion::Entity>(tx, row.clone(), guard, "occasion.rev").await?;
    Ok(row)
}
