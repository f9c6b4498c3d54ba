//! Pools and claims. Whoever promises from a pool locks it first; several of them in the order of their ids.

use chrono::{DateTime, Utc};
use entity::{
    booking, claim, hold,
    ids::{BookingId, ClaimId, KindId, LoanId, OccasionId, PoolId, SpaceId, StationId},
    loan,
    pool::{self, Terms},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Expr, OnConflict},
};

use super::{Read, exactly_one, insert};
use crate::db::{Trouble, WriteTx};

/// The pool of a kind at a station.
pub async fn find_pool(conn: &impl ConnectionTrait, station: StationId, kind: KindId) -> Read<Option<pool::Model>> {
    pool::Entity::find().filter(pool::Column::StationId.eq(station)).filter(pool::Column::KindId.eq(kind)).one(conn).await
}

/// As [`find_pool`], held until the end of the write.
pub async fn lock_pool(tx: &WriteTx, station: StationId, kind: KindId) -> Read<Option<pool::Model>> {
    let of_kind = pool::Entity::find().filter(pool::Column::StationId.eq(station)).filter(pool::Column::KindId.eq(kind));
    of_kind.lock_exclusive().one(tx.conn()).await
}

/// These pools, held until the end of the write.
pub async fn lock_pools(tx: &WriteTx, ids: Vec<PoolId>) -> Read<Vec<pool::Model>> {
    let some = pool::Entity::find().filter(pool::Column::Id.is_in(ids));
    some.order_by_asc(pool::Column::Id).lock_exclusive().all(tx.conn()).await
}

/// These pools.
pub async fn list_pools(conn: &impl ConnectionTrait, ids: Vec<PoolId>) -> Read<Vec<pool::Model>> {
    pool::Entity::find().filter(pool::Column::Id.is_in(ids)).order_by_asc(pool::Column::Id).all(conn).await
}

/// All pools at a station.
pub async fn list_pools_at(conn: &impl ConnectionTrait, station: StationId) -> Read<Vec<pool::Model>> {
    pool::Entity::find().filter(pool::Column::StationId.eq(station)).order_by_asc(pool::Column::Id).all(conn).await
}

/// The pools of a kind, at whichever stations.
pub async fn list_pools_of_kind(conn: &impl ConnectionTrait, kind: KindId) -> Read<Vec<pool::Model>> {
    pool::Entity::find().filter(pool::Column::KindId.eq(kind)).order_by_asc(pool::Column::Id).all(conn).await
}

/// The pools of the kinds for which these wait, at these stations.
pub async fn list_pools_waited_for(
    conn: &impl ConnectionTrait,
    waiting: &[hold::Model],
    stations: Vec<StationId>,
) -> Read<Vec<pool::Model>> {
    let kinds = waiting.iter().filter_map(|row| row.kind_id);
    let here = pool::Entity::find().filter(pool::Column::StationId.is_in(stations));
    here.filter(pool::Column::KindId.is_in(kinds)).all(conn).await
}

/// The pools from which a booking begins before an instant (UTC epoch seconds).
pub async fn list_pools_booked_before(conn: &impl ConnectionTrait, until: i64) -> Read<Vec<pool::Model>> {
    let booked = claim::Entity::find()
        .select_only()
        .column(claim::Column::PoolId)
        .filter(claim::Column::Live.eq(true))
        .filter(claim::Column::Reason.eq(claim::Reason::Booking))
        .filter(claim::Column::S.lt(until));
    pool::Entity::find().filter(pool::Column::Id.in_subquery(booked.into_query())).order_by_asc(pool::Column::Id).all(conn).await
}

/// The pools of a kind at these stations from which somebody waits for something, or from which something is promised ahead: who
/// brings a thing back looks whether anybody is concerned.
pub async fn list_concerned(conn: &impl ConnectionTrait, kind: KindId, stations: Vec<StationId>) -> Read<Vec<PoolId>> {
    let waited_for = hold::Entity::find().select_only().column(hold::Column::KindId);
    let waited_for = waited_for.filter(hold::Column::State.eq(hold::State::Waiting)).filter(hold::Column::KindId.eq(kind));
    let promised = claim::Entity::find()
        .select_only()
        .column(claim::Column::PoolId)
        .filter(claim::Column::Live.eq(true))
        .filter(claim::Column::Reason.ne(claim::Reason::Loan));
    let concerned = Condition::any()
        .add(pool::Column::KindId.in_subquery(waited_for.into_query()))
        .add(pool::Column::Id.in_subquery(promised.into_query()));
    pool::Entity::find()
        .select_only()
        .column(pool::Column::Id)
        .filter(pool::Column::KindId.eq(kind))
        .filter(pool::Column::StationId.is_in(stations))
        .filter(concerned)
        .order_by_asc(pool::Column::Id)
        .into_tuple()
        .all(conn)
        .await
}

/// The pools of spaces.
pub async fn list_pools_of_spaces(conn: &impl ConnectionTrait, spaces: Vec<SpaceId>) -> Read<Vec<pool::Model>> {
    pool::Entity::find().filter(pool::Column::SpaceId.is_in(spaces)).order_by_asc(pool::Column::Id).all(conn).await
}

/// The seats of an occasion.
pub async fn find_pool_of_occasion(conn: &impl ConnectionTrait, occasion: OccasionId) -> Read<Option<pool::Model>> {
    pool::Entity::find().filter(pool::Column::OccasionId.eq(occasion)).one(conn).await
}

/// A new pool.
pub async fn add_pool(tx: &WriteTx, row: pool::Model) -> Result<(), Trouble> {
    insert::<pool::Entity>(tx, row).await
}

/// Makes the pool of a kind at a station, unless there is one.
pub async fn ensure_pool(tx: &WriteTx, id: PoolId, station: StationId, kind: KindId) -> Result<(), Trouble> {
    let row = pool::Model {
        id,
        station_id: station,
        kind_id: Some(kind),
        space_id: None,
        occasion_id: None,
        capacity: None,
        terms: None,
        rev: 1,
    };
    pool::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::columns([pool::Column::StationId, pool::Column::KindId]).do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Counts a change of what is promised from pools.
pub async fn touch_pools(tx: &WriteTx, ids: Vec<PoolId>) -> Result<(), Trouble> {
    let touched = pool::Entity::update_many()
        .col_expr(pool::Column::Rev, Expr::col(pool::Column::Rev).add(1))
        .filter(pool::Column::Id.is_in(ids.clone()))
        .exec(tx.conn())
        .await?;
    if touched.rows_affected == ids.len() as u64 { Ok(()) } else { Err(Trouble::GuardFailed("pool")) }
}

/// Says on which terms pools are booked.
pub async fn set_terms(tx: &WriteTx, ids: Vec<PoolId>, terms: Option<Terms>) -> Result<(), Trouble> {
    pool::Entity::update_many()
        .col_expr(pool::Column::Terms, Expr::value(terms))
        .col_expr(pool::Column::Rev, Expr::col(pool::Column::Rev).add(1))
        .filter(pool::Column::Id.is_in(ids))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// How many seats there are from now on.
pub async fn set_capacity(tx: &WriteTx, pool: PoolId, capacity: i32) -> Result<(), Trouble> {
    let set = pool::Entity::update_many()
        .col_expr(pool::Column::Capacity, Expr::value(capacity))
        .col_expr(pool::Column::Rev, Expr::col(pool::Column::Rev).add(1))
        .filter(pool::Column::Id.eq(pool))
        .exec(tx.conn())
        .await?;
    exactly_one(set.rows_affected, "pool")
}

/// The live claims of pools that begin before an instant (UTC epoch seconds): all that is needed to know what is free until then,
/// in one statement, however many the pools and the days. How far each of them reaches is for `rules::availability` to say.
pub async fn list_live(conn: &impl ConnectionTrait, pools: Vec<PoolId>, before: i64) -> Read<Vec<claim::Model>> {
    claim::Entity::find()
        .filter(claim::Column::PoolId.is_in(pools))
        .filter(claim::Column::Live.eq(true))
        .filter(claim::Column::S.lt(before))
        .all(conn)
        .await
}

/// Is anything promised from a pool ahead, or out of use? Without it, its loans are nobody's business but their items'.
pub async fn is_booked(conn: &impl ConnectionTrait, pool: PoolId) -> Read<bool> {
    let ahead = claim::Entity::find().filter(claim::Column::PoolId.eq(pool)).filter(claim::Column::Live.eq(true));
    Ok(ahead.filter(claim::Column::Reason.ne(claim::Reason::Loan)).one(conn).await?.is_some())
}

/// A loan occupies its unit from now until it is due, and for the turnaround (in seconds) after that.
pub async fn occupy(
    tx: &WriteTx,
    id: ClaimId,
    pool: PoolId,
    loan: &loan::Model,
    (turnaround, booking): (i64, Option<BookingId>),
) -> Result<(), Trouble> {
    let row = claim::Model {
        id,
        pool_id: pool,
        reason: claim::Reason::Loan,
        qty: 1,
        s: loan.lent_at.timestamp(),
        e: due_of(loan) + turnaround,
        turnaround,
        lapses_at: None,
        live: true,
        loan_id: Some(loan.id),
        item_id: Some(loan.item_id),
        booking_id: booking,
        occasion_id: None,
        outage_id: None,
        note: None,
    };
    insert::<claim::Entity>(tx, row).await
}

/// A loan occupies its unit for longer.
pub async fn prolong(tx: &WriteTx, loan: &loan::Model) -> Result<(), Trouble> {
    claim::Entity::update_many()
        .col_expr(claim::Column::E, Expr::col(claim::Column::Turnaround).add(due_of(loan)))
        .filter(claim::Column::LoanId.eq(loan.id))
        .filter(claim::Column::Live.eq(true))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// A loan is over: its unit is free. Does nothing for a loan from a place that is not known, which never had a claim.
pub async fn release(tx: &WriteTx, loan: LoanId) -> Result<(), Trouble> {
    end_where(tx, Condition::all().add(claim::Column::LoanId.eq(loan))).await
}

/// A claim is half-open and in whole seconds: it ends after its last one.
fn due_of(loan: &loan::Model) -> i64 {
    Ord::max(loan.due_at.timestamp(), loan.lent_at.timestamp() + 1)
}

/// A booking occupies what is left of its units in a pool, with its turnaround.
pub async fn promise(tx: &WriteTx, id: ClaimId, pool: PoolId, booking: &booking::Model) -> Result<(), Trouble> {
    let turnaround = i64::from(booking.terms.turnaround) * 60;
    let row = claim::Model {
        id,
        pool_id: pool,
        reason: claim::Reason::Booking,
        qty: booking.quantity - booking.collected,
        s: booking.starts_at.timestamp(),
        e: booking.ends_at.timestamp() + turnaround,
        turnaround,
        lapses_at: booking.lapses_at.map(|at| at.timestamp()),
        live: true,
        loan_id: None,
        item_id: None,
        booking_id: Some(booking.id),
        occasion_id: None,
        outage_id: None,
        note: None,
    };
    insert::<claim::Entity>(tx, row).await
}

/// Any other claim: an outage, an occasion in a space.
pub async fn add(tx: &WriteTx, row: claim::Model) -> Result<(), Trouble> {
    insert::<claim::Entity>(tx, row).await
}

/// How many loans of a booking are still out.
pub async fn count_out_of_booking(conn: &impl ConnectionTrait, booking: BookingId) -> Read<u64> {
    claim::Entity::find()
        .filter(claim::Column::BookingId.eq(booking))
        .filter(claim::Column::Reason.eq(claim::Reason::Loan))
        .filter(claim::Column::Live.eq(true))
        .count(conn)
        .await
}

/// What a booking occupies follows it: when it lapses, until when it lasts, how many units are left.
pub async fn follow_booking(tx: &WriteTx, booking: &booking::Model, ends_at: DateTime<Utc>) -> Result<(), Trouble> {
    let left = booking.quantity - booking.collected;
    let of_booking = Condition::all()
        .add(claim::Column::BookingId.eq(booking.id))
        .add(claim::Column::Reason.eq(claim::Reason::Booking))
        .add(claim::Column::Live.eq(true));
    if left == 0 && booking.kind_id.is_some() {
        return end_where(tx, of_booking).await;
    }
    let qty = if booking.kind_id.is_some() { left } else { booking.quantity };
    claim::Entity::update_many()
        .col_expr(claim::Column::LapsesAt, Expr::value(booking.lapses_at.map(|at| at.timestamp())))
        .col_expr(claim::Column::E, Expr::value(ends_at.timestamp() + i64::from(booking.terms.turnaround) * 60))
        .col_expr(claim::Column::Qty, Expr::value(qty))
        .filter(of_booking)
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// A booking occupies nothing any more; its loans go on.
pub async fn release_booking(tx: &WriteTx, booking: BookingId) -> Result<(), Trouble> {
    let of_booking =
        Condition::all().add(claim::Column::BookingId.eq(booking)).add(claim::Column::Reason.eq(claim::Reason::Booking));
    end_where(tx, of_booking).await
}

/// An occasion occupies its space no longer.
pub async fn release_occasion(tx: &WriteTx, occasion: OccasionId) -> Result<(), Trouble> {
    end_where(tx, Condition::all().add(claim::Column::OccasionId.eq(occasion))).await
}

/// An outage that is not over.
pub async fn find_outage(conn: &impl ConnectionTrait, id: ClaimId) -> Read<Option<claim::Model>> {
    let outage = claim::Entity::find_by_id(id).filter(claim::Column::Reason.eq(claim::Reason::Outage));
    outage.filter(claim::Column::Live.eq(true)).one(conn).await
}

/// What is out of use at pools, and not over at an instant (UTC epoch seconds), the earliest first.
pub async fn list_outages(conn: &impl ConnectionTrait, pools: Vec<PoolId>, now: i64) -> Read<Vec<claim::Model>> {
    claim::Entity::find()
        .filter(claim::Column::PoolId.is_in(pools))
        .filter(claim::Column::Reason.eq(claim::Reason::Outage))
        .filter(claim::Column::Live.eq(true))
        .filter(claim::Column::E.gt(now))
        .order_by_asc(claim::Column::S)
        .all(conn)
        .await
}

/// Of which pools an outage takes something still, each once.
pub async fn list_pools_of_outage(conn: &impl ConnectionTrait, outage: ClaimId) -> Read<Vec<PoolId>> {
    let parts = claim::Entity::find().select_only().column(claim::Column::PoolId).distinct();
    let parts = parts.filter(claim::Column::OutageId.eq(outage)).filter(claim::Column::Live.eq(true));
    parts.order_by_asc(claim::Column::PoolId).into_tuple().all(conn).await
}

/// An outage is over, in all its parts.
pub async fn end_outage(tx: &WriteTx, outage: ClaimId) -> Result<(), Trouble> {
    end_where(tx, Condition::all().add(claim::Column::OutageId.eq(outage))).await
}

async fn end_where(tx: &WriteTx, which: Condition) -> Result<(), Trouble> {
    claim::Entity::update_many()
        .col_expr(claim::Column::Live, Expr::value(false))
        .filter(which)
        .filter(claim::Column::Live.eq(true))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Claims that have ended (UTC epoch seconds) are no longer live; but for loans, which last until the thing is back.
pub async fn end_past(tx: &WriteTx, now: i64) -> Result<u64, Trouble> {
    let past = claim::Entity::update_many()
        .col_expr(claim::Column::Live, Expr::value(false))
        .filter(claim::Column::Live.eq(true))
        .filter(claim::Column::E.lte(now))
        .filter(claim::Column::Reason.ne(claim::Reason::Loan));
    Ok(past.exec(tx.conn()).await?.rows_affected)
}
