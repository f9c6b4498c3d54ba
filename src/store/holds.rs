//! The queue. A hold is changed only under its own lock, which is taken after that of the pools it waits for.

use entity::{
    hold::{Column, Entity, Model, State},
    hold_place,
    ids::{HoldId, MemberId, PoolId, StationId},
    pool, space,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, SelectStatement},
};

use super::{Read, bookings::Whose, exactly_one, insert};
use crate::db::{Trouble, WriteTx};

/// One place in the queue.
pub async fn find(conn: &impl ConnectionTrait, id: HoldId) -> Read<Option<Model>> {
    Entity::find_by_id(id).one(conn).await
}

/// As [`find`], held until the end of the write.
pub async fn lock(tx: &WriteTx, id: HoldId) -> Read<Option<Model>> {
    Entity::find_by_id(id).lock_exclusive().one(tx.conn()).await
}

/// Those of a member that are not over.
pub async fn list_open_of(conn: &impl ConnectionTrait, member: MemberId) -> Read<Vec<Model>> {
    let open = Entity::find().filter(Column::MemberId.eq(member)).filter(Column::EndedAt.is_null());
    open.order_by_asc(Column::Id).all(conn).await
}

/// A page of them, newest first; those that are over too, if wanted.
pub async fn list(conn: &impl ConnectionTrait, whose: &Whose, over: bool, after: Option<HoldId>, limit: u64) -> Read<Vec<Model>> {
    let whose = match whose {
        Whose::Member(member) => Some(Condition::all().add(Column::MemberId.eq(*member))),
        Whose::Stations(stations) => Some(Condition::all().add(Column::Id.in_subquery(waiting_at(stations)))),
        Whose::Anybody => None,
    };
    let wanted = Condition::all()
        .add_option(whose)
        .add_option((!over).then(|| Column::EndedAt.is_null()))
        .add_option(after.map(|id| Column::Id.lt(id)));
    Entity::find().filter(wanted).order_by_desc(Column::Id).limit(limit).all(conn).await
}

fn waiting_at(stations: &[StationId]) -> SelectStatement {
    let here = hold_place::Entity::find().select_only().column(hold_place::Column::HoldId);
    here.filter(hold_place::Column::StationId.is_in(stations.iter().copied())).into_query()
}

/// Those who wait for something of these pools, in no order: for units of their kind at their stations, for their spaces or the
/// wholes of which those are parts, for seats at their occasions.
pub async fn list_waiting_on(conn: &impl ConnectionTrait, pools: Vec<PoolId>) -> Read<Vec<Model>> {
    let of_pools = |column: pool::Column| {
        let some = pool::Entity::find().select_only().column(column);
        some.filter(pool::Column::Id.is_in(pools.iter().copied())).filter(column.is_not_null())
    };
    let places = hold_place::Entity::find()
        .select_only()
        .column(hold_place::Column::HoldId)
        .filter(hold_place::Column::StationId.in_subquery(of_pools(pool::Column::StationId).into_query()));
    let wholes = space::Entity::find()
        .select_only()
        .column(space::Column::PartOf)
        .filter(space::Column::PartOf.is_not_null())
        .filter(space::Column::Id.in_subquery(of_pools(pool::Column::SpaceId).into_query()));
    let kinds = Condition::all()
        .add(Column::KindId.in_subquery(of_pools(pool::Column::KindId).into_query()))
        .add(Column::Id.in_subquery(places.into_query()));
    let theirs = Condition::any()
        .add(kinds)
        .add(Column::SpaceId.in_subquery(of_pools(pool::Column::SpaceId).into_query()))
        .add(Column::SpaceId.in_subquery(wholes.into_query()))
        .add(Column::OccasionId.in_subquery(of_pools(pool::Column::OccasionId).into_query()));
    Entity::find().filter(Column::State.eq(State::Waiting)).filter(theirs).all(conn).await
}

/// Everybody who waits, from a hold on.
pub async fn list_waiting(conn: &impl ConnectionTrait, after: Option<HoldId>, limit: u64) -> Read<Vec<Model>> {
    let wanted = Condition::all().add(Column::State.eq(State::Waiting)).add_option(after.map(|id| Column::Id.gt(id)));
    Entity::find().filter(wanted).order_by_asc(Column::Id).limit(limit).all(conn).await
}

/// Everybody who waits for the same as these do.
pub async fn list_rivals(conn: &impl ConnectionTrait, of: &[Model]) -> Read<Vec<Model>> {
    if of.is_empty() {
        return Ok(Vec::new());
    }
    let same = Condition::any()
        .add(Column::KindId.is_in(of.iter().filter_map(|hold| hold.kind_id)))
        .add(Column::SpaceId.is_in(of.iter().filter_map(|hold| hold.space_id)))
        .add(Column::OccasionId.is_in(of.iter().filter_map(|hold| hold.occasion_id)));
    Entity::find().filter(Column::State.eq(State::Waiting)).filter(same).all(conn).await
}

/// At which stations these wait.
pub async fn list_places(conn: &impl ConnectionTrait, holds: Vec<HoldId>) -> Read<Vec<hold_place::Model>> {
    let places = hold_place::Entity::find().filter(hold_place::Column::HoldId.is_in(holds));
    places.order_by_asc(hold_place::Column::HoldId).order_by_asc(hold_place::Column::StationId).all(conn).await
}

/// A new place, at these stations.
pub async fn add(tx: &WriteTx, row: Model, stations: Vec<StationId>) -> Result<(), Trouble> {
    let id = row.id;
    insert::<Entity>(tx, row).await?;
    let places = stations.into_iter().map(|station_id| hold_place::Model { hold_id: id, station_id });
    hold_place::Entity::insert_many(places.map(IntoActiveModel::into_active_model)).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Writes a changed row over the version it was read at, and gives it the next.
pub async fn change(tx: &WriteTx, mut row: Model) -> Result<Model, Trouble> {
    let guard = Condition::all().add(Column::Id.eq(row.id)).add(Column::Rev.eq(row.rev));
    row.rev += 1;
    super::overwrite::<Entity>(tx, row.clone(), guard, "hold.rev").await?;
    Ok(row)
}

/// Writes down why somebody was passed over.
pub async fn note(tx: &WriteTx, row: &Model, noted: Option<serde_json::Value>) -> Result<(), Trouble> {
    let noting = Entity::update_many()
        .col_expr(Column::Noted, Expr::value(noted))
        .col_expr(Column::Rev, Expr::col(Column::Rev).add(1))
        .filter(Column::Id.eq(row.id))
        .filter(Column::Rev.eq(row.rev));
    exactly_one(noting.exec(tx.conn()).await?.rows_affected, "hold.rev")
}
