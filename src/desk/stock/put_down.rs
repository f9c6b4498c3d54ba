//! Put down what was admitted: the lot, its ledger, its label and photo, and every block it is born with.

use entity::{
    ids::{LotId, PhotoId},
    lot, lot_label, lot_photo, movement,
    stock_block::Cause,
    task::What,
};

use super::{
    Entry, Place, is_drug, lay_block, move_units, open_task, recall,
    receive::{Delivered, Listed, Receive},
    register_packs, write_line,
};
use crate::{
    db::WriteTx,
    desk::{Desk, Result},
    rules::{
        handling::one_family,
        label_date::LabelDate,
        ledger::{Change, Place as Where},
        receive::{Admission, Goes, label_key},
        refusal::Refusal,
    },
    store,
};

const UNVERIFIED: &str = "等第二个人核对标签 / waits for a second person to read the label";
const CONFLICT: &str = "同批号有不同的有效期 / another date is printed on the same lot number";
const NO_SOURCE: &str = "来源不明，没有凭证 / found without any paper that says where it comes from";

/// Writes down what was admitted: into the lot that is there, or as a lot of its own, with what lies on it from the first day.
pub(crate) async fn put_down(
    desk: &Desk,
    tx: &WriteTx,
    order: &Receive,
    place: &Place,
    mut pack: Delivered,
    admission: &Admission,
    listed: Listed,
) -> Result<std::result::Result<lot::Model, Refusal>> {
    let namesakes = std::mem::take(&mut pack.namesakes);
    let to = match order.goes {
        Goes::Shelf => Where::Available,
        Goes::Apart => Where::Quarantined,
        Goes::RedBox => Where::ToDispose,
    };
    let change = Change::moving(order.units, Where::Elsewhere, to);
    let mut entry = Entry::new(desk, movement::Reason::Received);
    entry.note = match (&order.proof, listed.note) {
        (Some(proof), Some(note)) => Some(format!("{proof}；{note}")),
        (proof, note) => note.or_else(|| proof.clone()),
    };
    entry.occurred_at = listed.as_of.unwrap_or(entry.occurred_at);
    let known = admission.into.and_then(|id| namesakes.iter().find(|lot| lot.id == id));
    let mut lot = if let Some(known) = known {
        let lot = match move_units(desk, tx, known, change, entry).await? {
            Ok(lot) => lot,
            Err(no) => return Ok(Err(no)),
        };
        keep_photo(desk, tx, &lot, pack.photo).await?;
        lot
    } else {
        let blank = new_lot(desk, order, place, &pack, admission, change);
        let lot = lot::Model { received_at: entry.occurred_at, ..blank };
        store::lots::add(tx, lot.clone()).await?;
        write_line(desk, tx, &lot, change, entry).await?;
        first_label(desk, tx, order, &lot, pack.photo).await?;
        lot
    };
    if !admission.recalled_by.is_empty() {
        lot = recall::came_back(desk, tx, lot).await?;
    }
    if let Some(code) = &pack.code {
        register_packs::note(desk, tx, lot.id, place.kind.id, code).await?;
    }
    if admission.unverified && known.is_none() {
        lot = lay_block(desk, tx, &lot, Cause::Unverified, UNVERIFIED).await?;
        open_task(desk, tx, &lot, What::VerifyLabel, None).await?;
    }
    if order.goes == Goes::Apart && order.proof.is_none() && place.profile.as_ref().is_some_and(is_drug) {
        lot = lay_block(desk, tx, &lot, Cause::DataError, NO_SOURCE).await?;
    }
    if !admission.conflicts.is_empty() {
        let meant =
            |other: &lot::Model| admission.conflicts.contains(&other.id) || (other.id != lot.id && one_family(other, &lot));
        let others = namesakes.iter().filter(|other| meant(other)).cloned().collect();
        contradicted(desk, tx, others).await?;
        lot = contradicted(desk, tx, vec![lot.clone()]).await?.pop().unwrap_or(lot);
    }
    Ok(Ok(lot))
}

/// Lots of one number with different dates: all of them are blocked until somebody has looked. The lots as they are then.
pub(super) async fn contradicted(desk: &Desk, tx: &WriteTx, lots: Vec<lot::Model>) -> Result<Vec<lot::Model>> {
    let mut after = Vec::new();
    for lot in lots {
        let lot = lay_block(desk, tx, &lot, Cause::Conflict, CONFLICT).await?;
        if lot.on_hand() > 0 {
            open_task(desk, tx, &lot, What::SettleConflict, None).await?;
        }
        after.push(lot);
    }
    Ok(after)
}

fn new_lot(desk: &Desk, order: &Receive, place: &Place, pack: &Delivered, admission: &Admission, change: Change) -> lot::Model {
    let label = admission.label.as_ref();
    let text = order.label.clone().or_else(|| label.map(|label| label.written(entity::values::Language::Chinese)));
    lot::Model {
        id: desk.app.clock.id::<LotId>(),
        station_id: place.station.id,
        kind_id: place.kind.id,
        number: pack.number.clone(),
        number_key: pack.number_key.clone(),
        label_text: label.and(text),
        label_kind: label.map(LabelDate::kind),
        label_precision: label.map(LabelDate::precision),
        label_key: label_key(label),
        made_on: label.and_then(LabelDate::made_on),
        lenient_last_day: label.map(LabelDate::lenient_last_day),
        strict_last_day: label.map(LabelDate::strict_last_day),
        last_day: admission.ends.last_day,
        last_issue_day: admission.ends.last_issue_day,
        opened_on: None,
        parent_id: None,
        shelf: order.shelf.clone(),
        source: order.source,
        proof: order.proof.clone(),
        available: change.available,
        held: 0,
        quarantined: change.quarantined,
        to_dispose: change.to_dispose,
        blocks: 0,
        tier: lot::Tier::Fresh,
        received_at: desk.now(),
        received_by: desk.actor.member(),
        verified_by: None,
        counted_at: None,
        seen_closed_at: None,
        rev: 1,
    }
}

/// The first line of the history of a label.
async fn first_label(desk: &Desk, tx: &WriteTx, order: &Receive, lot: &lot::Model, photo: Option<Vec<u8>>) -> Result<()> {
    let photo_id = keep_photo(desk, tx, lot, photo).await?;
    let reason = order.proof.clone().unwrap_or_else(|| "入库 / received".to_owned());
    let row = lot_label::Model {
        lot_id: lot.id,
        n: 1,
        label_text: lot.label_text.clone(),
        last_day: lot.last_day,
        reason,
        photo_id,
        written_by: desk.actor.member(),
        written_at: desk.now(),
    };
    Ok(store::lot_labels::add(tx, row).await?)
}

/// Keeps a photo of a label.
pub(super) async fn keep_photo(desk: &Desk, tx: &WriteTx, lot: &lot::Model, photo: Option<Vec<u8>>) -> Result<Option<PhotoId>> {
    let Some(jpeg) = photo else { return Ok(None) };
    let (id, about) = (desk.app.clock.id(), "label".to_owned());
    let row = lot_photo::Model { id, lot_id: lot.id, about, jpeg, created_at: desk.now() };
    store::lot_labels::add_photo(tx, row).await?;
    Ok(Some(id))
}
