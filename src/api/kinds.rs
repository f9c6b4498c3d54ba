//! Kinds and policies.

use axum::extract::State;
use entity::{
    ids::{CommunityId, KindId, PolicyId, StationId},
    kind::{Identity, Tracked},
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    Nothing,
    answer::{Answer, created, done, found, with_etag},
    call::{Call, Caller, Path, Query},
    list::Paging,
    places::nullable,
    problem::{Problem, Problems},
};
use crate::{
    app::App,
    desk::{self, kinds::Particulars, policies::Scope},
    speech::Problem as Sort,
    store,
    view::{KindView, Page, PolicyValues, PolicyView},
};

/// A kind.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KindBody {
    /// The community that keeps it; none for one that all share (admins).
    community_id: Option<Uuid>,
    /// What people call it, in Chinese.
    name: String,
    /// What people call it, in English.
    name_en: Option<String>,
    /// A slug of the catalogue: `umbrella`, `mobility`, `tool` …
    category: String,
    /// The picture that always loads.
    emoji: Option<String>,
    /// `item` (if nobody says) or `lot`.
    #[schema(value_type = Option<String>)]
    tracked: Option<Tracked>,
    /// `anonymous` (if nobody says), `phone`, `verified` or `approved`.
    #[schema(value_type = Option<String>)]
    identity: Option<Identity>,
    /// Tells about somebody's health.
    sensitive: Option<bool>,
    /// How often things of it must be inspected or calibrated, in days.
    inspect_every_days: Option<i32>,
}

/// What is changed of a kind. What is missing stays; `null` takes away.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KindPatch {
    /// What people call it, in Chinese.
    name: Option<String>,
    /// What people call it, in English.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    name_en: Option<Option<String>>,
    /// A slug of the catalogue.
    category: Option<String>,
    /// The picture that always loads.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    emoji: Option<Option<String>>,
    /// `item` or `lot`; only while there are none of it.
    #[schema(value_type = Option<String>)]
    tracked: Option<Tracked>,
    /// `anonymous`, `phone`, `verified` or `approved`.
    #[schema(value_type = Option<String>)]
    identity: Option<Identity>,
    /// Tells about somebody's health.
    sensitive: Option<bool>,
    /// How often things of it must be inspected or calibrated, in days.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<i32>)]
    inspect_every_days: Option<Option<i32>>,
    /// Given up, or taken up again.
    retired: Option<bool>,
}

/// Enter a kind. Managers; admins for one that all share.
#[utoipa::path(post, path = "/kinds", tag = "kinds", request_body = KindBody,
    responses((status = 201, description = "Entered", body = KindView), Problems))]
pub(super) async fn create_kind(call: Call<KindBody>) -> Answer<KindView> {
    let body = call.body;
    let what = Particulars {
        name: Some(body.name),
        name_en: body.name_en.map(Some),
        category: Some(body.category),
        emoji: body.emoji.map(Some),
        tracked: body.tracked,
        identity: body.identity,
        sensitive: body.sensitive,
        inspect_every_days: body.inspect_every_days.map(Some),
        retired: None,
    };
    with_etag(created(desk::answer(call.desk, (body.community_id.map(CommunityId), what), desk::kinds::create).await))
}

/// All kinds.
#[utoipa::path(get, path = "/kinds", tag = "kinds", params(Paging),
    responses((status = 200, description = "A page", body = Page<KindView>), Problems))]
pub(super) async fn list_kinds(State(app): State<App>, Query(paging): Query<Paging>) -> Answer<Page<KindView>> {
    let rows = store::kinds::list(app.db.read(), paging.after()?, paging.limit() + 1).await?;
    found(paging.page(rows, |row| row.id.to_string()))
}

/// One kind.
#[utoipa::path(get, path = "/kinds/{id}", tag = "kinds",
    responses((status = 200, description = "The kind", body = KindView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn get_kind(State(app): State<App>, Path(id): Path<KindId>) -> Answer<KindView> {
    let row = store::kinds::find(app.db.read(), id).await?.ok_or_else(|| Problem::new(Sort::NotFound))?;
    with_etag(found(KindView::from(&row)))
}

/// Change a kind.
#[utoipa::path(patch, path = "/kinds/{id}", tag = "kinds", request_body = KindPatch,
    responses((status = 200, description = "Changed", body = KindView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn edit_kind(Path(id): Path<KindId>, call: Call<KindPatch>) -> Answer<KindView> {
    let body = call.body;
    let what = Particulars {
        name: body.name,
        name_en: body.name_en,
        category: body.category,
        emoji: body.emoji,
        tracked: body.tracked,
        identity: body.identity,
        sensitive: body.sensitive,
        inspect_every_days: body.inspect_every_days,
        retired: body.retired,
    };
    with_etag(done(desk::answer(call.desk, (id, what), desk::kinds::edit).await))
}

/// A row of the policy matrix.
#[derive(Clone, Deserialize, ToSchema)]
pub struct PolicyBody {
    /// Only at this station.
    station_id: Option<Uuid>,
    /// Only for members of this group.
    member_group: Option<String>,
    /// Only for things of this kind.
    kind_id: Option<Uuid>,
    /// The values; what is missing is not said here.
    #[serde(flatten)]
    values: PolicyValues,
}

/// Enter a row. Keepers for their station; admins for all.
#[utoipa::path(post, path = "/policies", tag = "kinds", request_body = PolicyBody,
    responses((status = 201, description = "Entered", body = PolicyView), Problems))]
pub(super) async fn create_policy(call: Call<PolicyBody>) -> Answer<PolicyView> {
    let body = call.body;
    let scope = Scope { station: body.station_id.map(StationId), group: body.member_group, kind: body.kind_id.map(KindId) };
    with_etag(created(desk::answer(call.desk, (scope, body.values), desk::policies::create).await))
}

/// The whole matrix. Staff.
#[utoipa::path(get, path = "/policies", tag = "kinds", params(Paging),
    responses((status = 200, description = "A page", body = Page<PolicyView>), Problems))]
pub(super) async fn list_policies(
    State(app): State<App>,
    caller: Caller,
    Query(paging): Query<Paging>,
) -> Answer<Page<PolicyView>> {
    caller.actor.staff()?;
    let rows = store::policies::list(app.db.read(), paging.after()?, paging.limit() + 1).await?;
    found(paging.page(rows, |row| row.id.to_string()))
}

/// One row. Staff.
#[utoipa::path(get, path = "/policies/{id}", tag = "kinds",
    responses((status = 200, description = "The row", body = PolicyView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn get_policy(State(app): State<App>, caller: Caller, Path(id): Path<PolicyId>) -> Answer<PolicyView> {
    caller.actor.staff()?;
    let row = store::policies::find(app.db.read(), id).await?.ok_or_else(|| Problem::new(Sort::NotFound))?;
    with_etag(found(PolicyView::from(&row)))
}

/// Replace all values of a row.
#[utoipa::path(patch, path = "/policies/{id}", tag = "kinds", request_body = PolicyValues,
    responses((status = 200, description = "Changed", body = PolicyView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn edit_policy(Path(id): Path<PolicyId>, call: Call<PolicyValues>) -> Answer<PolicyView> {
    with_etag(done(desk::answer(call.desk, (id, call.body), desk::policies::edit).await))
}

/// Take a row out of the matrix.
#[utoipa::path(delete, path = "/policies/{id}", tag = "kinds",
    responses((status = 200, description = "Taken out", body = PolicyView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn remove_policy(Path(id): Path<PolicyId>, call: Call<Nothing>) -> Answer<PolicyView> {
    done(desk::answer(call.desk, id, desk::policies::remove).await)
}
