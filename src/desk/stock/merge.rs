//! A lot whose date was mistyped turns out to be another that is there already: its units move into that one, by two lines of
//! the ledger that name each other, and what lies on it goes with them.

use entity::{lot, movement::Reason, stock_block, stock_block::Cause, task::What};

use super::{Entry, hold, lay_block, move_units, new_block, open_task};
use crate::{
    db::{Trouble, WriteTx},
    desk::{Desk, Error, Result},
    rules::ledger::Change,
    store,
};

pub(super) const LATER: &str = "有效期改晚，等第二个人核对标签 / a later date: waits for a second person to read the label";

/// Pours everything in a lot into its twin; both are held. `later`: the units would be good for longer than was known. The lot
/// as it is then.
pub(super) async fn pour(desk: &Desk, tx: &WriteTx, lot: &lot::Model, twin: &lot::Model, later: bool) -> Result<lot::Model> {
    hold::cut_off(desk, tx, lot).await?;
    let lot = store::lots::find(tx.conn(), lot.id).await?.ok_or(Error::NotFound("lot"))?;
    if lot.on_hand() == 0 {
        return Ok(lot);
    }
    let twin = take_blocks_along(desk, tx, &lot, twin.clone(), later).await?;
    let into = Change { available: lot.available, held: 0, quarantined: lot.quarantined, to_dispose: lot.to_dispose };
    move_all(desk, tx, &twin, into, Reason::MovedIn, &lot).await?;
    move_all(desk, tx, &lot, into.undone(), Reason::MovedOut, &twin).await
}

async fn move_all(
    desk: &Desk,
    tx: &WriteTx,
    lot: &lot::Model,
    change: Change,
    reason: Reason,
    other: &lot::Model,
) -> Result<lot::Model> {
    let mut entry = Entry::new(desk, reason);
    entry.other_lot = Some(other.id);
    let moved = move_units(desk, tx, lot, change, entry).await?;
    moved.map_err(|no| Trouble::Fault(format!("the lot {} cannot be poured: {no:?}", lot.id)).into())
}

/// What stands against the units stands against them there too. The conflict was about the date that was mistyped: it does not
/// go along, and where it lies on the twin somebody else lifts it.
async fn take_blocks_along(desk: &Desk, tx: &WriteTx, lot: &lot::Model, mut twin: lot::Model, later: bool) -> Result<lot::Model> {
    if later {
        // A block of its own, even beside another: whoever has corrected is not the one who confirms.
        twin = store::stock_blocks::lay(tx, new_block(desk, Some(&twin), Cause::Unverified, LATER), &twin).await?;
        open_task(desk, tx, &twin, What::VerifyLabel, None).await?;
    }
    for block in store::stock_blocks::list_on(tx.conn(), lot.id).await? {
        match block.cause {
            Cause::Manual | Cause::DataError => {
                let id = desk.app.clock.id();
                let copy = stock_block::Model { id, lot_id: Some(twin.id), station_id: Some(twin.station_id), ..block };
                twin = store::stock_blocks::lay(tx, copy, &twin).await?;
            }
            Cause::Unverified if !later => {
                twin = lay_block(desk, tx, &twin, Cause::Unverified, &block.reason).await?;
                open_task(desk, tx, &twin, What::VerifyLabel, None).await?;
            }
            _ => {}
        }
    }
    Ok(twin)
}
