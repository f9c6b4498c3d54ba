//! Items.

use entity::{
    ids::{ItemId, KindId, StationId},
    item::{Column, Entity, Lifecycle, Model},
    loan, set_aside, sticker,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Expr, Func, SelectStatement},
};

use super::{Read, insert, insert_all, overwrite};
use crate::db::{Trouble, WriteTx};

/// Which items a list asks for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// At this station.
    pub station: Option<StationId>,
    /// Of this kind.
    pub kind: Option<KindId>,
    /// In this lifecycle state.
    pub lifecycle: Option<Lifecycle>,
    /// Out, or not.
    pub out: Option<bool>,
}

/// What is stuck on by this code: the code written on the thing, or that of a sticker on it.
fn by_code(code: &str) -> Condition {
    let stuck: SelectStatement = sticker::Entity::find()
        .select_only()
        .column(sticker::Column::ItemId)
        .filter(sticker::Column::Code.eq(code))
        .filter(sticker::Column::RetiredAt.is_null())
        .filter(sticker::Column::ItemId.is_not_null())
        .into_query();
    Condition::any().add(Column::Code.eq(code)).add(Column::Id.in_subquery(stuck))
}

/// One item.
pub async fn find(conn: &impl ConnectionTrait, id: ItemId) -> Read<Option<Model>> {
    Entity::find_by_id(id).one(conn).await
}

/// The item with this code, or with this sticker on it.
pub async fn find_by_code(conn: &impl ConnectionTrait, code: &str) -> Read<Option<Model>> {
    Entity::find().filter(by_code(code)).one(conn).await
}

/// As [`find_by_code`], held until the end of the write.
pub async fn lock_by_code(tx: &WriteTx, code: &str) -> Read<Option<Model>> {
    Entity::find().filter(by_code(code)).lock_exclusive().one(tx.conn()).await
}

/// As [`find`], held until the end of the write.
pub async fn lock(tx: &WriteTx, id: ItemId) -> Read<Option<Model>> {
    Entity::find_by_id(id).lock_exclusive().one(tx.conn()).await
}

/// Several items, in no order.
pub async fn list_by_ids(conn: &impl ConnectionTrait, ids: Vec<ItemId>) -> Read<Vec<Model>> {
    Entity::find().filter(Column::Id.is_in(ids)).all(conn).await
}

/// The items with these codes written on them.
pub async fn list_by_codes(conn: &impl ConnectionTrait, codes: Vec<String>) -> Read<Vec<Model>> {
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find().filter(Column::Code.is_in(codes)).all(conn).await
}

/// Many new ones.
pub async fn add_all(tx: &WriteTx, rows: Vec<Model>) -> Result<(), Trouble> {
    insert_all::<Entity>(tx, rows).await
}

/// A page of items, oldest first.
pub async fn list(conn: &impl ConnectionTrait, wanted: &Wanted, after: Option<ItemId>, limit: u64) -> Read<Vec<Model>> {
    let out = wanted.out.map(|out| if out { Column::OpenLoanId.is_not_null() } else { Column::OpenLoanId.is_null() });
    let wanted = Condition::all()
        .add_option(wanted.station.map(|id| Column::StationId.eq(id)))
        .add_option(wanted.kind.map(|id| Column::KindId.eq(id)))
        .add_option(wanted.lifecycle.map(|state| Column::Lifecycle.eq(state)))
        .add_option(out)
        .add_option(after.map(|id| Column::Id.gt(id)));
    Entity::find().filter(wanted).order_by_asc(Column::Id).limit(limit).all(conn).await
}

/// How many of a kind are at a station.
#[derive(Clone, Debug, FromQueryResult)]
pub struct AtStation {
    /// Where.
    pub station_id: StationId,
    /// What.
    pub kind_id: KindId,
    /// On the shelf and in service.
    pub on_shelf: i64,
    /// In somebody's hands.
    pub out: i64,
}

/// What is at each station, kind by kind. What is retired or missing does not count.
pub async fn count_at(conn: &impl ConnectionTrait, stations: Vec<StationId>) -> Read<Vec<AtStation>> {
    if stations.is_empty() {
        return Ok(Vec::new());
    }
    let one_if = |what: Condition| -> Expr { Expr::case(what, 1).finally(0).into() };
    let here = Condition::all().add(Column::OpenLoanId.is_null()).add(Column::Lifecycle.eq(Lifecycle::Active));
    let out = Condition::all().add(Column::OpenLoanId.is_not_null());
    Entity::find()
        .select_only()
        .column(Column::StationId)
        .column(Column::KindId)
        .column_as(one_if(here).sum(), "on_shelf")
        .column_as(one_if(out).sum(), "out")
        .filter(Column::StationId.is_in(stations))
        .filter(Column::Lifecycle.is_not_in([Lifecycle::Retired, Lifecycle::Missing]))
        .group_by(Column::StationId)
        .group_by(Column::KindId)
        .into_model::<AtStation>()
        .all(conn)
        .await
}

/// How many units of a kind a station has.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct Units {
    /// What.
    pub kind_id: KindId,
    /// In service or in somebody's hands: the capacity of the pool.
    pub in_service: i64,
    /// On the shelf, in service, and kept ready for nobody.
    pub on_shelf: i64,
}

/// The units of each kind at a station; of one kind only, if one is named.
pub async fn count_units(conn: &impl ConnectionTrait, station: StationId, kind: Option<KindId>) -> Read<Vec<Units>> {
    let one_if = |what: Condition| -> Expr { Expr::case(what, 1).finally(0).into() };
    let ready: SelectStatement = set_aside::Entity::find()
        .select_only()
        .column(set_aside::Column::ItemId)
        .filter(set_aside::Column::EndedAt.is_null())
        .into_query();
    let active = || Column::Lifecycle.eq(Lifecycle::Active);
    let here = Condition::all().add(active()).add(Column::OpenLoanId.is_null()).add(Column::Id.not_in_subquery(ready));
    Entity::find()
        .select_only()
        .column(Column::KindId)
        .column_as(one_if(Condition::any().add(active()).add(Column::OpenLoanId.is_not_null())).sum(), "in_service")
        .column_as(one_if(here).sum(), "on_shelf")
        .filter(Condition::all().add(Column::StationId.eq(station)).add_option(kind.map(|kind| Column::KindId.eq(kind))))
        .group_by(Column::KindId)
        .into_model::<Units>()
        .all(conn)
        .await
}

/// What somebody looks for at a station.
#[derive(Clone, Debug)]
pub struct Sought {
    /// At this station.
    pub station: StationId,
    /// Part of a number or a code, in small letters without spaces; empty for everything.
    pub text: String,
    /// The kinds that the text means too.
    pub kinds: Vec<KindId>,
    /// In which state.
    pub state: Option<State>,
}

/// Where a thing is, as a keeper asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// On the shelf, in service.
    OnShelf,
    /// In somebody's hands.
    Out,
    /// In somebody's hands for too long.
    Overdue,
    /// Being repaired.
    Repair,
    /// Nobody knows where.
    Missing,
    /// Given up.
    Retired,
}

fn in_state(state: State, now: chrono::DateTime<chrono::Utc>) -> Condition {
    let is = |lifecycle| Condition::all().add(Column::Lifecycle.eq(lifecycle));
    let late: SelectStatement = loan::Entity::find()
        .select_only()
        .column(loan::Column::Id)
        .filter(loan::Column::ReturnedAt.is_null())
        .filter(loan::Column::DueAt.lt(now))
        .into_query();
    match state {
        State::OnShelf => is(Lifecycle::Active).add(Column::OpenLoanId.is_null()),
        State::Out => Condition::all().add(Column::OpenLoanId.is_not_null()),
        State::Overdue => Condition::all().add(Column::OpenLoanId.in_subquery(late)),
        State::Repair => is(Lifecycle::Maintenance),
        State::Missing => is(Lifecycle::Missing),
        State::Retired => is(Lifecycle::Retired),
    }
}

/// A page of what somebody looks for, oldest first. What was given up is shown only if it is asked for.
pub async fn search(
    conn: &impl ConnectionTrait,
    sought: &Sought,
    now: chrono::DateTime<chrono::Utc>,
    after: Option<ItemId>,
    limit: u64,
) -> Read<Vec<Model>> {
    let part = format!("%{}%", sought.text.replace(['%', '_'], ""));
    let spaceless = Func::cust("replace").arg(Expr::col(Column::Label)).arg(" ").arg("");
    let named = Condition::any()
        .add(Expr::expr(Func::lower(spaceless)).like(part.clone()))
        .add(Expr::expr(Func::lower(Expr::col(Column::Code))).like(part))
        .add(Column::KindId.is_in(sought.kinds.clone()));
    let wanted = Condition::all()
        .add(Column::StationId.eq(sought.station))
        .add_option((!sought.text.is_empty()).then_some(named))
        .add(sought.state.map_or_else(|| Condition::all().add(Column::Lifecycle.ne(Lifecycle::Retired)), |s| in_state(s, now)))
        .add_option(after.map(|id| Column::Id.gt(id)));
    Entity::find().filter(wanted).order_by_asc(Column::Id).limit(limit).all(conn).await
}

/// Things of a kind at a station that were entered one after another, from one to another: those that got their numbers together.
pub async fn list_between(
    conn: &impl ConnectionTrait,
    station: StationId,
    kind: KindId,
    (from, to): (ItemId, ItemId),
    limit: u64,
) -> Read<Vec<Model>> {
    let wanted = Condition::all()
        .add(Column::StationId.eq(station))
        .add(Column::KindId.eq(kind))
        .add(Column::Id.gte(from))
        .add(Column::Id.lte(to));
    Entity::find().filter(wanted).order_by_asc(Column::Id).limit(limit).all(conn).await
}

/// The numbers of the things of a kind that belong to a station, whatever became of them.
pub async fn list_labels(conn: &impl ConnectionTrait, station: StationId, kind: KindId) -> Read<Vec<String>> {
    let numbered = Entity::find().select_only().column(Column::Label).filter(Column::Label.is_not_null());
    numbered.filter(Column::HomeStationId.eq(station)).filter(Column::KindId.eq(kind)).into_tuple().all(conn).await
}

/// A new one.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}

/// Writes a changed row over the version it was read at, and gives it the next. The version is the guard: whoever has lent,
/// taken back, moved or retired the thing in between has changed it.
pub async fn change(tx: &WriteTx, mut row: Model) -> Result<Model, Trouble> {
    let guard = Condition::all().add(Column::Id.eq(row.id)).add(Column::Rev.eq(row.rev));
    row.rev += 1;
    overwrite::<Entity>(tx, row.clone(), guard, "item.rev").await?;
    Ok(row)
}
