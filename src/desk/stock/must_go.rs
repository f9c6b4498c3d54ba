//! Packs that must go: they are asked for as long as they are there, and nobody wins time by asking anew.

use entity::{
    lot::{self, Tier},
    task::{self, What},
};

use super::{open_task, task_about};
use crate::{
    db::WriteTx,
    desk::{Desk, Result},
    rules::expiry::{self, MUST_GO},
    store,
};

/// A task that takes the place of another about the same lot goes on where that was: since when, and how far it was carried.
/// Whoever has seen the same task for the same facts has seen it.
pub(crate) fn carry_on(task: &mut task::Model, before: &[task::Model]) {
    if !MUST_GO.contains(&task.what) {
        return;
    }
    for old in before.iter().filter(|old| old.lot_id == task.lot_id && MUST_GO.contains(&old.what)) {
        task.created_at = task.created_at.min(old.created_at);
        task.escalated = task.escalated.max(old.escalated);
        if old.what == task.what && old.facts == task.facts {
            (task.seen_at, task.seen_by) = (old.seen_at, old.seen_by);
        }
    }
}

/// Closes the tasks of some sorts about a lot, and opens the one that takes their place.
pub(crate) async fn replace(desk: &Desk, tx: &WriteTx, lot: &lot::Model, over: &[What], what: Option<What>) -> Result<()> {
    let before = store::tasks::list_open_on(tx.conn(), vec![lot.id], over).await?;
    store::tasks::settle_lot(tx, lot.id, over, desk.now()).await?;
    if let Some(what) = what {
        let mut row = task_about(desk, lot, what, None);
        carry_on(&mut row, &before);
        store::tasks::open(tx, row).await?;
    }
    Ok(())
}

/// Something of a lot is on the shelf again of which nothing was: what was asked for by its date is asked for again.
/// What is recalled is asked for by [`super::recall::came_back`].
pub(crate) async fn ask_again(desk: &Desk, tx: &WriteTx, lot: &lot::Model) -> Result<()> {
    if lot.tier >= Tier::T7 {
        open_task(desk, tx, lot, expiry::task_of(lot.tier), None).await?;
    }
    Ok(())
}
