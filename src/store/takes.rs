//! Takes, and who took what within three days (by a key that is no name).

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    content,
    ids::{IngredientId, KindId, LotId, StationId, TakeId},
    movement,
    take::{Column, Entity, Model},
    taker,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};

use super::{Read, exactly_one, insert};
use crate::db::{Trouble, WriteTx};

/// One take.
pub async fn find(conn: &impl ConnectionTrait, id: TakeId) -> Read<Option<Model>> {
    Entity::find_by_id(id).one(conn).await
}

/// Some of them.
pub async fn list_some(conn: &impl ConnectionTrait, ids: Vec<TakeId>) -> Read<Vec<Model>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find().filter(Column::Id.is_in(ids)).all(conn).await
}

/// As [`find`], held until the end of the write.
pub async fn lock(tx: &WriteTx, id: TakeId) -> Read<Option<Model>> {
    Entity::find_by_id(id).lock_exclusive().one(tx.conn()).await
}

/// The take with this number in the paper register of a station.
pub async fn find_by_external_no(conn: &impl ConnectionTrait, station: StationId, no: &str) -> Read<Option<Model>> {
    Entity::find().filter(Column::StationId.eq(station)).filter(Column::ExternalNo.eq(no)).one(conn).await
}

/// A new one.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}

/// Taken back, once.
pub async fn undo(tx: &WriteTx, id: TakeId, now: DateTime<Utc>) -> Result<(), Trouble> {
    let undone = Entity::update_many()
        .col_expr(Column::UndoneAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::UndoneAt.is_null())
        .exec(tx.conn())
        .await?;
    exactly_one(undone.rows_affected, "take.undone_at")
}

/// How many units of a kind were taken at a station on a business date.
pub async fn units_on(conn: &impl ConnectionTrait, station: StationId, kind: KindId, day: NaiveDate) -> Read<i32> {
    let sum: Option<Option<i64>> = Entity::find()
        .select_only()
        .column_as(Column::Units.sum(), "units")
        .filter(Column::StationId.eq(station))
        .filter(Column::KindId.eq(kind))
        .filter(Column::TakenOn.eq(day))
        .filter(Column::UndoneAt.is_null())
        .into_tuple()
        .one(conn)
        .await?;
    Ok(i32::try_from(sum.flatten().unwrap_or_default()).unwrap_or(i32::MAX))
}

/// How many units of a kind one person, or one device, has taken on a business date, at any station.
pub async fn units_by(conn: &impl ConnectionTrait, person_key: &[u8], kind: KindId, day: NaiveDate) -> Read<i32> {
    let sum: Option<Option<i64>> = Entity::find()
        .select_only()
        .column_as(Column::Units.sum(), "units")
        .filter(Column::PersonKey.eq(person_key.to_vec()))
        .filter(Column::KindId.eq(kind))
        .filter(Column::TakenOn.eq(day))
        .filter(Column::UndoneAt.is_null())
        .into_tuple()
        .one(conn)
        .await?;
    Ok(i32::try_from(sum.flatten().unwrap_or_default()).unwrap_or(i32::MAX))
}

/// Holds everything that one person takes until the end of the write, so that two phones do not take the limit twice.
pub async fn lock_taker(tx: &WriteTx, person_key: &[u8], now: DateTime<Utc>) -> Result<(), Trouble> {
    let row = taker::Model { person_key: person_key.to_vec(), last_at: now, rev: 1 };
    let mut again = OnConflict::column(taker::Column::PersonKey);
    again.value(taker::Column::Rev, Expr::col((taker::Entity, taker::Column::Rev)).add(1));
    again.value(taker::Column::LastAt, Expr::value(now));
    taker::Entity::insert(row.into_active_model()).on_conflict(again).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// What a person took since an instant: ingredient, micrograms, when.
pub async fn list_doses(
    conn: &impl ConnectionTrait,
    person_key: &[u8],
    since: DateTime<Utc>,
) -> Read<Vec<(IngredientId, i64, DateTime<Utc>)>> {
    let takes = Entity::find()
        .filter(Column::PersonKey.eq(person_key.to_vec()))
        .filter(Column::TakenAt.gt(since))
        .filter(Column::UndoneAt.is_null())
        .all(conn)
        .await?;
    if takes.is_empty() {
        return Ok(Vec::new());
    }
    let kinds: Vec<KindId> = takes.iter().map(|take| take.kind_id).collect();
    let contents = content::Entity::find().filter(content::Column::KindId.is_in(kinds)).all(conn).await?;
    let of = |take: &Model| {
        let (kind, units, at) = (take.kind_id, i64::from(take.units), take.taken_at);
        contents
            .iter()
            .filter(move |content| content.kind_id == kind)
            .map(move |content| (content.ingredient_id, content.micrograms_per_unit.saturating_mul(units), at))
            .collect::<Vec<_>>()
    };
    Ok(takes.iter().flat_map(of).collect())
}

/// Nobody needs to know any more who took something before an instant.
pub async fn forget_persons_before(tx: &WriteTx, instant: DateTime<Utc>) -> Result<u64, Trouble> {
    taker::Entity::delete_many().filter(taker::Column::LastAt.lt(instant)).exec(tx.conn()).await?;
    forget(tx, Condition::all().add(Column::TakenAt.lt(instant))).await
}

/// Nobody will know any more what a person took.
pub async fn forget_person(tx: &WriteTx, person_key: &[u8]) -> Result<(), Trouble> {
    taker::Entity::delete_many().filter(taker::Column::PersonKey.eq(person_key.to_vec())).exec(tx.conn()).await?;
    forget(tx, Condition::all().add(Column::PersonKey.eq(person_key.to_vec()))).await?;
    Ok(())
}

async fn forget(tx: &WriteTx, which: Condition) -> Result<u64, Trouble> {
    let forgotten = Entity::update_many().col_expr(Column::PersonKey, Expr::value(Option::<Vec<u8>>::None));
    // By an index that holds nothing but what is still known.
    Ok(forgotten.filter(which.add(Column::PersonKey.is_not_null())).exec(tx.conn()).await?.rows_affected)
}

/// The newest takes from these lots that were not undone: the take, the lot, and what its ledger lost.
pub async fn list_of_lots(conn: &impl ConnectionTrait, lots: Vec<LotId>, limit: u64) -> Read<Vec<(Model, LotId, i32)>> {
    if lots.is_empty() {
        return Ok(Vec::new());
    }
    let lines = movement::Entity::find()
        .filter(movement::Column::LotId.is_in(lots))
        .filter(movement::Column::Reason.eq(movement::Reason::Taken))
        .order_by_desc(movement::Column::OccurredAt)
        .limit(limit)
        .all(conn)
        .await?;
    let ids: Vec<TakeId> = lines.iter().filter_map(|line| line.take_id).collect();
    let takes = Entity::find().filter(Column::Id.is_in(ids)).filter(Column::UndoneAt.is_null()).all(conn).await?;
    let of = |line: &movement::Model| takes.iter().find(|take| Some(take.id) == line.take_id).cloned();
    Ok(lines.iter().filter_map(|line| Some((of(line)?, line.lot_id, line.available + line.held))).collect())
}
