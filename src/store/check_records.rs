//! The evidence of the nightly check, in the order of its chain, and which stations need one.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    expiry_check::{Column, Entity, Mode, Model, Status},
    ids::{ExpiryCheckId, StationId},
    lot, station,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DerivePartialModel, EntityTrait, ExprTrait, Order, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
    sea_query::{Alias, Expr, Func, Query, SelectStatement},
};

use super::{Read, insert};
use crate::db::{Trouble, WriteTx};

/// The stations that ever held a lot: one look into an index for each station, not one for each lot.
pub async fn list_stations(conn: &impl ConnectionTrait) -> Read<Vec<StationId>> {
    station::Entity::find().select_only().column(station::Column::Id).filter(ever_held_a_lot()).into_tuple().all(conn).await
}

fn ever_held_a_lot() -> Expr {
    let mut lots = Query::select();
    lots.expr(Expr::val(1)).from(lot::Entity);
    lots.and_where(Expr::col((lot::Entity, lot::Column::StationId)).equals((station::Entity, station::Column::Id)));
    // What was opened has a parent at the same station.
    lots.and_where(Expr::col((lot::Entity, lot::Column::ParentId)).is_null());
    Expr::exists(lots.take())
}

/// The newest check of a station.
pub async fn find_last(conn: &impl ConnectionTrait, station: StationId) -> Read<Option<Model>> {
    Entity::find().filter(Column::StationId.eq(station)).order_by_desc(Column::N).limit(1).one(conn).await
}

/// A check without its evidence, which may be long.
#[derive(Clone, Debug, DerivePartialModel)]
#[sea_orm(entity = "Entity")]
pub struct Brief {
    /// Of which station.
    pub station_id: StationId,
    /// The how-manieth of its station.
    pub n: i64,
    /// For which day.
    pub business_date: NaiveDate,
    /// Was the clock to be trusted?
    pub mode: Mode,
    /// When it began to look.
    pub began_at: Option<DateTime<Utc>>,
    /// When it was done.
    pub finished_at: DateTime<Utc>,
    /// The hash of the check.
    pub hash: Vec<u8>,
}

impl Brief {
    /// When it began to look.
    #[must_use]
    pub fn looked_at(&self) -> DateTime<Utc> {
        self.began_at.unwrap_or(self.finished_at)
    }
}

/// The newest check of each of these stations, in brief; only those under a clock that was trusted, or all.
pub async fn list_last(conn: &impl ConnectionTrait, stations: Vec<StationId>, trusted: bool) -> Read<Vec<Brief>> {
    newest(stations, trusted).into_partial_model::<Brief>().all(conn).await
}

/// Is the evidence of a run there?
pub async fn is_written(conn: &impl ConnectionTrait, station: StationId, run_on: NaiveDate, mode: Mode) -> Read<bool> {
    let same = Entity::find().filter(Column::StationId.eq(station)).filter(Column::RunOn.eq(run_on));
    Ok(same.filter(Column::Mode.eq(mode)).one(conn).await?.is_some())
}

/// The stations that are open and ever held a lot, with the end of their last trusted check; before the first one, with the
/// receipt of their first lot.
pub async fn list_ages(conn: &impl ConnectionTrait) -> Read<Vec<(StationId, Option<DateTime<Utc>>)>> {
    let mut last = Query::select();
    last.column(Column::FinishedAt).from(Entity).and_where(Expr::col((Entity, Column::Mode)).eq(Mode::Normal));
    last.and_where(Expr::col((Entity, Column::StationId)).equals((station::Entity, station::Column::Id)));
    last.order_by(Column::N, Order::Desc).limit(1);
    let mut first = Query::select();
    first.expr(Expr::col((lot::Entity, lot::Column::ReceivedAt)).min()).from(lot::Entity);
    first.and_where(Expr::col((lot::Entity, lot::Column::StationId)).equals((station::Entity, station::Column::Id)));
    let age = Expr::from(Func::coalesce([subquery(last), subquery(first)]));
    let stations = station::Entity::find().select_only().column(station::Column::Id).expr_as(age, "last");
    stations.filter(station::Column::ClosedAt.is_null()).filter(ever_held_a_lot()).into_tuple().all(conn).await
}

fn subquery(mut query: SelectStatement) -> Expr {
    Expr::SubQuery(None, Box::new(query.take().into()))
}

/// The newest trusted check of each of these stations.
pub async fn list_last_trusted(conn: &impl ConnectionTrait, stations: Vec<StationId>) -> Read<Vec<Model>> {
    newest(stations, true).all(conn).await
}

fn newest(stations: Vec<StationId>, trusted: bool) -> Select<Entity> {
    let mut newest = Query::select();
    let other = Alias::new("other");
    newest.expr(Expr::col((other.clone(), Column::N)).max()).from_as(Entity, other.clone());
    newest.and_where(Expr::col((other.clone(), Column::StationId)).equals((station::Entity, station::Column::Id)));
    if trusted {
        newest.and_where(Expr::col((other, Column::Mode)).eq(Mode::Normal));
    }
    // Station by station: the newest is one look into an index.
    let of_station = Expr::col((Entity, Column::StationId)).equals((station::Entity, station::Column::Id));
    let mut checks = Entity::find();
    let newest = Expr::col((Entity, Column::N)).eq(subquery(newest));
    QueryTrait::query(&mut checks).inner_join(station::Entity, of_station.and(newest));
    checks.filter(station::Column::Id.is_in(stations))
}

/// The checks of these stations since a day that made up for missed nights, could not check everything, or did not trust the
/// clock.
pub async fn list_unwell(conn: &impl ConnectionTrait, stations: Vec<StationId>, since: NaiveDate) -> Read<Vec<Model>> {
    let late = Expr::col((Entity, Column::CoversFrom)).lt(Expr::col((Entity, Column::BusinessDate)));
    let unwell = Condition::any().add(late).add(Column::Status.ne(Status::Done)).add(Column::Mode.ne(Mode::Normal));
    let since = Entity::find().filter(Column::StationId.is_in(stations)).filter(Column::RunOn.gte(since));
    since.filter(unwell).all(conn).await
}

/// One check.
pub async fn find(conn: &impl ConnectionTrait, id: ExpiryCheckId) -> Read<Option<Model>> {
    Entity::find_by_id(id).one(conn).await
}

/// A page of the checks of a station, in the order of the chain.
pub async fn list(conn: &impl ConnectionTrait, station: StationId, after: Option<i64>, limit: u64) -> Read<Vec<Model>> {
    let wanted = Condition::all().add(Column::StationId.eq(station)).add_option(after.map(|n| Column::N.gt(n)));
    Entity::find().filter(wanted).order_by_asc(Column::N).limit(limit).all(conn).await
}

/// The evidence of a check.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}

/// The newest check of a station for a day.
pub async fn find_of_day(conn: &impl ConnectionTrait, station: StationId, day: NaiveDate) -> Read<Option<Model>> {
    let of_day = Entity::find().filter(Column::StationId.eq(station)).filter(Column::RunOn.eq(day));
    of_day.order_by_desc(Column::N).limit(1).one(conn).await
}
