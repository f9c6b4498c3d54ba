//! The ledger: one line per version of a lot, never edited.

use entity::{
    ids::{LotId, MovementId, TakeId},
    movement::{Column, Entity, Model},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};

use super::{Read, insert};
use crate::db::{Trouble, WriteTx};

/// One line.
pub async fn find(conn: &impl ConnectionTrait, id: MovementId) -> Read<Option<Model>> {
    Entity::find_by_id(id).one(conn).await
}

/// The first line of a lot: how it came.
pub async fn find_first(conn: &impl ConnectionTrait, lot: LotId) -> Read<Option<Model>> {
    Entity::find().filter(Column::LotId.eq(lot)).filter(Column::LotRev.eq(1)).one(conn).await
}

/// The line that takes another back.
pub async fn find_reversal_of(conn: &impl ConnectionTrait, id: MovementId) -> Read<Option<Model>> {
    Entity::find().filter(Column::ReversalOf.eq(id)).one(conn).await
}

/// The other halves of these lines: what takes one of them back, and what one of them takes back.
pub async fn list_other_halves(conn: &impl ConnectionTrait, lines: &[Model]) -> Read<Vec<Model>> {
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let halves = Condition::any()
        .add(Column::ReversalOf.is_in(lines.iter().map(|line| line.id)))
        .add(Column::Id.is_in(lines.iter().filter_map(|line| line.reversal_of)));
    Entity::find().filter(halves).all(conn).await
}

/// A page of the ledger of a lot, oldest first.
pub async fn list_of_lot(conn: &impl ConnectionTrait, lot: LotId, after: Option<MovementId>, limit: u64) -> Read<Vec<Model>> {
    let wanted = Condition::all().add(Column::LotId.eq(lot)).add_option(after.map(|id| Column::Id.gt(id)));
    Entity::find().filter(wanted).order_by_asc(Column::Id).limit(limit).all(conn).await
}

/// What a take took.
pub async fn list_of_take(conn: &impl ConnectionTrait, take: TakeId) -> Read<Vec<Model>> {
    Entity::find().filter(Column::TakeId.eq(take)).order_by_asc(Column::Id).all(conn).await
}

/// How many units were on the shelf at an instant, by what is written now.
pub async fn on_shelf_at(conn: &impl ConnectionTrait, lot: LotId, at: chrono::DateTime<chrono::Utc>) -> Read<i32> {
    let change = Expr::col(Column::Available).add(Expr::col(Column::Held)).add(Expr::col(Column::Quarantined));
    let sum: Option<Option<i64>> = Entity::find()
        .select_only()
        .column_as(change.sum(), "units")
        .filter(Column::LotId.eq(lot))
        .filter(Column::OccurredAt.lte(at))
        .into_tuple()
        .one(conn)
        .await?;
    Ok(i32::try_from(sum.flatten().unwrap_or_default()).unwrap_or(i32::MAX))
}

/// A new line.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}

/// Did anything of a lot move between two instants, besides by counting?
pub async fn moved_between(
    conn: &impl ConnectionTrait,
    lot: LotId,
    from: chrono::DateTime<chrono::Utc>,
    to: chrono::DateTime<chrono::Utc>,
) -> Read<bool> {
    let near = Condition::all().add(Column::LotId.eq(lot)).add(Column::OccurredAt.between(from, to));
    let near = near.add(Column::Reason.ne(entity::movement::Reason::Counted));
    Ok(Entity::find().filter(near).limit(1).one(conn).await?.is_some())
}

/// Since when something has been standing in the red box of a station: the first line that put something in after the last
/// hand-over. None if the box is empty.
pub async fn red_box_since(
    conn: &impl ConnectionTrait,
    station: entity::ids::StationId,
) -> Read<Option<chrono::DateTime<chrono::Utc>>> {
    // In the words of the partial index, which holds the lines of red boxes only.
    let of_station = || Entity::find().filter(Expr::cust("to_dispose <> 0")).filter(Column::StationId.eq(station));
    let emptied = of_station()
        .filter(Column::Reason.eq(entity::movement::Reason::HandedOver))
        .order_by_desc(Column::RecordedAt)
        .limit(1)
        .one(conn)
        .await?;
    let filled = of_station()
        .filter(Column::ToDispose.gt(0))
        .filter(Condition::all().add_option(emptied.map(|line| Column::RecordedAt.gt(line.recorded_at))))
        .order_by_asc(Column::RecordedAt)
        .limit(1);
    Ok(filled.one(conn).await?.map(|line| line.recorded_at))
}
