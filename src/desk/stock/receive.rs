//! Receive: a delivery goes on the shelf, or is refused with the reason.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use entity::{
    consumable::{self, Class},
    ids::KindId,
    kind, lot,
};
use sea_orm::ConnectionTrait;

use super::{Place, before_a_new_lot, optional, partner_of, place, put_down, today};
use crate::{
    db::{Done, WriteTx},
    desk::{About, Desk, Error, Problem, Result, invalid},
    picture,
    rules::{
        label_date::{self, LabelDate},
        pack_code::{self, PackCode, lot_key},
        receive::{self as rule, Admission, Delivery, Facts, Goes},
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
    /// Where it goes.
    pub goes: Goes,
}

/// What only a paper list says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listed {
    /// When the list was true; now if it does not say.
    pub(crate) as_of: Option<DateTime<Utc>>,
    /// What else stands there.
    pub(crate) note: Option<String>,
}

/// What was read from the pack, and the lots of the same kind and number, which are held.
pub(crate) struct Delivered {
    pub(super) number: String,
    pub(crate) number_key: String,
    pub(super) typed: Option<LabelDate>,
    pub(super) code: Option<PackCode>,
    pub(super) photo: Option<Vec<u8>>,
    pub(crate) namesakes: Vec<lot::Model>,
}

impl Delivered {
    /// As the rule sees it. A list has no photos: what comes from one waits for a second reader instead.
    pub(crate) fn to_rule(&self, order: &Receive) -> Delivery<'_> {
        Delivery {
            number_key: &self.number_key,
            typed: self.typed.as_ref(),
            code: self.code.as_ref(),
            has_proof: order.proof.is_some(),
            has_photo: self.photo.is_some() || order.source == lot::Source::Import,
            donated: order.source == lot::Source::Donation,
            goes: order.goes,
            sure: order.sure,
        }
    }
}

/// Takes a delivery in.
///
/// # Errors
/// [`Error::Refused`] with all reasons; [`Error::Invalid`], [`Error::NotFound`], [`Error::Forbidden`].
pub async fn receive(desk: Desk, order: Receive) -> Result<Done<LotView>> {
    take_in(desk, order).await
}

/// Writes down what is there and does not go on the shelf: found while counting, it goes apart; past its date or handed in, it
/// goes into the red box. So it is in the books, and is handed over with a receipt.
///
/// # Errors
/// As [`receive`].
pub async fn receive_apart(desk: Desk, (order, goes): (Receive, Goes)) -> Result<Done<LotView>> {
    let source = if goes == Goes::Shelf { order.source } else { lot::Source::Found };
    take_in(desk, Receive { source, goes, ..order }).await
}

async fn take_in(desk: Desk, mut order: Receive) -> Result<Done<LotView>> {
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
    let delivered = match look_at(&desk, &tx, &place.kind, &order, photo).await? {
        Ok(delivered) => delivered,
        Err(no) => return desk.refuse(tx, vec![no]).await,
    };
    let day = today(&desk, tx.conn(), &place.station).await?;
    let admission = match decide(&tx, &place, &profile, &order, &delivered, day).await? {
        Ok(admission) => admission,
        Err(reasons) => return desk.refuse(tx, reasons).await,
    };
    let lot = match put_down::put_down(&desk, &tx, &order, &place, delivered, &admission, Listed::default()).await? {
        Ok(lot) => lot,
        Err(no) => return desk.refuse(tx, vec![no]).await,
    };
    let detail = Some(serde_json::json!({ "lot": lot.id, "units": order.units, "label": lot.label_text }));
    desk.record(&tx, "received", About { station: Some(lot.station_id), detail, ..About::default() }).await?;
    let causes = store::stock_blocks::causes_on(tx.conn(), vec![lot.id]).await?.remove(&lot.id).unwrap_or_default();
    let blocks = usability::blocks(&lot, &causes, &profile, day);
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

/// Reads what was typed and scanned, and holds the lots of the same number.
pub(crate) async fn look_at(
    desk: &Desk,
    tx: &WriteTx,
    kind: &kind::Model,
    order: &Receive,
    photo: Option<Vec<u8>>,
) -> Result<std::result::Result<Delivered, Refusal>> {
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
    let number_key = lot_key(&number);
    let namesakes = store::lots::lock_namesakes(tx, kind.id, &number_key).await?;
    Ok(Ok(Delivered { number, number_key, typed, code, photo, namesakes }))
}

/// Asks the rule. Writes nothing.
pub(crate) async fn decide(
    tx: &WriteTx,
    place: &Place,
    profile: &consumable::Model,
    order: &Receive,
    delivered: &Delivered,
    day: NaiveDate,
) -> Result<std::result::Result<Admission, Vec<Refusal>>> {
    let codes: Vec<String> = delivered.code.iter().flat_map(|code| [code.gtin.clone(), code.drug.clone()]).flatten().collect();
    let of_code = store::consumables::list_kinds_of_code(tx.conn(), codes).await?;
    let partner = partner_of(tx.conn(), profile).await?;
    let recalls = store::stock_blocks::list_recalls_in_force(tx.conn()).await?;
    let products = store::consumables::list_codes_of(tx.conn(), place.kind.id).await?;
    let facts = Facts {
        kind: &place.kind,
        profile,
        partner: partner.as_ref(),
        station: &place.station,
        namesakes: &delivered.namesakes,
        recalls: &recalls,
        products: &products,
        kind_of_code: of_code.first().map(|code| code.kind_id),
        today: day,
    };
    let from_list = order.source == lot::Source::Import && profile.class == Class::OtcB && order.goes != Goes::RedBox;
    Ok(rule::receive(&facts, &delivered.to_rule(order)).map(|mut admission| {
        admission.unverified |= from_list;
        admission
    }))
}
