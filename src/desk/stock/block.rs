//! Block a lot, and lift a block. A lot is handed out only when nothing lies on it.

use entity::{
    ids::{LotId, StationId, StockBlockId},
    stock_block::{self, Cause},
    task::What,
};

use super::{is_drug, lock_kept, new_block, profile_of};
use crate::{
    db::{Done, WriteTx},
    desk::{About, Desk, Error, Result, authority::hide, invalid},
    rules::refusal::Refusal,
    store,
    view::StockBlockView,
};

/// Blocks a lot, with a reason, and the packs that were opened out of it, wherever they are.
///
/// # Errors
/// [`Error::Invalid`], [`Error::NotFound`].
pub async fn block(desk: Desk, (lot, reason): (LotId, String)) -> Result<Done<StockBlockView>> {
    let reason = entity::values::text(&reason, 200).map_err(invalid("reason"))?;
    let tx = desk.open().await?;
    let (lot, _) = lock_kept(&desk, &tx, lot).await?;
    let row = new_block(&desk, Some(&lot), Cause::Manual, &reason);
    store::stock_blocks::lay(&tx, row.clone(), &lot).await?;
    for opened in store::lots::lock_family(&tx, lot.id).await?.iter().filter(|opened| opened.id != lot.id) {
        store::stock_blocks::lay(&tx, new_block(&desk, Some(opened), Cause::Manual, &reason), opened).await?;
    }
    let detail = Some(serde_json::json!({ "lot": lot.id, "reason": reason }));
    desk.record(&tx, "lot_blocked", About { station: Some(lot.station_id), detail, ..About::default() }).await?;
    desk.commit(tx, StockBlockView::from(&row)).await
}

/// Lifts a block, with a reason. What two people must look at (medicine; a conflict; data that cannot be true; a suspension)
/// is lifted by somebody else than whoever laid it; what the check has laid is proposed by one and lifted by another. What was
/// recalled is lifted with its recall, and an unverified label by reading it again. A suspension ends when the packs are gone.
///
/// # Errors
/// [`Error::Refused`], [`Error::NotFound`].
pub async fn lift(desk: Desk, (id, reason): (StockBlockId, String)) -> Result<Done<StockBlockView>> {
    let reason = entity::values::text(&reason, 200).map_err(invalid("reason"))?;
    desk.actor.staff().map_err(|error| if desk.actor.member().is_some() { Error::NotFound("block") } else { error })?;
    let tx = desk.open().await?;
    let mut block = store::stock_blocks::find(tx.conn(), id).await?.ok_or(Error::NotFound("block"))?;
    let two_people = needs_two(&desk, &tx, &block).await?;
    if block.lifted_at.is_some() {
        return desk.refuse(tx, vec![Refusal::NotBlocked]).await;
    }
    if let (Cause::Suspended, Some(station)) = (block.cause, block.station_id)
        && let Some(units) = left_over(&tx, station).await?
    {
        return desk.refuse(tx, vec![Refusal::LotStillThere { units }]).await;
    }
    let me = desk.actor.member();
    // Who has said so before: whoever laid it, or for what the check has laid, whoever has proposed it.
    let by_check = block.made_by.is_none();
    let first = if by_check { block.lift_proposed_by } else { block.made_by };
    let proposes = two_people && by_check && block.lift_proposed_at.is_none();
    if matches!(block.cause, Cause::Recalled | Cause::Unverified) || (two_people && !proposes && first == me) {
        return desk.refuse(tx, vec![Refusal::SecondPersonNeeded]).await;
    }
    if proposes {
        store::stock_blocks::propose_lift(&tx, block.id, me, desk.now()).await?;
        (block.lift_proposed_by, block.lift_proposed_at) = (me, Some(desk.now()));
    } else {
        store::stock_blocks::lift(&tx, &block, me, &reason, desk.now()).await?;
        settle(&desk, &tx, &block).await?;
        (block.lifted_at, block.lifted_by) = (Some(desk.now()), me);
    }
    let detail = Some(serde_json::json!({ "block": block.id, "lot": block.lot_id, "lifted": !proposes, "reason": reason }));
    desk.record(&tx, "block_lifted", About { station: block.station_id, detail, ..About::default() }).await?;
    desk.commit(tx, StockBlockView::from(&block)).await
}

/// Must two people look? Also holds the lot, and asks whether the actor may know of it.
async fn needs_two(desk: &Desk, tx: &WriteTx, block: &stock_block::Model) -> Result<bool> {
    if let Some(lot) = block.lot_id {
        let (lot, _) = lock_kept(desk, tx, lot).await?;
        return Ok(is_drug(&profile_of(tx.conn(), lot.kind_id).await?) || block.cause != Cause::Manual);
    }
    let station = match block.station_id {
        Some(id) => store::stations::find(tx.conn(), id).await?,
        None => None,
    };
    hide(desk.actor.manager_of(station.ok_or(Error::NotFound("block"))?.community_id), "block")?;
    Ok(true)
}

/// How many units are still on the shelf of what nobody has taken away for three days.
async fn left_over(tx: &WriteTx, station: StationId) -> Result<Option<i32>> {
    let mut lots: Vec<LotId> = Vec::new();
    for task in store::tasks::list_open_about_lots(tx.conn(), station).await? {
        lots.extend(task.lot_id.filter(|_| task.escalated >= 2));
    }
    let units: i32 = store::lots::lock_all(tx, lots).await?.iter().map(entity::lot::Model::on_shelf).sum();
    Ok((units > 0).then_some(units))
}

/// What the block asked for has happened, unless another of its cause lies there.
async fn settle(desk: &Desk, tx: &WriteTx, block: &stock_block::Model) -> Result<()> {
    let (Some(lot), Some(what)) = (block.lot_id, asked_by(block.cause)) else { return Ok(()) };
    if store::stock_blocks::list_on(tx.conn(), lot).await?.iter().all(|other| other.cause != block.cause) {
        store::tasks::settle_lot(tx, lot, &[what], desk.now()).await?;
    }
    Ok(())
}

fn asked_by(cause: Cause) -> Option<What> {
    match cause {
        Cause::Conflict => Some(What::SettleConflict),
        Cause::DataError => Some(What::ReadLabelAgain),
        _ => None,
    }
}
