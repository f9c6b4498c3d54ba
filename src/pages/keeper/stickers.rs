//! Stickers 二维码贴: blank ones in bulk, bound to things, shelves and the door, given up when they are torn off.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use entity::{ids::KindId, station, sticker, sticker::StuckOn};
use serde::Deserialize;

use super::{Notes, bind::bound_to, code_in, keyed, named, station_of};
use crate::{
    desk::{self, Desk, stickers::To},
    pages::{frame::Frame, sent::Sent, staff::Tab, trouble, visitor::Visitor},
    speech::texts::{Around, Sheets as T},
    store,
};

#[derive(Template)]
#[template(path = "keeper/stickers.html")]
struct StickersPage {
    frame: Frame,
    station: String,
    /// The plate of the station, if it has one.
    plate: Option<String>,
    /// What is on the shelves, by sticker.
    shelves: Vec<(String, String)>,
    kinds: Vec<(KindId, String)>,
    typed: Typed,
    notes: Notes,
}

/// What was typed, when it has to be shown again.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    sticker: String,
    #[serde(default)]
    what: String,
    #[serde(default)]
    item: String,
    #[serde(default)]
    kind: Option<KindId>,
    #[serde(default)]
    reason: String,
}

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

/// Shows all that can be done.
pub(super) async fn show(mut visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    let station = match station_of(&mut visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let done = match asked.done.as_str() {
        "bound" => Some(T::DoneBound),
        "given-up" => Some(T::DoneGivenUp),
        _ => None,
    };
    let notes = Notes::done(done.map(|text| visitor.frame.say(text)));
    render(&visitor, &station, Typed::default(), StatusCode::OK, notes).await
}

async fn render(visitor: &Visitor, station: &station::Model, typed: Typed, status: StatusCode, notes: Notes) -> Response {
    match read(&visitor.desk, &visitor.frame, station).await {
        Ok(page) => visitor.frame.page(status, &StickersPage { typed, notes, ..page }),
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

async fn read(desk: &Desk, frame: &Frame, station: &station::Model) -> desk::Result<StickersPage> {
    let conn = desk.app.db.read();
    let kinds = store::kinds::list_in_use(conn, station.community_id).await?;
    let here = store::stickers::list_at_station(conn, station.id).await?;
    let on_shelf = |sticker: &sticker::Model| {
        let kind = kinds.iter().find(|kind| Some(kind.id) == sticker.kind_id)?;
        Some((sticker.code.clone(), named(frame, kind)))
    };
    Ok(StickersPage {
        frame: frame.clone(),
        station: station.code.clone(),
        plate: here.iter().find(|sticker| sticker.stuck_on == Some(StuckOn::Station)).map(|sticker| sticker.code.clone()),
        shelves: here.iter().filter_map(on_shelf).collect(),
        kinds: kinds.iter().map(|kind| (kind.id, named(frame, kind))).collect(),
        typed: Typed::default(),
        notes: Notes::default(),
    })
}

/// How many blank ones.
#[derive(Debug, Deserialize)]
pub(super) struct MakeForm {
    count: u32,
}

/// The most at once: their codes stand in an address.
const MOST: u32 = 200;

/// Makes blank ones, and goes straight on to printing them.
pub(super) async fn make(Path(code): Path<String>, mut sent: Sent<MakeForm>) -> Response {
    let station = match station_of(&mut sent.visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let ended = desk::answer(sent.desk, sent.form.count.min(MOST), desk::stickers::make).await;
    match ended {
        Ok(done) => {
            let codes: Vec<String> = done.into_receipt().items.into_iter().map(|sticker| sticker.code).collect();
            super::to(&station, &format!("stickers/print?codes={}", codes.join(".")))
        }
        Err(error) => again(&sent.visitor, &station, Typed::default(), &error).await,
    }
}

async fn again(visitor: &Visitor, station: &station::Model, typed: Typed, error: &desk::Error) -> Response {
    let (status, reasons) = match error {
        desk::Error::NotFound("sticker") => (StatusCode::NOT_FOUND, vec![visitor.frame.say(T::NoSuchSticker).to_owned()]),
        desk::Error::Invalid { field: "item_code", .. } => {
            (StatusCode::UNPROCESSABLE_ENTITY, vec![visitor.frame.say(T::NoSuchThing).to_owned()])
        }
        error => visitor.frame.said(error),
    };
    render(visitor, station, typed, status, Notes::no(reasons)).await
}

/// Binds one.
pub(super) async fn bind(Path(code): Path<String>, mut sent: Sent<Typed>) -> Response {
    let station = match station_of(&mut sent.visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let typed = sent.form;
    let ended = match bound_to(&sent.desk, &station, &typed.what, &typed.item, typed.kind).await {
        Ok(to) => desk::answer(sent.desk, (code_in(&typed.sticker), to), desk::stickers::bind).await,
        Err(error) => Err(error),
    };
    match ended {
        Ok(_) => super::to(&station, "stickers?done=bound"),
        Err(error) => again(&sent.visitor, &station, typed, &error).await,
    }
}

/// A new sticker for the door, or for a shelf: made, bound, and on to printing.
pub(super) async fn label_place(Path(code): Path<String>, mut sent: Sent<Typed>) -> Response {
    let station = match station_of(&mut sent.visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let typed = sent.form;
    let to = typed.kind.map_or(To::Station(station.id), |kind| To::Shelf(station.id, kind));
    match made_for(&sent.desk, to).await {
        Ok(sticker) => super::to(&station, &format!("stickers/print?code={sticker}")),
        Err(error) => again(&sent.visitor, &station, typed, &error).await,
    }
}

/// A new sticker that is bound at once. Gives back its code.
pub(super) async fn made_for(desk: &Desk, to: To) -> desk::Result<String> {
    let made = desk::answer(keyed(desk, "make"), 1, desk::stickers::make).await?.into_receipt();
    let code = made.items.into_iter().next().ok_or(desk::Error::NotFound("sticker"))?.code;
    Ok(desk::answer(keyed(desk, "bind"), (code, to), desk::stickers::bind).await?.into_receipt().code)
}

/// Gives one up.
pub(super) async fn give_up(Path(code): Path<String>, mut sent: Sent<Typed>) -> Response {
    let station = match station_of(&mut sent.visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let typed = sent.form;
    let order = (code_in(&typed.sticker), typed.reason.clone());
    match desk::answer(sent.desk, order, desk::stickers::give_up).await {
        Ok(_) => super::to(&station, "stickers?done=given-up"),
        Err(error) => again(&sent.visitor, &station, typed, &error).await,
    }
}
