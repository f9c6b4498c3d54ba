//! Receive: a delivery goes on the shelf, or is refused with the reason.

use chrono::Datelike;
use entity::{
    consumable::Class,
    ids::{KindId, LotId},
    lot, lot_label, lot_photo, movement,
    stock_block::Cause,
    task::What,
};

use super::{Entry, Place, lay_block, move_units, new_block, open_task, place, register_packs, today, write_line};
use crate::{
    db::{Done, WriteTx},
    desk::{About, Desk, Error, Problem, Result, invalid},
    picture,
    rules::{
        label_date::{self, LabelDate},
        ledger::Change,
        pack_code::{self, PackCode, lot_key},
        receive::{self as rule, Admission, Delivery, Facts, label_key},
        refusal::Refusal,
        usability,
    },
    store,
    view::LotView,
};

/// A delivery, as a keeper writes it down.
#[derive(Clone, Debug)]
pub struct Receive {
    /// The plate of the station.
    pub station_code: String,
    /// What it is.
    pub kind: KindId,
    /// The number of the lot, as printed; empty if none is.
    pub number: String,
    /// The date, as printed.
    pub label: Option<String>,
    /// The code on the pack.
    pub code: Option<String>,
    /// How many base units.
    pub units: i32,
    /// Where it comes from.
    pub source: lot::Source,
    /// Invoice or delivery note.
    pub proof: Option<String>,
    /// A picture of the label.
    pub photo: Option<Vec<u8>>,
    /// Which shelf.
    pub shelf: Option<String>,
    /// Somebody has looked twice at an unusual date.
    pub sure: bool,
}

/// What was read from the pack.
struct Pack {
    number: String,
    number_key: String,
    typed: Option<LabelDate>,
    code: Option<PackCode>,
    photo: Option<Vec<u8>>,
}

/// Takes a delivery in.
///
/// # Errors
/// [`Error::Refused`] with all reasons; [`Error::Invalid`], [`Error::NotFound`], [`Error::Forbidden`].
pub async fn receive(desk: Desk, order: Receive) -> Result<Done<LotView>> {
    let photo = match order.photo.clone() {
        Some(bytes) => {
            let jpeg = picture::normalise(bytes).await;
            Some(jpeg.ok_or(Error::Invalid { field: "photo", problem: Problem::NotAPicture })?)
        }
        None => None,
    };
    let tx = desk.open().await?;
    let place = place(tx.conn(), &order.station_code, order.kind).await?;
    desk.actor.keeper_of(&place.station)?;
    let Some(profile) = place.profile.clone() else {
        let no = if place.kind.tracked == entity::kind::Tracked::Lot { Refusal::NoProfile } else { Refusal::KindNotTaken };
        return desk.refuse(tx, vec![no]).await;
    };
    if order.units <= 0 {
        return Err(Error::Invalid { field: "units", problem: Problem::OutOfRange });
    }
    let pack = match read_pack(&desk, &order, photo)? {
        Ok(pack) => pack,
        Err(no) => return desk.refuse(tx, vec![no]).await,
    };
    let day = today(&desk, tx.conn(), &place.station).await?;
    let imported = order.source == lot::Source::Import;
    let delivery = Delivery {
        number_key: &pack.number_key,
        typed: pack.typed.as_ref(),
        code: pack.code.as_ref(),
        has_proof: order.proof.is_some() || imported,
        has_photo: pack.photo.is_some() || imported,
        sure: order.sure,
    };
    let codes: Vec<String> = pack.code.iter().flat_map(|code| [code.gtin.clone(), code.drug.clone()]).flatten().collect();
    let of_code = store::consumables::list_kinds_of_code(tx.conn(), codes).await?;
    let partner = match profile.partner_id {
        Some(id) => store::consumables::find_partner(tx.conn(), id).await?,
        None => None,
    };
    let namesakes = store::lots::lock_namesakes(&tx, place.kind.id, &pack.number_key).await?;
    let recalls = store::stock_blocks::list_recalls_in_force(tx.conn()).await?;
    let products = store::consumables::list_codes_of(tx.conn(), place.kind.id).await?;
    let facts = Facts {
        kind: &place.kind,
        profile: &profile,
        partner: partner.as_ref(),
        station: &place.station,
        namesakes: &namesakes,
        recalls: &recalls,
        products: &products,
        kind_of_code: of_code.first().map(|code| code.kind_id),
        today: day,
    };
    let mut admission = match rule::receive(&facts, &delivery) {
        Ok(admission) => admission,
        Err(reasons) => return desk.refuse(tx, reasons).await,
    };
    admission.unverified |= imported && profile.class == Class::OtcB;
    let lot = match record(&desk, &tx, &order, &place, pack, &admission, &namesakes).await? {
        Ok(lot) => lot,
        Err(no) => return desk.refuse(tx, vec![no]).await,
    };
    let detail = Some(serde_json::json!({ "lot": lot.id, "units": order.units, "label": lot.label_text }));
    desk.record(&tx, "received", About { station: Some(lot.station_id), detail, ..About::default() }).await?;
    let causes = store::stock_blocks::causes_on(tx.conn(), vec![lot.id]).await?.remove(&lot.id).unwrap_or_default();
    let blocks = usability::blocks(&lot, &causes, &profile, day);
    desk.commit(tx, LotView::new(&lot, &blocks)).await
}

/// Reads what was typed and scanned.
fn read_pack(desk: &Desk, order: &Receive, photo: Option<Vec<u8>>) -> Result<std::result::Result<Pack, Refusal>> {
    let year = desk.now().with_timezone(&chrono_tz::Asia::Shanghai).year();
    let number = order.number.trim().to_owned();
    if number.chars().count() > 40 || number.chars().any(char::is_control) {
        return Err(invalid("number")(entity::values::Malformed::Text));
    }
    let typed = match order.label.as_deref().map(|text| label_date::read(text, year)) {
        Some(Err(ask)) => return Ok(Err(Refusal::LabelUnclear { ask })),
        Some(Ok(label)) => Some(label),
        None => None,
    };
    let unknown = |_| Error::Invalid { field: "code", problem: Problem::Unknown };
    let code = order.code.as_deref().map(|text| pack_code::read_all(text, year)).transpose().map_err(unknown)?;
    // What the code says need not be typed.
    let number = match (&code, number.is_empty()) {
        (Some(PackCode { lot: Some(lot), .. }), true) => lot.clone(),
        _ => number,
    };
    Ok(Ok(Pack { number_key: lot_key(&number), number, typed, code, photo }))
}

async fn record(
    desk: &Desk,
    tx: &WriteTx,
    order: &Receive,
    place: &Place,
    pack: Pack,
    admission: &Admission,
    namesakes: &[lot::Model],
) -> Result<std::result::Result<lot::Model, Refusal>> {
    let change = Change { available: order.units, ..Change::default() };
    let mut entry = Entry::new(desk, movement::Reason::Received);
    entry.note.clone_from(&order.proof);
    let known = admission.into.and_then(|id| namesakes.iter().find(|lot| lot.id == id));
    let mut lot = if let Some(known) = known {
        match move_units(desk, tx, known, change, entry).await? {
            Ok(lot) => lot,
            Err(no) => return Ok(Err(no)),
        }
    } else {
        let lot = new_lot(desk, order, place, &pack, admission);
        store::lots::add(tx, lot.clone()).await?;
        write_line(desk, tx, &lot, change, entry).await?;
        first_label(desk, tx, order, &lot, pack.photo).await?;
        lot
    };
    if let Some(code) = &pack.code {
        register_packs::note(desk, tx, lot.id, place.kind.id, code).await?;
    }
    for recall in &admission.recalled_by {
        let laid = store::stock_blocks::list_on(tx.conn(), lot.id).await?;
        if laid.iter().all(|block| block.recall_id != Some(*recall)) {
            let row = entity::stock_block::Model {
                recall_id: Some(*recall),
                ..new_block(desk, Some(&lot), Cause::Recalled, "召回登记在案")
            };
            lot = store::stock_blocks::lay(tx, row, &lot).await?;
        }
        open_task(desk, tx, &lot, What::PullRecalled, None).await?;
    }
    if admission.unverified && known.is_none() {
        lot = lay_block(desk, tx, &lot, Cause::Unverified, "等第二个人核对标签").await?;
        open_task(desk, tx, &lot, What::VerifyLabel, None).await?;
    }
    if !admission.conflicts.is_empty() {
        lot = lay_block(desk, tx, &lot, Cause::Conflict, "同批号有不同的有效期").await?;
        open_task(desk, tx, &lot, What::SettleConflict, None).await?;
        for other in namesakes.iter().filter(|lot| admission.conflicts.contains(&lot.id) && lot.on_hand() > 0) {
            let other = lay_block(desk, tx, other, Cause::Conflict, "同批号有不同的有效期").await?;
            open_task(desk, tx, &other, What::SettleConflict, None).await?;
        }
    }
    Ok(Ok(lot))
}

fn new_lot(desk: &Desk, order: &Receive, place: &Place, pack: &Pack, admission: &Admission) -> lot::Model {
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
        available: order.units,
        held: 0,
        quarantined: 0,
        to_dispose: 0,
        blocks: 0,
        tier: lot::Tier::Fresh,
        received_at: desk.now(),
        received_by: desk.actor.member(),
        verified_by: None,
        counted_at: None,
        rev: 1,
    }
}

/// The first line of the history of a label.
async fn first_label(desk: &Desk, tx: &WriteTx, order: &Receive, lot: &lot::Model, photo: Option<Vec<u8>>) -> Result<()> {
    let photo_id = match photo {
        Some(jpeg) => {
            let row = lot_photo::Model {
                id: desk.app.clock.id(),
                lot_id: lot.id,
                about: "label".to_owned(),
                jpeg,
                created_at: desk.now(),
            };
            let id = row.id;
            store::lot_labels::add_photo(tx, row).await?;
            Some(id)
        }
        None => None,
    };
    let reason = order.proof.clone().unwrap_or_else(|| "received".to_owned());
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
