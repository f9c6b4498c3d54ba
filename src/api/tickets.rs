//! Tickets 报修/问题单: anybody reports, keepers see and close.

use axum::extract::State;
use base64::Engine as _;
use entity::{
    ids::{StationId, TicketId},
    ticket::{Matter, Outcome},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    Nothing,
    answer::{Answer, created, done, found},
    call::{Call, Caller, Path, Query},
    items::optional_text,
    list::Paging,
    loans::{Seen, keeper_at, stations_of},
    problem::Problems,
};
use crate::{
    app::App,
    desk::{
        self, Desk, Door,
        tickets::{
            close::{Close, close},
            report::{Report, Subject, report},
            see::see,
        },
    },
    store::{self, tickets::State as Which},
    view::{Page, ReportedView, TicketNoteView, TicketView, WholeTicketView},
};

/// What is reported: about one thing, or about one station.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketBody {
    /// The thing, by the code on it.
    item_code: Option<String>,
    /// The station, by its plate.
    station_code: Option<String>,
    /// Of a thing `broken`, `part_missing`, `dirty`, `wrong_sticker`; of a station `place`, `wish`; of both `other`.
    #[schema(value_type = String)]
    what: Matter,
    /// In the reporter's words.
    note: Option<String>,
    /// A picture (JPEG, PNG, WebP; at most 5 MB) in base64.
    photo: Option<String>,
}

/// Report a fault of a thing, or something about a station. Anybody; what is open already is joined.
#[utoipa::path(post, path = "/tickets", tag = "tickets", request_body = TicketBody,
    responses((status = 201, description = "Taken down", body = ReportedView), Problems))]
pub(super) async fn report_fault(call: Call<TicketBody, { 7 * 1024 * 1024 }>) -> Answer<ReportedView> {
    let body = call.body;
    let subject = match (body.item_code, body.station_code) {
        (Some(code), None) => Subject::Item(code),
        (None, Some(code)) => Subject::Station(code),
        _ => return Err(desk::Error::Invalid { field: "item_code", problem: desk::Problem::Missing }.into()),
    };
    let photo = body.photo.map(|text| base64::prelude::BASE64_STANDARD.decode(text.trim())).transpose();
    let order = Report {
        subject,
        what: body.what,
        note: optional_text("note", body.note, 500)?,
        photo: photo.map_err(|_| desk::Error::Invalid { field: "photo", problem: desk::Problem::NotAPicture })?,
        round: None,
    };
    created(desk::answer(call.desk, order, report).await)
}

/// Which tickets.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TicketQuery {
    /// `open`, `unseen` or `closed`; all if nobody says.
    state: Option<String>,
    /// At this station.
    station_id: Option<Uuid>,
    /// What the page before said in `next`.
    after: Option<String>,
    /// How many.
    limit: Option<u64>,
}

/// Tickets, newest first. Staff; each sees those of their stations.
#[utoipa::path(get, path = "/tickets", tag = "tickets", params(TicketQuery),
    responses((status = 200, description = "A page", body = Page<TicketView>), Problems))]
pub(super) async fn list_tickets(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<TicketQuery>,
) -> Answer<Page<TicketView>> {
    caller.actor.staff()?;
    let state = match query.state.as_deref() {
        None => None,
        Some("open") => Some(Which::Open),
        Some("unseen") => Some(Which::Unseen),
        Some("closed") => Some(Which::Closed),
        Some(_) => return Err(desk::Error::Invalid { field: "state", problem: desk::Problem::Unknown }.into()),
    };
    let stations = match (query.station_id.map(StationId), stations_of(&app, &caller.actor).await?) {
        (Some(station), _) => {
            keeper_at(&app, &caller.actor, Some(station)).await?;
            Some(vec![station])
        }
        (None, Some(Seen::All)) => None,
        (None, Some(Seen::These(stations))) => Some(stations),
        (None, None) => Some(Vec::new()),
    };
    let paging = Paging { after: query.after, limit: query.limit };
    let rows = store::tickets::list(app.db.read(), stations, state, paging.after()?, paging.limit() + 1).await?;
    found(paging.page(rows, |row| row.id.to_string()))
}

/// One ticket with its reports. Keepers of the station.
#[utoipa::path(get, path = "/tickets/{id}", tag = "tickets",
    responses((status = 200, description = "The ticket", body = WholeTicketView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn get_ticket(State(app): State<App>, caller: Caller, Path(id): Path<TicketId>) -> Answer<WholeTicketView> {
    let desk = Desk { actor: caller.actor, ..Desk::internal(&app, Door::Api) };
    let (row, ..) = desk::tickets::kept(&desk, app.db.read(), id).await?;
    let notes = store::tickets::list_notes(app.db.read(), id).await?;
    found(WholeTicketView { ticket: TicketView::from(&row), notes: notes.iter().map(TicketNoteView::from).collect() })
}

/// Somebody has seen all that a ticket says; seen is not done. Keepers of the station.
#[utoipa::path(post, path = "/tickets/{id}/seen", tag = "tickets",
    responses((status = 200, description = "Seen", body = TicketView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn see_ticket(Path(id): Path<TicketId>, call: Call<Nothing>) -> Answer<TicketView> {
    done(desk::answer(call.desk, id, see).await)
}

/// How a ticket ended.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseBody {
    /// `repaired`, `replaced`, `no_fault`, `retired` (a thing only) or `answered`.
    #[schema(value_type = String)]
    outcome: Outcome,
    /// A word about it.
    note: Option<String>,
}

/// Close a ticket; the thing is lent again, or given up, by its outcome. Keepers of the station.
#[utoipa::path(post, path = "/tickets/{id}/close", tag = "tickets", request_body = CloseBody,
    responses((status = 200, description = "Closed", body = TicketView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn close_ticket(Path(id): Path<TicketId>, call: Call<CloseBody>) -> Answer<TicketView> {
    let answer = optional_text("note", call.body.note, 500)?;
    done(desk::answer(call.desk, Close { ticket: id, outcome: call.body.outcome, answer }, close).await)
}
