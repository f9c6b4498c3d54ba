//! Tasks: seen, and done. Seen is not done: a task about a lot is done when nothing of it is on the shelf, one that a ticket asks
//! for when the ticket is closed.

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    ids::{KindId, LotId, TaskId},
    task::{self, What},
};
use sea_orm::ConnectionTrait;

use super::{About, Desk, Error, Result, authority::hide, stock::OFF_THE_SHELF};
use crate::{
    db::{Done, WriteTx},
    rules::refusal::Refusal,
    store,
    view::TaskView,
};

/// Tasks with the kinds and lots that they are about: two statements, however many there are.
///
/// # Errors
/// The database.
pub async fn views(conn: &impl ConnectionTrait, rows: &[task::Model]) -> Result<Vec<TaskView>> {
    let lots: BTreeSet<LotId> = rows.iter().filter_map(|row| row.lot_id).collect();
    let kinds: BTreeSet<KindId> = rows.iter().filter_map(|row| row.kind_id).collect();
    let lots = store::lots::list_some(conn, lots.into_iter().collect()).await?;
    let kinds = store::kinds::list_by_ids(conn, kinds.into_iter().collect()).await?;
    let lots: BTreeMap<LotId, _> = lots.iter().map(|lot| (lot.id, lot)).collect();
    let kinds: BTreeMap<KindId, _> = kinds.iter().map(|kind| (kind.id, kind)).collect();
    let lot_of = |row: &task::Model| row.lot_id.and_then(|id| lots.get(&id).copied());
    let kind_of = |row: &task::Model| row.kind_id.and_then(|id| kinds.get(&id).copied());
    Ok(rows.iter().map(|row| TaskView::new(row, kind_of(row), lot_of(row))).collect())
}

async fn shown(conn: &impl ConnectionTrait, row: &task::Model) -> Result<TaskView> {
    let mut views = views(conn, std::slice::from_ref(row)).await?;
    views.pop().ok_or(Error::NotFound("task"))
}

/// A task of a station that the actor keeps.
async fn kept(desk: &Desk, tx: &WriteTx, id: TaskId) -> Result<task::Model> {
    let row = store::tasks::find(tx.conn(), id).await?.ok_or(Error::NotFound("task"))?;
    let station = match row.station_id {
        Some(id) => store::stations::find(tx.conn(), id).await?,
        None => None,
    };
    hide(desk.actor.keeper_where(station.as_ref()), "task")?;
    Ok(row)
}

/// Somebody has seen it, and takes care of it.
///
/// # Errors
/// [`Error::Refused`] when it was done already; [`Error::NotFound`], also for another station's.
pub async fn acknowledge(desk: Desk, id: TaskId) -> Result<Done<TaskView>> {
    desk.actor.resident()?;
    let tx = desk.open().await?;
    let mut row = kept(&desk, &tx, id).await?;
    if row.done_at.is_some() {
        return desk.refuse(tx, vec![Refusal::TaskDone]).await;
    }
    if row.seen_at.is_some() {
        // Once for the same facts: seeing it again does not keep it quiet for another day.
        let receipt = shown(tx.conn(), &row).await?;
        return desk.commit(tx, receipt).await;
    }
    (row.seen_at, row.seen_by) = (Some(desk.now()), desk.actor.member());
    store::tasks::finish(&tx, row.clone()).await?;
    let detail = Some(serde_json::json!({ "task": row.id, "what": row.what }));
    desk.record(&tx, "task_seen", About { station: row.station_id, detail, ..About::default() }).await?;
    let receipt = shown(tx.conn(), &row).await?;
    desk.commit(tx, receipt).await
}

/// Marks a task as done.
///
/// # Errors
/// [`Error::Refused`] when it was done already, or when the packs it is about are still there; [`Error::NotFound`], also for
/// another station's.
pub async fn finish(desk: Desk, id: TaskId) -> Result<Done<TaskView>> {
    desk.actor.resident()?;
    let tx = desk.open().await?;
    let mut row = kept(&desk, &tx, id).await?;
    if row.done_at.is_some() {
        return desk.refuse(tx, vec![Refusal::TaskDone]).await;
    }
    if let Some(item) = row.item_id.filter(|_| row.what == What::Repair)
        && store::tickets::find_open_of_item(tx.conn(), item).await?.is_some()
    {
        return desk.refuse(tx, vec![Refusal::TicketStillOpen]).await;
    }
    if row.what == What::Answer
        && let Some(station) = row.station_id
        && store::tickets::has_open_about_station(tx.conn(), station).await?
    {
        return desk.refuse(tx, vec![Refusal::TicketStillOpen]).await;
    }
    if let Some(lot) = row.lot_id.filter(|_| OFF_THE_SHELF.contains(&row.what))
        && let Some(lot) = store::lots::lock(&tx, lot).await?
        && lot.on_shelf() > 0
    {
        return desk.refuse(tx, vec![Refusal::LotStillThere { units: lot.on_shelf() }]).await;
    }
    (row.done_at, row.done_by) = (Some(desk.now()), desk.actor.member());
    store::tasks::finish(&tx, row.clone()).await?;
    let detail = Some(serde_json::json!({ "task": row.id, "what": row.what }));
    desk.record(&tx, "task_done", About { station: row.station_id, detail, ..About::default() }).await?;
    let receipt = shown(tx.conn(), &row).await?;
    desk.commit(tx, receipt).await
}
