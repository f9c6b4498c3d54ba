//! Rows of the policy matrix.

use entity::{
    ids::{KindId, PolicyId, StationId},
    policy::{Column, Entity, Model},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Read, exactly_one, insert, overwrite};
use crate::db::{Trouble, WriteTx};

/// One row.
pub async fn find(conn: &impl ConnectionTrait, id: PolicyId) -> Read<Option<Model>> {
    Entity::find_by_id(id).one(conn).await
}

/// The row of a scope.
pub async fn find_by_scope(conn: &impl ConnectionTrait, scope: &str) -> Read<Option<Model>> {
    Entity::find().filter(Column::Scope.eq(scope)).one(conn).await
}

/// All rows that could apply to a kind at a station, for any group.
pub async fn list_for(conn: &impl ConnectionTrait, station: Option<StationId>, kind: KindId) -> Read<Vec<Model>> {
    let here = Condition::any().add(Column::StationId.is_null()).add_option(station.map(|id| Column::StationId.eq(id)));
    let this = Condition::any().add(Column::KindId.is_null()).add(Column::KindId.eq(kind));
    Entity::find().filter(here).filter(this).all(conn).await
}

/// A page of rows, oldest first.
pub async fn list(conn: &impl ConnectionTrait, after: Option<PolicyId>, limit: u64) -> Read<Vec<Model>> {
    let after = after.map(|id| Column::Id.gt(id));
    Entity::find().filter(Condition::all().add_option(after)).order_by_asc(Column::Id).limit(limit).all(conn).await
}

/// A new row.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}

/// Writes a changed row over the version it was read at, and gives it the next.
pub async fn change(tx: &WriteTx, mut row: Model) -> Result<Model, Trouble> {
    let guard = Condition::all().add(Column::Id.eq(row.id)).add(Column::Rev.eq(row.rev));
    row.rev += 1;
    overwrite::<Entity>(tx, row.clone(), guard, "policy.rev").await?;
    Ok(row)
}

/// Takes a row out of the matrix.
pub async fn remove(tx: &WriteTx, row: &Model) -> Result<(), Trouble> {
    let gone = Entity::delete_many().filter(Column::Id.eq(row.id)).filter(Column::Rev.eq(row.rev)).exec(tx.conn()).await?;
    exactly_one(gone.rows_affected, "policy.rev")
}
