//! Loans: list, look up, renew. Tasks, the audit trail, and photos stand beside them.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use entity::ids::{ItemId, LoanId, PhotoId, StationId, TaskId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    Nothing,
    answer::{Answer, done, found},
    call::{Call, Caller, Path, Query},
    items::optional_text,
    list::Paging,
    problem::{Problem, Problems},
};
use crate::{
    app::App,
    desk::{self, Actor, authority::hide, renew::Renew},
    speech::Problem as Sort,
    store::{
        self,
        loans::{State as LoanState, Whose},
    },
    view::{EventView, LentView, LoanView, Page, PhotoView, TaskView},
};

/// Which loans.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LoanQuery {
    /// `open`, `overdue` or `closed`; all if nobody says.
    state: Option<String>,
    /// Only mine, also for those who may see others'.
    #[serde(default)]
    mine: bool,
    /// What the page before said in `next`.
    after: Option<String>,
    /// How many.
    limit: Option<u64>,
}

/// Loans, newest first: one's own; for keepers those of their stations; for admins all.
#[utoipa::path(get, path = "/loans", tag = "loans", params(LoanQuery),
    responses((status = 200, description = "A page", body = Page<LoanView>), Problems))]
pub(super) async fn list_loans(State(app): State<App>, caller: Caller, Query(query): Query<LoanQuery>) -> Answer<Page<LoanView>> {
    let state = match query.state.as_deref() {
        None => None,
        Some("open") => Some(LoanState::Open),
        Some("overdue") => Some(LoanState::Overdue),
        Some("closed") => Some(LoanState::Closed),
        Some(_) => return Err(Problem::new(Sort::Invalid).about("state: open, overdue or closed")),
    };
    let me = caller.actor.resident()?.id();
    let whose = match stations_of(&app, &caller.actor).await? {
        _ if query.mine => Whose::Member(me),
        Some(Seen::All) => Whose::Anybody,
        Some(Seen::These(stations)) => Whose::Stations(stations),
        None => Whose::Member(me),
    };
    let (paging, now) = (Paging { after: query.after, limit: query.limit }, app.clock.now());
    let rows = store::loans::list(app.db.read(), &whose, state, now, paging.after()?, paging.limit() + 1).await?;
    found(paging.page_of(rows, |(loan, _)| loan.id.to_string(), |(loan, item)| LoanView::new(loan, item, now)))
}

/// Of which stations somebody sees what is private.
pub(super) enum Seen {
    All,
    These(Vec<StationId>),
}

/// `None` for somebody without a role.
pub(super) async fn stations_of(app: &App, actor: &Actor) -> Result<Option<Seen>, Problem> {
    if actor.admin().is_ok() {
        return Ok(Some(Seen::All));
    }
    if actor.roles().is_empty() {
        return Ok(None);
    }
    let mut stations: Vec<_> = actor.roles().iter().filter_map(|role| role.station_id).collect();
    for community in actor.roles().iter().filter_map(|role| role.community_id) {
        let managed = store::stations::list(app.db.read(), Some(community), None, 10_000).await?;
        stations.extend(managed.into_iter().map(|station| station.id));
    }
    Ok(Some(Seen::These(stations)))
}

/// One loan. Its borrower and keepers of the station that lent it.
#[utoipa::path(get, path = "/loans/{id}", tag = "loans",
    responses((status = 200, description = "The loan", body = LoanView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn get_loan(State(app): State<App>, caller: Caller, Path(id): Path<LoanId>) -> Answer<LoanView> {
    let me = caller.actor.resident()?.id();
    let conn = app.db.read();
    let loan = store::loans::find(conn, id).await?.ok_or_else(|| Problem::new(Sort::NotFound))?;
    if loan.member_id != Some(me) {
        keeper_at(&app, &caller.actor, loan.station_id).await?;
    }
    let item = store::items::find(conn, loan.item_id).await?.ok_or_else(|| Problem::new(Sort::NotFound))?;
    found(LoanView::new(&loan, &item, app.clock.now()))
}

/// A private thing of a station: for others it is not there.
pub(super) async fn keeper_at(app: &App, actor: &Actor, station: Option<StationId>) -> Result<(), Problem> {
    let station = match station {
        Some(id) => store::stations::find(app.db.read(), id).await?,
        None => None,
    };
    Ok(hide(actor.keeper_where(station.as_ref()), "thing")?)
}

/// How a loan is renewed.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenewBody {
    /// A keeper renews against a refusal, for this reason.
    override_reason: Option<String>,
}

/// Renew a loan. Its borrower and keepers of the station that lent it; an anonymous one, whoever knows its id.
#[utoipa::path(post, path = "/loans/{id}/renew", tag = "loans", request_body = RenewBody,
    responses((status = 200, description = "Renewed", body = LentView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn renew_loan(Path(id): Path<LoanId>, call: Call<RenewBody>) -> Answer<LentView> {
    let override_reason = optional_text("override_reason", call.body.override_reason, 200)?;
    done(desk::answer(call.desk, Renew { loan: id, override_reason }, desk::renew::renew).await)
}

/// Which tasks.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TaskQuery {
    /// Those that are done, instead of those that are open.
    #[serde(default)]
    done: bool,
    /// What the page before said in `next`.
    after: Option<String>,
    /// How many.
    limit: Option<u64>,
}

/// The keeper's list. Staff; each sees that of their stations.
#[utoipa::path(get, path = "/tasks", tag = "tasks", params(TaskQuery),
    responses((status = 200, description = "A page", body = Page<TaskView>), Problems))]
pub(super) async fn list_tasks(State(app): State<App>, caller: Caller, Query(query): Query<TaskQuery>) -> Answer<Page<TaskView>> {
    caller.actor.staff()?;
    let stations = match stations_of(&app, &caller.actor).await? {
        Some(Seen::These(stations)) => Some(stations),
        Some(Seen::All) => None,
        None => Some(Vec::new()),
    };
    let paging = Paging { after: query.after, limit: query.limit };
    let rows = store::tasks::list(app.db.read(), stations, query.done, paging.after()?, paging.limit() + 1).await?;
    let views = desk::tasks::views(app.db.read(), &rows).await?;
    found(paging.page_of(views, |view| view.id.to_string(), Clone::clone))
}

/// Mark a task as done. Keepers of the station.
#[utoipa::path(post, path = "/tasks/{id}/done", tag = "tasks",
    responses((status = 200, description = "Done", body = TaskView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn finish_task(Path(id): Path<TaskId>, call: Call<Nothing>) -> Answer<TaskView> {
    done(desk::answer(call.desk, id, desk::tasks::finish).await)
}

/// Somebody has seen a task; seen is not done. Keepers of the station.
#[utoipa::path(post, path = "/tasks/{id}/seen", tag = "tasks",
    responses((status = 200, description = "Seen", body = TaskView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn acknowledge_task(Path(id): Path<TaskId>, call: Call<Nothing>) -> Answer<TaskView> {
    done(desk::answer(call.desk, id, desk::tasks::acknowledge).await)
}

/// Which lines of the audit trail.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventQuery {
    /// At this station; needed by everybody but admins.
    station_id: Option<Uuid>,
    /// On this item.
    item_id: Option<Uuid>,
    /// What the page before said in `next`.
    after: Option<String>,
    /// How many.
    limit: Option<u64>,
}

/// The audit trail, newest first. Keepers of the station.
#[utoipa::path(get, path = "/events", tag = "tasks", params(EventQuery),
    responses((status = 200, description = "A page", body = Page<EventView>), Problems))]
pub(super) async fn list_events(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<EventQuery>,
) -> Answer<Page<EventView>> {
    caller.actor.staff()?;
    let station = query.station_id.map(StationId);
    keeper_at(&app, &caller.actor, station).await?;
    let paging = Paging { after: query.after, limit: query.limit };
    let item = query.item_id.map(ItemId);
    let rows = store::events::list(app.db.read(), station, item, paging.after()?, paging.limit() + 1).await?;
    found(paging.page(rows, |row| row.id.to_string()))
}

/// The photos of an item, newest first. Keepers of the station where it is.
#[utoipa::path(get, path = "/items/{code}/photos", tag = "items",
    responses((status = 200, description = "Which there are", body = Page<PhotoView>), Problems), params(("code" = String, Path)))]
pub(super) async fn list_photos(State(app): State<App>, caller: Caller, Path(code): Path<String>) -> Answer<Page<PhotoView>> {
    let item = store::items::find_by_code(app.db.read(), &code).await?.ok_or_else(|| Problem::new(Sort::NotFound))?;
    let station = match item.station_id {
        Some(id) => store::stations::find(app.db.read(), id).await?,
        None => None,
    };
    caller.actor.keeper_where(station.as_ref())?;
    let rows = store::photos::list_of_item(app.db.read(), item.id).await?;
    let view =
        |(id, loan, created_at): (PhotoId, Option<LoanId>, _)| PhotoView { id: id.0, loan_id: loan.map(|l| l.0), created_at };
    found(Page { items: rows.into_iter().map(view).collect(), next: None })
}

/// One photo of a thing or of a station. Keepers of the station where that is.
#[utoipa::path(get, path = "/photos/{id}", tag = "items",
    responses((status = 200, description = "The picture", content_type = "image/jpeg", body = Vec<u8>), Problems),
    params(("id" = Uuid, Path)))]
pub(super) async fn get_photo(State(app): State<App>, caller: Caller, Path(id): Path<PhotoId>) -> Result<Response, Problem> {
    caller.actor.resident()?;
    let jpeg = desk::photos::of_kept(&app, &caller.actor, id).await?;
    Ok(([(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "no-store")], jpeg).into_response())
}
