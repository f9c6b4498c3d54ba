//! Items: register, look up, edit, borrow, give back, report, take out of service.

use axum::extract::State;
use base64::Engine as _;
use entity::{
    ids::{KindId, MemberId, StationId},
    item::Lifecycle,
    loan::Condition,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    answer::{Answer, created, done, found, with_etag},
    call::{Call, Path, Query},
    list::Paging,
    places::nullable,
    problem::{Problem, Problems},
    sessions::phone,
};
use crate::{
    app::App,
    desk::{self, borrow::Borrow, give_back::GiveBack, inspect::Inspect, items as verbs, report::Report},
    speech::Problem as Sort,
    store::{self, items::Wanted},
    view::{InspectionView, ItemView, ItemsView, LentView, Page, ReturnedView},
};

/// One item or many.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemsBody {
    /// What they are.
    kind_id: Uuid,
    /// Where they belong and are.
    station_id: Uuid,
    /// How many, 1 (if nobody says) to 500.
    count: Option<u32>,
    /// The code written on the one item, where it has one already.
    code: Option<String>,
    /// The big number people tell things apart by; for many, 01, 02 … is put behind it, on from the last one there.
    label: Option<String>,
}

/// Register items. Keepers of the station.
#[utoipa::path(post, path = "/items", tag = "items", request_body = ItemsBody,
    responses((status = 201, description = "Registered, each with a sticker", body = ItemsView), Problems))]
pub(super) async fn register_items(call: Call<ItemsBody>) -> Answer<ItemsView> {
    let body = call.body;
    let order = verbs::Register {
        kind: KindId(body.kind_id),
        station: StationId(body.station_id),
        count: body.count.unwrap_or(1),
        code: body.code,
        label: body.label,
    };
    created(desk::answer(call.desk, order, verbs::register).await)
}

/// Which items.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ItemQuery {
    /// At this station.
    station_id: Option<Uuid>,
    /// Of this kind.
    kind_id: Option<Uuid>,
    /// `pending`, `active`, `maintenance`, `missing` or `retired`.
    #[param(value_type = Option<String>)]
    lifecycle: Option<Lifecycle>,
    /// Out, or not.
    out: Option<bool>,
    /// What the page before said in `next`.
    after: Option<String>,
    /// How many.
    limit: Option<u64>,
}

/// All items.
#[utoipa::path(get, path = "/items", tag = "items", params(ItemQuery),
    responses((status = 200, description = "A page", body = Page<ItemView>), Problems))]
pub(super) async fn list_items(State(app): State<App>, Query(query): Query<ItemQuery>) -> Answer<Page<ItemView>> {
    let paging = Paging { after: query.after, limit: query.limit };
    let wanted = Wanted {
        station: query.station_id.map(StationId),
        kind: query.kind_id.map(KindId),
        lifecycle: query.lifecycle,
        out: query.out,
    };
    let rows = store::items::list(app.db.read(), &wanted, paging.after()?, paging.limit() + 1).await?;
    found(paging.page(rows, |row| row.id.to_string()))
}

/// One item, by the code written on it or that of a sticker.
#[utoipa::path(get, path = "/items/{code}", tag = "items",
    responses((status = 200, description = "The item", body = ItemView), Problems), params(("code" = String, Path)))]
pub(super) async fn get_item(State(app): State<App>, Path(code): Path<String>) -> Answer<ItemView> {
    let row = store::items::find_by_code(app.db.read(), &code).await?.ok_or_else(|| Problem::new(Sort::NotFound))?;
    with_etag(found(ItemView::from(&row)))
}

/// What is changed of an item. What is missing stays; `null` takes away.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemPatch {
    /// The big number people tell things apart by.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    label: Option<Option<String>>,
    /// Where it belongs.
    home_station_id: Option<Uuid>,
}

/// Change an item. Keepers of the station where it is.
#[utoipa::path(patch, path = "/items/{code}", tag = "items", request_body = ItemPatch,
    responses((status = 200, description = "Changed", body = ItemView), Problems), params(("code" = String, Path)))]
pub(super) async fn edit_item(Path(code): Path<String>, call: Call<ItemPatch>) -> Answer<ItemView> {
    let order = verbs::Edit { code, label: call.body.label, home_station: call.body.home_station_id.map(StationId) };
    with_etag(done(desk::answer(call.desk, order, verbs::edit).await))
}

/// Who borrows. Nothing of it is needed for things that are lent to anybody.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BorrowBody {
    /// The phone number, where the kind asks for one, or of the resident a keeper lends to.
    phone: Option<String>,
    /// What the borrower is called; kept only with a number that is new.
    name: Option<String>,
    /// The borrower, by id. Keepers.
    member_id: Option<Uuid>,
    /// The borrower, by the sticker on their paper card. Keepers.
    card: Option<String>,
    /// A keeper lends against a refusal, for this reason.
    override_reason: Option<String>,
}

/// Borrow an item.
#[utoipa::path(post, path = "/items/{code}/borrow", tag = "items", request_body = BorrowBody,
    responses((status = 201, description = "Lent", body = LentView), Problems), params(("code" = String, Path)))]
pub(super) async fn borrow_item(Path(code): Path<String>, call: Call<BorrowBody>) -> Answer<LentView> {
    let body = call.body;
    let order = Borrow {
        code,
        phone: body.phone.as_deref().map(phone).transpose()?,
        name: optional_text("name", body.name, 60)?,
        member: body.member_id.map(MemberId),
        card: body.card,
        override_reason: optional_text("override_reason", body.override_reason, 200)?,
    };
    created(desk::answer(call.desk, order, desk::borrow::borrow).await)
}

/// What is said about a return. Nothing of it is needed.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnBody {
    /// The plate of the station it is at now; where it was lent, if nobody says.
    station_code: Option<String>,
    /// `good` (if nobody says), `incomplete` or `damaged`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    condition: Condition,
    /// What is worth telling the keeper.
    note: Option<String>,
    /// A picture (JPEG, PNG, WebP; at most 5 MB) in base64.
    photo: Option<String>,
}

/// Give an item back. Never refused, needs no sign-in; twice in a row is fine.
#[utoipa::path(post, path = "/items/{code}/return", tag = "items", request_body = ReturnBody,
    responses((status = 200, description = "Taken back", body = ReturnedView), Problems), params(("code" = String, Path)))]
pub(super) async fn return_item(Path(code): Path<String>, call: Call<ReturnBody, { 7 * 1024 * 1024 }>) -> Answer<ReturnedView> {
    let body = call.body;
    let photo = body.photo.map(|text| base64::prelude::BASE64_STANDARD.decode(text.trim())).transpose();
    let order = GiveBack {
        code,
        station_code: body.station_code,
        condition: body.condition,
        note: optional_text("note", body.note, 500)?,
        photo: photo.map_err(|_| desk::Error::Invalid { field: "photo", problem: desk::Problem::NotAPicture })?,
    };
    done(desk::answer(call.desk, order, desk::give_back::give_back).await)
}

/// What was found.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InspectionBody {
    /// Is it as it should be?
    passed: bool,
    /// Until when that holds; by the interval of its kind, if nobody says.
    good_until: Option<chrono::NaiveDate>,
    /// The number of the certificate of calibration.
    certificate: Option<String>,
    /// What was seen.
    note: Option<String>,
}

/// Write an inspection or calibration down. Keepers.
#[utoipa::path(post, path = "/items/{code}/inspections", tag = "items", request_body = InspectionBody,
    responses((status = 201, description = "Written down", body = InspectionView), Problems), params(("code" = String, Path)))]
pub(super) async fn inspect_item(Path(code): Path<String>, call: Call<InspectionBody>) -> Answer<InspectionView> {
    let body = call.body;
    let certificate = optional_text("certificate", body.certificate, 60)?;
    let note = optional_text("note", body.note, 500)?;
    let order = Inspect { code, passed: body.passed, good_until: body.good_until, certificate, note };
    created(desk::answer(call.desk, order, desk::inspect::inspect).await)
}

/// What is reported.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportBody {
    /// `lost` (its borrower, keepers), `found` (anybody), `claimed_returned` (its borrower).
    #[schema(value_type = String)]
    what: Report,
    /// What is worth telling the keeper.
    note: Option<String>,
}

/// Report an item lost, found, or as given back.
#[utoipa::path(post, path = "/items/{code}/report", tag = "items", request_body = ReportBody,
    responses((status = 200, description = "Taken down", body = ReturnedView), Problems), params(("code" = String, Path)))]
pub(super) async fn report_item(Path(code): Path<String>, call: Call<ReportBody>) -> Answer<ReturnedView> {
    let note = optional_text("note", call.body.note, 500)?;
    let order = desk::report::Order { code, what: call.body.what, note };
    done(desk::answer(call.desk, order, desk::report::report).await)
}

/// What becomes of an item.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceBody {
    /// `active` (repaired, found), `maintenance`, `missing`, `retired` (for good) or `pending`.
    #[schema(value_type = String)]
    lifecycle: Lifecycle,
    /// Why.
    reason: Option<String>,
}

/// Take an item out of service, put it back, or retire it. Keepers of the station where it is.
#[utoipa::path(post, path = "/items/{code}/service", tag = "items", request_body = ServiceBody,
    responses((status = 200, description = "Done", body = ItemView), Problems), params(("code" = String, Path)))]
pub(super) async fn set_service(Path(code): Path<String>, call: Call<ServiceBody>) -> Answer<ItemView> {
    let order = verbs::Service { code, lifecycle: call.body.lifecycle, reason: call.body.reason };
    with_etag(done(desk::answer(call.desk, order, verbs::set_service).await))
}

pub(super) fn optional_text(field: &'static str, text: Option<String>, max: usize) -> Result<Option<String>, Problem> {
    let text = text.filter(|text| !text.trim().is_empty());
    let parsed = text.map(|text| entity::values::text(&text, max)).transpose();
    parsed.map_err(|malformed| desk::Error::Invalid { field, problem: malformed.into() }.into())
}
