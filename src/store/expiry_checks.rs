//! The nightly check: which lots it must look at, what it has seen, and its evidence.

use chrono::{Days, NaiveDate};
use entity::{
    expiry_check::{Column, Entity, Model},
    ids::{ExpiryCheckId, LotId, StationId},
    lot, lot_event, movement, station,
    stock_block::{self, Cause},
    take,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Expr, OnConflict, Order, UnionType},
};

use super::{Read, insert, lots::on_shelf};
use crate::db::{Trouble, WriteTx};

/// The stations that ever held a lot: a lot begins with a line in the ledger, and the ledger has an index by station.
pub async fn list_stations(conn: &impl ConnectionTrait) -> Read<Vec<StationId>> {
    let line = movement::Entity::find()
        .select_only()
        .expr(Expr::val(1))
        .filter(Expr::col((movement::Entity, movement::Column::StationId)).equals((station::Entity, station::Column::Id)))
        .into_query();
    station::Entity::find()
        .select_only()
        .column(station::Column::Id)
        .filter(Expr::exists(line))
        .order_by_asc(station::Column::Id)
        .into_tuple()
        .all(conn)
        .await
}

/// What cannot be true of a stored lot, in the words of the index `lot_implausible`, which holds nothing else.
const IMPLAUSIBLE: &str = "last_issue_day > last_day OR strict_last_day > lenient_last_day OR last_day > lenient_last_day OR \
     made_on > last_day OR (last_day IS NULL AND label_text IS NOT NULL) OR (last_day IS NOT NULL AND last_issue_day IS NULL)";

/// Lots of a station whose tier is behind the date, a page of them: ranges only, so that no skipped night loses one. Each tier
/// is a range of an index of its own, so that what is where it was is not even looked at.
pub async fn list_behind(
    conn: &impl ConnectionTrait,
    station: StationId,
    today: NaiveDate,
    after: Option<LotId>,
    limit: u64,
) -> Read<Vec<LotId>> {
    let of_station = || {
        lot::Entity::find()
            .select_only()
            .column(lot::Column::Id)
            .filter(on_shelf())
            .filter(lot::Column::StationId.eq(station))
            .filter(Condition::all().add_option(after.map(|id| lot::Column::Id.gt(id))))
    };
    // A tier is left on the day after its last one.
    let nearer = |tier: lot::Tier, first_day_of_next: NaiveDate| {
        of_station().filter(lot::Column::Tier.eq(tier)).filter(lot::Column::LastDay.lt(first_day_of_next)).into_query()
    };
    let within = |days: u64| today + Days::new(days + 1);
    let stopped =
        of_station().filter(lot::Column::LastIssueDay.lt(today)).filter(lot::Column::Tier.lt(lot::Tier::StopIssue)).into_query();
    let behind = nearer(lot::Tier::Fresh, within(90))
        .union(UnionType::Distinct, nearer(lot::Tier::T90, within(30)))
        .union(UnionType::Distinct, nearer(lot::Tier::T30, within(7)))
        .union(UnionType::Distinct, nearer(lot::Tier::T7, today))
        .union(UnionType::Distinct, nearer(lot::Tier::StopIssue, today))
        .union(UnionType::Distinct, stopped)
        .order_by(lot::Column::Id, Order::Asc)
        .limit(limit)
        .to_owned();
    conn.query_all(&behind).await?.iter().map(|row| row.try_get("", "id")).collect()
}

/// Lots of a station of which something stored cannot be true, and that nobody has blocked for it yet.
pub async fn list_implausible(conn: &impl ConnectionTrait, station: StationId, limit: u64) -> Read<Vec<LotId>> {
    let blocked = stock_block::Entity::find()
        .select_only()
        .expr(Expr::val(1))
        .filter(Expr::col((stock_block::Entity, stock_block::Column::LotId)).equals((lot::Entity, lot::Column::Id)))
        .filter(stock_block::Column::Cause.eq(Cause::DataError))
        .filter(stock_block::Column::LiftedAt.is_null())
        .into_query();
    lot::Entity::find()
        .select_only()
        .column(lot::Column::Id)
        .filter(on_shelf())
        .filter(Expr::cust(format!("({IMPLAUSIBLE})")))
        .filter(lot::Column::StationId.eq(station))
        .filter(Expr::exists(blocked).not())
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

/// Takes from lots that could no longer be handed out on their day, as it was known then: there must be none. The lines that
/// were taken have an index of their own.
pub async fn list_late_takes(conn: &impl ConnectionTrait, station: StationId) -> Read<Vec<LotId>> {
    movement::Entity::find()
        .select_only()
        .column(movement::Column::LotId)
        .distinct()
        .inner_join_on_take()
        .filter(movement::Column::StationId.eq(station))
        .filter(Expr::cust("reason = 'taken'"))
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

/// The newest check of a station.
pub async fn find_last(conn: &impl ConnectionTrait, station: StationId) -> Read<Option<Model>> {
    Entity::find().filter(Column::StationId.eq(station)).order_by_desc(Column::BusinessDate).limit(1).one(conn).await
}

/// One check.
pub async fn find(conn: &impl ConnectionTrait, id: ExpiryCheckId) -> Read<Option<Model>> {
    Entity::find_by_id(id).one(conn).await
}

/// A page of the checks of a station, oldest first.
pub async fn list(
    conn: &impl ConnectionTrait,
    station: Option<StationId>,
    after: Option<ExpiryCheckId>,
    limit: u64,
) -> Read<Vec<Model>> {
    let wanted =
        Condition::all().add_option(station.map(|id| Column::StationId.eq(id))).add_option(after.map(|id| Column::Id.gt(id)));
    Entity::find().filter(wanted).order_by_asc(Column::Id).limit(limit).all(conn).await
}

/// The evidence of a check.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}
