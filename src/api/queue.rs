//! Holds 排队: places in the queue.

use axum::extract::State;
use chrono::{DateTime, Utc};
use entity::ids::HoldId;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    Nothing,
    answer::{Answer, created, done, found},
    bookings::target,
    call::{Call, Caller, Path, Query},
    list::Paging,
    loans::{Seen, stations_of},
    problem::Problems,
    stickers::reading_desk,
};
use crate::{
    app::App,
    desk::{
        self,
        queue::{join::Join, leave, look},
    },
    store::{self, bookings::Whose},
    view::{Page, QueueView},
};

/// What is waited for: a thing of a kind at any of these stations, or a space, or a seat at a session.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinBody {
    /// The stations, by their plates, for a kind: whichever has one first; ten at most.
    #[serde(default)]
    station_codes: Vec<String>,
    /// A thing of this kind.
    kind_id: Option<Uuid>,
    /// This space.
    space_id: Option<Uuid>,
    /// A seat at this session.
    session_id: Option<Uuid>,
    /// From when; missing for a kind: as soon as possible. A session knows its own.
    starts_at: Option<DateTime<Utc>>,
    /// Until when.
    ends_at: Option<DateTime<Utc>>,
    /// So many minutes earlier or later would do as well.
    flexible_minutes: Option<i32>,
    /// How many; one if nobody says, and as soon as possible.
    quantity: Option<u32>,
}

/// Join the queue. Whoever is signed in. When their turn comes, a booking is held for them, to be confirmed or cancelled; if there
/// is one at once, at once.
#[utoipa::path(post, path = "/holds", tag = "queue", request_body = JoinBody,
    responses((status = 201, description = "The place", body = QueueView), Problems))]
pub(super) async fn join_queue(call: Call<JoinBody>) -> Answer<QueueView> {
    let body = call.body;
    let targets = match body.kind_id {
        Some(_) => {
            let at = |code| target(Some(code), body.kind_id, body.space_id, body.session_id);
            body.station_codes.into_iter().map(at).collect::<Result<_, _>>()?
        }
        None => vec![target(None, None, body.space_id, body.session_id)?],
    };
    let order = Join {
        targets,
        starts_at: body.starts_at,
        ends_at: body.ends_at,
        flexible_minutes: body.flexible_minutes.unwrap_or(0),
        quantity: body.quantity.unwrap_or(1),
    };
    created(desk::answer(call.desk, order, desk::queue::join::join).await)
}

/// Which places.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct QueueQuery {
    /// Only mine, also for those who may see others'.
    #[serde(default)]
    mine: bool,
    /// Those that are over too.
    #[serde(default)]
    over: bool,
    /// What the page before said in `next`.
    after: Option<String>,
    /// How many.
    limit: Option<u64>,
}

/// Places in the queue, newest first, each with its position and why it waits: one's own; for keepers those at their stations; for
/// admins all.
#[utoipa::path(get, path = "/holds", tag = "queue", params(QueueQuery),
    responses((status = 200, description = "A page", body = Page<QueueView>), Problems))]
pub(super) async fn list_queue(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<QueueQuery>,
) -> Answer<Page<QueueView>> {
    let me = caller.actor.resident()?.id();
    let whose = match stations_of(&app, &caller.actor).await? {
        _ if query.mine => Whose::Member(me),
        Some(Seen::All) => Whose::Anybody,
        Some(Seen::These(stations)) => Whose::Stations(stations),
        None => Whose::Member(me),
    };
    let paging = Paging { after: query.after, limit: query.limit };
    let rows = store::holds::list(app.db.read(), &whose, query.over, paging.after()?, paging.limit() + 1).await?;
    let views = look::views(&reading_desk(&app, caller), app.db.read(), &rows).await?;
    found(paging.page_of(views, |view| view.id.to_string(), Clone::clone))
}

/// One place in the queue. Whoever has it, and keepers of a station where they wait.
#[utoipa::path(get, path = "/holds/{id}", tag = "queue",
    responses((status = 200, description = "The place", body = QueueView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn get_hold(State(app): State<App>, caller: Caller, Path(id): Path<HoldId>) -> Answer<QueueView> {
    found(look::one(&reading_desk(&app, caller), id).await?)
}

/// Leave the queue; what was held is the next one's. Whoever has the place, and keepers of a station where they wait.
#[utoipa::path(delete, path = "/holds/{id}", tag = "queue",
    responses((status = 200, description = "Left", body = QueueView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn leave_queue(Path(id): Path<HoldId>, call: Call<Nothing>) -> Answer<QueueView> {
    done(desk::answer(call.desk, id, leave::leave).await)
}
