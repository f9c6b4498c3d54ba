//! Hand-overs of what is in the red box.

use axum::extract::State;
use base64::Engine as _;
use entity::ids::{DisposalId, StationId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Nothing,
    answer::{Answer, created, done, found},
    call::{Call, Caller, Path, Query},
    list::Paging,
    problem::{Problem, Problems},
};
use crate::{
    app::App,
    desk::{self, stock::hand_over::HandOver},
    speech::Problem as Sort,
    store,
    view::{DisposalView, Page},
};

/// Who takes what is in the red box.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DisposalBody {
    /// The plate of the station.
    station_code: String,
    /// The point it is handed to.
    handed_to: String,
    /// The number on its receipt.
    receipt_no: String,
    /// A picture of the receipt in base64; needed where medicine is in the box.
    photo: Option<String>,
}

/// Hand over everything in the red box. Keepers. It leaves the books when somebody else has confirmed it.
#[utoipa::path(post, path = "/disposals", tag = "stock", request_body = DisposalBody,
    responses((status = 201, description = "Written down", body = DisposalView), Problems))]
pub(super) async fn hand_over(call: Call<DisposalBody, PHOTO>) -> Answer<DisposalView> {
    let body = call.body;
    let photo = picture(body.photo)?;
    let order = HandOver { station_code: body.station_code, handed_to: body.handed_to, receipt_no: body.receipt_no, photo };
    created(desk::answer(call.desk, order, desk::stock::hand_over::hand_over).await)
}

/// Confirm a hand-over. A keeper other than whoever wrote it down.
#[utoipa::path(post, path = "/disposals/{id}/confirm", tag = "stock",
    responses((status = 200, description = "Handed over", body = DisposalView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn confirm_hand_over(Path(id): Path<DisposalId>, call: Call<Nothing>) -> Answer<DisposalView> {
    done(desk::answer(call.desk, id, desk::stock::hand_over::confirm).await)
}

/// The hand-overs of a station, oldest first. Its keepers.
#[utoipa::path(get, path = "/stations/{id}/disposals", tag = "stock", params(("id" = Uuid, Path), Paging),
    responses((status = 200, description = "A page", body = Page<DisposalView>), Problems))]
pub(super) async fn list_disposals(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<StationId>,
    Query(paging): Query<Paging>,
) -> Answer<Page<DisposalView>> {
    let station = store::stations::find(app.db.read(), id).await?.ok_or_else(|| Problem::new(Sort::NotFound))?;
    caller.actor.keeper_of(&station)?;
    let rows = store::lots::list_disposals(app.db.read(), id, paging.after()?, paging.limit() + 1).await?;
    found(paging.page(rows, |row| row.id.to_string()))
}

/// Room for a photo in base64.
pub(super) const PHOTO: usize = 7 * 1024 * 1024;

/// A picture that was sent in base64.
pub(super) fn picture(text: Option<String>) -> Result<Option<Vec<u8>>, Problem> {
    let photo = text.map(|text| base64::prelude::BASE64_STANDARD.decode(text.trim())).transpose();
    photo.map_err(|_| Problem::new(Sort::Invalid).at("photo"))
}
