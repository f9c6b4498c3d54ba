//! Tasks: mark one as done.

use entity::ids::TaskId;

use super::{About, Desk, Error, Result, authority::hide};
use crate::{db::Done, rules::refusal::Refusal, store, view::TaskView};

/// Marks a task as done.
///
/// # Errors
/// [`Error::Refused`] when it was done already; [`Error::NotFound`], also for another station's.
pub async fn finish(desk: Desk, id: TaskId) -> Result<Done<TaskView>> {
    desk.actor.resident()?;
    let tx = desk.open().await?;
    let mut row = store::tasks::find(tx.conn(), id).await?.ok_or(Error::NotFound("task"))?;
    let station = match row.station_id {
        Some(id) => store::stations::find(tx.conn(), id).await?,
        None => None,
    };
    hide(desk.actor.keeper_where(station.as_ref()), "task")?;
    if row.done_at.is_some() {
        return desk.refuse(tx, vec![Refusal::TaskDone]).await;
    }
    (row.done_at, row.done_by) = (Some(desk.now()), desk.actor.member());
    store::tasks::finish(&tx, row.clone()).await?;
    let detail = Some(serde_json::json!({ "task": row.id, "what": row.what }));
    desk.record(&tx, "task_done", About { station: row.station_id, detail, ..About::default() }).await?;
    desk.commit(tx, TaskView::from(&row)).await
}
