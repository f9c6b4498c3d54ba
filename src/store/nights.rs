//! What many stations have to look at in their nights, each asked for all of them in one statement: what a station has nothing of
//! costs it no statement of its own.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    ids::{StationId, TaskId},
    item, lot, lot_hold, movement, stock_block, stock_day, take, task,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait},
};

use super::{Read, expiry_checks, inspections, lots::on_shelf};

/// Of `rows`, at which stations they are.
async fn stations_of<E: EntityTrait>(
    conn: &impl ConnectionTrait,
    rows: Select<E>,
    station: E::Column,
    stations: &[StationId],
) -> Read<Vec<StationId>> {
    let rows = rows.filter(station.is_in(stations.iter().copied())).select_only().column(station).distinct();
    rows.into_tuple().all(conn).await
}

/// Where something stored of a lot cannot be true, and nobody has blocked it for that.
pub async fn with_implausible_lots(conn: &impl ConnectionTrait, stations: &[StationId]) -> Read<Vec<StationId>> {
    let lots = lot::Entity::find().filter(expiry_checks::is_implausible());
    stations_of(conn, lots, lot::Column::StationId, stations).await
}

/// Where a lot in a tier is on the shelf and nobody is asked for it.
pub async fn with_unasked_lots(
    conn: &impl ConnectionTrait,
    stations: &[StationId],
    (tier, what): (lot::Tier, task::What),
) -> Read<Vec<StationId>> {
    let lots = lot::Entity::find().filter(on_shelf()).filter(lot::Column::Tier.eq(tier)).filter(expiry_checks::is_unasked(what));
    stations_of(conn, lots, lot::Column::StationId, stations).await
}

/// Where something is set aside.
pub async fn with_open_holds(conn: &impl ConnectionTrait, stations: &[StationId]) -> Read<Vec<StationId>> {
    let open = lot_hold::Entity::find().filter(lot_hold::Column::EndedAt.is_null());
    stations_of(conn, open, lot_hold::Column::StationId, stations).await
}

/// Where something was taken after its last day, written down after an instant, here or elsewhere.
pub async fn with_late_takes(
    conn: &impl ConnectionTrait,
    stations: &[StationId],
    since: Option<DateTime<Utc>>,
) -> Read<Vec<StationId>> {
    let mut late = movement::Entity::find().filter(movement::Column::StationId.is_in(stations.iter().copied()));
    let take_of = Expr::col((take::Entity, take::Column::Id)).equals((movement::Entity, movement::Column::TakeId));
    QueryTrait::query(&mut late).inner_join(take::Entity, take_of);
    let late = late.filter(expiry_checks::is_late(since));
    stations_of(conn, late, movement::Column::StationId, stations).await
}

/// Where something was blocked, or a block lifted, after an instant.
pub async fn with_blocks(
    conn: &impl ConnectionTrait,
    stations: &[StationId],
    since: Option<DateTime<Utc>>,
) -> Read<Vec<StationId>> {
    use stock_block::Column;
    let laid = Condition::all().add_option(since.map(|since| Column::MadeAt.gt(since)));
    let lifted = Condition::all().add(Column::LiftedAt.is_not_null()).add_option(since.map(|since| Column::LiftedAt.gt(since)));
    let mut there = stations_of(conn, stock_block::Entity::find().filter(laid), Column::StationId, stations).await?;
    there.extend(stations_of(conn, stock_block::Entity::find().filter(lifted), Column::StationId, stations).await?);
    Ok(there)
}

/// Where the medicine is suspended.
pub async fn suspended(conn: &impl ConnectionTrait, stations: &[StationId]) -> Read<Vec<StationId>> {
    use stock_block::Column;
    let open = stock_block::Entity::find().filter(Column::Cause.eq(stock_block::Cause::Suspended));
    stations_of(conn, open.filter(Column::LiftedAt.is_null()), Column::StationId, stations).await
}

/// Where a thing must be inspected by a day.
pub async fn with_inspections(conn: &impl ConnectionTrait, stations: &[StationId], by: NaiveDate) -> Read<Vec<StationId>> {
    let due = item::Entity::find().filter(inspections::is_due(by));
    let rows = due.filter(item::Column::StationId.is_in(stations.iter().copied()));
    rows.select_only().column(item::Column::StationId).distinct().into_tuple().all(conn).await
}

/// Where something was ever put into the red box.
pub async fn with_red_boxes(conn: &impl ConnectionTrait, stations: &[StationId]) -> Read<Vec<StationId>> {
    // In the words of the partial index, which holds the lines of red boxes only.
    let lines = movement::Entity::find().filter(Expr::cust("to_dispose <> 0"));
    stations_of(conn, lines, movement::Column::StationId, stations).await
}

/// The latest dates that were seen at stations.
pub async fn list_days(conn: &impl ConnectionTrait, stations: &[StationId]) -> Read<Vec<stock_day::Model>> {
    stock_day::Entity::find().filter(stock_day::Column::StationId.is_in(stations.iter().copied())).all(conn).await
}

/// An open task of a station, in brief.
pub type Asked = (StationId, TaskId, task::What, String);

/// The open tasks of some sorts at stations that are about no lot.
pub async fn list_asked(conn: &impl ConnectionTrait, stations: &[StationId], what: &[task::What]) -> Read<Vec<Asked>> {
    use task::Column;
    task::Entity::find()
        .select_only()
        .columns([Column::StationId, Column::Id, Column::What, Column::NaturalKey])
        .filter(Column::StationId.is_in(stations.iter().copied()))
        .filter(Column::What.is_in(what.iter().copied()))
        .filter(Column::LotId.is_null())
        .filter(Column::DoneAt.is_null())
        .into_tuple()
        .all(conn)
        .await
}

/// Where an open task of these sorts should be carried further.
pub async fn with_tasks_behind(
    conn: &impl ConnectionTrait,
    stations: &[StationId],
    (what, opened_by, level): (&[task::What], DateTime<Utc>, i32),
) -> Read<Vec<StationId>> {
    use task::Column;
    let open = task::Entity::find().filter(Column::DoneAt.is_null()).filter(Column::What.is_in(what.iter().copied()));
    let behind = open.filter(Column::CreatedAt.lte(opened_by)).filter(Column::Escalated.lt(level));
    let rows = behind.filter(Column::StationId.is_in(stations.iter().copied()));
    rows.select_only().column(Column::StationId).distinct().into_tuple().all(conn).await
}
