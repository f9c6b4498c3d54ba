//! Recall: one entry blocks all stations, and what arrives later too. Two people lift it.

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    ids::{KindId, RecallId},
    recall, stock_block,
    stock_block::Cause,
    task::What,
};

use super::{hold, new_block, open_task, recall_notice};
use crate::{
    db::{Done, WriteTx},
    desk::{About, Desk, Error, Problem, Result, invalid, kinds::may_edit},
    rules::{recall as rule, refusal::Refusal},
    store,
    view::RecallView,
};

/// What is recalled.
#[derive(Clone, Debug)]
pub struct NewRecall {
    /// The kind; or
    pub kind: Option<KindId>,
    /// the product, by the code on its packs: a GTIN of 14 digits, or the first 7 of a trace code.
    pub product: Option<String>,
    /// Which lots: numbers with commas between, `A12*` for a beginning, `*` for all.
    pub lots: String,
    /// Who recalls, and where it is written.
    pub source: String,
}

/// Enters a recall, and blocks what it means, at all stations. Staff: whoever hears of it first.
///
/// # Errors
/// [`Error::Invalid`], [`Error::Forbidden`].
pub async fn enter(desk: Desk, what: NewRecall) -> Result<Done<RecallView>> {
    desk.actor.staff()?;
    let tx = desk.open().await?;
    if what.kind.is_none() == what.product.is_none() {
        return Err(Error::Invalid { field: "product", problem: Problem::Missing });
    }
    if let Some(kind) = what.kind
        && store::kinds::find(tx.conn(), kind).await?.is_none()
    {
        return Err(Error::Invalid { field: "kind_id", problem: Problem::Unknown });
    }
    let row = recall::Model {
        id: desk.app.clock.id(),
        kind_id: what.kind,
        product: what.product.as_deref().map(entity::values::code).transpose().map_err(invalid("product"))?,
        lots: entity::values::text(&what.lots, 500).map_err(invalid("lots"))?,
        source: entity::values::text(&what.source, 300).map_err(invalid("source"))?,
        made_by: desk.actor.member(),
        made_at: desk.now(),
        lift_reason: None,
        lift_proposed_by: None,
        lift_proposed_at: None,
        lifted_by: None,
        lifted_at: None,
    };
    store::stock_blocks::add_recall(&tx, row.clone()).await?;
    let blocked = block_all(&desk, &tx, &row).await?;
    let detail = Some(serde_json::json!({ "recall": row.id, "lots": blocked }));
    desk.record(&tx, "recalled", About { detail, ..About::default() }).await?;
    desk.commit(tx, RecallView::new(&row, blocked)).await
}

async fn block_all(desk: &Desk, tx: &WriteTx, recall: &recall::Model) -> Result<u64> {
    let mut products: BTreeMap<KindId, Vec<String>> = BTreeMap::new();
    if let Some(kind) = recall.kind_id {
        products.insert(kind, Vec::new());
    }
    for code in store::consumables::list_kinds_of_code(tx.conn(), recall.product.iter().cloned().collect()).await? {
        products.entry(code.kind_id).or_default().push(code.code);
    }
    let (mut blocked, mut stations) = (0, BTreeSet::new());
    for lot in store::lots::lock_of_kinds(tx, products.keys().copied().collect()).await? {
        if rule::means(recall, &lot, &products[&lot.kind_id]) {
            let row =
                stock_block::Model { recall_id: Some(recall.id), ..new_block(desk, Some(&lot), Cause::Recalled, &recall.source) };
            let lot = store::stock_blocks::lay(tx, row, &lot).await?;
            hold::cut_off(desk, tx, &lot).await?;
            open_task(desk, tx, &lot, What::PullRecalled, Some(recall.source.clone())).await?;
            stations.insert(lot.station_id);
            blocked += 1;
        }
    }
    recall_notice::tell_keepers(desk, tx, recall, stations).await?;
    Ok(blocked)
}

/// Lifts a recall: the first person proposes it with a reason, a second one does it.
///
/// # Errors
/// [`Error::Refused`] when it is over, or when one person wants to be both; [`Error::NotFound`].
pub async fn lift(desk: Desk, (id, reason): (RecallId, Option<String>)) -> Result<Done<RecallView>> {
    let tx = desk.open().await?;
    let mut row = store::stock_blocks::lock_recall(&tx, id).await?.ok_or(Error::NotFound("recall"))?;
    let community = match row.kind_id {
        Some(kind) => store::kinds::find(tx.conn(), kind).await?.and_then(|kind| kind.community_id),
        None => None,
    };
    may_edit(&desk, community)?;
    if row.lifted_at.is_some() {
        return desk.refuse(tx, vec![Refusal::RecallOver]).await;
    }
    let mut freed = 0;
    if row.lift_proposed_at.is_none() {
        let reason = reason.ok_or(Error::Invalid { field: "reason", problem: Problem::Missing })?;
        row.lift_reason = Some(entity::values::text(&reason, 300).map_err(invalid("reason"))?);
        (row.lift_proposed_by, row.lift_proposed_at) = (desk.actor.member(), Some(desk.now()));
    } else if row.lift_proposed_by == desk.actor.member() {
        return desk.refuse(tx, vec![Refusal::SecondPersonNeeded]).await;
    } else {
        (row.lifted_by, row.lifted_at) = (desk.actor.member(), Some(desk.now()));
        let blocks = store::stock_blocks::list_of_recall(tx.conn(), id).await?;
        store::lots::lock_all(&tx, blocks.iter().filter_map(|block| block.lot_id).collect()).await?;
        for block in blocks {
            let why = row.lift_reason.as_deref().unwrap_or_default();
            store::stock_blocks::lift(&tx, &block, desk.actor.member(), why, desk.now()).await?;
            if let Some(lot) = block.lot_id {
                store::tasks::settle_lot(&tx, lot, &[What::PullRecalled], desk.now()).await?;
            }
            freed += 1;
        }
    }
    store::stock_blocks::change_recall(&tx, row.clone()).await?;
    let detail = Some(serde_json::json!({ "recall": id, "lifted": row.lifted_at.is_some() }));
    desk.record(&tx, "recall_lifted", About { detail, ..About::default() }).await?;
    desk.commit(tx, RecallView::new(&row, freed)).await
}
