//! Spaces 场地, sessions 场次, outages, and the terms on which anything is booked.

use axum::extract::State;
use chrono::{DateTime, Utc};
use entity::ids::{ClaimId, OccasionId, SpaceId, StationId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    Nothing,
    answer::{Answer, created, done, found, with_etag},
    bookings::target,
    call::{Call, Caller, Path, Query},
    places::nullable,
    problem::{Problem, Problems},
};
use crate::{
    app::App,
    desk::{
        self,
        bookings::{
            bookable::Bookable,
            terms::{SetTerms, set},
        },
        occasions, outages, spaces,
    },
    speech::Problem as Sort,
    store,
    view::{OccasionView, OutageView, Page, SpaceView, TermsView},
};

/// A space that is entered.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SpaceBody {
    /// Where.
    station_id: Uuid,
    /// Of which space it is a part; whoever books the whole books all parts.
    part_of: Option<Uuid>,
    /// What people call it.
    name: String,
    /// In English.
    name_en: Option<String>,
    /// Its picture.
    emoji: Option<String>,
    /// How many people fit in.
    seats: Option<i32>,
}

/// Enter a space, or a part of one. Keepers of the station.
#[utoipa::path(post, path = "/spaces", tag = "spaces", request_body = SpaceBody,
    responses((status = 201, description = "Entered", body = SpaceView), Problems))]
pub(super) async fn create_space(call: Call<SpaceBody>) -> Answer<SpaceView> {
    let body = call.body;
    let what = spaces::Particulars {
        name: Some(body.name),
        name_en: Some(body.name_en),
        emoji: Some(body.emoji),
        seats: Some(body.seats),
    };
    let order = (StationId(body.station_id), body.part_of.map(SpaceId), what);
    with_etag(created(desk::answer(call.desk, order, spaces::create).await))
}

/// At which station.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AtStation {
    /// The station.
    station_id: Uuid,
}

/// The spaces of a station that are in use. Public.
#[utoipa::path(get, path = "/spaces", tag = "spaces", params(AtStation),
    responses((status = 200, description = "All of them", body = Page<SpaceView>), Problems))]
pub(super) async fn list_spaces(State(app): State<App>, _: Caller, Query(query): Query<AtStation>) -> Answer<Page<SpaceView>> {
    let rows = store::spaces::list_at(app.db.read(), StationId(query.station_id)).await?;
    found(Page { items: rows.iter().map(SpaceView::from).collect(), next: None })
}

/// One space. Public.
#[utoipa::path(get, path = "/spaces/{id}", tag = "spaces",
    responses((status = 200, description = "The space", body = SpaceView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn get_space(State(app): State<App>, _: Caller, Path(id): Path<SpaceId>) -> Answer<SpaceView> {
    let row = store::spaces::find(app.db.read(), id).await?.ok_or_else(|| Problem::new(Sort::NotFound))?;
    with_etag(found(SpaceView::from(&row)))
}

/// What is changed; what is missing stays, `null` takes away.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SpaceEdit {
    /// What people call it.
    name: Option<String>,
    /// In English.
    #[serde(deserialize_with = "nullable")]
    name_en: Option<Option<String>>,
    /// Its picture.
    #[serde(deserialize_with = "nullable")]
    emoji: Option<Option<String>>,
    /// How many people fit in.
    #[serde(deserialize_with = "nullable")]
    seats: Option<Option<i32>>,
}

/// Edit a space. Keepers of the station.
#[utoipa::path(patch, path = "/spaces/{id}", tag = "spaces", request_body = SpaceEdit,
    responses((status = 200, description = "Edited", body = SpaceView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn edit_space(Path(id): Path<SpaceId>, call: Call<SpaceEdit>) -> Answer<SpaceView> {
    let body = call.body;
    let what = spaces::Particulars { name: body.name, name_en: body.name_en, emoji: body.emoji, seats: body.seats };
    with_etag(done(desk::answer(call.desk, (id, what), spaces::edit).await))
}

/// Give a space up; nothing may be booked on it any more. Keepers of the station.
#[utoipa::path(delete, path = "/spaces/{id}", tag = "spaces",
    responses((status = 200, description = "Given up", body = SpaceView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn retire_space(Path(id): Path<SpaceId>, call: Call<Nothing>) -> Answer<SpaceView> {
    done(desk::answer(call.desk, id, spaces::retire).await)
}

/// A session that is announced.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OccasionBody {
    /// Where.
    station_id: Uuid,
    /// In which space; it is taken for it.
    space_id: Option<Uuid>,
    /// What people call it.
    name: String,
    /// In English.
    name_en: Option<String>,
    /// Its picture.
    emoji: Option<String>,
    /// What people should know or bring.
    note: Option<String>,
    /// How many may come.
    seats: i32,
    /// When it begins.
    starts_at: DateTime<Utc>,
    /// When it ends.
    ends_at: DateTime<Utc>,
}

/// Announce a session: a clinic, a class, a market. Keepers of the station.
#[utoipa::path(post, path = "/occasions", tag = "spaces", request_body = OccasionBody,
    responses((status = 201, description = "Announced", body = OccasionView), Problems))]
pub(super) async fn announce(call: Call<OccasionBody>) -> Answer<OccasionView> {
    let body = call.body;
    let order = occasions::Announce {
        station: StationId(body.station_id),
        space: body.space_id.map(SpaceId),
        name: body.name,
        name_en: body.name_en,
        emoji: body.emoji,
        note: body.note,
        seats: body.seats,
        starts_at: body.starts_at,
        ends_at: body.ends_at,
    };
    with_etag(created(desk::answer(call.desk, order, occasions::announce).await))
}

/// Which sessions.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OccasionQuery {
    /// At this station.
    station_id: Uuid,
    /// That end after this; now if nobody says.
    from: Option<DateTime<Utc>>,
    /// That begin before this; in 93 days if nobody says.
    to: Option<DateTime<Utc>>,
}

/// The sessions of a station in order, also those that were called off; 500 at most. Public.
#[utoipa::path(get, path = "/occasions", tag = "spaces", params(OccasionQuery),
    responses((status = 200, description = "Them", body = Page<OccasionView>), Problems))]
pub(super) async fn list_occasions(
    State(app): State<App>,
    _: Caller,
    Query(query): Query<OccasionQuery>,
) -> Answer<Page<OccasionView>> {
    let from = query.from.unwrap_or_else(|| app.clock.now());
    let to = query.to.unwrap_or(from + chrono::TimeDelta::days(93));
    let rows = store::spaces::list_occasions(app.db.read(), StationId(query.station_id), (from, to), 500).await?;
    found(Page { items: rows.iter().map(OccasionView::from).collect(), next: None })
}

/// One session. Public.
#[utoipa::path(get, path = "/occasions/{id}", tag = "spaces",
    responses((status = 200, description = "The session", body = OccasionView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn get_occasion(State(app): State<App>, _: Caller, Path(id): Path<OccasionId>) -> Answer<OccasionView> {
    let row = store::spaces::find_occasion(app.db.read(), id).await?.ok_or_else(|| Problem::new(Sort::NotFound))?;
    with_etag(found(OccasionView::from(&row)))
}

/// What is changed; what is missing stays, `null` takes away.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OccasionEdit {
    /// What people call it.
    name: Option<String>,
    /// In English.
    #[serde(deserialize_with = "nullable")]
    name_en: Option<Option<String>>,
    /// What people should know or bring.
    #[serde(deserialize_with = "nullable")]
    note: Option<Option<String>>,
    /// How many may come.
    seats: Option<i32>,
}

/// Edit a session. Keepers of the station.
#[utoipa::path(patch, path = "/occasions/{id}", tag = "spaces", request_body = OccasionEdit,
    responses((status = 200, description = "Edited", body = OccasionView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn edit_occasion(Path(id): Path<OccasionId>, call: Call<OccasionEdit>) -> Answer<OccasionView> {
    let body = call.body;
    let what = occasions::Edit { name: body.name, name_en: body.name_en, note: body.note, seats: body.seats };
    with_etag(done(desk::answer(call.desk, (id, what), occasions::edit).await))
}

/// Why it is called off.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallOffBody {
    /// Told to everybody who has booked.
    reason: String,
}

/// Call a session off; everybody who has booked is told. Keepers of the station.
#[utoipa::path(post, path = "/occasions/{id}/call-off", tag = "spaces", request_body = CallOffBody,
    responses((status = 200, description = "Called off", body = OccasionView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn call_off(Path(id): Path<OccasionId>, call: Call<CallOffBody>) -> Answer<OccasionView> {
    done(desk::answer(call.desk, (id, call.body.reason), occasions::call_off).await)
}

/// What is out of use, and when.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OutageBody {
    /// The station, by its plate; needed for things.
    station_code: Option<String>,
    /// Things of this kind.
    kind_id: Option<Uuid>,
    /// This space.
    space_id: Option<Uuid>,
    /// Seats at this session.
    session_id: Option<Uuid>,
    /// How many units; one if nobody says.
    quantity: Option<i32>,
    /// From.
    starts_at: DateTime<Utc>,
    /// Until.
    ends_at: DateTime<Utc>,
    /// Why.
    note: String,
}

/// Take something out of use for a time. A fact: never refused. Keepers of the station.
#[utoipa::path(post, path = "/outages", tag = "spaces", request_body = OutageBody,
    responses((status = 201, description = "Out of use", body = OutageView), Problems))]
pub(super) async fn take_out(call: Call<OutageBody>) -> Answer<OutageView> {
    let body = call.body;
    let order = outages::TakeOut {
        target: target(body.station_code, body.kind_id, body.space_id, body.session_id)?,
        quantity: body.quantity.unwrap_or(1),
        starts_at: body.starts_at,
        ends_at: body.ends_at,
        note: body.note,
    };
    created(desk::answer(call.desk, order, outages::take_out).await)
}

/// It is in use again. Keepers of the station.
#[utoipa::path(delete, path = "/outages/{id}", tag = "spaces",
    responses((status = 200, description = "In use", body = OutageView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn end_outage(Path(id): Path<ClaimId>, call: Call<Nothing>) -> Answer<OutageView> {
    done(desk::answer(call.desk, id, outages::end).await)
}

/// Whose terms.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TermsQuery {
    /// The station, by its plate; needed for things.
    station_code: Option<String>,
    /// Things of this kind.
    kind_id: Option<Uuid>,
    /// This space.
    space_id: Option<Uuid>,
    /// This session.
    session_id: Option<Uuid>,
}

/// On which terms something is booked. Public.
#[utoipa::path(get, path = "/booking-terms", tag = "bookings", params(TermsQuery),
    responses((status = 200, description = "The terms", body = TermsView), Problems))]
pub(super) async fn get_terms(State(app): State<App>, _: Caller, Query(query): Query<TermsQuery>) -> Answer<TermsView> {
    let target = target(query.station_code, query.kind_id, query.space_id, query.session_id)?;
    found(TermsView::from(&Bookable::find(app.db.read(), &target).await?.terms))
}

/// Of what, and on which terms from now on.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TermsBody {
    /// The station, by its plate; needed for things.
    station_code: Option<String>,
    /// Things of this kind.
    kind_id: Option<Uuid>,
    /// This space.
    space_id: Option<Uuid>,
    /// This session.
    session_id: Option<Uuid>,
    /// The terms, all of them; `null`: those that are usual for its sort.
    terms: Option<TermsView>,
}

/// Say on which terms something is booked from now on. Keepers of the station.
#[utoipa::path(put, path = "/booking-terms", tag = "bookings", request_body = TermsBody,
    responses((status = 200, description = "They apply", body = TermsView), Problems))]
pub(super) async fn set_terms(call: Call<TermsBody>) -> Answer<TermsView> {
    let body = call.body;
    let target = target(body.station_code, body.kind_id, body.space_id, body.session_id)?;
    done(desk::answer(call.desk, SetTerms { target, terms: body.terms }, set).await)
}
