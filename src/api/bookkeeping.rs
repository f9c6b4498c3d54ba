//! What keepers need to keep the books of the medicine box: what to count, which codes are known, the photos of labels.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use entity::ids::{KindId, LotId, PhotoId};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    Nothing,
    answer::{Answer, done, found},
    call::{Call, Caller, Path, Query},
    problem::{Problem, Problems},
    stickers::reading_desk,
};
use crate::{
    app::App,
    desk,
    speech::Problem as Sort,
    store,
    view::{LotPhotoView, ProductCodeView, ToCountView},
};

/// Of which station.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WorklistWanted {
    /// The plate of the station.
    station_code: String,
}

/// What to count next: at most eight lots, without their quantities. The keepers of the station.
#[utoipa::path(get, path = "/count-worklist", tag = "stock", params(WorklistWanted),
    responses((status = 200, description = "At most eight", body = Vec<ToCountView>), Problems))]
pub(super) async fn count_worklist(
    State(app): State<App>,
    caller: Caller,
    Query(wanted): Query<WorklistWanted>,
) -> Answer<Vec<ToCountView>> {
    let desk = reading_desk(&app, caller);
    found(desk::stock::to_count::to_count(&desk, app.db.read(), &wanted.station_code).await?)
}

/// The codes that are known of a kind. Staff.
#[utoipa::path(get, path = "/kinds/{id}/codes", tag = "stock",
    responses((status = 200, description = "All of them", body = Vec<ProductCodeView>), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn list_codes(State(app): State<App>, caller: Caller, Path(id): Path<KindId>) -> Answer<Vec<ProductCodeView>> {
    caller.actor.staff()?;
    found(store::consumables::list_codes_of(app.db.read(), id).await?.iter().map(ProductCodeView::from).collect())
}

/// Unlearn a code that was learnt wrongly. Staff. Not while a recall names it.
#[utoipa::path(delete, path = "/kinds/{id}/codes/{code}", tag = "stock",
    responses((status = 200, description = "Unlearnt", body = ProductCodeView), Problems),
    params(("id" = Uuid, Path), ("code" = String, Path)))]
pub(super) async fn unlearn_code(Path((id, code)): Path<(KindId, String)>, call: Call<Nothing>) -> Answer<ProductCodeView> {
    done(desk::answer(call.desk, (id, code), desk::stock::unlearn_code::unlearn_code).await)
}

/// The photos of a lot, newest first. Keepers of its station.
#[utoipa::path(get, path = "/lots/{id}/photos", tag = "stock",
    responses((status = 200, description = "Which there are", body = Vec<LotPhotoView>), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn list_lot_photos(State(app): State<App>, caller: Caller, Path(id): Path<LotId>) -> Answer<Vec<LotPhotoView>> {
    kept(&app, &caller, id).await?;
    let rows = store::lot_labels::list_photos(app.db.read(), id).await?;
    found(rows.into_iter().map(|(id, about, created_at)| LotPhotoView { id: id.0, about, created_at }).collect())
}

/// One photo of a lot. Keepers of its station.
#[utoipa::path(get, path = "/lot-photos/{id}", tag = "stock",
    responses((status = 200, description = "The picture", content_type = "image/jpeg", body = Vec<u8>), Problems),
    params(("id" = Uuid, Path)))]
pub(super) async fn get_lot_photo(State(app): State<App>, caller: Caller, Path(id): Path<PhotoId>) -> Result<Response, Problem> {
    caller.actor.resident()?;
    let photo = store::lot_labels::find_photo(app.db.read(), id).await?.ok_or_else(|| Problem::new(Sort::NotFound))?;
    kept(&app, &caller, photo.lot_id).await?;
    Ok(([(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "no-store")], photo.jpeg).into_response())
}

/// A lot at a station that the caller keeps; for others it is not there.
async fn kept(app: &App, caller: &Caller, id: LotId) -> Result<(), Problem> {
    caller.actor.resident()?;
    let not_there = || Problem::new(Sort::NotFound);
    let lot = store::lots::find(app.db.read(), id).await?.ok_or_else(not_there)?;
    let station = store::stations::find(app.db.read(), lot.station_id).await?.ok_or_else(not_there)?;
    caller.actor.keeper_of(&station).map(|_| ()).map_err(|_| not_there())
}
