//! Series of bookings and sessions, and calendars to subscribe to.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use chrono::{NaiveDate, NaiveTime, Weekday};
use entity::{
    ids::{BookingId, FeedId, KindId, MemberId, SeriesId, SpaceId, StationId},
    series::{Every, Rule},
    values::Language,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    Nothing,
    answer::{Answer, created, done, found},
    bookings::CancelBody,
    call::{Call, Caller, Path, Query},
    items::optional_text,
    list::Paging,
    problem::{Problem, Problems},
    sessions::phone,
};
use crate::{
    app::App,
    desk::{
        self, Desk, Door,
        authority::hide,
        bookings::book::Whom,
        feeds::{self, Of},
        series::{self, Create, What},
    },
    speech::Problem as Sort,
    store,
    view::{FeedView, NewFeedView, Page, SeriesDayView, SeriesView},
};

/// In every so-manieth week, on these days.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Weekly {
    /// 1 is every week.
    every: u32,
    /// `Mon` … `Sun`.
    #[schema(value_type = Vec<String>, example = json!(["Tue"]))]
    on: Vec<Weekday>,
}

/// Once a month.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Monthly {
    /// The first (1) to the fourth, or the last (-1), …
    nth: i8,
    /// … `Mon` … `Sun`.
    #[schema(value_type = String, example = "Sat")]
    weekday: Weekday,
}

/// A series: weekly or monthly; of things, of a space, or of sessions that are announced.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeriesBody {
    /// The station, by its plate; needed for things.
    station_code: Option<String>,
    /// Things of this kind.
    kind_id: Option<Uuid>,
    /// This space; for sessions, where they are held.
    space_id: Option<Uuid>,
    /// Sessions at this station, by its id; keepers only.
    sessions_at: Option<Uuid>,
    /// What the sessions are called.
    name: Option<String>,
    /// The rhythm; or `monthly`.
    weekly: Option<Weekly>,
    /// The rhythm; or `weekly`.
    monthly: Option<Monthly>,
    /// The first day it may be, in station time.
    first_day: NaiveDate,
    /// The last day it may be.
    last_day: NaiveDate,
    /// Not on these days.
    #[serde(default)]
    except: Vec<NaiveDate>,
    /// From, in station time.
    #[schema(value_type = String, example = "09:00:00")]
    from: NaiveTime,
    /// For so many minutes.
    minutes: u32,
    /// How many units; the seats of a session. One if nobody says.
    quantity: Option<u32>,
    /// For whom, by phone number; keepers only.
    phone: Option<String>,
    /// For whom, by id; keepers only.
    member_id: Option<Uuid>,
    /// What it is for; of a session, what people should know.
    purpose: Option<String>,
    /// A keeper sets rules aside, for this reason; never the capacity.
    override_reason: Option<String>,
}

/// Make a series in one piece, with one report of what was made and what was skipped, and why. At most 60 days.
#[utoipa::path(post, path = "/series", tag = "bookings", request_body = SeriesBody,
    responses((status = 201, description = "The report", body = SeriesView), Problems))]
pub(super) async fn create_series(call: Call<SeriesBody>) -> Answer<SeriesView> {
    let body = call.body;
    let missing = |field| desk::Error::Invalid { field, problem: desk::Problem::Missing };
    let every = match (body.weekly, body.monthly) {
        (Some(weekly), None) => Every::Weeks { every: weekly.every, on: weekly.on },
        (None, Some(monthly)) => Every::Month { nth: monthly.nth, weekday: monthly.weekday },
        _ => return Err(missing("weekly").into()),
    };
    let what = match (body.sessions_at, body.kind_id, body.space_id) {
        (Some(station), None, space) => What::Occasions {
            station: StationId(station),
            space: space.map(SpaceId),
            name: body.name.ok_or_else(|| missing("name"))?,
        },
        (None, Some(kind), None) => What::Things(body.station_code.ok_or_else(|| missing("station_code"))?, KindId(kind)),
        (None, None, Some(space)) => What::Space(SpaceId(space)),
        _ => return Err(missing("kind_id").into()),
    };
    let whom = match (body.phone.as_deref().map(phone).transpose()?, body.member_id) {
        (Some(number), _) => Whom::Phone(number, None),
        (None, Some(member)) => Whom::Member(MemberId(member)),
        (None, None) => Whom::Myself,
    };
    let order = Create {
        what,
        rule: Rule { every, first_day: body.first_day, last_day: body.last_day, except: body.except },
        from: body.from,
        minutes: body.minutes,
        quantity: body.quantity.unwrap_or(1),
        whom,
        purpose: optional_text("purpose", body.purpose, 200)?,
        override_reason: optional_text("override_reason", body.override_reason, 200)?,
    };
    created(desk::answer(call.desk, order, series::create).await)
}

/// Which series.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SeriesQuery {
    /// At this station, for its keepers; one's own if nobody says.
    station_id: Option<Uuid>,
    /// What the page before said in `next`.
    after: Option<String>,
    /// How many.
    limit: Option<u64>,
}

/// Series, newest first, without their days: one's own, or those of a station for its keepers.
#[utoipa::path(get, path = "/series", tag = "bookings", params(SeriesQuery),
    responses((status = 200, description = "A page", body = Page<SeriesView>), Problems))]
pub(super) async fn list_series(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<SeriesQuery>,
) -> Answer<Page<SeriesView>> {
    let me = caller.actor.resident()?.id();
    let whose = match query.station_id.map(StationId) {
        None => (Some(me), None),
        Some(id) => {
            let station = store::stations::find(app.db.read(), id).await?.ok_or_else(|| Problem::new(Sort::NotFound))?;
            caller.actor.keeper_of(&station)?;
            (None, Some(id))
        }
    };
    let paging = Paging { after: query.after, limit: query.limit };
    let rows = store::series::list(app.db.read(), whose, paging.after()?, paging.limit() + 1).await?;
    found(paging.page_of(rows, |row| row.id.to_string(), |row| SeriesView::new(row, Vec::new())))
}

/// A series with its days. Whoever has it, and keepers of the station.
#[utoipa::path(get, path = "/series/{id}", tag = "bookings",
    responses((status = 200, description = "The series", body = SeriesView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn get_series(State(app): State<App>, caller: Caller, Path(id): Path<SeriesId>) -> Answer<SeriesView> {
    let me = caller.actor.resident()?.id();
    let row = store::series::find(app.db.read(), id).await?.ok_or_else(|| Problem::new(Sort::NotFound))?;
    if row.member_id != Some(me) {
        let station = store::stations::find(app.db.read(), row.station_id).await?;
        hide(caller.actor.keeper_where(station.as_ref()), "series")?;
    }
    let days = store::series::list_days(app.db.read(), id).await?;
    found(SeriesView::new(&row, days.iter().map(series::shown).collect()))
}

/// Cancel what is left of a series. Whoever has it, and keepers of the station.
#[utoipa::path(delete, path = "/series/{id}", tag = "bookings", request_body = CancelBody,
    responses((status = 200, description = "Cancelled", body = SeriesView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn cancel_series(Path(id): Path<SeriesId>, call: Call<CancelBody>) -> Answer<SeriesView> {
    let reason = optional_text("reason", call.body.reason, 200)?;
    done(desk::answer(call.desk, (id, reason), series::cancel).await)
}

/// Which day.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DayBody {
    /// It, in station time.
    day: NaiveDate,
}

/// Try a day again that was skipped. Whoever has the series, and keepers of the station.
#[utoipa::path(post, path = "/series/{id}/days", tag = "bookings", request_body = DayBody,
    responses((status = 201, description = "Made", body = SeriesDayView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn try_day(Path(id): Path<SeriesId>, call: Call<DayBody>) -> Answer<SeriesDayView> {
    created(desk::answer(call.desk, (id, call.body.day), series::try_again).await)
}

/// A calendar of what.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FeedBody {
    /// What is on at this station; keepers only. Neither: one's own bookings.
    station_id: Option<Uuid>,
    /// When this space is taken; keepers only.
    space_id: Option<Uuid>,
    /// `zh-CN` or `en`; Chinese if nobody says.
    language: Option<String>,
}

/// Make a calendar to subscribe to. Its address is told this once: whoever has it reads the calendar, until it is revoked.
#[utoipa::path(post, path = "/calendars", tag = "bookings", request_body = FeedBody,
    responses((status = 201, description = "Its address", body = NewFeedView), Problems))]
pub(super) async fn make_feed(call: Call<FeedBody>) -> Answer<NewFeedView> {
    let of = match (call.body.station_id, call.body.space_id) {
        (None, None) => Of::Mine,
        (Some(station), None) => Of::Station(StationId(station)),
        (None, Some(space)) => Of::Space(SpaceId(space)),
        _ => return Err(desk::Error::Invalid { field: "space_id", problem: desk::Problem::OutOfRange }.into()),
    };
    let language = desk::language_of(call.body.language.as_deref().unwrap_or_default());
    // The address is a secret: it is not kept as the answer to a request.
    let desk = Desk { key: None, ..call.desk };
    created(desk::answer(desk, (of, language), feeds::make).await)
}

/// The calendars that one has made and that are read still.
#[utoipa::path(get, path = "/calendars", tag = "bookings",
    responses((status = 200, description = "All of them", body = Page<FeedView>), Problems))]
pub(super) async fn list_feeds(State(app): State<App>, caller: Caller) -> Answer<Page<FeedView>> {
    let me = caller.actor.resident()?.id();
    let rows = store::feeds::list_of(app.db.read(), me).await?;
    found(Page { items: rows.iter().map(FeedView::from).collect(), next: None })
}

/// Revoke a calendar. Whoever has made it, and keepers of its station.
#[utoipa::path(delete, path = "/calendars/{id}", tag = "bookings",
    responses((status = 200, description = "Nobody reads it any more", body = FeedView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn revoke_feed(Path(id): Path<FeedId>, call: Call<Nothing>) -> Answer<FeedView> {
    done(desk::answer(call.desk, id, feeds::revoke).await)
}

/// One booking as a calendar file (RFC 5545). Whoever has it.
#[utoipa::path(get, path = "/bookings/{id}/calendar", tag = "bookings",
    responses((status = 200, description = "The file", content_type = "text/calendar", body = String), Problems),
    params(("id" = Uuid, Path)))]
pub(super) async fn booking_calendar(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<BookingId>,
) -> Result<Response, Problem> {
    let desk = Desk { actor: caller.actor, ..Desk::internal(&app, Door::Api) };
    let text = feeds::of_booking(&desk, id, Language::Chinese).await?;
    Ok(([(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], text).into_response())
}
