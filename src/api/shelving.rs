//! What keepers do with lots besides receiving them: open a pack, carry some away, read a label again, say how much is wanted.

use axum::extract::State;
use base64::Engine as _;
use chrono::NaiveDate;
use entity::ids::{KindId, LotId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    Nothing,
    answer::{Answer, created, done, found},
    call::{Call, Caller, Path, Query},
    problem::{Problem, Problems},
    stickers::reading_desk,
};
use crate::{
    app::App,
    desk::{
        self,
        stock::{
            correct_label::CorrectLabel, level::Level, open_pack::OpenPack, register_packs::RegisterPacks, transfer::Transfer,
        },
    },
    speech::Problem as Sort,
    store,
    view::{LotLabelView, LotView, PacksView, StockLevelView, StockOutlookView, TransferView},
};

/// Which pack is opened.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenBody {
    /// How many base units are in it; a full pack if nobody says.
    units: Option<i32>,
    /// When it was opened; today if nobody says.
    opened_on: Option<NaiveDate>,
    /// It was found open, and nobody knows since when: it counts as opened when it was last seen closed.
    #[serde(default)]
    unknown: bool,
}

/// Open a pack: its units become a lot of their own that ends when opening says so. Keepers.
#[utoipa::path(post, path = "/lots/{id}/open", tag = "stock", request_body = OpenBody,
    responses((status = 201, description = "The opened pack", body = LotView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn open_pack(Path(lot): Path<LotId>, call: Call<OpenBody>) -> Answer<LotView> {
    let OpenBody { units, opened_on, unknown } = call.body;
    let order = OpenPack { lot, units, opened_on, unknown };
    created(desk::answer(call.desk, order, desk::stock::open_pack::open_pack).await)
}

/// Say that every pack of a lot was looked at and is closed. Keepers. A pack that is found open later, and nobody knows since
/// when, counts as opened then.
#[utoipa::path(post, path = "/lots/{id}/seen-closed", tag = "stock",
    responses((status = 200, description = "Written down", body = LotView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn see_closed(Path(lot): Path<LotId>, call: Call<Nothing>) -> Answer<LotView> {
    done(desk::answer(call.desk, lot, desk::stock::see_closed::see_closed).await)
}

/// Which packs.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PacksBody {
    /// What the scanner read, pack by pack. Several codes of one pack, one to a line, are joined.
    packs: Vec<String>,
}

/// Register further packs of a lot by their own codes: trace codes, serial numbers. Keepers.
#[utoipa::path(post, path = "/lots/{id}/packs", tag = "stock", request_body = PacksBody,
    responses((status = 200, description = "Known", body = PacksView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn register_packs(Path(lot): Path<LotId>, call: Call<PacksBody>) -> Answer<PacksView> {
    let order = RegisterPacks { lot, packs: call.body.packs };
    done(desk::answer(call.desk, order, desk::stock::register_packs::register_packs).await)
}

/// What is carried where.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferBody {
    /// The plate of the station it goes to.
    to_station_code: String,
    /// How many base units.
    units: i32,
    /// On which shelf there.
    shelf: Option<String>,
}

/// Carry units of a lot to another station. Whoever keeps both.
#[utoipa::path(post, path = "/lots/{id}/transfer", tag = "stock", request_body = TransferBody,
    responses((status = 200, description = "Carried", body = TransferView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn transfer_lot(Path(lot): Path<LotId>, call: Call<TransferBody>) -> Answer<TransferView> {
    let body = call.body;
    let order = Transfer { lot, units: body.units, to_station: body.to_station_code, shelf: body.shelf };
    done(desk::answer(call.desk, order, desk::stock::transfer::transfer).await)
}

/// What somebody reads on a label now.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectLabelBody {
    /// As printed.
    label: String,
    /// Why it was read again.
    reason: String,
    /// A picture of it in base64; needed for a later date.
    photo: Option<String>,
    /// Somebody has looked twice at an unusual date.
    #[serde(default)]
    sure: bool,
}

/// Write down what a label says, anew. Keepers. An earlier date counts at once; a later one after a second person has read it.
#[utoipa::path(post, path = "/lots/{id}/labels", tag = "stock", request_body = CorrectLabelBody,
    responses((status = 200, description = "The lot", body = LotView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn correct_label(Path(lot): Path<LotId>, call: Call<CorrectLabelBody, { 7 * 1024 * 1024 }>) -> Answer<LotView> {
    let body = call.body;
    let photo = body.photo.map(|text| base64::prelude::BASE64_STANDARD.decode(text.trim())).transpose();
    let photo = photo.map_err(|_| Problem::new(Sort::Invalid).at("photo"))?;
    let order = CorrectLabel { lot, label: body.label, reason: body.reason, photo, sure: body.sure };
    done(desk::answer(call.desk, order, desk::stock::correct_label::correct_label).await)
}

/// Every reading of a label, the first first. Staff.
#[utoipa::path(get, path = "/lots/{id}/labels", tag = "stock",
    responses((status = 200, description = "All of them", body = Vec<LotLabelView>), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn list_labels(State(app): State<App>, caller: Caller, Path(id): Path<LotId>) -> Answer<Vec<LotLabelView>> {
    caller.actor.staff()?;
    found(store::lot_labels::list_of(app.db.read(), id).await?.iter().map(LotLabelView::from).collect())
}

/// How much of a kind a station wants to have. Both 0: no longer.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LevelBody {
    /// The plate of the station.
    station_code: String,
    /// Of which kind.
    kind_id: Uuid,
    /// Below so many usable base units it is ordered.
    min_units: i32,
    /// Up to so many.
    max_units: i32,
}

/// Say how much of a kind a station wants to have. Its keepers.
#[utoipa::path(post, path = "/stock-levels", tag = "stock", request_body = LevelBody,
    responses((status = 200, description = "The level", body = StockLevelView), Problems))]
pub(super) async fn set_level(call: Call<LevelBody>) -> Answer<StockLevelView> {
    let body = call.body;
    let (station_code, kind) = (body.station_code, KindId(body.kind_id));
    let order = Level { station_code, kind, min_units: body.min_units, max_units: body.max_units };
    done(desk::answer(call.desk, order, desk::stock::level::set).await)
}

/// Of which station.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OutlookWanted {
    /// The plate of the station.
    station_code: String,
}

/// What a station has of each kind, what to order, and what will not be used before its date. Its keepers.
#[utoipa::path(get, path = "/stock-levels", tag = "stock", params(OutlookWanted),
    responses((status = 200, description = "All kinds", body = Vec<StockOutlookView>), Problems))]
pub(super) async fn list_outlooks(
    State(app): State<App>,
    caller: Caller,
    Query(wanted): Query<OutlookWanted>,
) -> Answer<Vec<StockOutlookView>> {
    let desk = reading_desk(&app, caller);
    found(desk::stock::level::outlooks(&desk, app.db.read(), &wanted.station_code).await?)
}
