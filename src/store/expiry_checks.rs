//! The nightly check: which lots it must look at, and what it has seen.

use chrono::{Days, NaiveDate};
use entity::{
    ids::{LotId, StationId},
    lot, lot_event, movement,
    stock_block::{self, Cause},
    take,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Expr, OnConflict},
};

use super::Read;
use crate::db::{Trouble, WriteTx};

fn on_shelf() -> Condition {
    let sum = Expr::col(lot::Column::Available).add(Expr::col(lot::Column::Held)).add(Expr::col(lot::Column::Quarantined));
    Condition::all().add(sum.gt(0))
}

/// Lots of a station whose tier is behind the date, a page of them: ranges only, so that no skipped night loses one.
pub async fn list_behind(
    conn: &impl ConnectionTrait,
    station: StationId,
    today: NaiveDate,
    after: Option<LotId>,
    limit: u64,
) -> Read<Vec<LotId>> {
    let nearer = |days: u64, tier: lot::Tier| {
        Condition::all().add(lot::Column::LastDay.lte(today + Days::new(days))).add(lot::Column::Tier.lt(tier))
    };
    let behind = Condition::any()
        .add(Condition::all().add(lot::Column::LastDay.lt(today)).add(lot::Column::Tier.lt(lot::Tier::Expired)))
        .add(Condition::all().add(lot::Column::LastIssueDay.lt(today)).add(lot::Column::Tier.lt(lot::Tier::StopIssue)))
        .add(nearer(7, lot::Tier::T7))
        .add(nearer(30, lot::Tier::T30))
        .add(nearer(90, lot::Tier::T90));
    lot::Entity::find()
        .select_only()
        .column(lot::Column::Id)
        .filter(on_shelf())
        .filter(lot::Column::StationId.eq(station))
        .filter(behind)
        .filter(Condition::all().add_option(after.map(|id| lot::Column::Id.gt(id))))
        .order_by_asc(lot::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(conn)
        .await
}

/// Lots of a station of which something stored cannot be true, and that nobody has blocked for it yet.
pub async fn list_implausible(conn: &impl ConnectionTrait, station: StationId, limit: u64) -> Read<Vec<LotId>> {
    let blocked = stock_block::Entity::find()
        .select_only()
        .column(stock_block::Column::LotId)
        .filter(stock_block::Column::StationId.eq(station))
        .filter(stock_block::Column::Cause.eq(Cause::DataError))
        .filter(stock_block::Column::LiftedAt.is_null())
        .into_query();
    let past = |a: lot::Column, b: lot::Column| Expr::col(a).gt(Expr::col(b));
    let wrong = Condition::any()
        .add(past(lot::Column::LastIssueDay, lot::Column::LastDay))
        .add(past(lot::Column::StrictLastDay, lot::Column::LenientLastDay))
        .add(past(lot::Column::LastDay, lot::Column::LenientLastDay))
        .add(past(lot::Column::MadeOn, lot::Column::LastDay))
        .add(Condition::all().add(lot::Column::LastDay.is_null()).add(lot::Column::LabelText.is_not_null()))
        .add(Condition::all().add(lot::Column::LastDay.is_not_null()).add(lot::Column::LastIssueDay.is_null()));
    lot::Entity::find()
        .select_only()
        .column(lot::Column::Id)
        .filter(on_shelf())
        .filter(lot::Column::StationId.eq(station))
        .filter(wrong)
        .filter(lot::Column::Id.not_in_subquery(blocked))
        .order_by_asc(lot::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(conn)
        .await
}

/// How many lots of a station hold anything on the shelf, by tier.
pub async fn count_by_tier(conn: &impl ConnectionTrait, station: StationId) -> Read<Vec<(lot::Tier, i64)>> {
    lot::Entity::find()
        .select_only()
        .column(lot::Column::Tier)
        .column_as(lot::Column::Id.count(), "lots")
        .filter(on_shelf())
        .filter(lot::Column::StationId.eq(station))
        .group_by(lot::Column::Tier)
        .order_by_asc(lot::Column::Tier)
        .into_tuple()
        .all(conn)
        .await
}

/// Transitions were seen; each once for the facts it stands on.
pub async fn note_events(tx: &WriteTx, rows: Vec<lot_event::Model>) -> Result<(), Trouble> {
    if rows.is_empty() {
        return Ok(());
    }
    let key = [lot_event::Column::LotId, lot_event::Column::What, lot_event::Column::Facts];
    lot_event::Entity::insert_many(rows.into_iter().map(IntoActiveModel::into_active_model))
        .on_conflict(OnConflict::columns(key).do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// These lots are in this tier now. No version of the lots: nothing moves.
pub async fn raise(tx: &WriteTx, lots: Vec<LotId>, tier: lot::Tier) -> Result<(), Trouble> {
    lot::Entity::update_many()
        .col_expr(lot::Column::Tier, Expr::value(tier))
        .filter(lot::Column::Id.is_in(lots))
        .filter(lot::Column::Tier.lt(tier))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// What was seen at a station on a date.
pub async fn list_events(conn: &impl ConnectionTrait, station: StationId, seen_on: NaiveDate) -> Read<Vec<lot_event::Model>> {
    lot_event::Entity::find()
        .filter(lot_event::Column::StationId.eq(station))
        .filter(lot_event::Column::SeenOn.eq(seen_on))
        .order_by_asc(lot_event::Column::LotId)
        .order_by_asc(lot_event::Column::What)
        .all(conn)
        .await
}

/// Takes from lots that could no longer be handed out on their day, as it was known then: there must be none.
pub async fn list_late_takes(conn: &impl ConnectionTrait, station: StationId) -> Read<Vec<LotId>> {
    movement::Entity::find()
        .select_only()
        .column(movement::Column::LotId)
        .distinct()
        .inner_join_on_take()
        .filter(movement::Column::StationId.eq(station))
        .filter(movement::Column::Reason.eq(movement::Reason::Taken))
        .filter(
            Expr::col((take::Entity, take::Column::TakenOn)).gt(Expr::col((movement::Entity, movement::Column::LastIssueDay))),
        )
        .into_tuple()
        .all(conn)
        .await
}

/// Was anything taken from a lot after a day?
pub async fn was_taken_after(conn: &impl ConnectionTrait, lot: LotId, day: NaiveDate) -> Read<bool> {
    let late = movement::Entity::find()
        .inner_join_on_take()
        .filter(movement::Column::LotId.eq(lot))
        .filter(movement::Column::Reason.eq(movement::Reason::Taken))
        .filter(Expr::col((take::Entity, take::Column::TakenOn)).gt(day));
    Ok(late.limit(1).one(conn).await?.is_some())
}

/// Joins that are needed here only.
trait JoinTake {
    fn inner_join_on_take(self) -> Self;
}

impl JoinTake for sea_orm::Select<movement::Entity> {
    fn inner_join_on_take(mut self) -> Self {
        let take_of = Expr::col((take::Entity, take::Column::Id)).equals((movement::Entity, movement::Column::TakeId));
        QueryTrait::query(&mut self).inner_join(take::Entity, take_of);
        self
    }
}
