//! Block a lot, and lift a block. A lot is handed out only when nothing lies on it.

use entity::{
    ids::{LotId, StockBlockId},
    stock_block::Cause,
};

use super::{is_drug, lock_kept, new_block, profile_of};
use crate::{
    db::Done,
    desk::{About, Desk, Error, Result, authority::hide, invalid},
    rules::refusal::Refusal,
    store,
    view::StockBlockView,
};

/// Blocks a lot, with a reason.
///
/// # Errors
/// [`Error::Invalid`], [`Error::NotFound`].
pub async fn block(desk: Desk, (lot, reason): (LotId, String)) -> Result<Done<StockBlockView>> {
    let reason = entity::values::text(&reason, 200).map_err(invalid("reason"))?;
    let tx = desk.open().await?;
    let (lot, _) = lock_kept(&desk, &tx, lot).await?;
    let row = new_block(&desk, Some(&lot), Cause::Manual, &reason);
    store::stock_blocks::lay(&tx, row.clone(), &lot).await?;
    let detail = Some(serde_json::json!({ "lot": lot.id, "reason": reason }));
    desk.record(&tx, "lot_blocked", About { station: Some(lot.station_id), detail, ..About::default() }).await?;
    desk.commit(tx, StockBlockView::from(&row)).await
}

/// Lifts a block, with a reason. What two people must look at (medicine; a conflict; data that cannot be true; a suspension)
/// is lifted by somebody else than whoever laid it. What was recalled is lifted with its recall, and an unverified label by
/// reading it again.
///
/// # Errors
/// [`Error::Refused`], [`Error::NotFound`].
pub async fn lift(desk: Desk, (id, reason): (StockBlockId, String)) -> Result<Done<StockBlockView>> {
    let reason = entity::values::text(&reason, 200).map_err(invalid("reason"))?;
    desk.actor.staff().map_err(|error| if desk.actor.member().is_some() { Error::NotFound("block") } else { error })?;
    let tx = desk.open().await?;
    let mut block = store::stock_blocks::find(tx.conn(), id).await?.ok_or(Error::NotFound("block"))?;
    let two_people = match block.lot_id {
        Some(lot) => {
            let (lot, _) = lock_kept(&desk, &tx, lot).await?;
            is_drug(&profile_of(tx.conn(), lot.kind_id).await?) || block.cause != Cause::Manual
        }
        None => {
            let station = match block.station_id {
                Some(id) => store::stations::find(tx.conn(), id).await?,
                None => None,
            };
            let station = station.ok_or(Error::NotFound("block"))?;
            hide(desk.actor.manager_of(station.community_id), "block")?;
            true
        }
    };
    if block.lifted_at.is_some() {
        return desk.refuse(tx, vec![Refusal::NotBlocked]).await;
    }
    if matches!(block.cause, Cause::Recalled | Cause::Unverified) || (two_people && block.made_by == desk.actor.member()) {
        return desk.refuse(tx, vec![Refusal::SecondPersonNeeded]).await;
    }
    store::stock_blocks::lift(&tx, &block, desk.actor.member(), &reason, desk.now()).await?;
    (block.lifted_at, block.lifted_by, block.lift_reason) = (Some(desk.now()), desk.actor.member(), Some(reason));
    let detail = Some(serde_json::json!({ "block": block.id, "lot": block.lot_id }));
    desk.record(&tx, "block_lifted", About { station: block.station_id, detail, ..About::default() }).await?;
    desk.commit(tx, StockBlockView::from(&block)).await
}
