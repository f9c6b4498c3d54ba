//! Lots, and the one statement that takes from them.

use chrono::NaiveDate;
use entity::{
    consumable, disposal,
    ids::{DisposalId, KindId, LotId, StationId},
    lot::{Column, Entity, Model},
    partner, stock_block, stock_day,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, Query, SelectStatement},
};

use super::{Read, exactly_one, insert, overwrite};
use crate::db::{Trouble, WriteTx};

/// One lot.
pub async fn find(conn: &impl ConnectionTrait, id: LotId) -> Read<Option<Model>> {
    Entity::find_by_id(id).one(conn).await
}

/// As [`find`], held until the end of the write.
pub async fn lock(tx: &WriteTx, id: LotId) -> Read<Option<Model>> {
    Entity::find_by_id(id).lock_exclusive().one(tx.conn()).await
}

/// These lots.
pub async fn list_some(conn: &impl ConnectionTrait, ids: Vec<LotId>) -> Read<Vec<Model>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find().filter(Column::Id.is_in(ids)).all(conn).await
}

/// Several lots, held until the end of the write, in the order of their ids.
pub async fn lock_all(tx: &WriteTx, ids: Vec<LotId>) -> Read<Vec<Model>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find().filter(Column::Id.is_in(ids)).order_by_asc(Column::Id).lock_exclusive().all(tx.conn()).await
}

/// Anything at all, wherever it stands.
pub(super) fn holds_something() -> Condition {
    let sum = Expr::col(Column::Available).add(Expr::col(Column::Held)).add(Expr::col(Column::Quarantined));
    Condition::all().add(sum.add(Expr::col(Column::ToDispose)).gt(0))
}

/// What a station holds of a kind.
pub async fn list_on_shelf(conn: &impl ConnectionTrait, station: StationId, kind: Option<KindId>) -> Read<Vec<Model>> {
    let wanted = holds_something().add(Column::StationId.eq(station)).add_option(kind.map(|kind| Column::KindId.eq(kind)));
    Entity::find().filter(wanted).order_by_asc(Column::Id).all(conn).await
}

/// As [`list_on_shelf`], held until the end of the write.
pub async fn lock_on_shelf(tx: &WriteTx, station: StationId, kind: KindId) -> Read<Vec<Model>> {
    let wanted = holds_something().add(Column::StationId.eq(station)).add(Column::KindId.eq(kind));
    Entity::find().filter(wanted).order_by_asc(Column::Id).lock_exclusive().all(tx.conn()).await
}

/// Lots of a kind and number, at any station, held until the end of the write.
pub async fn lock_namesakes(tx: &WriteTx, kind: KindId, number_key: &str) -> Read<Vec<Model>> {
    let same = Condition::all().add(Column::KindId.eq(kind)).add(Column::NumberKey.eq(number_key));
    Entity::find().filter(same).order_by_asc(Column::Id).lock_exclusive().all(tx.conn()).await
}

/// The lots of a kind at a station, empty ones too and opened packs not; of one number, if it is given. Held until the end of
/// the write.
pub async fn lock_delivered(tx: &WriteTx, station: StationId, kind: KindId, number_key: Option<&str>) -> Read<Vec<Model>> {
    let wanted = Condition::all()
        .add(Column::StationId.eq(station))
        .add(Column::KindId.eq(kind))
        .add(Column::ParentId.is_null())
        .add_option(number_key.map(|key| Column::NumberKey.eq(key)));
    Entity::find().filter(wanted).order_by_asc(Column::Id).lock_exclusive().all(tx.conn()).await
}

/// A lot and the packs that were opened out of it, at any station, held until the end of the write.
pub async fn lock_family(tx: &WriteTx, root: LotId) -> Read<Vec<Model>> {
    let family = Condition::any().add(Column::Id.eq(root)).add(Column::ParentId.eq(root));
    Entity::find().filter(family).order_by_asc(Column::Id).lock_exclusive().all(tx.conn()).await
}

/// All lots of these kinds, at any station, also those that hold nothing: units may come back into them.
pub async fn list_of_kinds(conn: &impl ConnectionTrait, kinds: Vec<KindId>) -> Read<Vec<Model>> {
    if kinds.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find().filter(Column::KindId.is_in(kinds)).order_by_asc(Column::Id).all(conn).await
}

/// As [`list_of_kinds`], at one station or any, held until the end of the write.
pub async fn lock_of_kinds(tx: &WriteTx, station: Option<StationId>, kinds: Vec<KindId>) -> Read<Vec<Model>> {
    if kinds.is_empty() {
        return Ok(Vec::new());
    }
    let wanted =
        Condition::all().add(Column::KindId.is_in(kinds)).add_option(station.map(|station| Column::StationId.eq(station)));
    Entity::find().filter(wanted).order_by_asc(Column::Id).lock_exclusive().all(tx.conn()).await
}

/// A page of lots, oldest first; empty ones too if asked.
pub async fn list(
    conn: &impl ConnectionTrait,
    station: Option<StationId>,
    kind: Option<KindId>,
    empty_too: bool,
    after: Option<LotId>,
    limit: u64,
) -> Read<Vec<Model>> {
    let wanted = if empty_too { Condition::all() } else { holds_something() };
    let wanted = wanted
        .add_option(station.map(|id| Column::StationId.eq(id)))
        .add_option(kind.map(|id| Column::KindId.eq(id)))
        .add_option(after.map(|id| Column::Id.gt(id)));
    Entity::find().filter(wanted).order_by_asc(Column::Id).limit(limit).all(conn).await
}

/// A new one.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}

/// Writes a changed row over the version before it: `row.rev` is the new one already.
pub async fn change(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    let guard = Condition::all().add(Column::Id.eq(row.id)).add(Column::Rev.eq(row.rev - 1));
    overwrite::<Entity>(tx, row, guard, "lot.rev").await
}

/// Something of it is on the shelf or put apart. Said in the words of the partial indexes, without a bound value: else they are
/// not used. What is counted and summed up over a station stands in them, so that its lots are not looked up one by one.
pub(super) fn on_shelf() -> Expr {
    Expr::cust("available + held + quarantined > 0")
}

/// Neither of its days has passed.
pub(super) fn in_time(today: NaiveDate) -> Condition {
    Condition::all().add(Column::LastIssueDay.gte(today)).add(Column::LastDay.gte(today))
}

/// It has no days.
fn without_end() -> Condition {
    Condition::all().add(Column::LastIssueDay.is_null()).add(Column::LastDay.is_null())
}

/// The kinds whose partner has ended: nobody may hand them out.
pub(super) fn unbacked() -> SelectStatement {
    Query::select()
        .column((consumable::Entity, consumable::Column::KindId))
        .from(consumable::Entity)
        .inner_join(
            partner::Entity,
            Expr::col((partner::Entity, partner::Column::Id)).equals((consumable::Entity, consumable::Column::PartnerId)),
        )
        .and_where(Expr::col((partner::Entity, partner::Column::EndedAt)).is_not_null())
        .to_owned()
}

/// What was opened goes to others only where its kind may be shared.
fn closed_or_shared() -> Condition {
    let shared = consumable::Entity::find()
        .select_only()
        .column(consumable::Column::KindId)
        .filter(consumable::Column::Shareable.eq(true))
        .into_query();
    Condition::any().add(Column::OpenedOn.is_null()).add(Column::KindId.in_subquery(shared))
}

/// Of which lots the usable units are summed up.
#[derive(Clone, Debug)]
pub enum Stock {
    /// All of a station, each last day of issue by itself.
    All,
    /// Those of these kinds, each last day of issue by itself.
    OfKinds(Vec<KindId>),
    /// Those that are handed out until this day and no longer; each last day by itself for these kinds, for others all together
    /// on the first of their days.
    EndingBy(NaiveDate, Vec<KindId>),
}

/// The usable units of a station on a business date, by kind and last day of issue. `today` is no earlier than any date that
/// was seen there, and `suspended` says whether its medicine is: as [`may_leave`], for many lots in one statement.
pub async fn sum_usable(
    conn: &impl ConnectionTrait,
    station: StationId,
    today: NaiveDate,
    suspended: bool,
    of: Stock,
) -> Read<Vec<(KindId, Option<NaiveDate>, i64)>> {
    let profiles = |dated: bool| {
        let of_kind = consumable::Entity::find().select_only().column(consumable::Column::KindId);
        of_kind.filter(consumable::Column::Dated.eq(dated)).into_query()
    };
    let dated = Condition::all().add(in_time(today));
    let dated = if suspended { dated.add(Column::KindId.in_subquery(profiles(false))) } else { dated };
    let undated = without_end().add(Column::KindId.in_subquery(profiles(false)));
    let either = || Condition::any().add(dated.clone()).add(undated.clone());
    let parts = match of {
        Stock::All => vec![(either(), true)],
        Stock::OfKinds(kinds) => vec![(Condition::all().add(either()).add(Column::KindId.is_in(kinds)), true)],
        Stock::EndingBy(day, kinds) => {
            let ending = dated.clone().add(Column::LastIssueDay.lte(day));
            if kinds.is_empty() {
                vec![(ending, false)]
            } else {
                let these = ending.clone().add(Column::KindId.is_in(kinds.iter().copied()));
                vec![(these, true), (ending.add(Column::KindId.is_not_in(kinds)), false)]
            }
        }
    };
    let mut sums = Vec::new();
    for (of, by_day) in parts {
        let sum = Entity::find()
            .select_only()
            .column(Column::KindId)
            .column_as(Column::LastIssueDay.min(), "first_day")
            .column_as(Expr::col(Column::Available).add(Expr::col(Column::Held)).sum(), "units")
            .filter(on_shelf())
            .filter(Column::StationId.eq(station))
            .filter(Column::Blocks.eq(0))
            .filter(Column::KindId.not_in_subquery(unbacked()))
            .filter(closed_or_shared())
            .filter(of)
            .group_by(Column::KindId);
        let sum = if by_day { sum.group_by(Column::LastIssueDay) } else { sum };
        sums.extend(sum.into_tuple::<(KindId, Option<NaiveDate>, i64)>().all(conn).await?);
    }
    Ok(sums)
}

/// The kinds of which a station holds anything.
pub async fn list_kinds_on_shelf(conn: &impl ConnectionTrait, station: StationId) -> Read<Vec<KindId>> {
    let held = Entity::find().select_only().column(Column::KindId).distinct();
    held.filter(holds_something().add(Column::StationId.eq(station))).into_tuple().all(conn).await
}

/// What must be true of a lot in the statement that takes from it, on a business date: the rule of `rules::usability`, said in
/// SQL. A date that any replica has seen at the station counts, however far its own clock has gone back.
#[must_use]
pub fn may_leave(today: NaiveDate, dated: bool) -> Condition {
    let suspended = stock_block::Entity::find()
        .select_only()
        .expr(Expr::val(1))
        .filter(Expr::col((stock_block::Entity, stock_block::Column::StationId)).equals((Entity, Column::StationId)))
        .filter(stock_block::Column::Cause.eq(stock_block::Cause::Suspended))
        .filter(stock_block::Column::LiftedAt.is_null())
        .into_query();
    let later_than = |day: Column| Expr::col((stock_day::Entity, stock_day::Column::Latest)).gt(Expr::col((Entity, day)));
    let day_has_passed = Query::select()
        .expr(Expr::val(1))
        .from(stock_day::Entity)
        .and_where(Expr::col((stock_day::Entity, stock_day::Column::StationId)).equals((Entity, Column::StationId)))
        .cond_where(Condition::any().add(later_than(Column::LastIssueDay)).add(later_than(Column::LastDay)))
        .to_owned();
    let in_time = Condition::any().add(in_time(today));
    let in_time = if dated { in_time } else { in_time.add(without_end()) };
    let mut all = Condition::all()
        .add(Column::Blocks.eq(0))
        .add(in_time)
        .add(Expr::exists(day_has_passed).not())
        .add(Column::KindId.not_in_subquery(unbacked()))
        .add(closed_or_shared());
    if dated {
        all = all.add(Expr::exists(suspended).not());
    }
    all
}

/// Takes units out of a lot: the guard stands in the statement, on the version that the rule has read.
///
/// # Errors
/// [`Trouble::GuardFailed`] when the lot may no longer leave, or has changed.
pub async fn draw(tx: &WriteTx, lot: &Model, units: i32, today: NaiveDate, dated: bool) -> Result<Model, Trouble> {
    let drawn = Entity::update_many()
        .col_expr(Column::Available, Expr::col(Column::Available).sub(units))
        .col_expr(Column::Rev, Expr::col(Column::Rev).add(1))
        .filter(Column::Id.eq(lot.id))
        .filter(Column::Rev.eq(lot.rev))
        .filter(Column::Available.gte(units))
        .filter(may_leave(today, dated))
        .exec(tx.conn())
        .await?;
    exactly_one(drawn.rows_affected, "lot.last_issue_day")?;
    Ok(Model { available: lot.available - units, rev: lot.rev + 1, ..lot.clone() })
}

/// A second person has read the label.
pub async fn mark_verified(tx: &WriteTx, id: LotId, by: Option<entity::ids::MemberId>) -> Result<(), Trouble> {
    let marked = Entity::update_many().col_expr(Column::VerifiedBy, Expr::value(by)).filter(Column::Id.eq(id)).exec(tx.conn());
    exactly_one(marked.await?.rows_affected, "lot")
}

/// Somebody has looked at all its packs and found them closed. Nothing moves, so neither does the version; the lot is held.
pub async fn mark_seen_closed(tx: &WriteTx, id: LotId, at: chrono::DateTime<chrono::Utc>) -> Result<(), Trouble> {
    let marked = Entity::update_many().col_expr(Column::SeenClosedAt, Expr::value(at)).filter(Column::Id.eq(id)).exec(tx.conn());
    exactly_one(marked.await?.rows_affected, "lot")
}

/// Writes what its label says anew. The ledger does not move, so neither does the version; the lot is held.
pub async fn relabel(tx: &WriteTx, row: &Model) -> Result<(), Trouble> {
    let guard = Condition::all().add(Column::Id.eq(row.id)).add(Column::Rev.eq(row.rev));
    overwrite::<Entity>(tx, row.clone(), guard, "lot.rev").await
}

/// The lots of a station with anything in the red box, held until the end of the write.
pub async fn lock_in_red_box(tx: &WriteTx, station: StationId) -> Read<Vec<Model>> {
    let wanted = Condition::all().add(Column::StationId.eq(station)).add(Column::ToDispose.gt(0));
    Entity::find().filter(wanted).order_by_asc(Column::Id).lock_exclusive().all(tx.conn()).await
}

/// The hand-over with this receipt.
pub async fn find_disposal(conn: &impl ConnectionTrait, station: StationId, receipt_no: &str) -> Read<Option<disposal::Model>> {
    let same = disposal::Entity::find().filter(disposal::Column::StationId.eq(station));
    same.filter(disposal::Column::ReceiptNo.eq(receipt_no)).one(conn).await
}

/// The hand-over of a station that waits for a second person.
pub async fn find_open_disposal(conn: &impl ConnectionTrait, station: StationId) -> Read<Option<disposal::Model>> {
    let open = disposal::Entity::find().filter(disposal::Column::StationId.eq(station));
    open.filter(disposal::Column::ConfirmedAt.is_null()).one(conn).await
}

/// A new hand-over.
pub async fn add_disposal(tx: &WriteTx, row: disposal::Model) -> Result<(), Trouble> {
    insert::<disposal::Entity>(tx, row).await
}

/// What was handed over and nobody has confirmed yet is said anew.
pub async fn forget_open_disposal(tx: &WriteTx, station: StationId) -> Result<(), Trouble> {
    let open = disposal::Entity::delete_many().filter(disposal::Column::StationId.eq(station));
    open.filter(disposal::Column::ConfirmedAt.is_null()).exec(tx.conn()).await?;
    Ok(())
}

/// One hand-over, held until the end of the write.
pub async fn lock_disposal(tx: &WriteTx, id: DisposalId) -> Read<Option<disposal::Model>> {
    disposal::Entity::find_by_id(id).lock_exclusive().one(tx.conn()).await
}

/// A second person has confirmed it: both are set in the row.
pub async fn confirm_disposal(tx: &WriteTx, row: disposal::Model) -> Result<(), Trouble> {
    let guard = Condition::all().add(disposal::Column::Id.eq(row.id)).add(disposal::Column::ConfirmedAt.is_null());
    overwrite::<disposal::Entity>(tx, row, guard, "disposal.confirmed_at").await
}

/// A page of the hand-overs of a station, oldest first.
pub async fn list_disposals(
    conn: &impl ConnectionTrait,
    station: StationId,
    after: Option<DisposalId>,
    limit: u64,
) -> Read<Vec<disposal::Model>> {
    let after = Condition::all().add_option(after.map(|id| disposal::Column::Id.gt(id)));
    let mine = disposal::Entity::find().filter(disposal::Column::StationId.eq(station)).filter(after);
    mine.order_by_asc(disposal::Column::Id).limit(limit).all(conn).await
}
