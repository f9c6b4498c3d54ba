//! What a keeper sees of the station in the morning: each in one statement, whatever the number of rows.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    consumable, expiry_check,
    ids::{ExpiryCheckId, ItemId, LoanId, LotId, MemberId, StationId, TaskId, TicketId},
    item::{self, Lifecycle},
    kind, loan, lot, member, stock_level,
    task::{self, What},
    ticket,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
    sea_query::{Expr, Func, IntoColumnRef, NullOrdering, Order},
};

use super::Read;

/// A task with what a person needs to know it by.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Todo {
    /// The task.
    pub id: TaskId,
    /// What is to be done.
    pub what: What,
    /// What was written with it.
    pub note: Option<String>,
    /// How far it was carried.
    pub escalated: i32,
    /// When somebody has seen it.
    pub seen_at: Option<DateTime<Utc>>,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// The thing.
    pub item_id: Option<ItemId>,
    /// The code on it.
    pub item_code: Option<String>,
    /// Its big number.
    pub item_label: Option<String>,
    /// Its kind, or the kind's.
    pub kind_name: Option<String>,
    /// In English.
    pub kind_name_en: Option<String>,
    /// Its picture.
    pub emoji: Option<String>,
    /// Its category.
    pub category: Option<String>,
    /// The lot.
    pub lot_id: Option<LotId>,
    /// Its number.
    pub lot_number: Option<String>,
    /// What is printed on it.
    pub label_text: Option<String>,
    /// Where it lies.
    pub shelf: Option<String>,
    /// How many are free.
    pub available: Option<i32>,
    /// How many are put apart.
    pub quarantined: Option<i32>,
    /// What is counted.
    pub base_unit: Option<String>,
    /// The loan.
    pub loan_id: Option<LoanId>,
    /// When it was due.
    pub due_at: Option<DateTime<Utc>>,
    /// Who has it.
    pub member_id: Option<MemberId>,
    /// Their number, sealed.
    pub phone_sealed: Option<Vec<u8>>,
    /// The open ticket of the thing.
    pub ticket_id: Option<TicketId>,
}

fn col<C: IntoColumnRef>(column: C) -> Expr {
    Expr::col(column)
}

fn open_at(station: StationId) -> Select<task::Entity> {
    let on = |left: Expr, right: Expr| Condition::all().add(left.eq(right));
    let kind_of = Func::coalesce([
        col((task::Entity, task::Column::KindId)),
        col((item::Entity, item::Column::KindId)),
        col((lot::Entity, lot::Column::KindId)),
    ]);
    let mut query = task::Entity::find()
        .select_only()
        .columns([
            task::Column::Id,
            task::Column::What,
            task::Column::Note,
            task::Column::Escalated,
            task::Column::SeenAt,
            task::Column::CreatedAt,
            task::Column::ItemId,
            task::Column::LotId,
            task::Column::LoanId,
        ])
        .column_as(col((item::Entity, item::Column::Code)), "item_code")
        .column_as(col((item::Entity, item::Column::Label)), "item_label")
        .column_as(col((kind::Entity, kind::Column::Name)), "kind_name")
        .column_as(col((kind::Entity, kind::Column::NameEn)), "kind_name_en")
        .column_as(col((kind::Entity, kind::Column::Emoji)), "emoji")
        .column_as(col((kind::Entity, kind::Column::Category)), "category")
        .column_as(col((lot::Entity, lot::Column::Number)), "lot_number")
        .column_as(col((lot::Entity, lot::Column::LabelText)), "label_text")
        .column_as(col((lot::Entity, lot::Column::Shelf)), "shelf")
        .column_as(col((lot::Entity, lot::Column::Available)), "available")
        .column_as(col((lot::Entity, lot::Column::Quarantined)), "quarantined")
        .column_as(col((consumable::Entity, consumable::Column::BaseUnit)), "base_unit")
        .column_as(col((loan::Entity, loan::Column::DueAt)), "due_at")
        .column_as(col((loan::Entity, loan::Column::MemberId)), "member_id")
        .column_as(col((member::Entity, member::Column::PhoneSealed)), "phone_sealed")
        .column_as(col((ticket::Entity, ticket::Column::Id)), "ticket_id")
        .filter(task::Column::StationId.eq(station))
        .filter(task::Column::DoneAt.is_null());
    let open_ticket = on(col((ticket::Entity, ticket::Column::ItemId)), col((item::Entity, item::Column::Id)))
        .add(col((ticket::Entity, ticket::Column::ClosedAt)).is_null());
    QuerySelect::query(&mut query)
        .left_join(item::Entity, on(col((item::Entity, item::Column::Id)), col((task::Entity, task::Column::ItemId))))
        .left_join(lot::Entity, on(col((lot::Entity, lot::Column::Id)), col((task::Entity, task::Column::LotId))))
        .left_join(kind::Entity, on(col((kind::Entity, kind::Column::Id)), kind_of.into()))
        .left_join(
            consumable::Entity,
            on(col((consumable::Entity, consumable::Column::KindId)), col((kind::Entity, kind::Column::Id))),
        )
        .left_join(
            loan::Entity,
            on(col((loan::Entity, loan::Column::Id)), col((task::Entity, task::Column::LoanId)))
                .add(col((loan::Entity, loan::Column::ReturnedAt)).is_null()),
        )
        .left_join(member::Entity, on(col((member::Entity, member::Column::Id)), col((loan::Entity, loan::Column::MemberId))))
        .left_join(ticket::Entity, open_ticket);
    query
}

/// The open tasks of a station, oldest first.
pub async fn list(conn: &impl ConnectionTrait, station: StationId, limit: u64) -> Read<Vec<Todo>> {
    open_at(station).order_by_asc(task::Column::Id).limit(limit).into_model::<Todo>().all(conn).await
}

/// One open task of a station.
pub async fn find(conn: &impl ConnectionTrait, station: StationId, id: TaskId) -> Read<Option<Todo>> {
    open_at(station).filter(task::Column::Id.eq(id)).into_model::<Todo>().one(conn).await
}

/// How many loans of a station are out, and how many of them overdue.
pub async fn count_out(conn: &impl ConnectionTrait, station: StationId, now: DateTime<Utc>) -> Read<(u64, u64)> {
    let open = || loan::Entity::find().filter(loan::Column::StationId.eq(station)).filter(loan::Column::ReturnedAt.is_null());
    Ok((open().count(conn).await?, open().filter(loan::Column::DueAt.lt(now)).count(conn).await?))
}

fn on_round(station: StationId) -> Select<item::Entity> {
    item::Entity::find()
        .filter(item::Column::StationId.eq(station))
        .filter(item::Column::OpenLoanId.is_null())
        .filter(item::Column::Lifecycle.is_in([Lifecycle::Active, Lifecycle::Maintenance]))
}

/// How many things a round through a station has, and how many of them were seen since it began.
pub async fn count_round(conn: &impl ConnectionTrait, station: StationId, since: DateTime<Utc>) -> Read<(u64, u64)> {
    let all = on_round(station).count(conn).await?;
    let seen = on_round(station).filter(item::Column::LastSeenAt.gte(since)).count(conn).await?;
    Ok((seen, all))
}

/// The things that were seen least recently and not since the round began; one of them may be left out for now.
pub async fn list_round(
    conn: &impl ConnectionTrait,
    station: StationId,
    since: DateTime<Utc>,
    limit: u64,
) -> Read<Vec<item::Model>> {
    on_round(station)
        .filter(Condition::any().add(item::Column::LastSeenAt.is_null()).add(item::Column::LastSeenAt.lt(since)))
        .order_by_with_nulls(item::Column::LastSeenAt, Order::Asc, NullOrdering::First)
        .order_by_asc(item::Column::Id)
        .limit(limit)
        .all(conn)
        .await
}

/// A page of the nightly checks of a station, newest first.
pub async fn list_checks(
    conn: &impl ConnectionTrait,
    station: StationId,
    before: Option<ExpiryCheckId>,
    limit: u64,
) -> Read<Vec<expiry_check::Model>> {
    expiry_check::Entity::find()
        .filter(expiry_check::Column::StationId.eq(station))
        .filter(Condition::all().add_option(before.map(|id| expiry_check::Column::Id.lt(id))))
        .order_by_desc(expiry_check::Column::Id)
        .limit(limit)
        .all(conn)
        .await
}

/// A lot, as a record of a check names it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct NamedLot {
    /// Which.
    pub id: LotId,
    /// Its number.
    pub number: String,
    /// Where it lies.
    pub shelf: Option<String>,
    /// What is printed on it.
    pub label_text: Option<String>,
    /// Its last day.
    pub last_day: Option<NaiveDate>,
    /// What it is.
    pub kind_name: String,
    /// In English.
    pub kind_name_en: Option<String>,
}

/// Some lots by name.
pub async fn name_lots(conn: &impl ConnectionTrait, ids: Vec<LotId>) -> Read<Vec<NamedLot>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = lot::Entity::find()
        .select_only()
        .columns([lot::Column::Id, lot::Column::Number, lot::Column::Shelf, lot::Column::LabelText, lot::Column::LastDay])
        .column_as(col((kind::Entity, kind::Column::Name)), "kind_name")
        .column_as(col((kind::Entity, kind::Column::NameEn)), "kind_name_en")
        .filter(lot::Column::Id.is_in(ids));
    let kind_of = col((kind::Entity, kind::Column::Id)).eq(col((lot::Entity, lot::Column::KindId)));
    QuerySelect::query(&mut query).inner_join(kind::Entity, kind_of);
    query.into_model::<NamedLot>().all(conn).await
}

/// What was asked for about some lots since an instant, and when it was done.
pub async fn list_handled(
    conn: &impl ConnectionTrait,
    lots: Vec<LotId>,
    since: DateTime<Utc>,
) -> Read<Vec<(Option<LotId>, What, Option<DateTime<Utc>>)>> {
    if lots.is_empty() {
        return Ok(Vec::new());
    }
    let still = Condition::any().add(task::Column::DoneAt.is_null()).add(task::Column::DoneAt.gte(since));
    task::Entity::find()
        .select_only()
        .columns([task::Column::LotId, task::Column::What, task::Column::DoneAt])
        .filter(task::Column::LotId.is_in(lots))
        .filter(still)
        .order_by_asc(task::Column::Id)
        .into_tuple()
        .all(conn)
        .await
}

/// The tickets of a page with their things and kinds, in the same order.
pub async fn name_things(conn: &impl ConnectionTrait, items: Vec<ItemId>) -> Read<Vec<(item::Model, kind::Model)>> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let items = super::items::list_by_ids(conn, items).await?;
    let kinds = super::kinds::list_by_ids(conn, items.iter().map(|item| item.kind_id).collect()).await?;
    let with = |item: item::Model| kinds.iter().find(|kind| kind.id == item.kind_id).cloned().map(|kind| (item, kind));
    Ok(items.into_iter().filter_map(with).collect())
}

/// A lot with something in the red box.
#[derive(Clone, Debug, FromQueryResult)]
pub struct BoxedLot {
    /// Its number.
    pub number: String,
    /// How many.
    pub to_dispose: i32,
    /// Of what.
    pub base_unit: Option<String>,
    /// What it is.
    pub kind_name: String,
    /// In English.
    pub kind_name_en: Option<String>,
}

/// What is in the red box of a station.
pub async fn list_red_box(conn: &impl ConnectionTrait, station: StationId) -> Read<Vec<BoxedLot>> {
    let mut query = lot::Entity::find()
        .select_only()
        .columns([lot::Column::Number, lot::Column::ToDispose])
        .column_as(col((consumable::Entity, consumable::Column::BaseUnit)), "base_unit")
        .column_as(col((kind::Entity, kind::Column::Name)), "kind_name")
        .column_as(col((kind::Entity, kind::Column::NameEn)), "kind_name_en")
        .filter(lot::Column::StationId.eq(station))
        .filter(lot::Column::ToDispose.gt(0))
        .order_by_asc(lot::Column::Id);
    let kind_of = col((kind::Entity, kind::Column::Id)).eq(col((lot::Entity, lot::Column::KindId)));
    let unit_of = col((consumable::Entity, consumable::Column::KindId)).eq(col((lot::Entity, lot::Column::KindId)));
    QuerySelect::query(&mut query).inner_join(kind::Entity, kind_of).left_join(consumable::Entity, unit_of);
    query.into_model::<BoxedLot>().all(conn).await
}

/// A kind of which a keeper is asked to bring more.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Short {
    /// What it is.
    pub kind_name: String,
    /// In English.
    pub kind_name_en: Option<String>,
    /// What is counted.
    pub base_unit: Option<String>,
    /// How many there should be.
    pub max_units: i32,
    /// How many there are.
    pub there: Option<i64>,
}

/// The kinds that a station is short of, as the nightly check has found and nobody has mended yet.
pub async fn list_short(conn: &impl ConnectionTrait, station: StationId) -> Read<Vec<Short>> {
    let available = Expr::from(Func::sum(col((lot::Entity, lot::Column::Available))));
    let mut query = task::Entity::find()
        .select_only()
        .column_as(col((kind::Entity, kind::Column::Name)), "kind_name")
        .column_as(col((kind::Entity, kind::Column::NameEn)), "kind_name_en")
        .column_as(col((consumable::Entity, consumable::Column::BaseUnit)), "base_unit")
        .column_as(col((stock_level::Entity, stock_level::Column::MaxUnits)), "max_units")
        .column_as(available, "there")
        .filter(task::Column::StationId.eq(station))
        .filter(task::Column::What.eq(What::Restock))
        .filter(task::Column::DoneAt.is_null());
    let on = |left: Expr, right: Expr| Condition::all().add(left.eq(right));
    let kind_of = || col((task::Entity, task::Column::KindId));
    QuerySelect::query(&mut query)
        .inner_join(kind::Entity, on(col((kind::Entity, kind::Column::Id)), kind_of()))
        .inner_join(
            stock_level::Entity,
            on(col((stock_level::Entity, stock_level::Column::KindId)), kind_of())
                .add(col((stock_level::Entity, stock_level::Column::StationId)).eq(station)),
        )
        .left_join(consumable::Entity, on(col((consumable::Entity, consumable::Column::KindId)), kind_of()))
        .left_join(
            lot::Entity,
            on(col((lot::Entity, lot::Column::KindId)), kind_of()).add(col((lot::Entity, lot::Column::StationId)).eq(station)),
        )
        .group_by_columns([
            (kind::Entity, kind::Column::Name).into_column_ref(),
            (kind::Entity, kind::Column::NameEn).into_column_ref(),
            (consumable::Entity, consumable::Column::BaseUnit).into_column_ref(),
            (stock_level::Entity, stock_level::Column::MaxUnits).into_column_ref(),
        ]);
    query.order_by_asc(kind::Column::Name).into_model::<Short>().all(conn).await
}
