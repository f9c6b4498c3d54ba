//! Recall: one entry blocks all stations, and what arrives later too. Two people lift it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;
use entity::{
    ids::{KindId, RecallId, StationId},
    lot, recall, stock_block,
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
    /// the product, by the code on its packs: an EAN or GTIN, a trace code or its first 7 digits.
    pub product: Option<String>,
    /// Which lots: numbers with commas or spaces between, `A12*` for a beginning, `*` for all.
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
    let year = desk.now().with_timezone(&chrono_tz::Asia::Shanghai).year();
    let unknown = |field| Error::Invalid { field, problem: Problem::Unknown };
    let product = match &what.product {
        Some(typed) => Some(rule::product(typed, year).ok_or_else(|| unknown("product"))?),
        None => None,
    };
    let lots = entity::values::text(&what.lots, 500).map_err(invalid("lots"))?;
    let row = recall::Model {
        id: desk.app.clock.id(),
        kind_id: what.kind,
        product,
        lots: rule::patterns(&lots).ok_or_else(|| unknown("lots"))?.join(","),
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

/// Blocks what a recall means, at all stations; also lots that hold nothing now.
async fn block_all(desk: &Desk, tx: &WriteTx, recall: &recall::Model) -> Result<u64> {
    let recalls = std::slice::from_ref(recall);
    let kinds = kinds_meant(tx, recalls).await?;
    let lots = store::lots::lock_of_kinds(tx, None, kinds).await?;
    apply(desk, tx, recalls, lots).await
}

/// Lays every recall in force on what it means at a station and does not block yet, and says how many blocks that were.
/// Level-triggered: it may run at any time, and any number of times.
///
/// # Errors
/// The database.
pub async fn apply_registry(desk: &Desk, tx: &WriteTx, station: StationId) -> Result<u64> {
    let recalls = store::stock_blocks::list_recalls_in_force(tx.conn()).await?;
    let kinds = kinds_meant(tx, &recalls).await?;
    let lots = store::lots::lock_of_kinds(tx, Some(station), kinds).await?;
    apply(desk, tx, &recalls, lots).await
}

/// A code was learnt: what is recalled by it reaches the lots of its kind that were there before.
pub(super) async fn code_learnt(desk: &Desk, tx: &WriteTx, kind: KindId, code: &str) -> Result<()> {
    let mut recalls = store::stock_blocks::list_recalls_in_force(tx.conn()).await?;
    recalls.retain(|recall| recall.product.as_deref() == Some(code));
    if !recalls.is_empty() {
        let lots = store::lots::lock_of_kinds(tx, None, vec![kind]).await?;
        apply(desk, tx, &recalls, lots).await?;
    }
    Ok(())
}

/// Units have come back into a lot that is held: what was recalled meanwhile must be pulled now.
pub(super) async fn came_back(desk: &Desk, tx: &WriteTx, lot: lot::Model) -> Result<lot::Model> {
    let recalls = store::stock_blocks::list_recalls_in_force(tx.conn()).await?;
    let (mut lots, _) = lay(desk, tx, &recalls, vec![lot.clone()]).await?;
    Ok(lots.pop().unwrap_or(lot))
}

async fn kinds_meant(tx: &WriteTx, recalls: &[recall::Model]) -> Result<Vec<KindId>> {
    let mut kinds: Vec<KindId> = recalls.iter().filter_map(|recall| recall.kind_id).collect();
    let codes = recalls.iter().filter_map(|recall| recall.product.clone()).collect();
    kinds.extend(store::consumables::list_kinds_of_code(tx.conn(), codes).await?.iter().map(|code| code.kind_id));
    kinds.sort_unstable();
    kinds.dedup();
    Ok(kinds)
}

async fn apply(desk: &Desk, tx: &WriteTx, recalls: &[recall::Model], lots: Vec<lot::Model>) -> Result<u64> {
    let before: BTreeMap<_, _> = lots.iter().map(|lot| (lot.id, lot.blocks)).collect();
    let (lots, laid) = lay(desk, tx, recalls, lots).await?;
    for lot in lots.iter().filter(|lot| before[&lot.id] != lot.blocks && lot.held > 0) {
        hold::cut_off(desk, tx, lot).await?;
    }
    Ok(laid)
}

/// Lays these recalls on lots that are held, each once, asks for what is on the shelf, and tells whoever keeps it. The lots as
/// they are then, and how many blocks were laid.
async fn lay(desk: &Desk, tx: &WriteTx, recalls: &[recall::Model], lots: Vec<lot::Model>) -> Result<(Vec<lot::Model>, u64)> {
    let mut codes: BTreeMap<KindId, Vec<String>> = BTreeMap::new();
    let mut newly: BTreeMap<RecallId, BTreeSet<StationId>> = BTreeMap::new();
    let (mut after, mut laid) = (Vec::with_capacity(lots.len()), 0);
    for mut lot in lots {
        if !recalls.is_empty() && !codes.contains_key(&lot.kind_id) {
            let known = store::consumables::list_codes_of(tx.conn(), lot.kind_id).await?;
            codes.insert(lot.kind_id, known.into_iter().map(|product| product.code).collect());
        }
        for recall in recalls.iter().filter(|recall| rule::means(recall, &lot, &codes[&lot.kind_id])).collect::<Vec<_>>() {
            let there = store::stock_blocks::list_on(tx.conn(), lot.id).await?;
            if there.iter().all(|block| block.recall_id != Some(recall.id)) {
                let block = new_block(desk, Some(&lot), Cause::Recalled, &recall.source);
                let block = stock_block::Model { recall_id: Some(recall.id), ..block };
                lot = store::stock_blocks::lay(tx, block, &lot).await?;
                laid += 1;
                // Where nothing of it is left there is nothing to put apart.
                if lot.on_hand() > 0 {
                    newly.entry(recall.id).or_default().insert(lot.station_id);
                }
            }
            if lot.on_shelf() > 0 {
                open_task(desk, tx, &lot, What::PullRecalled, Some(recall.source.clone())).await?;
            }
        }
        after.push(lot);
    }
    for recall in recalls {
        if let Some(stations) = newly.remove(&recall.id) {
            recall_notice::tell_keepers(desk, tx, recall, stations).await?;
        }
    }
    Ok((after, laid))
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
        // Before any lot: whoever writes down a new one holds the registry first.
        store::stock_blocks::change_recall(&tx, row.clone()).await?;
        let blocks = store::stock_blocks::list_of_recall(tx.conn(), id).await?;
        store::lots::lock_all(&tx, blocks.iter().filter_map(|block| block.lot_id).collect()).await?;
        for block in blocks {
            let why = row.lift_reason.as_deref().unwrap_or_default();
            store::stock_blocks::lift(&tx, &block, desk.actor.member(), why, desk.now()).await?;
            if let Some(lot) = block.lot_id
                && store::stock_blocks::list_on(tx.conn(), lot).await?.iter().all(|other| other.cause != Cause::Recalled)
            {
                store::tasks::settle_lot(&tx, lot, &[What::PullRecalled], desk.now()).await?;
            }
            freed += 1;
        }
    }
    if row.lifted_at.is_none() {
        store::stock_blocks::change_recall(&tx, row.clone()).await?;
    }
    let detail = Some(serde_json::json!({ "recall": id, "lifted": row.lifted_at.is_some() }));
    desk.record(&tx, "recall_lifted", About { detail, ..About::default() }).await?;
    desk.commit(tx, RecallView::new(&row, freed)).await
}
