//! Reverse a movement that was a mistake: by a line that names it, once, and not across a later count.

use entity::{ids::MovementId, movement::Reason};

use super::{Entry, lock_kept, move_units};
use crate::{
    db::Done,
    desk::{About, Desk, Error, Result, invalid},
    rules::reversal as rule,
    store,
    view::LotMovedView,
};

/// Reverses it, with a reason. A take that was written down by mistake is none any more: it counts towards no limit.
///
/// # Errors
/// [`Error::Refused`], [`Error::NotFound`].
pub async fn reverse(desk: Desk, (id, reason): (MovementId, String)) -> Result<Done<LotMovedView>> {
    let reason = entity::values::text(&reason, 200).map_err(invalid("reason"))?;
    let tx = desk.open().await?;
    let line = store::movements::find(tx.conn(), id).await?.ok_or(Error::NotFound("movement"))?;
    // Before the lot, as whoever undoes a take does.
    let take = match line.take_id {
        Some(take) => store::takes::lock(&tx, take).await?,
        None => None,
    };
    let (lot, _) = lock_kept(&desk, &tx, line.lot_id).await?;
    let reversed = store::movements::find_reversal_of(tx.conn(), id).await?.is_some();
    let change = match rule::reverse(&line, take.as_ref(), reversed, &lot) {
        Ok(change) => change,
        Err(reasons) => return desk.refuse(tx, reasons).await,
    };
    let mut entry = Entry::new(&desk, Reason::Reversed);
    (entry.reversal_of, entry.note, entry.occurred_at) = (Some(id), Some(reason), line.occurred_at);
    let lot = match move_units(&desk, &tx, &lot, change, entry).await? {
        Ok(lot) => lot,
        Err(no) => return desk.refuse(tx, vec![no]).await,
    };
    if let Some(take) = take.filter(|take| take.undone_at.is_none()) {
        store::takes::undo(&tx, take.id, desk.now()).await?;
    }
    let detail = Some(serde_json::json!({ "movement": id }));
    desk.record(&tx, "movement_reversed", About { station: Some(lot.station_id), detail, ..About::default() }).await?;
    desk.commit(tx, LotMovedView::from(&lot)).await
}
