//! The last step: the first stickers, ready to print.

use askama::Template;
use axum::{extract::Query, http::StatusCode, response::Response};
use entity::station;

use super::place::At;
use crate::{
    desk::{self, Desk},
    pages::{frame::Frame, trouble, visitor::Visitor},
    qr,
    speech::texts::FirstStart as T,
    store::{self, items::Wanted},
};

/// The most stickers on the first page.
const FIRST_PAGE: u64 = 60;

#[derive(Template)]
#[template(path = "first_start/stickers.html")]
struct StickersPage {
    frame: Frame,
    station: String,
    code: String,
    stickers: Vec<Sticker>,
}

/// A sticker: its code as text and as the path of a QR code in a square, and what it is for.
struct Sticker {
    code: String,
    side: usize,
    path: String,
    label: String,
}

/// Shows them.
pub(super) async fn show(visitor: Visitor, Query(at): Query<At>) -> Response {
    match read(&visitor.desk, &visitor.frame, at).await {
        Ok(page) => visitor.frame.page(StatusCode::OK, &page),
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

async fn read(desk: &Desk, frame: &Frame, at: At) -> desk::Result<StickersPage> {
    let conn = desk.app.db.read();
    let station = match at.station {
        Some(code) => store::stations::find_by_code(conn, &code).await?,
        None => store::stations::list(conn, None, None, 1).await?.pop(),
    };
    let station = station.ok_or(desk::Error::NotFound("station"))?;
    desk.actor.keeper_of(&station)?;
    let stickers = stickers(desk, &station).await?;
    Ok(StickersPage { frame: frame.clone(), station: station.name, code: station.code, stickers })
}

/// One for each thing, named by kind and number.
async fn stickers(desk: &Desk, station: &station::Model) -> desk::Result<Vec<Sticker>> {
    let conn = desk.app.db.read();
    let wanted = Wanted { station: Some(station.id), ..Wanted::default() };
    let items = store::items::list(conn, &wanted, None, FIRST_PAGE).await?;
    let drawn = items.into_iter().filter_map(|item| {
        let (side, path) = qr::path(&desk.app.config.sticker_url(&item.code))?;
        Some(Sticker { label: item.label.unwrap_or_default(), code: item.code, side, path })
    });
    Ok(drawn.collect())
}
