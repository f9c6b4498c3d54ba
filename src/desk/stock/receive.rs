//! Receive: a delivery goes on the shelf, or is refused with the reason.

use chrono::Datelike;
use entity::{consumable::Class, ids::KindId, lot};
use sea_orm::ConnectionTrait;

use super::{Place, before_a_new_lot, optional, partner_of, place, put_down, today};
use crate::{
    db::Done,
    desk::{About, Desk, Error, Problem, Result, invalid},
    picture,
    rules::{
        label_date::{self, LabelDate},
        pack_code::{self, PackCode, lot_key},
        receive::{self as rule, Delivery, Facts, Goes},
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
pub(super) struct Pack {
    pub(super) number: String,
    pub(super) number_key: String,
    pub(super) typed: Option<LabelDate>,
    pub(super) code: Option<PackCode>,
    pub(super) photo: Option<Vec<u8>>,
}

/// Takes a delivery in.
///
/// # Errors
/// [`Error::Refused`] with all reasons; [`Error::Invalid`], [`Error::NotFound`], [`Error::Forbidden`].
pub async fn receive(desk: Desk, order: Receive) -> Result<Done<LotView>> {
    take_in(desk, order, Goes::Shelf).await
}

/// Writes down what is there and does not go on the shelf: found while counting, it goes apart; past its date or handed in, it
/// goes into the red box. So it is in the books, and is handed over with a receipt.
///
/// # Errors
/// As [`receive`].
pub async fn receive_apart(desk: Desk, (order, goes): (Receive, Goes)) -> Result<Done<LotView>> {
    let source = if goes == Goes::Shelf { order.source } else { lot::Source::Found };
    take_in(desk, Receive { source, ..order }, goes).await
}

async fn take_in(desk: Desk, mut order: Receive, goes: Goes) -> Result<Done<LotView>> {
    order.proof = optional("proof", order.proof.as_deref(), 120)?;
    order.shelf = optional("shelf", order.shelf.as_deref(), 40)?;
    order.label = order.label.filter(|text| !text.trim().is_empty());
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
    let Some(profile) = before_a_new_lot(&tx, place.kind.id).await? else {
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
        donated: order.source == lot::Source::Donation,
        goes,
        sure: order.sure,
    };
    let codes: Vec<String> = pack.code.iter().flat_map(|code| [code.gtin.clone(), code.drug.clone()]).flatten().collect();
    let of_code = store::consumables::list_kinds_of_code(tx.conn(), codes).await?;
    let partner = partner_of(tx.conn(), &profile).await?;
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
    let lot = match put_down::put_down(&desk, &tx, (&order, goes), &place, pack, &admission, &namesakes).await? {
        Ok(lot) => lot,
        Err(no) => return desk.refuse(tx, vec![no]).await,
    };
    let detail = Some(serde_json::json!({ "lot": lot.id, "units": order.units, "label": lot.label_text }));
    desk.record(&tx, "received", About { station: Some(lot.station_id), detail, ..About::default() }).await?;
    let causes = store::stock_blocks::causes_on(tx.conn(), vec![lot.id]).await?.remove(&lot.id).unwrap_or_default();
    let blocks = usability::blocks(&lot, &causes, profile.dated, day);
    let ends_before_stock = ends_before_stock(tx.conn(), &place, &lot).await?;
    desk.commit(tx, LotView { ends_before_stock, ..LotView::new(&lot, &blocks) }).await
}

/// Does it end sooner than something that was on the shelf before?
async fn ends_before_stock(conn: &impl ConnectionTrait, place: &Place, lot: &lot::Model) -> Result<bool> {
    let others = store::lots::list_on_shelf(conn, place.station.id, Some(place.kind.id)).await?;
    let sooner = |other: &lot::Model| {
        let both = lot.last_issue_day.zip(other.last_issue_day);
        other.id != lot.id && other.available > 0 && both.is_some_and(|(new, old)| new < old)
    };
    Ok(others.iter().any(sooner))
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
    let code = order.code.as_deref().map(|text| pack_code::read(text, year)).transpose().map_err(unknown)?;
    // What the code says need not be typed.
    let number = match (&code, number.is_empty()) {
        (Some(PackCode { lot: Some(lot), .. }), true) => lot.clone(),
        _ => number,
    };
    Ok(Ok(Pack { number_key: lot_key(&number), number, typed, code, photo }))
}
