//! Bookings, and the things that stand ready for them. A booking is changed only under the lock of its pools.

use chrono::{DateTime, Utc};
use entity::{
    booking::{Column, Entity, Model, State},
    claim,
    ids::{BookingId, HoldId, ItemId, KindId, MemberId, OccasionId, PoolId, StationId},
    set_aside,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, SelectStatement},
};

use super::{Read, insert, overwrite};
use crate::db::{Trouble, WriteTx};

/// What of a person's bookings counts together.
#[derive(Clone, Copy, Debug)]
pub enum Sort {
    /// Things of this kind, at all stations.
    Kind(KindId),
    /// All spaces.
    Spaces,
    /// All occasions.
    Occasions,
}

/// Whose bookings a list asks for.
#[derive(Clone, Debug)]
pub enum Whose {
    /// One member's.
    Member(MemberId),
    /// Those at these stations.
    Stations(Vec<StationId>),
    /// Everybody's.
    Anybody,
}

/// Which bookings a list asks for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// Those that stand, or those that are over.
    pub open: Option<bool>,
    /// In this state.
    pub state: Option<State>,
    /// That end after this.
    pub from: Option<DateTime<Utc>>,
    /// That begin before this.
    pub to: Option<DateTime<Utc>>,
}

/// One booking.
pub async fn find(conn: &impl ConnectionTrait, id: BookingId) -> Read<Option<Model>> {
    Entity::find_by_id(id).one(conn).await
}

/// These bookings, in no order.
pub async fn list_by_ids(conn: &impl ConnectionTrait, ids: Vec<BookingId>) -> Read<Vec<Model>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find().filter(Column::Id.is_in(ids)).all(conn).await
}

/// A page of bookings, newest first.
pub async fn list(
    conn: &impl ConnectionTrait,
    whose: &Whose,
    wanted: Wanted,
    after: Option<BookingId>,
    limit: u64,
) -> Read<Vec<Model>> {
    let rows = Entity::find().filter(filter_of(whose, wanted).add_option(after.map(|id| Column::Id.lt(id))));
    rows.order_by_desc(Column::Id).limit(limit).all(conn).await
}

/// As [`list`], in the order in which they begin.
pub async fn list_by_start(conn: &impl ConnectionTrait, whose: &Whose, wanted: Wanted, limit: u64) -> Read<Vec<Model>> {
    let rows = Entity::find().filter(filter_of(whose, wanted));
    rows.order_by_asc(Column::StartsAt).order_by_asc(Column::Id).limit(limit).all(conn).await
}

fn filter_of(whose: &Whose, wanted: Wanted) -> Condition {
    let whose = match whose {
        Whose::Member(member) => Some(Column::MemberId.eq(*member)),
        Whose::Stations(stations) => Some(Column::StationId.is_in(stations.clone())),
        Whose::Anybody => None,
    };
    let open = wanted.open.map(|open| if open { Column::EndedAt.is_null() } else { Column::EndedAt.is_not_null() });
    Condition::all()
        .add_option(whose)
        .add_option(open)
        .add_option(wanted.state.map(|state| Column::State.eq(state)))
        .add_option(wanted.from.map(|from| Column::EndsAt.gt(from)))
        .add_option(wanted.to.map(|to| Column::StartsAt.lt(to)))
}

/// A member's bookings of a sort that stand, that begin from an instant on, or that ended since.
pub async fn list_own(conn: &impl ConnectionTrait, member: MemberId, sort: Sort, since: DateTime<Utc>) -> Read<Vec<Model>> {
    let sort = match sort {
        Sort::Kind(kind) => Column::KindId.eq(kind),
        Sort::Spaces => Column::SpaceId.is_not_null(),
        Sort::Occasions => Column::OccasionId.is_not_null(),
    };
    let recent = Condition::any().add(Column::EndedAt.is_null()).add(Column::StartsAt.gte(since)).add(Column::EndedAt.gte(since));
    Entity::find().filter(Column::MemberId.eq(member)).filter(sort).filter(recent).all(conn).await
}

fn of_pools(pools: Vec<PoolId>) -> SelectStatement {
    claim::Entity::find()
        .select_only()
        .column(claim::Column::BookingId)
        .filter(claim::Column::PoolId.is_in(pools))
        .filter(claim::Column::Live.eq(true))
        .filter(claim::Column::BookingId.is_not_null())
        .into_query()
}

/// The bookings that stand on pools, also those of which something is out.
pub async fn list_on_pools(conn: &impl ConnectionTrait, pools: Vec<PoolId>) -> Read<Vec<Model>> {
    Entity::find()
        .filter(Column::EndedAt.is_null())
        .filter(Column::Id.in_subquery(of_pools(pools)))
        .order_by_asc(Column::StartsAt)
        .all(conn)
        .await
}

/// Those of them of which something may have become by itself by `now`: lapsed, ended, or collected and perhaps back.
pub async fn list_to_settle(conn: &impl ConnectionTrait, pools: Vec<PoolId>, now: DateTime<Utc>) -> Read<Vec<Model>> {
    let perhaps =
        Condition::any().add(Column::LapsesAt.lte(now)).add(Column::EndsAt.lte(now)).add(Column::State.eq(State::Collected));
    Entity::find()
        .filter(Column::EndedAt.is_null())
        .filter(perhaps)
        .filter(Column::Id.in_subquery(of_pools(pools)))
        .order_by_asc(Column::StartsAt)
        .all(conn)
        .await
}

/// Bookings that stand by their row and have lapsed or ended by `now`: what has become of them must be written down. So many,
/// the oldest first.
pub async fn list_lapsed(conn: &impl ConnectionTrait, now: DateTime<Utc>, limit: u64) -> Read<Vec<Model>> {
    Entity::find()
        .filter(Column::EndedAt.is_null())
        .filter(Condition::any().add(Column::LapsesAt.lte(now)).add(Column::EndsAt.lte(now)))
        .order_by_asc(Column::EndsAt)
        .limit(limit)
        .all(conn)
        .await
}

/// The bookings of an occasion that stand.
pub async fn list_of_occasion(conn: &impl ConnectionTrait, occasion: OccasionId) -> Read<Vec<Model>> {
    Entity::find()
        .filter(Column::OccasionId.eq(occasion))
        .filter(Column::EndedAt.is_null())
        .order_by_asc(Column::Id)
        .all(conn)
        .await
}

/// What is held for a place in the queue, and was not answered.
pub async fn find_offer(conn: &impl ConnectionTrait, hold: HoldId) -> Read<Option<Model>> {
    Ok(list_offers(conn, vec![hold]).await?.pop())
}

/// What is held for these places in the queue, and was not answered.
pub async fn list_offers(conn: &impl ConnectionTrait, holds: Vec<HoldId>) -> Read<Vec<Model>> {
    Entity::find().filter(Column::HoldId.is_in(holds)).filter(Column::State.eq(State::Held)).all(conn).await
}

/// Firm bookings that nobody has collected and that begin within a time, from one on; in the order of their ids.
pub async fn list_upcoming(
    conn: &impl ConnectionTrait,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    after: Option<BookingId>,
    limit: u64,
) -> Read<Vec<Model>> {
    Entity::find()
        .filter(Column::EndedAt.is_null())
        .filter(Column::State.is_in([State::Confirmed, State::AtRisk, State::Ready]))
        .filter(Column::StartsAt.gt(from))
        .filter(Column::StartsAt.lte(to))
        .filter(Condition::all().add_option(after.map(|id| Column::Id.gt(id))))
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(conn)
        .await
}

/// Bookings that could not be kept, since an instant.
pub async fn list_displaced(conn: &impl ConnectionTrait, since: DateTime<Utc>) -> Read<Vec<Model>> {
    let displaced = Entity::find().filter(Column::State.eq(State::Displaced)).filter(Column::EndedAt.gte(since));
    displaced.order_by_asc(Column::Id).all(conn).await
}

/// A new one.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}

/// Writes a changed row over the version it was read at, and gives it the next.
pub async fn change(tx: &WriteTx, mut row: Model) -> Result<Model, Trouble> {
    let guard = Condition::all().add(Column::Id.eq(row.id)).add(Column::Rev.eq(row.rev));
    row.rev += 1;
    row.sequence += 1;
    overwrite::<Entity>(tx, row.clone(), guard, "booking.rev").await?;
    Ok(row)
}

/// For which booking a thing stands ready.
pub async fn find_set_aside(conn: &impl ConnectionTrait, item: ItemId) -> Read<Option<set_aside::Model>> {
    set_aside::Entity::find()
        .filter(set_aside::Column::ItemId.eq(item))
        .filter(set_aside::Column::EndedAt.is_null())
        .one(conn)
        .await
}

/// The things that stand ready for a booking.
pub async fn list_set_aside(conn: &impl ConnectionTrait, booking: BookingId) -> Read<Vec<set_aside::Model>> {
    set_aside::Entity::find()
        .filter(set_aside::Column::BookingId.eq(booking))
        .filter(set_aside::Column::EndedAt.is_null())
        .all(conn)
        .await
}

/// A thing stands ready for a booking.
pub async fn set_aside(tx: &WriteTx, row: set_aside::Model) -> Result<(), Trouble> {
    insert::<set_aside::Entity>(tx, row).await
}

/// Nothing stands ready for a booking any more.
pub async fn put_back(tx: &WriteTx, booking: BookingId, now: DateTime<Utc>) -> Result<(), Trouble> {
    end_set_aside(tx, Condition::all().add(set_aside::Column::BookingId.eq(booking)), now).await
}

/// A thing that stood ready was collected, or is no longer there.
pub async fn take_set_aside(tx: &WriteTx, item: ItemId, now: DateTime<Utc>) -> Result<(), Trouble> {
    end_set_aside(tx, Condition::all().add(set_aside::Column::ItemId.eq(item)), now).await
}

async fn end_set_aside(tx: &WriteTx, which: Condition, now: DateTime<Utc>) -> Result<(), Trouble> {
    set_aside::Entity::update_many()
        .col_expr(set_aside::Column::EndedAt, Expr::value(now))
        .filter(which)
        .filter(set_aside::Column::EndedAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}
