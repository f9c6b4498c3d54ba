//! Lots, their ledger, and takes.

use axum::extract::State;
use base64::Engine as _;
use chrono::{DateTime, Utc};
use entity::{
    ids::{KindId, LotId, MovementId, StationId, StockBlockId},
    lot::Source,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    answer::{Answer, created, done, found},
    call::{Call, Caller, Path, Query},
    disposals::{PHOTO, picture},
    list::Paging,
    problem::{Problem, Problems},
};
use crate::{
    app::App,
    desk::{
        self,
        stock::{
            count::Count,
            put_apart::{PutApart, Way},
            receive::Receive,
        },
    },
    rules::receive::Goes,
    speech::Problem as Sort,
    store,
    view::{CountView, LotMovedView, LotView, MovementView, Page, StockBlockView},
};

/// A delivery.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LotBody {
    /// The plate of the station.
    station_code: String,
    /// What it is.
    kind_id: Uuid,
    /// The number of the lot, as printed.
    #[serde(default)]
    number: String,
    /// The date, as printed.
    label: Option<String>,
    /// The code on the pack. Several codes of one pack, one to a line, are joined.
    code: Option<String>,
    /// How many base units.
    units: i32,
    /// `purchase` (if nobody says) or `donation`.
    #[schema(value_type = Option<String>)]
    source: Option<Source>,
    /// Invoice or delivery note; needed for medicine.
    proof: Option<String>,
    /// A picture of the label in base64; needed for medicine.
    photo: Option<String>,
    /// Which shelf.
    shelf: Option<String>,
    /// Somebody has looked twice at an unusual date.
    #[serde(default)]
    sure: bool,
    /// Where it goes: `shelf` (if nobody says); `apart` for what was found while counting; `red_box` for what is past its date
    /// or was handed in.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    goes: Goes,
}

/// Receive a delivery. Keepers.
#[utoipa::path(post, path = "/lots", tag = "stock", request_body = LotBody,
    responses((status = 201, description = "Received", body = LotView), Problems))]
pub(super) async fn receive_lot(call: Call<LotBody, { 7 * 1024 * 1024 }>) -> Answer<LotView> {
    let body = call.body;
    let photo = body.photo.map(|text| base64::prelude::BASE64_STANDARD.decode(text.trim())).transpose();
    let source = match body.source.unwrap_or(Source::Purchase) {
        source @ (Source::Purchase | Source::Donation) => source,
        Source::Transfer | Source::Opened | Source::Import | Source::Found => {
            return Err(Problem::new(Sort::Invalid).at("source"));
        }
    };
    let order = Receive {
        station_code: body.station_code,
        kind: KindId(body.kind_id),
        number: body.number,
        label: body.label,
        code: body.code,
        units: body.units,
        source,
        proof: body.proof,
        photo: photo.map_err(|_| Problem::new(Sort::Invalid).at("photo"))?,
        shelf: body.shelf,
        sure: body.sure,
        goes: body.goes,
    };
    created(desk::answer(call.desk, (order, body.goes), desk::stock::receive::receive_apart).await)
}

/// Which lots.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LotsWanted {
    /// At this station.
    station_id: Option<Uuid>,
    /// Of this kind.
    kind_id: Option<Uuid>,
    /// Empty ones too.
    #[serde(default)]
    empty_too: bool,
    /// What the page before said in `next`.
    after: Option<String>,
    /// How many; at most 100, 50 if nobody says.
    limit: Option<u64>,
}

/// Lots, oldest first. Staff.
#[utoipa::path(get, path = "/lots", tag = "stock", params(LotsWanted),
    responses((status = 200, description = "A page", body = Page<LotView>), Problems))]
pub(super) async fn list_lots(State(app): State<App>, caller: Caller, Query(wanted): Query<LotsWanted>) -> Answer<Page<LotView>> {
    caller.actor.staff()?;
    let paging = Paging { after: wanted.after, limit: wanted.limit };
    let (station, kind) = (wanted.station_id.map(StationId), wanted.kind_id.map(KindId));
    let conn = app.db.read();
    let rows = store::lots::list(conn, station, kind, wanted.empty_too, paging.after()?, paging.limit() + 1).await?;
    let blocks = desk::stock::blocks_of(&app, conn, &rows).await?;
    found(paging.page_of(rows, |row| row.id.to_string(), |row| LotView::new(row, &blocks[&row.id])))
}

/// One lot. Staff.
#[utoipa::path(get, path = "/lots/{id}", tag = "stock",
    responses((status = 200, description = "The lot", body = LotView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn get_lot(State(app): State<App>, caller: Caller, Path(id): Path<LotId>) -> Answer<LotView> {
    caller.actor.staff()?;
    let row = store::lots::find(app.db.read(), id).await?.ok_or_else(|| Problem::new(Sort::NotFound))?;
    let blocks = desk::stock::blocks_of(&app, app.db.read(), std::slice::from_ref(&row)).await?;
    found(LotView::new(&row, &blocks[&row.id]))
}

/// The ledger of a lot, oldest first. Staff.
#[utoipa::path(get, path = "/lots/{id}/movements", tag = "stock", params(("id" = Uuid, Path), Paging),
    responses((status = 200, description = "A page", body = Page<MovementView>), Problems))]
pub(super) async fn list_movements(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<LotId>,
    Query(paging): Query<Paging>,
) -> Answer<Page<MovementView>> {
    caller.actor.staff()?;
    let rows = store::movements::list_of_lot(app.db.read(), id, paging.after()?, paging.limit() + 1).await?;
    found(paging.page(rows, |row| row.id.to_string()))
}

/// What a second person reads on a label.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyBody {
    /// As printed.
    label: String,
}

/// Read a label again, by somebody else. Keepers.
#[utoipa::path(post, path = "/lots/{id}/verify", tag = "stock", request_body = VerifyBody,
    responses((status = 200, description = "The same", body = LotView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn verify_label(Path(id): Path<LotId>, call: Call<VerifyBody>) -> Answer<LotView> {
    done(desk::answer(call.desk, (id, call.body.label), desk::stock::verify_label::verify_label).await)
}

/// What is put apart, cleared, or set aside.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutApartBody {
    /// `quarantine`, `clear`, `set_aside` or `set_aside_quarantined`.
    #[schema(value_type = String)]
    way: Way,
    /// How many base units.
    units: i32,
    /// Why.
    note: Option<String>,
    /// A picture of the packs in base64; needed where medicine goes into the red box.
    photo: Option<String>,
}

/// Move units of a lot between its places. Keepers. Never refused because the lot is blocked.
#[utoipa::path(post, path = "/lots/{id}/put-apart", tag = "stock", request_body = PutApartBody,
    responses((status = 200, description = "Moved", body = LotMovedView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn put_apart(Path(lot): Path<LotId>, call: Call<PutApartBody, PHOTO>) -> Answer<LotMovedView> {
    let body = call.body;
    let order = PutApart { lot, way: body.way, units: body.units, note: body.note, photo: picture(body.photo)? };
    done(desk::answer(call.desk, order, desk::stock::put_apart::put_apart).await)
}

/// What was counted.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountBody {
    /// Base units on the shelf: free, set aside and put apart.
    counted: i32,
    /// When; now if nobody says.
    counted_at: Option<DateTime<Utc>>,
    /// Needed when it differs.
    reason: Option<String>,
}

/// Count a lot. Keepers. The station stays open.
#[utoipa::path(post, path = "/lots/{id}/count", tag = "stock", request_body = CountBody,
    responses((status = 200, description = "Weighed", body = CountView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn count_lot(Path(lot): Path<LotId>, call: Call<CountBody>) -> Answer<CountView> {
    let body = call.body;
    let order = Count { lot, counted: body.counted, counted_at: body.counted_at, reason: body.reason };
    done(desk::answer(call.desk, order, desk::stock::count::count).await)
}

/// Why.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhyBody {
    /// In words.
    reason: String,
}

/// Block a lot. Keepers.
#[utoipa::path(post, path = "/lots/{id}/blocks", tag = "stock", request_body = WhyBody,
    responses((status = 201, description = "Blocked", body = StockBlockView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn block_lot(Path(id): Path<LotId>, call: Call<WhyBody>) -> Answer<StockBlockView> {
    created(desk::answer(call.desk, (id, call.body.reason), desk::stock::block::block).await)
}

/// The blocks that lie on a lot. Staff.
#[utoipa::path(get, path = "/lots/{id}/blocks", tag = "stock",
    responses((status = 200, description = "All of them", body = Vec<StockBlockView>), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn list_lot_blocks(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<LotId>,
) -> Answer<Vec<StockBlockView>> {
    caller.actor.staff()?;
    found(store::stock_blocks::list_on(app.db.read(), id).await?.iter().map(StockBlockView::from).collect())
}

/// Lift a block. Keepers; for medicine, somebody else than whoever laid it.
#[utoipa::path(post, path = "/stock-blocks/{id}/lift", tag = "stock", request_body = WhyBody,
    responses((status = 200, description = "Lifted", body = StockBlockView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn lift_stock_block(Path(id): Path<StockBlockId>, call: Call<WhyBody>) -> Answer<StockBlockView> {
    done(desk::answer(call.desk, (id, call.body.reason), desk::stock::block::lift).await)
}

/// Reverse a movement that was a mistake. Keepers.
#[utoipa::path(post, path = "/movements/{id}/reverse", tag = "stock", request_body = WhyBody,
    responses((status = 200, description = "Reversed", body = LotMovedView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn reverse_movement(Path(id): Path<MovementId>, call: Call<WhyBody>) -> Answer<LotMovedView> {
    done(desk::answer(call.desk, (id, call.body.reason), desk::stock::reverse::reverse).await)
}
