//! Bookings 预约: what is free, and who was promised it.

use axum::extract::State;
use chrono::{DateTime, Utc};
use entity::{
    booking::{Priority, State as BookingState},
    ids::{BookingId, KindId, MemberId, OccasionId, SpaceId},
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
    loans::{Seen, stations_of},
    problem::{Problem, Problems},
    sessions::phone,
};
use crate::{
    app::App,
    desk::{
        self, Desk, Door,
        authority::hide,
        bookings::{
            self,
            availability::Asked,
            book::{Book, Whom},
            bookable::Target,
            cancel::Cancel,
            change::Change,
            decide::Decide,
            prepare::Prepare,
        },
    },
    speech::Problem as Sort,
    store::{
        self,
        bookings::{Wanted, Whose},
    },
    view::{AvailabilityView, BookingView, Page},
};

/// What is booked: things of a kind at a station, or a space, or seats at a session.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BookBody {
    /// The station, by its plate; needed for things.
    station_code: Option<String>,
    /// Things of this kind.
    kind_id: Option<Uuid>,
    /// This space.
    space_id: Option<Uuid>,
    /// Seats at this session.
    session_id: Option<Uuid>,
    /// From; a session knows its own.
    starts_at: Option<DateTime<Utc>>,
    /// Until.
    ends_at: Option<DateTime<Utc>>,
    /// How many units; one if nobody says.
    quantity: Option<u32>,
    /// For whom, by phone number: a keeper books for somebody, who may be new.
    phone: Option<String>,
    /// What they are called; kept only with a number that is new.
    name: Option<String>,
    /// For whom, by id; keepers only.
    member_id: Option<Uuid>,
    /// What it is for.
    purpose: Option<String>,
    /// `medical`, `disabled`, `elderly` or `ordinary`; keepers only.
    #[schema(value_type = Option<String>)]
    priority: Option<Priority>,
    /// A keeper sets rules aside, for this reason; never the capacity.
    override_reason: Option<String>,
    /// Only hold it for some minutes, until it is confirmed.
    #[serde(default)]
    hold: bool,
}

/// What is meant by a station and one of kind, space and session.
pub(super) fn target(
    station: Option<String>,
    kind: Option<Uuid>,
    space: Option<Uuid>,
    session: Option<Uuid>,
) -> Result<Target, desk::Error> {
    let missing = |field| desk::Error::Invalid { field, problem: desk::Problem::Missing };
    match (kind, space, session) {
        (Some(kind), None, None) => Ok(Target::Things(station.ok_or_else(|| missing("station_code"))?, KindId(kind))),
        (None, Some(space), None) => Ok(Target::Space(SpaceId(space))),
        (None, None, Some(session)) => Ok(Target::Occasion(OccasionId(session))),
        (None, None, None) => Err(missing("kind_id")),
        _ => Err(desk::Error::Invalid { field: "kind_id", problem: desk::Problem::OutOfRange }),
    }
}

/// Book. Whoever is signed in, for themselves; keepers for others. Refused with every reason, and with the nearest free intervals.
#[utoipa::path(post, path = "/bookings", tag = "bookings", request_body = BookBody,
    responses((status = 201, description = "Booked", body = BookingView), Problems))]
pub(super) async fn book(call: Call<BookBody>) -> Answer<BookingView> {
    let body = call.body;
    let whom = match (body.phone.as_deref().map(phone).transpose()?, body.member_id) {
        (None, None) => Whom::Myself,
        (Some(number), None) => Whom::Phone(number, optional_text("name", body.name, 60)?),
        (None, Some(member)) => Whom::Member(MemberId(member)),
        (Some(_), Some(_)) => return Err(desk::Error::Invalid { field: "phone", problem: desk::Problem::OutOfRange }.into()),
    };
    let order = Book {
        target: target(body.station_code, body.kind_id, body.space_id, body.session_id)?,
        starts_at: body.starts_at,
        ends_at: body.ends_at,
        quantity: body.quantity.unwrap_or(1),
        whom,
        purpose: optional_text("purpose", body.purpose, 200)?,
        priority: body.priority,
        override_reason: optional_text("override_reason", body.override_reason, 200)?,
        only_hold: body.hold,
    };
    created(desk::answer(call.desk, order, bookings::book::book).await)
}

/// Which bookings.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BookingQuery {
    /// `open` or `over`, or one state; all if nobody says.
    state: Option<String>,
    /// Only mine, also for those who may see others'.
    #[serde(default)]
    mine: bool,
    /// That end after this.
    from: Option<DateTime<Utc>>,
    /// That begin before this.
    to: Option<DateTime<Utc>>,
    /// What the page before said in `next`.
    after: Option<String>,
    /// How many.
    limit: Option<u64>,
}

/// Bookings, newest first: one's own; for keepers those at their stations; for admins all.
#[utoipa::path(get, path = "/bookings", tag = "bookings", params(BookingQuery),
    responses((status = 200, description = "A page", body = Page<BookingView>), Problems))]
pub(super) async fn list_bookings(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<BookingQuery>,
) -> Answer<Page<BookingView>> {
    let me = caller.actor.resident()?.id();
    let whose = match stations_of(&app, &caller.actor).await? {
        _ if query.mine => Whose::Member(me),
        Some(Seen::All) => Whose::Anybody,
        Some(Seen::These(stations)) => Whose::Stations(stations),
        None => Whose::Member(me),
    };
    let (open, state) = match query.state.as_deref() {
        None => (None, None),
        Some("open") => (Some(true), None),
        Some("over") => (Some(false), None),
        Some(name) => (None, Some(state_named(name)?)),
    };
    let wanted = Wanted { open, state, from: query.from, to: query.to };
    let paging = Paging { after: query.after, limit: query.limit };
    let rows = store::bookings::list(app.db.read(), &whose, wanted, paging.after()?, paging.limit() + 1).await?;
    let now = app.clock.now();
    found(paging.page_of(rows, |row| row.id.to_string(), |row| bookings::shown(row, now)))
}

fn state_named(name: &str) -> Result<BookingState, Problem> {
    serde_json::from_value(serde_json::Value::String(name.to_owned()))
        .map_err(|_| Problem::new(Sort::Invalid).about("state: open, over, or a state"))
}

/// One booking. Whoever has it, and keepers of the station.
#[utoipa::path(get, path = "/bookings/{id}", tag = "bookings",
    responses((status = 200, description = "The booking", body = BookingView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn get_booking(State(app): State<App>, caller: Caller, Path(id): Path<BookingId>) -> Answer<BookingView> {
    let me = caller.actor.resident()?.id();
    let row = store::bookings::find(app.db.read(), id).await?.ok_or_else(|| Problem::new(Sort::NotFound))?;
    if row.member_id != me {
        let station = store::stations::find(app.db.read(), row.station_id).await?;
        hide(caller.actor.keeper_where(station.as_ref()), "booking")?;
    }
    found(bookings::shown(&row, app.clock.now()))
}

/// Why a booking is given up.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelBody {
    /// Told to whoever has booked, where a keeper cancels.
    pub(super) reason: Option<String>,
}

/// Cancel a booking. Whoever has it, until its deadline; keepers of the station.
#[utoipa::path(delete, path = "/bookings/{id}", tag = "bookings", request_body = CancelBody,
    responses((status = 200, description = "Cancelled", body = BookingView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn cancel_booking(Path(id): Path<BookingId>, call: Call<CancelBody>) -> Answer<BookingView> {
    let reason = optional_text("reason", call.body.reason, 200)?;
    done(desk::answer(call.desk, Cancel { booking: id, reason }, bookings::cancel::cancel).await)
}

/// What is changed; what is missing stays.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeBody {
    /// From.
    starts_at: Option<DateTime<Utc>>,
    /// Until.
    ends_at: Option<DateTime<Utc>>,
    /// How many units.
    quantity: Option<u32>,
    /// A keeper sets rules aside, for this reason.
    override_reason: Option<String>,
}

/// Change a booking in one piece: refused, it stays as it was. Whoever has it, and keepers of the station.
#[utoipa::path(post, path = "/bookings/{id}/change", tag = "bookings", request_body = ChangeBody,
    responses((status = 200, description = "Changed", body = BookingView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn change_booking(Path(id): Path<BookingId>, call: Call<ChangeBody>) -> Answer<BookingView> {
    let body = call.body;
    let order = Change {
        booking: id,
        starts_at: body.starts_at,
        ends_at: body.ends_at,
        quantity: body.quantity,
        override_reason: optional_text("override_reason", body.override_reason, 200)?,
    };
    done(desk::answer(call.desk, order, bookings::change::change).await)
}

/// Make firm what was held. Whoever holds it, and keepers of the station.
#[utoipa::path(post, path = "/bookings/{id}/confirm", tag = "bookings",
    responses((status = 200, description = "Firm", body = BookingView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn confirm_booking(Path(id): Path<BookingId>, call: Call<Nothing>) -> Answer<BookingView> {
    done(desk::answer(call.desk, id, bookings::confirm::confirm).await)
}

/// What a keeper says.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideBody {
    /// Yes or no.
    approved: bool,
    /// Why not; told to whoever has booked.
    reason: Option<String>,
}

/// Say yes or no to a booking that waits for it. Keepers of the station.
#[utoipa::path(post, path = "/bookings/{id}/decide", tag = "bookings", request_body = DecideBody,
    responses((status = 200, description = "Decided", body = BookingView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn decide_booking(Path(id): Path<BookingId>, call: Call<DecideBody>) -> Answer<BookingView> {
    let reason = optional_text("reason", call.body.reason, 200)?;
    done(desk::answer(call.desk, Decide { booking: id, approved: call.body.approved, reason }, bookings::decide::decide).await)
}

/// Which things are put aside.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PrepareBody {
    /// The things, by the codes on them.
    items: Vec<String>,
}

/// Put things aside for a booking; nobody else is lent them. Keepers of the station.
#[utoipa::path(post, path = "/bookings/{id}/ready", tag = "bookings", request_body = PrepareBody,
    responses((status = 200, description = "They stand ready", body = BookingView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn prepare_booking(Path(id): Path<BookingId>, call: Call<PrepareBody>) -> Answer<BookingView> {
    done(desk::answer(call.desk, Prepare { booking: id, items: call.body.items }, bookings::prepare::prepare).await)
}

/// Somebody has come to a space or a session; things are collected by borrowing them. Whoever has it, and keepers of the station.
#[utoipa::path(post, path = "/bookings/{id}/check-in", tag = "bookings",
    responses((status = 200, description = "They are there", body = BookingView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn check_in(Path(id): Path<BookingId>, call: Call<Nothing>) -> Answer<BookingView> {
    done(desk::answer(call.desk, id, bookings::check_in::check_in).await)
}

/// Leave a space early; the rest is free for others. Whoever has it, and keepers of the station.
#[utoipa::path(post, path = "/bookings/{id}/end", tag = "bookings",
    responses((status = 200, description = "Ended", body = BookingView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn end_booking(Path(id): Path<BookingId>, call: Call<Nothing>) -> Answer<BookingView> {
    done(desk::answer(call.desk, id, bookings::end_early::end_early).await)
}

/// Forgive that nobody came. Keepers of the station.
#[utoipa::path(post, path = "/bookings/{id}/pardon", tag = "bookings",
    responses((status = 200, description = "Forgiven", body = BookingView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn pardon_booking(Path(id): Path<BookingId>, call: Call<Nothing>) -> Answer<BookingView> {
    done(desk::answer(call.desk, id, bookings::pardon::pardon).await)
}

/// About what, and about which time.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AvailabilityQuery {
    /// The station, by its plate.
    station_code: String,
    /// Only things of this kind.
    kind_id: Option<Uuid>,
    /// Only this space.
    space_id: Option<Uuid>,
    /// Only this session.
    session_id: Option<Uuid>,
    /// From.
    from: DateTime<Utc>,
    /// Until; at most 93 days later.
    to: DateTime<Utc>,
}

/// What is free: of one thing, or of everything at the station. Public.
#[utoipa::path(get, path = "/availability", tag = "bookings", params(AvailabilityQuery),
    responses((status = 200, description = "What is free", body = Page<AvailabilityView>), Problems))]
pub(super) async fn availability(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<AvailabilityQuery>,
) -> Answer<Page<AvailabilityView>> {
    let desk = Desk { actor: caller.actor, ..Desk::internal(&app, Door::Api) };
    let asked = Asked {
        station: query.station_code,
        kind: query.kind_id.map(KindId),
        space: query.space_id.map(SpaceId),
        occasion: query.session_id.map(OccasionId),
        from: query.from,
        to: query.to,
    };
    found(Page { items: bookings::availability::availability(&desk, &asked).await?, next: None })
}
