//! Lending at the counter for somebody who stands there, and taking back.

use axum::{extract::Path, http::StatusCode, response::Response};
use entity::{ids::MemberId, loan::Condition, station, sticker::StuckOn, values::Phone};
use serde::Deserialize;

use super::{
    code_in,
    counter::{Asked, Attempt, Typed, item_called, render},
    counter_lines::{clean, with},
    given, keyed, station_of,
};
use crate::{
    desk::{self, Desk, borrow::Borrow, give_back::GiveBack, members::Enter},
    pages::{sent::Sent, staff::Tab},
    speech::texts::Counter as T,
    store,
};

/// The form: what, and to whom.
#[derive(Debug, Deserialize)]
pub(super) struct LendForm {
    code: String,
    #[serde(default, rename = "for", deserialize_with = "super::hand_out::maybe")]
    member: Option<MemberId>,
    #[serde(flatten)]
    typed: Typed,
    #[serde(default)]
    log: String,
}

/// An id, or nothing.
pub(super) fn maybe<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<MemberId>, D::Error> {
    let text = String::deserialize(from)?;
    Ok(text.parse().ok())
}

/// Lends, and comes back to the field.
pub(super) async fn lend(Path(code): Path<String>, mut sent: Sent<LendForm>) -> Response {
    let station = match station_of(&mut sent.visitor, &code, Tab::Counter).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let mut form = sent.form;
    match lend_to(&sent.desk, &station, &mut form).await {
        Ok(Lent::Out { code, known }) => {
            let whom = known.map(|id| format!("for={id}&")).unwrap_or_default();
            super::to(&station, &format!("counter?{whom}log={}", with(&form.log, 'l', &code)))
        }
        Ok(Lent::OtherCard(id)) => super::to(&station, &format!("counter?for={id}&log={}", clean(&form.log))),
        Err(error) => {
            let frame = &sent.visitor.frame;
            let (status, reasons) = match said(&error) {
                Some(text) => (StatusCode::UNPROCESSABLE_ENTITY, vec![frame.say(text).to_owned()]),
                None => frame.said(&error),
            };
            let asked = Asked { code: form.code, member: form.member, log: form.log, ..Asked::default() };
            render(&sent.visitor, &station, asked, status, Attempt { typed: form.typed, reasons }).await
        }
    }
}

/// What is said about a field that was typed wrongly.
fn said(error: &desk::Error) -> Option<T> {
    match error {
        desk::Error::Invalid { field: "phone", .. } => Some(T::NotAPhone),
        desk::Error::Invalid { field: "card", .. } => Some(T::NotACard),
        desk::Error::NotFound("item") => Some(T::NoSuchThing),
        _ => None,
    }
}

enum Lent {
    /// This thing; and to whom further things are lent, if that was said before the thing.
    Out { code: String, known: Option<MemberId> },
    /// It was no thing, but somebody's card.
    OtherCard(MemberId),
}

async fn lend_to(desk: &Desk, station: &station::Model, form: &mut LendForm) -> desk::Result<Lent> {
    let code = code_in(&form.code);
    let sticker = store::stickers::find(desk.app.db.read(), &code).await?.filter(|s| s.stuck_on == Some(StuckOn::Card));
    if let Some(member) = sticker.and_then(|card| card.member_id) {
        return Ok(Lent::OtherCard(member));
    }
    let item = item_called(desk, station, &code, &form.code).await?.ok_or(desk::Error::NotFound("item"))?;
    let known = form.member;
    let mut order = Borrow { code: item.code, override_reason: given(&form.typed.reason), ..Borrow::default() };
    let name = given(&form.typed.name);
    match (known, given(&form.typed.card), given(&form.typed.phone)) {
        (Some(member), ..) => order.member = Some(member),
        (None, Some(card), _) => order.card = Some(code_in(&card)),
        (None, None, Some(phone)) => {
            let phone = Phone::parse(&phone);
            order.phone = Some(phone.map_err(|bad| desk::Error::Invalid { field: "phone", problem: bad.into() })?);
            order.name = name;
        }
        (None, None, None) if name.is_some() => {
            // Somebody without a phone is entered first; if lending is refused, they are known all the same.
            let enter = Enter { name, ..Enter::default() };
            let entered = desk::answer(keyed(desk, "enter"), enter, desk::members::enter).await?.into_receipt();
            form.member = Some(entered.id.into());
            form.typed.name.clear();
            order.member = form.member;
        }
        _ => {}
    }
    let lent = desk::answer(desk.clone(), order, desk::borrow::borrow).await?.into_receipt();
    Ok(Lent::Out { code: lent.loan.item_code, known })
}

/// The form of a return.
#[derive(Debug, Deserialize)]
pub(super) struct ReturnForm {
    code: String,
    #[serde(default)]
    condition: Condition,
    #[serde(default)]
    note: String,
    #[serde(default)]
    log: String,
}

/// Takes back, here.
pub(super) async fn take_back(Path(code): Path<String>, mut sent: Sent<ReturnForm>) -> Response {
    let station = match station_of(&mut sent.visitor, &code, Tab::Counter).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let photo = sent.photo("photo");
    let form = sent.form;
    let order = GiveBack {
        code: code_in(&form.code),
        station_code: Some(station.code.clone()),
        condition: form.condition,
        note: entity::values::text(&form.note, 500).ok(),
        photo,
    };
    match desk::answer(sent.desk, order, desk::give_back::give_back).await {
        Ok(done) => {
            let receipt = done.into_receipt();
            let what = if receipt.loan.is_some() { 'r' } else { 's' };
            super::to(&station, &format!("counter?log={}", with(&form.log, what, &receipt.item.code)))
        }
        Err(error) => {
            let (status, reasons) = sent.visitor.frame.said(&error);
            let asked = Asked { code: form.code, log: form.log, ..Asked::default() };
            render(&sent.visitor, &station, asked, status, Attempt { reasons, ..Attempt::default() }).await
        }
    }
}
