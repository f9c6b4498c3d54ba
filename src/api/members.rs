//! Members, their roles and suspensions. Names and numbers only masked.

use axum::extract::State;
use chrono::{DateTime, Utc};
use entity::{
    grant::Role,
    ids::{BlockId, CommunityId, GrantId, MemberId, StationId},
    values::Language,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    Nothing,
    answer::{Answer, created, done, found, with_etag},
    call::{Call, Caller, Path, Query},
    list::Paging,
    problem::{Problem, Problems},
    sessions::phone,
};
use crate::{
    app::App,
    desk::{
        self,
        authority::hide,
        members::{self as verbs, masked},
        roles::Office,
    },
    speech::Problem as Sort,
    store,
    view::{BlockView, MemberView, Page, RoleView},
};

/// A member.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberBody {
    /// What they are called.
    name: Option<String>,
    /// Their phone number, if they have one.
    phone: Option<String>,
    /// The group that policies speak of; `resident` if nobody says.
    member_group: Option<String>,
}

/// Enter a member: an elder without a phone, a volunteer. Staff.
#[utoipa::path(post, path = "/members", tag = "members", request_body = MemberBody,
    responses((status = 201, description = "Entered", body = MemberView), Problems))]
pub(super) async fn enter_member(call: Call<MemberBody>) -> Answer<MemberView> {
    let phone = call.body.phone.as_deref().map(phone).transpose()?;
    let order = verbs::Enter { name: call.body.name, phone, group: call.body.member_group };
    with_etag(created(desk::answer(call.desk, order, verbs::enter).await))
}

/// Which members.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MemberQuery {
    /// With this phone number.
    phone: Option<String>,
    /// What the page before said in `next`.
    after: Option<String>,
    /// How many.
    limit: Option<u64>,
}

/// Members. Staff.
#[utoipa::path(get, path = "/members", tag = "members", params(MemberQuery),
    responses((status = 200, description = "A page", body = Page<MemberView>), Problems))]
pub(super) async fn list_members(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<MemberQuery>,
) -> Answer<Page<MemberView>> {
    caller.actor.staff()?;
    let paging = Paging { after: query.after, limit: query.limit };
    let rows = match &query.phone {
        Some(text) => {
            let index = app.vault.index(&phone(text)?);
            store::members::find_by_phone(app.db.read(), &index).await?.into_iter().collect()
        }
        None => store::members::list(app.db.read(), paging.after()?, paging.limit() + 1).await?,
    };
    found(paging.page_of(rows, |row| row.id.to_string(), |row| masked(&app, row)))
}

/// One member. Staff, of whom the trail says that they looked, and the member.
#[utoipa::path(get, path = "/members/{id}", tag = "members",
    responses((status = 200, description = "The member", body = MemberView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn get_member(State(app): State<App>, caller: Caller, Path(id): Path<MemberId>) -> Answer<MemberView> {
    let desk = super::stickers::reading_desk(&app, caller);
    with_etag(done(desk::answer(desk, (id, None), desk::read_member::read_member).await))
}

/// What is changed of a member; what is missing stays.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberPatch {
    /// What they are called. Their own doing, or staff's.
    name: Option<String>,
    /// `zh-CN` or `en`. Their own doing, or staff's.
    #[schema(value_type = Option<String>)]
    language: Option<Language>,
    /// The group that policies speak of. Staff.
    member_group: Option<String>,
    /// Approved for things worth more. Staff.
    approved: Option<bool>,
    /// A new password. Their own doing with a role, or an admin's. Signs them out everywhere.
    password: Option<String>,
}

/// Change a member.
#[utoipa::path(patch, path = "/members/{id}", tag = "members", request_body = MemberPatch,
    responses((status = 200, description = "Changed", body = MemberView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn edit_member(Path(id): Path<MemberId>, call: Call<MemberPatch>) -> Answer<MemberView> {
    let body = call.body;
    let what = verbs::Edit {
        name: body.name,
        language: body.language,
        group: body.member_group,
        approved: body.approved,
        password: body.password,
    };
    with_etag(done(desk::answer(call.desk, (id, what), verbs::edit).await))
}

/// Erase a member: name, number and past loans are forgotten, the counts stay true. Their own doing, or an admin's.
#[utoipa::path(delete, path = "/members/{id}", tag = "members",
    responses((status = 200, description = "Erased", body = MemberView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn erase_member(Path(id): Path<MemberId>, call: Call<Nothing>) -> Answer<MemberView> {
    done(desk::answer(call.desk, id, verbs::erase).await)
}

/// A role.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleBody {
    /// `keeper` (with `station_id`), `manager` (with `community_id`) or `admin`.
    #[schema(value_type = String)]
    role: Role,
    /// The community of a manager.
    community_id: Option<Uuid>,
    /// The station of a keeper.
    station_id: Option<Uuid>,
}

/// Grant a role. Managers grant keepers; admins grant the rest.
#[utoipa::path(post, path = "/members/{id}/roles", tag = "members", request_body = RoleBody,
    responses((status = 201, description = "Granted", body = RoleView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn grant_role(Path(id): Path<MemberId>, call: Call<RoleBody>) -> Answer<RoleView> {
    let office = match (call.body.role, call.body.community_id, call.body.station_id) {
        (Role::Keeper, None, Some(station)) => Office::Keeper(StationId(station)),
        (Role::Manager, Some(community), None) => Office::Manager(CommunityId(community)),
        (Role::Admin, None, None) => Office::Admin,
        _ => return Err(Problem::new(Sort::Invalid).about("keeper with station_id, manager with community_id, or admin")),
    };
    created(desk::answer(call.desk, (id, office), desk::roles::grant).await)
}

/// The roles of a member. Staff, and the member.
#[utoipa::path(get, path = "/members/{id}/roles", tag = "members",
    responses((status = 200, description = "All of them", body = Page<RoleView>), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn list_roles(State(app): State<App>, caller: Caller, Path(id): Path<MemberId>) -> Answer<Page<RoleView>> {
    if caller.actor.member() != Some(id) {
        hide(caller.actor.staff(), "member")?;
    }
    let rows = store::roles::list_of(app.db.read(), id).await?;
    found(Page { items: rows.iter().map(RoleView::from).collect(), next: None })
}

/// Take a role back. It stops counting at once.
#[utoipa::path(delete, path = "/roles/{id}", tag = "members",
    responses((status = 200, description = "Taken back", body = RoleView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn take_role_back(Path(id): Path<GrantId>, call: Call<Nothing>) -> Answer<RoleView> {
    done(desk::answer(call.desk, id, desk::roles::take_back).await)
}

/// A suspension.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BlockBody {
    /// What the member is told.
    reason: String,
    /// Until when; open-ended if nobody says.
    until: Option<DateTime<Utc>>,
}

/// Suspend a member. Staff.
#[utoipa::path(post, path = "/members/{id}/blocks", tag = "members", request_body = BlockBody,
    responses((status = 201, description = "Suspended", body = BlockView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn block_member(Path(id): Path<MemberId>, call: Call<BlockBody>) -> Answer<BlockView> {
    let order = (id, call.body.reason, call.body.until);
    created(desk::answer(call.desk, order, desk::block_member::block).await)
}

/// The suspensions of a member that are not over. Staff, and the member.
#[utoipa::path(get, path = "/members/{id}/blocks", tag = "members",
    responses((status = 200, description = "All of them", body = Page<BlockView>), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn list_blocks(State(app): State<App>, caller: Caller, Path(id): Path<MemberId>) -> Answer<Page<BlockView>> {
    if caller.actor.member() != Some(id) {
        hide(caller.actor.staff(), "member")?;
    }
    let rows = store::blocks::list_of(app.db.read(), id, app.clock.now()).await?;
    found(Page { items: rows.iter().map(BlockView::from).collect(), next: None })
}

/// Lift a suspension. Staff.
#[utoipa::path(delete, path = "/blocks/{id}", tag = "members",
    responses((status = 200, description = "Lifted", body = BlockView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn lift_block(Path(id): Path<BlockId>, call: Call<Nothing>) -> Answer<BlockView> {
    done(desk::answer(call.desk, id, desk::block_member::lift).await)
}
