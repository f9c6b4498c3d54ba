//! Communities, stations, closures.

use axum::extract::State;
use chrono::NaiveDate;
use entity::{
    ids::{ClosureId, CommunityId, StationId},
    station::Hours,
};
use serde::{Deserialize, Deserializer};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    Nothing,
    answer::{Answer, created, done, found, with_etag},
    call::{Call, Path, Query},
    list::Paging,
    problem::{Problem, Problems},
};
use crate::{
    app::App,
    desk::{self, stations::Particulars},
    speech::Problem as Sort,
    store,
    view::{ClosureView, CommunityView, Page, StationView},
};

/// For a `PATCH`: a field that is missing stays, one that is `null` is taken away.
pub(super) fn nullable<'de, T: Deserialize<'de>, D: Deserializer<'de>>(field: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(field).map(Some)
}

/// A community.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommunityBody {
    /// What people call it.
    name: String,
}

/// What is changed of a community.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommunityPatch {
    /// What people call it.
    name: Option<String>,
}

/// Enter a community. Admins.
#[utoipa::path(post, path = "/communities", tag = "places", request_body = CommunityBody,
    responses((status = 201, description = "Entered", body = CommunityView), Problems))]
pub(super) async fn create_community(call: Call<CommunityBody>) -> Answer<CommunityView> {
    with_etag(created(desk::answer(call.desk, call.body.name, desk::communities::create).await))
}

/// All communities.
#[utoipa::path(get, path = "/communities", tag = "places", params(Paging),
    responses((status = 200, description = "A page", body = Page<CommunityView>), Problems))]
pub(super) async fn list_communities(State(app): State<App>, Query(paging): Query<Paging>) -> Answer<Page<CommunityView>> {
    let rows = store::communities::list(app.db.read(), paging.after()?, paging.limit() + 1).await?;
    found(paging.page(rows, |row| row.id.to_string()))
}

/// One community.
#[utoipa::path(get, path = "/communities/{id}", tag = "places",
    responses((status = 200, description = "The community", body = CommunityView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn get_community(State(app): State<App>, Path(id): Path<CommunityId>) -> Answer<CommunityView> {
    let row = store::communities::find(app.db.read(), id).await?.ok_or_else(|| Problem::new(Sort::NotFound))?;
    with_etag(found(CommunityView::from(&row)))
}

/// Give a community another name. Its managers.
#[utoipa::path(patch, path = "/communities/{id}", tag = "places", request_body = CommunityPatch,
    responses((status = 200, description = "Changed", body = CommunityView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn edit_community(Path(id): Path<CommunityId>, call: Call<CommunityPatch>) -> Answer<CommunityView> {
    with_etag(done(desk::answer(call.desk, (id, call.body.name), desk::communities::edit).await))
}

/// A station.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StationBody {
    /// The community that owns it.
    community_id: Uuid,
    /// What is written on the plate: letters, digits, `-`, `_`, `.`.
    code: String,
    /// What people call it.
    name: String,
    /// Where it is, in words.
    place: Option<String>,
    /// Degrees north.
    latitude: Option<f64>,
    /// Degrees east.
    longitude: Option<f64>,
    /// IANA time zone; `Asia/Shanghai` if nobody says.
    time_zone: Option<String>,
    /// `"always"` (if nobody says), or `{"weekly": {"mon": [["08:00", "20:00"]], …}}`.
    #[schema(value_type = Option<Object>)]
    hours: Option<Hours>,
    /// Closed on Chinese public holidays.
    follows_holidays: Option<bool>,
    /// The number on the plate.
    contact: Option<String>,
}

/// What is changed of a station. What is missing stays; `null` takes away.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StationPatch {
    /// What people call it.
    name: Option<String>,
    /// Where it is, in words.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    place: Option<Option<String>>,
    /// Degrees north; together with `longitude`.
    latitude: Option<f64>,
    /// Degrees east; together with `latitude`.
    longitude: Option<f64>,
    /// IANA time zone.
    time_zone: Option<String>,
    /// `"always"`, or `{"weekly": …}`.
    #[schema(value_type = Option<Object>)]
    hours: Option<Hours>,
    /// Closed on Chinese public holidays.
    follows_holidays: Option<bool>,
    /// The number on the plate.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    contact: Option<Option<String>>,
    /// Given up for good, or opened again.
    closed_down: Option<bool>,
}

fn position(latitude: Option<f64>, longitude: Option<f64>) -> Result<Option<Option<(f64, f64)>>, Problem> {
    match (latitude, longitude) {
        (None, None) => Ok(None),
        (Some(north), Some(east)) => Ok(Some(Some((north, east)))),
        _ => Err(Problem::new(Sort::Invalid).about("latitude and longitude go together")),
    }
}

/// Enter a station. Managers of its community.
#[utoipa::path(post, path = "/stations", tag = "places", request_body = StationBody,
    responses((status = 201, description = "Entered", body = StationView), Problems))]
pub(super) async fn create_station(call: Call<StationBody>) -> Answer<StationView> {
    let body = call.body;
    let what = Particulars {
        name: Some(body.name),
        place: body.place.map(Some),
        position: position(body.latitude, body.longitude)?,
        time_zone: body.time_zone,
        hours: body.hours,
        follows_holidays: body.follows_holidays,
        contact: body.contact.map(Some),
        closed_down: None,
    };
    let order = (CommunityId(body.community_id), body.code, what);
    with_etag(created(desk::answer(call.desk, order, desk::stations::create).await))
}

/// Which stations.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StationQuery {
    /// Of this community.
    community_id: Option<Uuid>,
    /// With this code on the plate.
    code: Option<String>,
    /// What the page before said in `next`.
    after: Option<String>,
    /// How many.
    limit: Option<u64>,
}

/// All stations.
#[utoipa::path(get, path = "/stations", tag = "places", params(StationQuery),
    responses((status = 200, description = "A page", body = Page<StationView>), Problems))]
pub(super) async fn list_stations(State(app): State<App>, Query(query): Query<StationQuery>) -> Answer<Page<StationView>> {
    let paging = Paging { after: query.after, limit: query.limit };
    let rows = match &query.code {
        Some(code) => store::stations::find_by_code(app.db.read(), code).await?.into_iter().collect(),
        None => {
            let community = query.community_id.map(CommunityId);
            store::stations::list(app.db.read(), community, paging.after()?, paging.limit() + 1).await?
        }
    };
    found(paging.page(rows, |row| row.id.to_string()))
}

/// One station.
#[utoipa::path(get, path = "/stations/{id}", tag = "places",
    responses((status = 200, description = "The station", body = StationView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn get_station(State(app): State<App>, Path(id): Path<StationId>) -> Answer<StationView> {
    let row = store::stations::find(app.db.read(), id).await?.ok_or_else(|| Problem::new(Sort::NotFound))?;
    with_etag(found(StationView::from(&row)))
}

/// Change a station. Its keepers; giving it up is for managers.
#[utoipa::path(patch, path = "/stations/{id}", tag = "places", request_body = StationPatch,
    responses((status = 200, description = "Changed", body = StationView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn edit_station(Path(id): Path<StationId>, call: Call<StationPatch>) -> Answer<StationView> {
    let body = call.body;
    let what = Particulars {
        name: body.name,
        place: body.place,
        position: position(body.latitude, body.longitude)?,
        time_zone: body.time_zone,
        hours: body.hours,
        follows_holidays: body.follows_holidays,
        contact: body.contact,
        closed_down: body.closed_down,
    };
    with_etag(done(desk::answer(call.desk, (id, what), desk::stations::edit).await))
}

/// Days on which a station is closed.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClosureBody {
    /// The first closed day.
    first_day: NaiveDate,
    /// The last closed day.
    last_day: NaiveDate,
    /// What people are told.
    reason: String,
}

/// Close a station for some days. Its keepers.
#[utoipa::path(post, path = "/stations/{id}/closures", tag = "places", request_body = ClosureBody,
    responses((status = 201, description = "Entered", body = ClosureView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn close_station(Path(id): Path<StationId>, call: Call<ClosureBody>) -> Answer<ClosureView> {
    let body = call.body;
    let order = (id, body.first_day, body.last_day, body.reason);
    created(desk::answer(call.desk, order, desk::stations::close_for).await)
}

/// The closures of a station.
#[utoipa::path(get, path = "/stations/{id}/closures", tag = "places",
    responses((status = 200, description = "All of them", body = Page<ClosureView>), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn list_closures(State(app): State<App>, Path(id): Path<StationId>) -> Answer<Page<ClosureView>> {
    let rows = store::stations::list_closures(app.db.read(), id).await?;
    found(Page { items: rows.iter().map(ClosureView::from).collect(), next: None })
}

/// Take a closure back. Keepers of the station.
#[utoipa::path(delete, path = "/closures/{id}", tag = "places",
    responses((status = 200, description = "Taken back", body = ClosureView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn reopen_station(Path(id): Path<ClosureId>, call: Call<Nothing>) -> Answer<ClosureView> {
    done(desk::answer(call.desk, id, desk::stations::reopen).await)
}
