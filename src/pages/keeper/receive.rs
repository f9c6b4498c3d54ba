//! Receive a delivery 到货: one decision a screen. Everything that is known so far stands in the form; nothing is written
//! before the last screen.

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use base64::Engine as _;
use chrono::Datelike;
use entity::{ids::KindId, kind, lot::Source, station};
use serde::Deserialize;

use super::{
    code_in, given,
    receive_steps::{Screen, Step},
    station_of,
};
use crate::{
    desk::{self, Desk, stock::receive::Receive},
    pages::{sent::Sent, staff::Tab, trouble, visitor::Visitor},
    picture,
    rules::{
        label_date,
        pack_code::{self, PackCode},
        receive::{Delivery, Goes, label_of},
        refusal::Refusal,
    },
    speech::{self, texts::Receive as T},
    store,
};

/// A delivery, as far as it is typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Typed {
    /// The screen that was filled in.
    #[serde(default)]
    step: String,
    /// The screen to go to instead.
    #[serde(default)]
    back: String,
    #[serde(default, deserialize_with = "kind_or_none")]
    pub(super) kind: Option<KindId>,
    #[serde(default)]
    pub(super) code: String,
    #[serde(default)]
    pub(super) number: String,
    #[serde(default)]
    pub(super) label: String,
    #[serde(default)]
    pub(super) packs: String,
    #[serde(default)]
    pub(super) units: String,
    #[serde(default)]
    pub(super) source: String,
    #[serde(default)]
    pub(super) proof: String,
    #[serde(default)]
    pub(super) shelf: String,
    /// The picture that was taken, in base64: a browser forgets a chosen file.
    #[serde(default)]
    pub(super) picture: String,
    #[serde(default)]
    pub(super) sure: Option<String>,
}

fn kind_or_none<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<KindId>, D::Error> {
    Ok(String::deserialize(from)?.parse().ok())
}

impl Typed {
    /// How many base units that is.
    pub(super) fn base_units(&self, pack_size: i32) -> Option<i32> {
        let number =
            |text: &str| if text.trim().is_empty() { Some(0) } else { text.trim().parse::<i32>().ok().filter(|n| *n >= 0) };
        let all = number(&self.packs)?.checked_mul(pack_size)?.checked_add(number(&self.units)?)?;
        Some(all).filter(|all| *all > 0)
    }
}

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    kind: Option<KindId>,
}

/// The first screen; the second where the kind is known.
pub(super) async fn begin(mut visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    let station = match station_of(&mut visitor, &code, Tab::Things).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let step = if asked.kind.is_some() { Step::Label } else { Step::What };
    let typed = Typed { kind: asked.kind, ..Typed::default() };
    show(&visitor, &station, Screen { step, typed, status: StatusCode::OK, reasons: Vec::new() }).await
}

async fn show(visitor: &Visitor, station: &station::Model, screen: Screen) -> Response {
    let status = screen.status;
    match screen.page(&visitor.desk, &visitor.frame, station).await {
        Ok(page) => visitor.frame.page(status, &page),
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

/// The next screen; or the same again, with what is asked back.
pub(super) async fn go_on(Path(code): Path<String>, mut sent: Sent<Typed>) -> Response {
    let station = match station_of(&mut sent.visitor, &code, Tab::Things).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let photo = sent.photo("photo");
    let Sent { visitor, desk, form: mut typed, .. } = sent;
    if let Some(step) = Step::called(&typed.back) {
        return show(&visitor, &station, Screen { step, typed, status: StatusCode::OK, reasons: Vec::new() }).await;
    }
    let step = Step::called(&typed.step).unwrap_or(Step::What);
    let next = match step {
        Step::What => what(&desk, &mut typed, photo).await.map(|()| Step::Label),
        Step::Label => label(&desk, &station, &typed).await.map(|()| Step::HowMany),
        Step::HowMany => how_many(&desk, &station, &typed).await.map(|()| Step::Papers),
        Step::Papers => papers(&mut typed, photo).await.map(|()| Step::Confirm),
        Step::Confirm => match confirm(desk, &station, &typed).await {
            Ok(to) => return super::to(&station, &to),
            Err(error) => Err(No::Error(error)),
        },
    };
    let (step, status, reasons) = match next {
        Ok(next) => (next, StatusCode::OK, Vec::new()),
        Err(No::Ask(words)) => (step, StatusCode::UNPROCESSABLE_ENTITY, vec![visitor.frame.words(&words)]),
        Err(No::Error(error)) => {
            let (status, reasons) = visitor.frame.said(&error);
            (step, status, reasons)
        }
    };
    show(&visitor, &station, Screen { step, typed, status, reasons }).await
}

/// Why it does not go on.
enum No {
    Ask(speech::Words),
    Error(desk::Error),
}

impl From<desk::Error> for No {
    fn from(error: desk::Error) -> Self {
        Self::Error(error)
    }
}

fn ask(text: T) -> No {
    use crate::speech::texts::Text as _;
    No::Ask(text.words())
}

fn refused(no: &Refusal) -> No {
    No::Ask(speech::refusal(no))
}

/// The year by which the century of a bar code is found.
pub(super) fn this_year(desk: &Desk) -> i32 {
    desk.now().with_timezone(&chrono_tz::Asia::Shanghai).year()
}

/// What was delivered: by the code on the pack, or chosen.
async fn what(desk: &Desk, typed: &mut Typed, photo: Option<Vec<u8>>) -> Result<(), No> {
    if let Some(photo) = photo {
        let codes = picture::codes_in(photo).await.unwrap_or_default();
        typed.code = codes.into_iter().next().ok_or_else(|| ask(T::NoCodeInPhoto))?;
    }
    typed.code = typed.code.trim().to_owned();
    if !typed.code.is_empty() {
        let conn = desk.app.db.read();
        let sticker = store::stickers::find(conn, &code_in(&typed.code)).await.map_err(desk::Error::from)?;
        if let Some(kind) = sticker.and_then(|sticker| sticker.kind_id) {
            // The sticker of the shelf says what lies on it, and nothing about the pack.
            (typed.kind, typed.code) = (Some(kind), String::new());
            return Ok(());
        }
        let code = pack_code::read(&typed.code, this_year(desk)).map_err(|why| No::Ask(speech::no_code(why)))?;
        if let Some(kind) = kind_of(desk, &code).await? {
            typed.kind = Some(kind);
        }
        if let Some(lot) = code.lot.filter(|_| typed.number.is_empty()) {
            typed.number = lot;
        }
    }
    typed.kind.map(|_| ()).ok_or_else(|| ask(if typed.code.is_empty() { T::ChooseOne } else { T::CodeIsNew }))
}

async fn kind_of(desk: &Desk, code: &PackCode) -> desk::Result<Option<KindId>> {
    let codes = [code.gtin.clone(), code.drug.clone()].into_iter().flatten().collect();
    let known = store::consumables::list_kinds_of_code(desk.app.db.read(), codes).await?;
    Ok(known.first().map(|known| known.kind_id))
}

/// The kind that was chosen, which must be one that is counted in lots and has a profile.
pub(super) async fn kind(desk: &Desk, station: &station::Model, typed: &Typed) -> desk::Result<kind::Model> {
    let id = typed.kind.ok_or(desk::Error::NotFound("kind"))?;
    super::kinds::usable(desk, station, id).await
}

/// The date as it is printed: understood, or asked back.
async fn label(desk: &Desk, station: &station::Model, typed: &Typed) -> Result<(), No> {
    let kind = kind(desk, station, typed).await?;
    let profile = store::consumables::find(desk.app.db.read(), kind.id).await.map_err(desk::Error::from)?;
    let profile = profile.ok_or_else(|| refused(&Refusal::NoProfile))?;
    let year = this_year(desk);
    let read = given(&typed.label).map(|text| label_date::read(&text, year));
    let read = read.transpose().map_err(|why| No::Ask(speech::question(why)))?;
    let code = given(&typed.code).and_then(|code| pack_code::read(&code, year).ok());
    let key = pack_code::lot_key(&typed.number);
    let delivery = Delivery {
        number_key: &key,
        typed: read.as_ref(),
        code: code.as_ref(),
        has_proof: true,
        has_photo: true,
        donated: false,
        goes: Goes::Shelf,
        sure: false,
    };
    label_of(profile.dated, &delivery).map(|_| ()).map_err(|no| refused(&no))
}

async fn how_many(desk: &Desk, station: &station::Model, typed: &Typed) -> Result<(), No> {
    let kind = kind(desk, station, typed).await?;
    let profile = store::consumables::find(desk.app.db.read(), kind.id).await.map_err(desk::Error::from)?;
    typed.base_units(profile.map_or(1, |profile| profile.pack_size)).map(|_| ()).ok_or_else(|| ask(T::HowManyMissing))
}

/// The photo is made small at once, and goes along in the form.
async fn papers(typed: &mut Typed, photo: Option<Vec<u8>>) -> Result<(), No> {
    if let Some(photo) = photo {
        let jpeg = picture::normalise(photo).await.ok_or_else(|| ask(T::NotAPicture))?;
        typed.picture = base64::prelude::BASE64_STANDARD.encode(jpeg);
    }
    Ok(())
}

/// Writes it down. Gives back where to go on.
async fn confirm(desk: Desk, station: &station::Model, typed: &Typed) -> desk::Result<String> {
    let kind = kind(&desk, station, typed).await?;
    let profile = store::consumables::find(desk.app.db.read(), kind.id).await?;
    let units = typed.base_units(profile.map_or(1, |profile| profile.pack_size));
    let photo = given(&typed.picture).map(|text| base64::prelude::BASE64_STANDARD.decode(text)).transpose();
    let order = Receive {
        station_code: station.code.clone(),
        kind: kind.id,
        number: typed.number.clone(),
        label: given(&typed.label),
        code: given(&typed.code),
        units: units.ok_or(desk::Error::Invalid { field: "units", problem: desk::Problem::OutOfRange })?,
        source: if typed.source == "donation" { Source::Donation } else { Source::Purchase },
        proof: given(&typed.proof),
        photo: photo.map_err(|_| desk::Error::Invalid { field: "photo", problem: desk::Problem::NotAPicture })?,
        shelf: given(&typed.shelf),
        sure: typed.sure.is_some(),
        goes: Goes::Shelf,
    };
    let lot = desk::answer(desk, order, desk::stock::receive::receive).await?.into_receipt();
    let done = if lot.blocks.is_empty() { "received" } else { "waiting" };
    Ok(format!("lots/{}?done={done}", lot.id))
}
