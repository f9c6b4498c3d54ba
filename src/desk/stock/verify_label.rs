//! Read a label again, by somebody else: before that, medicine is not handed out.

use chrono::Datelike;
use entity::{ids::LotId, lot, stock_block::Cause, task::What};

use super::{lock_kept, profile_of, today};
use crate::{
    db::Done,
    desk::{About, Desk, Result},
    rules::{label_date, receive::label_key, refusal::Refusal, usability},
    store,
    view::LotView,
};

/// Compares what a second person reads with what is stored. The same reading frees the lot.
///
/// # Errors
/// [`crate::desk::Error::Refused`] when they differ, when it is the same person, or when nothing waits for it.
pub async fn verify_label(desk: Desk, (id, text): (LotId, String)) -> Result<Done<LotView>> {
    let tx = desk.open().await?;
    let (lot, station) = lock_kept(&desk, &tx, id).await?;
    let mut waiting = store::stock_blocks::list_on(tx.conn(), id).await?;
    waiting.retain(|block| block.cause == Cause::Unverified);
    if waiting.is_empty() {
        return desk.refuse(tx, vec![Refusal::NotBlocked]).await;
    }
    if waiting.iter().any(|block| block.made_by == desk.actor.member()) {
        return desk.refuse(tx, vec![Refusal::SecondPersonNeeded]).await;
    }
    let label = match label_date::read(&text, desk.now().with_timezone(&station.zone()).year()) {
        Ok(label) => label,
        Err(ask) => return desk.refuse(tx, vec![Refusal::LabelUnclear { ask }]).await,
    };
    if label_key(Some(&label)) != lot.label_key {
        return desk.refuse(tx, vec![Refusal::LabelsDiffer]).await;
    }
    let mut lot = lot::Model { verified_by: desk.actor.member(), ..lot };
    for block in &waiting {
        store::stock_blocks::lift(
            &tx,
            block,
            desk.actor.member(),
            "标签由第二个人核对 / a second person has read the label",
            desk.now(),
        )
        .await?;
        lot.blocks -= 1;
    }
    store::lots::mark_verified(&tx, lot.id, desk.actor.member()).await?;
    store::tasks::settle_lot(&tx, lot.id, &[What::VerifyLabel, What::ReadLabelAgain], desk.now()).await?;
    let detail = Some(serde_json::json!({ "lot": lot.id }));
    desk.record(&tx, "label_verified", About { station: Some(lot.station_id), detail, ..About::default() }).await?;
    let profile = profile_of(tx.conn(), lot.kind_id).await?;
    let causes = store::stock_blocks::causes_on(tx.conn(), vec![lot.id]).await?.remove(&lot.id).unwrap_or_default();
    let blocks = usability::blocks(&lot, &causes, &profile, today(&desk, tx.conn(), &station).await?);
    desk.commit(tx, LotView::new(&lot, &blocks)).await
}
