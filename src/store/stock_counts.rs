//! Counts of lots.

use chrono::{DateTime, Utc};
use entity::{
    ids::{LotId, StationId, StockCountId},
    stock_count::{Column, Entity, Model},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};

use super::{Read, exactly_one, insert};
use crate::db::{Trouble, WriteTx};

/// The count that waits for a second pair of eyes.
pub async fn find_open(conn: &impl ConnectionTrait, lot: LotId) -> Read<Option<Model>> {
    let open =
        Entity::find().filter(Column::LotId.eq(lot)).filter(Column::FinalAt.is_null()).filter(Column::ReplacedAt.is_null());
    open.one(conn).await
}

/// The lots of a station of which a count waits for a second pair of eyes.
pub async fn list_open_at(conn: &impl ConnectionTrait, station: StationId) -> Read<Vec<LotId>> {
    Entity::find()
        .select_only()
        .column(Column::LotId)
        .filter(Column::StationId.eq(station))
        .filter(Column::FinalAt.is_null())
        .filter(Column::ReplacedAt.is_null())
        .into_tuple()
        .all(conn)
        .await
}

/// A new one.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}

/// Another count has taken its place.
pub async fn replace(tx: &WriteTx, id: StockCountId, now: DateTime<Utc>) -> Result<(), Trouble> {
    let replaced = Entity::update_many()
        .col_expr(Column::ReplacedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::ReplacedAt.is_null())
        .exec(tx.conn())
        .await?;
    exactly_one(replaced.rows_affected, "stock_count.replaced_at")
}
