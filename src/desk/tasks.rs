//! Tasks: seen, and done. Seen is not done: a task about a lot is done when nothing of it is on the shelf.

use entity::{ids::TaskId, task};

use super::{About, Desk, Error, Result, authority::hide, stock::OFF_THE_SHELF};
use crate::{
    db::{Done, WriteTx},
    rules::refusal::Refusal,
    store,
    view::TaskView,
};

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
        return desk.commit(tx, TaskView::from(&row)).await;
    }
    (row.seen_at, row.seen_by) = (Some(desk.now()), desk.actor.member());
    store::tasks::finish(&tx, row.clone()).await?;
    let detail = Some(serde_json::json!({ "task": row.id, "what": row.what }));
    desk.record(&tx, "task_seen", About { station: row.station_id, detail, ..About::default() }).await?;
    desk.commit(tx, TaskView::from(&row)).await
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
    desk.commit(tx, TaskView::from(&row)).await
}
