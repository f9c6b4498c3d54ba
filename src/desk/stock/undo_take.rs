//! Undo a take within minutes: what was not taken after all goes back by a line of its own.

use chrono::TimeDelta;
use entity::{ids::TakeId, movement};

use super::{Entry, move_units};
use crate::{
    db::Done,
    desk::{About, Desk, Error, Result},
    rules::{
        ledger::{Change, Place},
        refusal::Refusal,
    },
    store,
    view::TakeView,
};

/// For how long.
const LONGEST: TimeDelta = TimeDelta::minutes(10);

/// Undoes it. Whoever knows the id of the take has taken it.
///
/// # Errors
/// [`Error::Refused`] when it is too late, or was undone; [`Error::NotFound`].
pub async fn undo(desk: Desk, id: TakeId) -> Result<Done<TakeView>> {
    let tx = desk.open_veiled().await?;
    let mut row = store::takes::lock(&tx, id).await?.ok_or(Error::NotFound("take"))?;
    if row.undone_at.is_some() {
        return desk.refuse_unstored(tx, vec![Refusal::AlreadyUndone]).await;
    }
    if desk.now() - row.taken_at > LONGEST {
        return desk.refuse_unstored(tx, vec![Refusal::UndoTooLate]).await;
    }
    let lines = store::movements::list_of_take(tx.conn(), id).await?;
    // Whoever was not named when it was taken is not named now.
    let scribe = if lines.iter().any(|line| line.actor_id.is_some()) { desk.clone() } else { desk.unnamed() };
    let lots = store::lots::lock_all(&tx, lines.iter().map(|line| line.lot_id).collect()).await?;
    for line in &lines {
        let lot = lots.iter().find(|lot| lot.id == line.lot_id).ok_or(Error::NotFound("lot"))?;
        let mut entry = Entry::new(&scribe, movement::Reason::Undone);
        (entry.take, entry.reversal_of) = (Some(id), Some(line.id));
        // Back on the shelf, where a lot that has ended meanwhile is refused to the next.
        let change = Change::moving(-line.available, Place::Elsewhere, Place::Available);
        if let Err(no) = move_units(&scribe, &tx, lot, change, entry).await? {
            return desk.refuse_unstored(tx, vec![no]).await;
        }
    }
    store::takes::undo(&tx, id, desk.now()).await?;
    store::packs::come_back(&tx, id).await?;
    row.undone_at = Some(desk.now());
    let detail = Some(serde_json::json!({ "take": id }));
    scribe.record(&tx, "take_undone", About { station: Some(row.station_id), detail, ..About::default() }).await?;
    desk.commit(tx, TakeView::from(&row)).await
}
