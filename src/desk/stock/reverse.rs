//! Reverse a movement that was a mistake: by a line that names it, once, and not across a later count.

use entity::{
    ids::MovementId,
    movement::{self, Reason},
};

use super::{Entry, lock_kept, move_units};
use crate::{
    db::Done,
    desk::{About, Desk, Error, Result, invalid},
    rules::{ledger::Change, refusal::Refusal},
    store,
    view::LotMovedView,
};

/// Reverses it, with a reason.
///
/// # Errors
/// [`Error::Refused`], [`Error::NotFound`].
pub async fn reverse(desk: Desk, (id, reason): (MovementId, String)) -> Result<Done<LotMovedView>> {
    let reason = entity::values::text(&reason, 200).map_err(invalid("reason"))?;
    let tx = desk.open().await?;
    let line = store::movements::find(tx.conn(), id).await?.ok_or(Error::NotFound("movement"))?;
    let (lot, _) = lock_kept(&desk, &tx, line.lot_id).await?;
    let mut reasons = Vec::new();
    if !is_reversible(line.reason) {
        reasons.push(Refusal::NotReversible);
    }
    if store::movements::find_reversal_of(tx.conn(), id).await?.is_some() {
        reasons.push(Refusal::AlreadyReversed);
    }
    if lot.counted_at.is_some_and(|counted| counted >= line.occurred_at) && line.reason != Reason::Counted {
        reasons.push(Refusal::CountedSince);
    }
    if !reasons.is_empty() {
        return desk.refuse(tx, reasons).await;
    }
    let mut entry = Entry::new(&desk, Reason::Reversed);
    (entry.reversal_of, entry.note, entry.occurred_at) = (Some(id), Some(reason), line.occurred_at);
    let lot = match move_units(&desk, &tx, &lot, change_of(&line).undone(), entry).await? {
        Ok(lot) => lot,
        Err(no) => return desk.refuse(tx, vec![no]).await,
    };
    let detail = Some(serde_json::json!({ "movement": id }));
    desk.record(&tx, "movement_reversed", About { station: Some(lot.station_id), detail, ..About::default() }).await?;
    desk.commit(tx, LotMovedView::from(&lot)).await
}

/// A take is undone, a hold released, a transfer sent back, an opening stands: these have their own way back, or none.
fn is_reversible(reason: Reason) -> bool {
    matches!(reason, Reason::Received | Reason::Quarantined | Reason::Cleared | Reason::SetAside | Reason::HandedOver)
}

fn change_of(line: &movement::Model) -> Change {
    Change { available: line.available, held: line.held, quarantined: line.quarantined, to_dispose: line.to_dispose }
}
