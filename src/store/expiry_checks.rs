//! The nightly check: which lots it must look at, and what it has seen.

use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::{
    ids::{LotId, StationId},
    lot, lot_event, movement,
    stock_block::{self, Cause},
    take, task,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Expr, OnConflict, Order, UnionType},
};

use super::{Read, lots::on_shelf};
use crate::db::{Trouble, WriteTx};

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
    lot::Entity::find()
        .select_only()
        .column(lot::Column::Id)
        .filter(is_implausible())
        .filter(lot::Column::StationId.eq(station))
        .order_by_asc(lot::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(conn)
        .await
}

/// Something stored of the lot cannot be true, and nobody has blocked it for that yet.
pub(super) fn is_implausible() -> Condition {
    let blocked = stock_block::Entity::find()
        .select_only()
        .expr(Expr::val(1))
        .filter(Expr::col((stock_block::Entity, stock_block::Column::LotId)).equals((lot::Entity, lot::Column::Id)))
        .filter(stock_block::Column::Cause.eq(Cause::DataError))
        .filter(stock_block::Column::LiftedAt.is_null())
        .into_query();
    Condition::all().add(on_shelf()).add(Expr::cust(format!("({IMPLAUSIBLE})"))).add(Expr::exists(blocked).not())
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

/// What was seen at a station on a date: so much of it.
pub async fn list_events(
    conn: &impl ConnectionTrait,
    station: StationId,
    seen_on: NaiveDate,
    limit: u64,
) -> Read<Vec<lot_event::Model>> {
    lot_event::Entity::find()
        .filter(lot_event::Column::StationId.eq(station))
        .filter(lot_event::Column::SeenOn.eq(seen_on))
        .limit(limit)
        .order_by_asc(lot_event::Column::LotId)
        .order_by_asc(lot_event::Column::What)
        .all(conn)
        .await
}

/// Lots in a tier of which something is on the shelf, and that nobody is asked for: a page of them.
pub async fn list_unasked(
    conn: &impl ConnectionTrait,
    station: StationId,
    (tier, what): (lot::Tier, task::What),
    after: Option<LotId>,
    limit: u64,
) -> Read<Vec<LotId>> {
    lot::Entity::find()
        .select_only()
        .column(lot::Column::Id)
        .filter(on_shelf())
        .filter(lot::Column::StationId.eq(station))
        .filter(lot::Column::Tier.eq(tier))
        .filter(Condition::all().add_option(after.map(|id| lot::Column::Id.gt(id))))
        .filter(is_unasked(what))
        .order_by_asc(lot::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(conn)
        .await
}

/// Nobody is asked for this about the lot.
pub(super) fn is_unasked(what: task::What) -> Condition {
    let asked = task::Entity::find()
        .select_only()
        .expr(Expr::val(1))
        .filter(Expr::col((task::Entity, task::Column::LotId)).equals((lot::Entity, lot::Column::Id)))
        .filter(task::Column::What.eq(what))
        .filter(task::Column::DoneAt.is_null())
        .into_query();
    Condition::all().add(Expr::exists(asked).not())
}

/// Takes from lots that could no longer be handed out on their day, as it was known then, written down after an instant: there
/// must be none.
pub async fn list_late_takes(conn: &impl ConnectionTrait, station: StationId, since: Option<DateTime<Utc>>) -> Read<Vec<LotId>> {
    let guarded = Expr::col((take::Entity, take::Column::ExternalNo)).is_null();
    late_takes(station, since).filter(guarded).into_tuple().all(conn).await
}

/// The same among takes that have happened elsewhere, and were written down here after an instant.
pub async fn list_recorded_late_takes(
    conn: &impl ConnectionTrait,
    station: StationId,
    since: Option<DateTime<Utc>>,
) -> Read<Vec<LotId>> {
    let recorded = Expr::col((take::Entity, take::Column::ExternalNo)).is_not_null();
    late_takes(station, since).filter(recorded).into_tuple().all(conn).await
}

fn late_takes(station: StationId, since: Option<DateTime<Utc>>) -> sea_orm::Select<movement::Entity> {
    movement::Entity::find()
        .select_only()
        .column(movement::Column::LotId)
        .distinct()
        .inner_join_on_take()
        .filter(movement::Column::StationId.eq(station))
        .filter(is_late(since))
}

/// What was taken could no longer be handed out on that day, and was written down after an instant.
pub(super) fn is_late(since: Option<DateTime<Utc>>) -> Condition {
    let last = Expr::col((movement::Entity, movement::Column::LastIssueDay));
    Condition::all()
        .add(movement::Column::Reason.eq(movement::Reason::Taken))
        .add_option(since.map(|since| movement::Column::RecordedAt.gt(since)))
        .add(Expr::col((take::Entity, take::Column::TakenOn)).gt(last))
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
