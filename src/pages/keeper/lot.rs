//! One lot: its label as printed and as understood, how many are where, what has happened to it.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use entity::{
    consumable,
    ids::{LotId, MovementId, PhotoId, StockBlockId},
    lot, station,
    stock_block::Cause,
};
use serde::Deserialize;

use super::{
    Notes,
    ledger::{self, Entry},
    named, picture, station_of,
};
use crate::{
    desk::{self, Desk},
    pages::{frame::Frame, staff::Tab, trouble, visitor::Visitor},
    rules::usability::Block,
    speech::{self, texts::Lots as T},
    store,
    view::LotLabelView,
};

/// Lines of the ledger on one page.
const PAGE: u64 = 30;

#[derive(Template)]
#[template(path = "keeper/lot.html")]
struct LotPage {
    frame: Frame,
    station: String,
    lot: lot::Model,
    name: String,
    picture: String,
    profile: consumable::Model,
    blocks: Vec<String>,
    /// The blocks that lie on the lot and can be lifted here.
    lifts: Vec<(StockBlockId, String)>,
    /// It waits for a second reader.
    unverified: bool,
    labels: Vec<LotLabelView>,
    photos: Vec<PhotoId>,
    ledger: Vec<Entry>,
    more: Option<MovementId>,
    /// When all packs were last looked at and found closed.
    seen_closed: Option<String>,
    /// Where units can be carried to.
    others: Vec<(String, String)>,
    notes: Notes,
}

/// What has just been done, and from where on the ledger is shown.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
    #[serde(default)]
    after: Option<MovementId>,
}

/// Shows it.
pub(super) async fn show(mut visitor: Visitor, Path((code, id)): Path<(String, LotId)>, Query(asked): Query<Asked>) -> Response {
    let station = match station_of(&mut visitor, &code, Tab::Things).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let done = match asked.done.as_str() {
        "received" => Some(T::DoneReceived),
        "waiting" => Some(T::DoneWaiting),
        "count" => Some(T::DoneCounted),
        "again" => Some(T::DoneCountAgain),
        "written" => Some(T::DoneWritten),
        "relabelled" => Some(T::DoneRelabelled),
        "second" => Some(T::DoneSecond),
        "back" => Some(T::DoneBack),
        "incident" => Some(T::DoneIncident),
        "" => None,
        _ => Some(T::Done),
    };
    let notes = Notes::done(done.map(|text| visitor.frame.say(text)));
    render(&visitor, &station, id, asked.after, StatusCode::OK, notes).await
}

/// The page, after something was tried.
pub(super) async fn render(
    visitor: &Visitor,
    station: &station::Model,
    id: LotId,
    after: Option<MovementId>,
    status: StatusCode,
    notes: Notes,
) -> Response {
    match read(&visitor.desk, &visitor.frame, station, id, after).await {
        Ok(page) => visitor.frame.page(status, &LotPage { notes, ..page }),
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

/// A lot of the station.
pub(super) async fn kept(desk: &Desk, station: &station::Model, id: LotId) -> desk::Result<lot::Model> {
    let lot = store::lots::find(desk.app.db.read(), id).await?;
    lot.filter(|lot| lot.station_id == station.id).ok_or(desk::Error::NotFound("lot"))
}

async fn read(
    desk: &Desk,
    frame: &Frame,
    station: &station::Model,
    id: LotId,
    after: Option<MovementId>,
) -> desk::Result<LotPage> {
    let conn = desk.app.db.read();
    let lot = kept(desk, station, id).await?;
    let kind = store::kinds::find(conn, lot.kind_id).await?.ok_or(desk::Error::NotFound("kind"))?;
    let profile = store::consumables::find(conn, kind.id).await?.ok_or(desk::Error::NotFound("consumable"))?;
    let blocks = desk::stock::blocks_of(&desk.app, conn, std::slice::from_ref(&lot)).await?.remove(&lot.id).unwrap_or_default();
    let laid = store::stock_blocks::list_on(conn, lot.id).await?;
    let liftable = |cause| !matches!(cause, Cause::Recalled | Cause::Unverified | Cause::Suspended);
    let labels = store::lot_labels::list_of(conn, lot.id).await?;
    let lines = store::movements::list_of_lot(conn, lot.id, after, PAGE + 1).await?;
    let others = store::stations::list(conn, None, None, 500).await?;
    let open =
        |other: &station::Model| other.id != station.id && other.closed_at.is_none() && desk.actor.keeper_of(other).is_ok();
    let shown = usize::try_from(PAGE).unwrap_or(usize::MAX);
    Ok(LotPage {
        name: named(frame, &kind),
        picture: picture(&kind),
        blocks: blocks.iter().map(|block| frame.words(&speech::block(*block))).collect(),
        lifts: laid
            .iter()
            .filter(|block| liftable(block.cause))
            .map(|block| (block.id, format!("{} · {}", frame.words(&speech::block(Block::from(block.cause))), block.reason)))
            .collect(),
        unverified: laid.iter().any(|block| block.cause == Cause::Unverified),
        photos: labels.iter().filter_map(|label| label.photo_id).collect(),
        labels: labels.iter().map(LotLabelView::from).collect(),
        more: (lines.len() > shown).then(|| lines[shown - 1].id),
        ledger: ledger::entries(desk, frame, station, &lot, &lines[..lines.len().min(shown)]).await?,
        others: others.iter().filter(|other| open(other)).map(|other| (other.code.clone(), other.name.clone())).collect(),
        seen_closed: lot.seen_closed_at.map(|at| frame.day_and_time(at, station.zone())),
        notes: Notes::default(),
        frame: frame.clone(),
        station: station.code.clone(),
        lot,
        profile,
    })
}

/// One photo of its label.
pub(super) async fn photo(mut visitor: Visitor, Path((code, id, photo)): Path<(String, LotId, PhotoId)>) -> Response {
    let station = match station_of(&mut visitor, &code, Tab::Things).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let found = async {
        let lot = kept(&visitor.desk, &station, id).await?;
        let photo = store::lot_labels::find_photo(visitor.desk.app.db.read(), photo).await?;
        photo.filter(|photo| photo.lot_id == lot.id).ok_or(desk::Error::NotFound("photo"))
    };
    match found.await {
        Ok(photo) => super::item::jpeg(photo.jpeg),
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}
