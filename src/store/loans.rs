//! Loans and their renewals.

use chrono::{DateTime, Utc};
use entity::{
    ids::{ItemId, KindId, LoanId, MemberId, StationId},
    item,
    loan::{Column, Entity, Model},
    renewal,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Func},
};

use super::{Read, insert, insert_all, overwrite};
use crate::db::{Trouble, WriteTx};

/// Which loans a list asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Still out.
    Open,
    /// Still out, and past the due time.
    Overdue,
    /// Back.
    Closed,
}

/// Whose loans a list asks for.
#[derive(Clone, Debug)]
pub enum Whose {
    /// Everybody's.
    Anybody,
    /// One member's.
    Member(MemberId),
    /// Those lent at these stations.
    Stations(Vec<StationId>),
}

/// One loan.
pub async fn find(conn: &impl ConnectionTrait, id: LoanId) -> Read<Option<Model>> {
    Entity::find_by_id(id).one(conn).await
}

/// As [`find`], held until the end of the write.
pub async fn lock(tx: &WriteTx, id: LoanId) -> Read<Option<Model>> {
    Entity::find_by_id(id).lock_exclusive().one(tx.conn()).await
}

/// The loan that is open on an item.
pub async fn find_open_of_item(conn: &impl ConnectionTrait, item: ItemId) -> Read<Option<Model>> {
    Entity::find().filter(Column::ItemId.eq(item)).filter(Column::ReturnedAt.is_null()).one(conn).await
}

/// Does a member have anything?
pub async fn has_open(conn: &impl ConnectionTrait, member: MemberId) -> Read<bool> {
    let open = Entity::find().filter(Column::MemberId.eq(member)).filter(Column::ReturnedAt.is_null());
    Ok(open.one(conn).await?.is_some())
}

/// How many things a member has: over all, and of one kind.
pub async fn count_open_of(conn: &impl ConnectionTrait, member: MemberId, kind: KindId) -> Read<(u32, u32)> {
    #[derive(FromQueryResult)]
    struct Count {
        open: i64,
        open_of_kind: Option<i64>,
    }
    let of_kind = Expr::case(Column::KindId.eq(kind), 1).finally(0);
    let count = Entity::find()
        .select_only()
        .column_as(Column::Id.count(), "open")
        .column_as(Expr::from(Func::sum(of_kind)), "open_of_kind")
        .filter(Column::MemberId.eq(member))
        .filter(Column::ReturnedAt.is_null())
        .into_model::<Count>()
        .one(conn)
        .await?
        .unwrap_or(Count { open: 0, open_of_kind: None });
    let whole = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    Ok((whole(count.open), whole(count.open_of_kind.unwrap_or(0))))
}

/// A page of loans with their items, newest first.
pub async fn list(
    conn: &impl ConnectionTrait,
    whose: &Whose,
    state: Option<State>,
    now: DateTime<Utc>,
    before: Option<LoanId>,
    limit: u64,
) -> Read<Vec<(Model, item::Model)>> {
    let theirs = match whose {
        Whose::Anybody => None,
        Whose::Member(id) => Some(Column::MemberId.eq(*id)),
        Whose::Stations(ids) => Some(Column::StationId.is_in(ids.iter().copied())),
    };
    let wanted = Condition::all().add_option(theirs).add_option(before.map(|id| Column::Id.lt(id)));
    let wanted = match state {
        None => wanted,
        Some(State::Open) => wanted.add(Column::ReturnedAt.is_null()),
        Some(State::Overdue) => wanted.add(Column::ReturnedAt.is_null()).add(Column::DueAt.lt(now)),
        Some(State::Closed) => wanted.add(Column::ReturnedAt.is_not_null()),
    };
    let loans = Entity::find().filter(wanted).order_by_desc(Column::Id).limit(limit).all(conn).await?;
    let items = super::items::list_by_ids(conn, loans.iter().map(|loan| loan.item_id).collect()).await?;
    let by_id: std::collections::HashMap<_, _> = items.into_iter().map(|item| (item.id, item)).collect();
    Ok(loans.into_iter().filter_map(|loan| by_id.get(&loan.item_id).cloned().map(|item| (loan, item))).collect())
}

/// The open loans of members that are due within `(after, until]`.
pub async fn list_open_due_between(conn: &impl ConnectionTrait, after: DateTime<Utc>, until: DateTime<Utc>) -> Read<Vec<Model>> {
    Entity::find()
        .filter(Column::ReturnedAt.is_null())
        .filter(Column::MemberId.is_not_null())
        .filter(Column::DueAt.gt(after))
        .filter(Column::DueAt.lte(until))
        .order_by_asc(Column::DueAt)
        .all(conn)
        .await
}

/// The overdue loans that were lent at a station (at no station that is known, for none).
pub async fn list_overdue_at(conn: &impl ConnectionTrait, station: Option<StationId>, now: DateTime<Utc>) -> Read<Vec<Model>> {
    let there = station.map_or_else(|| Column::StationId.is_null(), |id| Column::StationId.eq(id));
    Entity::find()
        .filter(Column::ReturnedAt.is_null())
        .filter(Column::DueAt.lt(now))
        .filter(there)
        .order_by_asc(Column::DueAt)
        .all(conn)
        .await
}

/// The loans of a thing, newest first: a page of them.
pub async fn list_of_item(conn: &impl ConnectionTrait, item: ItemId, before: Option<LoanId>, limit: u64) -> Read<Vec<Model>> {
    let wanted = Condition::all().add(Column::ItemId.eq(item)).add_option(before.map(|id| Column::Id.lt(id)));
    Entity::find().filter(wanted).order_by_desc(Column::Id).limit(limit).all(conn).await
}

/// Several loans, in no order.
pub async fn list_by_ids(conn: &impl ConnectionTrait, ids: Vec<LoanId>) -> Read<Vec<Model>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find().filter(Column::Id.is_in(ids)).all(conn).await
}

/// What a member has.
pub async fn list_open_of(conn: &impl ConnectionTrait, member: MemberId) -> Read<Vec<Model>> {
    Entity::find().filter(Column::MemberId.eq(member)).filter(Column::ReturnedAt.is_null()).all(conn).await
}

/// A new one.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}

/// Writes a changed row over the version it was read at, and gives it the next.
pub async fn change(tx: &WriteTx, mut row: Model) -> Result<Model, Trouble> {
    let guard = Condition::all().add(Column::Id.eq(row.id)).add(Column::Rev.eq(row.rev));
    row.rev += 1;
    overwrite::<Entity>(tx, row.clone(), guard, "loan.rev").await?;
    Ok(row)
}

/// Closes an open loan: `returned_at` is set in the row.
pub async fn close(tx: &WriteTx, mut row: Model) -> Result<Model, Trouble> {
    let guard = Condition::all().add(Column::Id.eq(row.id)).add(Column::Rev.eq(row.rev)).add(Column::ReturnedAt.is_null());
    row.rev += 1;
    overwrite::<Entity>(tx, row.clone(), guard, "loan.returned_at").await?;
    Ok(row)
}

/// Forgets who had the closed loans of a member; how many there were stays true.
pub async fn forget_borrower(tx: &WriteTx, member: MemberId) -> Result<u64, Trouble> {
    let forgotten = Entity::update_many()
        .col_expr(Column::MemberId, Expr::value(Option::<MemberId>::None))
        .filter(Column::MemberId.eq(member))
        .filter(Column::ReturnedAt.is_not_null())
        .exec(tx.conn())
        .await?;
    Ok(forgotten.rows_affected)
}

/// The loans with these numbers in an imported register.
pub async fn list_by_external_no(conn: &impl ConnectionTrait, numbers: Vec<String>) -> Read<Vec<Model>> {
    Entity::find().filter(Column::ExternalNo.is_in(numbers)).all(conn).await
}

/// All loans of these items.
pub async fn list_of_items(conn: &impl ConnectionTrait, items: Vec<ItemId>) -> Read<Vec<Model>> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find().filter(Column::ItemId.is_in(items)).all(conn).await
}

/// Many new ones.
pub async fn add_all(tx: &WriteTx, rows: Vec<Model>) -> Result<(), Trouble> {
    insert_all::<Entity>(tx, rows).await
}

/// Writes a renewal down.
pub async fn add_renewal(tx: &WriteTx, row: renewal::Model) -> Result<(), Trouble> {
    insert::<renewal::Entity>(tx, row).await
}
