//! Blocks on stock, and the recalls behind some of them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use entity::{
    ids::{LotId, MemberId, RecallId, StationId, StockBlockId},
    lot, recall,
    stock_block::{Cause, Column, Entity, Model},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

use super::{Read, exactly_one, insert, overwrite};
use crate::db::{Trouble, WriteTx};

/// Why these lots are blocked; what is not in the map is not blocked by anything that lies on it.
pub async fn causes_on(conn: &impl ConnectionTrait, lots: Vec<LotId>) -> Read<BTreeMap<LotId, BTreeSet<Cause>>> {
    let mut causes: BTreeMap<LotId, BTreeSet<Cause>> = BTreeMap::new();
    if lots.is_empty() {
        return Ok(causes);
    }
    for block in Entity::find().filter(Column::LotId.is_in(lots)).filter(Column::LiftedAt.is_null()).all(conn).await? {
        if let Some(lot) = block.lot_id {
            causes.entry(lot).or_default().insert(block.cause);
        }
    }
    Ok(causes)
}

/// The blocks on a lot that were not lifted.
pub async fn list_on(conn: &impl ConnectionTrait, lot: LotId) -> Read<Vec<Model>> {
    Entity::find().filter(Column::LotId.eq(lot)).filter(Column::LiftedAt.is_null()).order_by_asc(Column::Id).all(conn).await
}

/// The suspension of the medicine of a station.
pub async fn find_suspension(conn: &impl ConnectionTrait, station: StationId) -> Read<Option<Model>> {
    Entity::find()
        .filter(Column::StationId.eq(station))
        .filter(Column::Cause.eq(Cause::Suspended))
        .filter(Column::LiftedAt.is_null())
        .one(conn)
        .await
}

/// What was blocked at a station since an instant because something stored of it cannot be true, lot by lot.
pub async fn list_data_errors_since(conn: &impl ConnectionTrait, station: StationId, since: DateTime<Utc>) -> Read<Vec<Model>> {
    let since = Entity::find().filter(Column::StationId.eq(station)).filter(Column::MadeAt.gte(since));
    since.filter(Column::Cause.eq(Cause::DataError)).order_by_asc(Column::LotId).limit(400).all(conn).await
}

/// One block.
pub async fn find(conn: &impl ConnectionTrait, id: StockBlockId) -> Read<Option<Model>> {
    Entity::find_by_id(id).one(conn).await
}

/// Lays a block on a lot, and counts it there: the statement that takes looks at the count. The lot is the row as it is now.
pub async fn lay(tx: &WriteTx, row: Model, lot: &lot::Model) -> Result<lot::Model, Trouble> {
    insert::<Entity>(tx, row).await?;
    let lot = lot::Model { blocks: lot.blocks + 1, ..lot.clone() };
    count_on(tx, lot.id, 1).await?;
    Ok(lot)
}

/// Suspends the medicine of a station.
pub async fn suspend(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}

/// Lifts a block; the count on its lot falls.
pub async fn lift(tx: &WriteTx, block: &Model, by: Option<MemberId>, reason: &str, now: DateTime<Utc>) -> Result<(), Trouble> {
    let lifted = Entity::update_many()
        .col_expr(Column::LiftedAt, Expr::value(now))
        .col_expr(Column::LiftedBy, Expr::value(by))
        .col_expr(Column::LiftReason, Expr::value(reason))
        .filter(Column::Id.eq(block.id))
        .filter(Column::LiftedAt.is_null())
        .exec(tx.conn())
        .await?;
    exactly_one(lifted.rows_affected, "stock_block.lifted_at")?;
    match block.lot_id {
        Some(lot) => count_on(tx, lot, -1).await,
        None => Ok(()),
    }
}

/// The number of blocks is no version of the lot: its ledger does not move.
async fn count_on(tx: &WriteTx, lot: LotId, by: i32) -> Result<(), Trouble> {
    let counted = lot::Entity::update_many()
        .col_expr(lot::Column::Blocks, Expr::col(lot::Column::Blocks).add(by))
        .filter(lot::Column::Id.eq(lot))
        .exec(tx.conn())
        .await?;
    exactly_one(counted.rows_affected, "lot.blocks")
}

/// Nobody enters a recall before the end of this write, and none that was entered is overlooked in it: whoever writes down a
/// new lot holds the registry first. Writers of lots do not wait for each other. (SQLite has one writer anyway.)
pub async fn hold_registry(tx: &WriteTx) -> Result<(), Trouble> {
    if tx.conn().get_database_backend() == DbBackend::Postgres {
        tx.conn().execute_unprepared("LOCK TABLE recall IN SHARE MODE").await?;
    }
    Ok(())
}

/// One person has said that it may be lifted.
pub async fn propose_lift(tx: &WriteTx, id: StockBlockId, by: Option<MemberId>, now: DateTime<Utc>) -> Result<(), Trouble> {
    let proposed = Entity::update_many()
        .col_expr(Column::LiftProposedAt, Expr::value(now))
        .col_expr(Column::LiftProposedBy, Expr::value(by))
        .filter(Column::Id.eq(id))
        .filter(Column::LiftedAt.is_null())
        .filter(Column::LiftProposedAt.is_null())
        .exec(tx.conn())
        .await?;
    exactly_one(proposed.rows_affected, "stock_block.lift_proposed_at")
}

/// The recalls that were not lifted.
pub async fn list_recalls_in_force(conn: &impl ConnectionTrait) -> Read<Vec<recall::Model>> {
    recall::Entity::find().filter(recall::Column::LiftedAt.is_null()).all(conn).await
}

/// A page of recalls, oldest first.
pub async fn list_recalls(conn: &impl ConnectionTrait, after: Option<RecallId>, limit: u64) -> Read<Vec<recall::Model>> {
    let after = Condition::all().add_option(after.map(|id| recall::Column::Id.gt(id)));
    recall::Entity::find().filter(after).order_by_asc(recall::Column::Id).limit(limit).all(conn).await
}

/// One recall, held until the end of the write.
pub async fn lock_recall(tx: &WriteTx, id: RecallId) -> Read<Option<recall::Model>> {
    recall::Entity::find_by_id(id).lock_exclusive().one(tx.conn()).await
}

/// A new recall.
pub async fn add_recall(tx: &WriteTx, row: recall::Model) -> Result<(), Trouble> {
    insert::<recall::Entity>(tx, row).await
}

/// A recall is to be lifted, or is.
pub async fn change_recall(tx: &WriteTx, row: recall::Model) -> Result<(), Trouble> {
    let guard = Condition::all().add(recall::Column::Id.eq(row.id)).add(recall::Column::LiftedAt.is_null());
    overwrite::<recall::Entity>(tx, row, guard, "recall.lifted_at").await
}

/// The blocks that a recall has laid.
pub async fn list_of_recall(conn: &impl ConnectionTrait, recall: RecallId) -> Read<Vec<Model>> {
    Entity::find().filter(Column::RecallId.eq(recall)).filter(Column::LiftedAt.is_null()).all(conn).await
}

/// The blocks that were laid at a station after an instant: so many of them.
pub async fn list_laid_since(
    conn: &impl ConnectionTrait,
    station: StationId,
    since: Option<DateTime<Utc>>,
    limit: u64,
) -> Read<Vec<Model>> {
    let wanted = Condition::all().add_option(since.map(|since| Column::MadeAt.gt(since)));
    Entity::find().filter(Column::StationId.eq(station)).filter(wanted).order_by_asc(Column::MadeAt).limit(limit).all(conn).await
}

/// The blocks that were lifted at a station after an instant: so many of them.
pub async fn list_lifted_since(
    conn: &impl ConnectionTrait,
    station: StationId,
    since: Option<DateTime<Utc>>,
    limit: u64,
) -> Read<Vec<Model>> {
    let wanted = Condition::all().add(Column::LiftedAt.is_not_null()).add_option(since.map(|since| Column::LiftedAt.gt(since)));
    let lifted = Entity::find().filter(Column::StationId.eq(station)).filter(wanted);
    lifted.order_by_asc(Column::LiftedAt).limit(limit).all(conn).await
}

/// One recall.
pub async fn find_recall(conn: &impl ConnectionTrait, id: RecallId) -> Read<Option<recall::Model>> {
    recall::Entity::find_by_id(id).one(conn).await
}

/// The lots that a recall has ever blocked.
pub async fn list_lots_of_recall(conn: &impl ConnectionTrait, recall: RecallId) -> Read<Vec<LotId>> {
    let lots = Entity::find().select_only().column(Column::LotId).distinct().filter(Column::RecallId.eq(recall));
    lots.filter(Column::LotId.is_not_null()).into_tuple().all(conn).await
}
