//! Units that are set aside for somebody.

use chrono::{DateTime, Utc};
use entity::{
    ids::{LotHoldId, LotId, MemberId, StationId},
    lot_hold::{Column, Ended, Entity, Model},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use super::{Read, exactly_one, insert};
use crate::db::{Trouble, WriteTx};

/// One hold.
pub async fn find(conn: &impl ConnectionTrait, id: LotHoldId) -> Read<Option<Model>> {
    Entity::find_by_id(id).one(conn).await
}

/// The holds on these lots that have not ended, the oldest first.
pub async fn list_open_on(conn: &impl ConnectionTrait, lots: Vec<LotId>) -> Read<Vec<Model>> {
    if lots.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find().filter(Column::LotId.is_in(lots)).filter(Column::EndedAt.is_null()).order_by_asc(Column::Id).all(conn).await
}

/// The holds at a station that have not ended, a page of them, the oldest first.
pub async fn list_open_at(
    conn: &impl ConnectionTrait,
    station: StationId,
    after: Option<LotHoldId>,
    limit: u64,
) -> Read<Vec<Model>> {
    let wanted = Condition::all().add(Column::StationId.eq(station)).add_option(after.map(|id| Column::Id.gt(id)));
    Entity::find().filter(wanted).filter(Column::EndedAt.is_null()).order_by_asc(Column::Id).limit(limit).all(conn).await
}

/// A new one.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}

/// Ends it, once.
pub async fn end(tx: &WriteTx, id: LotHoldId, how: Ended, now: DateTime<Utc>) -> Result<(), Trouble> {
    let ended = Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(now))
        .col_expr(Column::EndedHow, Expr::value(how))
        .filter(Column::Id.eq(id))
        .filter(Column::EndedAt.is_null())
        .exec(tx.conn())
        .await?;
    exactly_one(ended.rows_affected, "lot_hold.ended_at")
}

/// Nobody needs to know any more for whom something was set aside that ended before an instant.
pub async fn forget_members_before(tx: &WriteTx, instant: DateTime<Utc>) -> Result<u64, Trouble> {
    forget(tx, Condition::all().add(Column::EndedAt.lt(instant))).await
}

/// Nobody will know any more what was set aside for a member.
pub async fn forget_member(tx: &WriteTx, member: MemberId) -> Result<u64, Trouble> {
    forget(tx, Condition::all().add(Column::MemberId.eq(member))).await
}

async fn forget(tx: &WriteTx, which: Condition) -> Result<u64, Trouble> {
    let forgotten = Entity::update_many().col_expr(Column::MemberId, Expr::value(Option::<MemberId>::None));
    Ok(forgotten.filter(which.add(Column::MemberId.is_not_null())).exec(tx.conn()).await?.rows_affected)
}
