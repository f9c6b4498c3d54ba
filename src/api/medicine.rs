//! What the law and the leaflet say: profiles of kinds, partners, ingredients, recalls.

use axum::extract::State;
use entity::{
    consumable::{Caution, Cautions, Reading, Under14},
    ids::{CommunityId, KindId, PartnerId, RecallId},
    partner,
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    Nothing,
    answer::{Answer, created, done, found, with_etag},
    call::{Call, Caller, Path, Query},
    list::Paging,
    problem::{Problem, Problems},
};
use crate::{
    app::App,
    desk::{
        self,
        stock::{
            profile::{NewIngredient, NewPartner, Profile},
            recall::NewRecall,
        },
    },
    rules::legal::Declared,
    speech::Problem as Sort,
    store,
    view::{IngredientView, Page, PartnerView, ProfileView, RecallNoticeView, RecallView},
};

/// What is said about a kind. All of it is said anew each time.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileBody {
    /// `supply`, `dressing`, `device`, `otc_b`; what else it may be is refused with the reason.
    #[schema(value_type = String)]
    class: Declared,
    /// The licensed partner who stands behind class-B OTC medicine.
    partner_id: Option<Uuid>,
    /// What is counted: 片, 粒, 贴.
    base_unit: String,
    /// Base units in a pack.
    pack_size: i32,
    /// Base units in the smallest labelled unit that may leave; a whole pack of medicine if nobody says.
    smallest_unit: Option<i32>,
    /// `strict` (if nobody says) or `lenient`.
    #[schema(value_type = Option<String>)]
    reading: Option<Reading>,
    /// Is a date needed? Yes if nobody says; always for medicine.
    dated: Option<bool>,
    /// For how many days after a take it must still be good.
    #[serde(default)]
    course_days: i32,
    /// For how many days it is good after opening.
    open_days: Option<i32>,
    /// May several people take from one pack?
    #[serde(default)]
    shareable: bool,
    /// Base units for one take.
    most_per_take: Option<i32>,
    /// Base units for one station and day.
    most_per_day: Option<i32>,
    /// May children under 14 have it: `no`, `with_guardian` or `yes`. If nobody says: medicine no, anything else yes.
    #[schema(value_type = Option<String>)]
    under_14: Option<Under14>,
    /// May people under 18 have it? Yes if nobody says.
    under_18: Option<bool>,
    /// What must be asked: `{about, to, then}`.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    cautions: Vec<Caution>,
    /// What must be read.
    leaflet: Option<String>,
    /// Who has compared this with the leaflet.
    reviewed_by: Option<String>,
    /// Active ingredients.
    #[serde(default)]
    contents: Vec<ContentBody>,
}

/// How much of an ingredient is in a base unit.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContentBody {
    /// Its name, as it was entered.
    ingredient: String,
    /// How much.
    micrograms_per_unit: i64,
}

/// Say what a kind is, by law and by its leaflet. Managers. `If-Match` when it was said before.
#[utoipa::path(post, path = "/kinds/{id}/profile", tag = "stock", request_body = ProfileBody,
    responses((status = 200, description = "Said", body = ProfileView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn set_profile(Path(id): Path<KindId>, call: Call<ProfileBody>) -> Answer<ProfileView> {
    let body = call.body;
    let usual = if body.class == Declared::OtcB { Under14::No } else { Under14::Yes };
    let what = Profile {
        class: body.class,
        partner: body.partner_id.map(PartnerId),
        base_unit: body.base_unit,
        pack_size: body.pack_size,
        smallest_unit: body.smallest_unit,
        reading: body.reading,
        dated: body.dated,
        course_days: body.course_days,
        open_days: body.open_days,
        shareable: body.shareable,
        most_per_take: body.most_per_take,
        most_per_day: body.most_per_day,
        under_14: body.under_14.unwrap_or(usual),
        under_18: body.under_18.unwrap_or(true),
        cautions: Cautions(body.cautions),
        leaflet: body.leaflet,
        reviewed_by: body.reviewed_by,
        contents: body.contents.into_iter().map(|c| (c.ingredient, c.micrograms_per_unit)).collect(),
    };
    with_etag(done(desk::answer(call.desk, (id, what), desk::stock::profile::set).await))
}

/// What the law and the leaflet say about a kind.
#[utoipa::path(get, path = "/kinds/{id}/profile", tag = "stock",
    responses((status = 200, description = "The profile", body = ProfileView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn get_profile(State(app): State<App>, Path(id): Path<KindId>) -> Answer<ProfileView> {
    let conn = app.db.read();
    let row = store::consumables::find(conn, id).await?.ok_or_else(|| Problem::new(Sort::NotFound))?;
    with_etag(found(ProfileView::new(&row, &store::consumables::list_contents(conn, id).await?)))
}

/// A licensed partner.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartnerBody {
    /// For which community.
    community_id: Uuid,
    /// The name on the licence.
    name: String,
    /// `health_centre` or `pharmacy`.
    #[schema(value_type = String)]
    sort: partner::Sort,
    /// The number of the licence.
    licence_no: String,
}

/// Enter a licensed partner. Managers.
#[utoipa::path(post, path = "/partners", tag = "stock", request_body = PartnerBody,
    responses((status = 201, description = "Entered", body = PartnerView), Problems))]
pub(super) async fn add_partner(call: Call<PartnerBody>) -> Answer<PartnerView> {
    let body = call.body;
    let community = CommunityId(body.community_id);
    let what = NewPartner { community, name: body.name, sort: body.sort, licence_no: body.licence_no };
    created(desk::answer(call.desk, what, desk::stock::profile::add_partner).await)
}

/// All partners. Staff.
#[utoipa::path(get, path = "/partners", tag = "stock", params(Paging),
    responses((status = 200, description = "A page", body = Page<PartnerView>), Problems))]
pub(super) async fn list_partners(
    State(app): State<App>,
    caller: Caller,
    Query(paging): Query<Paging>,
) -> Answer<Page<PartnerView>> {
    caller.actor.staff()?;
    let rows = store::consumables::list_partners(app.db.read(), paging.after()?, paging.limit() + 1).await?;
    found(paging.page(rows, |row| row.id.to_string()))
}

/// A partner stands behind nothing any more. Managers.
#[utoipa::path(post, path = "/partners/{id}/end", tag = "stock",
    responses((status = 200, description = "Ended", body = PartnerView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn end_partner(Path(id): Path<PartnerId>, call: Call<Nothing>) -> Answer<PartnerView> {
    done(desk::answer(call.desk, id, desk::stock::profile::end_partner).await)
}

/// An active ingredient and its limits, as they stand in leaflets.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IngredientBody {
    /// Its name.
    name: String,
    /// Micrograms in rolling 24 hours.
    most_in_24_hours: i64,
    /// Micrograms in rolling 72 hours.
    most_in_72_hours: i64,
    /// Which leaflet says so.
    source: String,
    /// Who has compared it.
    reviewed_by: String,
}

/// Enter an active ingredient. Admins.
#[utoipa::path(post, path = "/ingredients", tag = "stock", request_body = IngredientBody,
    responses((status = 201, description = "Entered", body = IngredientView), Problems))]
pub(super) async fn add_ingredient(call: Call<IngredientBody>) -> Answer<IngredientView> {
    let body = call.body;
    let what = NewIngredient {
        name: body.name,
        most_in_24_hours: body.most_in_24_hours,
        most_in_72_hours: body.most_in_72_hours,
        source: body.source,
        reviewed_by: body.reviewed_by,
    };
    created(desk::answer(call.desk, what, desk::stock::profile::add_ingredient).await)
}

/// All active ingredients.
#[utoipa::path(get, path = "/ingredients", tag = "stock",
    responses((status = 200, description = "All of them", body = Vec<IngredientView>), Problems))]
pub(super) async fn list_ingredients(State(app): State<App>) -> Answer<Vec<IngredientView>> {
    let rows = store::consumables::list_ingredients(app.db.read()).await?;
    found(rows.iter().map(IngredientView::from).collect())
}

/// A recall: of a kind, or of a product by the code on its packs.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecallBody {
    /// The kind.
    kind_id: Option<Uuid>,
    /// An EAN or GTIN, a trace code or its first 7 digits.
    product: Option<String>,
    /// Numbers with commas or spaces between, `A12*` for a beginning, `*` for all.
    lots: String,
    /// Who recalls, and where it is written.
    source: String,
}

/// Enter a recall: blocks what it means at all stations, and what arrives later. Staff.
#[utoipa::path(post, path = "/recalls", tag = "stock", request_body = RecallBody,
    responses((status = 201, description = "Entered", body = RecallView), Problems))]
pub(super) async fn enter_recall(call: Call<RecallBody>) -> Answer<RecallView> {
    let body = call.body;
    let what = NewRecall { kind: body.kind_id.map(KindId), product: body.product, lots: body.lots, source: body.source };
    created(desk::answer(call.desk, what, desk::stock::recall::enter).await)
}

/// All recalls. Staff.
#[utoipa::path(get, path = "/recalls", tag = "stock", params(Paging),
    responses((status = 200, description = "A page", body = Page<RecallView>), Problems))]
pub(super) async fn list_recalls(
    State(app): State<App>,
    caller: Caller,
    Query(paging): Query<Paging>,
) -> Answer<Page<RecallView>> {
    caller.actor.staff()?;
    let rows = store::stock_blocks::list_recalls(app.db.read(), paging.after()?, paging.limit() + 1).await?;
    found(paging.page_of(rows, |row| row.id.to_string(), |row| RecallView::new(row, 0)))
}

/// What is printed of a recall: which lots are where, and who took some of it. Staff.
#[utoipa::path(get, path = "/recalls/{id}/notice", tag = "stock",
    responses((status = 200, description = "The notice", body = RecallNoticeView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn recall_notice(State(app): State<App>, caller: Caller, Path(id): Path<RecallId>) -> Answer<RecallNoticeView> {
    let desk = super::stickers::reading_desk(&app, caller);
    found(desk::stock::recall_notice::notice(&desk, app.db.read(), id).await?)
}

/// Why a recall is lifted.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LiftBody {
    /// Needed from the first of the two people.
    reason: Option<String>,
}

/// Lift a recall: the first call proposes it, a second person's does it.
#[utoipa::path(post, path = "/recalls/{id}/lift", tag = "stock", request_body = LiftBody,
    responses((status = 200, description = "Proposed, or lifted", body = RecallView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn lift_recall(Path(id): Path<RecallId>, call: Call<LiftBody>) -> Answer<RecallView> {
    done(desk::answer(call.desk, (id, call.body.reason), desk::stock::recall::lift).await)
}
