//! Secrets of this installation, and the answers to requests that are too old to be asked again.

use chrono::{DateTime, Utc};
use entity::{
    answered_request,
    app_secret::{Column, Entity, Model},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, sea_query::OnConflict};

use super::Read;
use crate::db::{Trouble, WriteTx};

/// One secret.
pub async fn find(conn: &impl ConnectionTrait, name: &str) -> Read<Option<Model>> {
    Entity::find_by_id(name.to_owned()).one(conn).await
}

/// The secrets whose name begins so, newest first.
pub async fn list(conn: &impl ConnectionTrait, prefix: &str) -> Read<Vec<Model>> {
    Entity::find()
        .filter(Column::Name.starts_with(prefix))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Name)
        .all(conn)
        .await
}

/// Keeps a secret, unless there is one of that name: of several processes that start at once, the first decides.
pub async fn keep_first(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::column(Column::Name).do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Keeps a secret in place of the one of that name.
pub async fn keep_last(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::column(Column::Name).update_columns([Column::Value, Column::CreatedAt]).to_owned())
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Forgets a secret. Says whether it was there.
pub async fn forget(tx: &WriteTx, name: &str) -> Result<bool, Trouble> {
    Ok(Entity::delete_by_id(name.to_owned()).exec(tx.conn()).await?.rows_affected == 1)
}

/// Forgets the answers to requests of before an instant.
pub async fn forget_answers_before(tx: &WriteTx, instant: DateTime<Utc>) -> Result<u64, Trouble> {
    let old = answered_request::Column::CreatedAt.lt(instant);
    Ok(answered_request::Entity::delete_many().filter(old).exec(tx.conn()).await?.rows_affected)
}
