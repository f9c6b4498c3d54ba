//! Stations and their closures.

use entity::{
    closure,
    ids::{ClosureId, CommunityId, StationId},
    station::{Column, Entity, Model},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Read, exactly_one, insert, overwrite};
use crate::db::{Trouble, WriteTx};

/// One station.
pub async fn find(conn: &impl ConnectionTrait, id: StationId) -> Read<Option<Model>> {
    Entity::find_by_id(id).one(conn).await
}

/// Several stations, in no order.
pub async fn list_by_ids(conn: &impl ConnectionTrait, ids: Vec<StationId>) -> Read<Vec<Model>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find().filter(Column::Id.is_in(ids)).all(conn).await
}

/// The station with that code on its plate.
pub async fn find_by_code(conn: &impl ConnectionTrait, code: &str) -> Read<Option<Model>> {
    Entity::find().filter(Column::Code.eq(code)).one(conn).await
}

/// A page of stations, oldest first.
pub async fn list(
    conn: &impl ConnectionTrait,
    community: Option<CommunityId>,
    after: Option<StationId>,
    limit: u64,
) -> Read<Vec<Model>> {
    let wanted =
        Condition::all().add_option(community.map(|id| Column::CommunityId.eq(id))).add_option(after.map(|id| Column::Id.gt(id)));
    Entity::find().filter(wanted).order_by_asc(Column::Id).limit(limit).all(conn).await
}

/// These stations.
pub async fn list_some(conn: &impl ConnectionTrait, ids: Vec<StationId>) -> Read<Vec<Model>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find().filter(Column::Id.is_in(ids)).all(conn).await
}

/// A new one.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}

/// Writes a changed row over the version it was read at, and gives it the next.
pub async fn change(tx: &WriteTx, mut row: Model) -> Result<Model, Trouble> {
    let guard = Condition::all().add(Column::Id.eq(row.id)).add(Column::Rev.eq(row.rev));
    row.rev += 1;
    overwrite::<Entity>(tx, row.clone(), guard, "station.rev").await?;
    Ok(row)
}

/// The closures of a station, first day first.
pub async fn list_closures(conn: &impl ConnectionTrait, station: StationId) -> Read<Vec<closure::Model>> {
    closure::Entity::find().filter(closure::Column::StationId.eq(station)).order_by_asc(closure::Column::FirstDay).all(conn).await
}

/// The closures of several stations that are not over before a day.
pub async fn list_closures_of(
    conn: &impl ConnectionTrait,
    stations: Vec<StationId>,
    from: chrono::NaiveDate,
) -> Read<Vec<closure::Model>> {
    let wanted = Condition::all().add(closure::Column::StationId.is_in(stations)).add(closure::Column::LastDay.gte(from));
    closure::Entity::find().filter(wanted).order_by_asc(closure::Column::FirstDay).all(conn).await
}

/// One closure.
pub async fn find_closure(conn: &impl ConnectionTrait, id: ClosureId) -> Read<Option<closure::Model>> {
    closure::Entity::find_by_id(id).one(conn).await
}

/// A new closure.
pub async fn add_closure(tx: &WriteTx, row: closure::Model) -> Result<(), Trouble> {
    insert::<closure::Entity>(tx, row).await
}

/// Takes a closure back.
pub async fn remove_closure(tx: &WriteTx, id: ClosureId) -> Result<(), Trouble> {
    exactly_one(closure::Entity::delete_by_id(id).exec(tx.conn()).await?.rows_affected, "closure")
}
