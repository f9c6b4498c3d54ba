//! Stickers: make, look up, bind, give up; the QR code as a picture.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use entity::ids::{KindId, MemberId, StationId};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    answer::{Answer, created, done, found},
    call::{Call, Caller, Path, Query},
    list::Paging,
    problem::{Problem, Problems},
};
use crate::{
    app::App,
    desk::{self, Desk, Door, stickers::To},
    qr,
    speech::Problem as Sort,
    store,
    view::{Page, ScanView, StickerView, StickersView},
};

/// How many blank stickers.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StickersBody {
    /// 1 to 1,000.
    count: u32,
}

/// Make blank stickers, ready to print. Staff.
#[utoipa::path(post, path = "/stickers", tag = "stickers", request_body = StickersBody,
    responses((status = 201, description = "Made", body = StickersView), Problems))]
pub(super) async fn make_stickers(call: Call<StickersBody>) -> Answer<StickersView> {
    created(desk::answer(call.desk, call.body.count, desk::stickers::make).await)
}

/// The stickers that are still blank. Staff.
#[utoipa::path(get, path = "/stickers", tag = "stickers", params(Paging),
    responses((status = 200, description = "A page", body = Page<StickerView>), Problems))]
pub(super) async fn list_blank_stickers(
    State(app): State<App>,
    caller: Caller,
    Query(paging): Query<Paging>,
) -> Answer<Page<StickerView>> {
    caller.actor.staff()?;
    let rows = store::stickers::list_blank(app.db.read(), paging.after.clone(), paging.limit() + 1).await?;
    found(paging.page_of(rows, |row| row.code.clone(), |row| StickerView::new(row, app.config.sticker_url(&row.code))))
}

/// What a scan finds: what it is, what I may do with it now, and why not.
#[utoipa::path(get, path = "/stickers/{code}", tag = "stickers",
    responses((status = 200, description = "What it is", body = ScanView), Problems), params(("code" = String, Path)))]
pub(super) async fn scan_sticker(State(app): State<App>, caller: Caller, Path(code): Path<String>) -> Answer<ScanView> {
    found(desk::scan::scan(&reading_desk(&app, caller), &desk::stickers::as_printed(&code)).await?)
}

/// A desk at which somebody only asks.
pub(super) fn reading_desk(app: &App, caller: Caller) -> Desk {
    Desk {
        app: app.clone(),
        actor: caller.actor,
        door: Door::Api,
        address: caller.address,
        device: None,
        if_match: None,
        key: None,
        rehearsal: false,
    }
}

/// The QR code of a sticker as an SVG picture.
#[utoipa::path(get, path = "/stickers/{code}/qr.svg", tag = "stickers",
    responses((status = 200, description = "The picture", content_type = "image/svg+xml", body = String), Problems),
    params(("code" = String, Path)))]
pub(super) async fn sticker_picture(State(app): State<App>, Path(code): Path<String>) -> Result<Response, Problem> {
    let row = store::stickers::find(app.db.read(), &desk::stickers::as_printed(&code))
        .await?
        .ok_or_else(|| Problem::new(Sort::NotFound))?;
    let picture = qr::picture(&app.config.sticker_url(&row.code)).ok_or_else(|| Problem::new(Sort::Fault))?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], picture).into_response())
}

/// What a sticker is bound to: exactly one of item, card, or station (with a kind: a shelf).
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BindBody {
    /// The code of an item.
    item_code: Option<String>,
    /// A station.
    station_id: Option<Uuid>,
    /// With a station: the kind on the shelf.
    kind_id: Option<Uuid>,
    /// The holder of a paper card.
    member_id: Option<Uuid>,
}

/// Bind a sticker that is in hand. Keepers of the station.
#[utoipa::path(post, path = "/stickers/{code}/bind", tag = "stickers", request_body = BindBody,
    responses((status = 200, description = "Bound", body = StickerView), Problems), params(("code" = String, Path)))]
pub(super) async fn bind_sticker(Path(code): Path<String>, call: Call<BindBody>) -> Answer<StickerView> {
    let body = call.body;
    let to = match (body.item_code, body.station_id, body.kind_id, body.member_id) {
        (Some(item), None, None, None) => To::Item(item),
        (None, Some(station), None, None) => To::Station(StationId(station)),
        (None, Some(station), Some(kind), None) => To::Shelf(StationId(station), KindId(kind)),
        (None, None, None, Some(member)) => To::Card(MemberId(member)),
        _ => return Err(Problem::new(Sort::Invalid).about("one of item_code, station_id (with kind_id), member_id")),
    };
    done(desk::answer(call.desk, (desk::stickers::as_printed(&code), to), desk::stickers::bind).await)
}

/// Why a sticker is given up.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveUpBody {
    /// What became of it.
    reason: String,
}

/// Give a sticker up; its code goes on answering with what became of it. Keepers of the station.
#[utoipa::path(post, path = "/stickers/{code}/retire", tag = "stickers", request_body = GiveUpBody,
    responses((status = 200, description = "Given up", body = StickerView), Problems), params(("code" = String, Path)))]
pub(super) async fn retire_sticker(Path(code): Path<String>, call: Call<GiveUpBody>) -> Answer<StickerView> {
    done(desk::answer(call.desk, (desk::stickers::as_printed(&code), call.body.reason), desk::stickers::give_up).await)
}
