//! Bookings, as a keeper sees them: who comes, what waits for a yes, what does not fit; who waits, spaces, sessions, series, calendars, what is out of use, and
//! the terms.

use axum::{
    Router,
    response::Response,
    routing::{get, post},
};
use chrono::{DateTime, Utc};
use entity::station;

use super::{Notes, given, masked, seen_at, station_of, to};
use crate::{
    app::App,
    desk::{self, Desk},
    pages::{frame::Frame, sent::Sent, staff::Tab, trouble, visitor::Visitor},
};

mod calendars;
mod day;
mod list;
mod missed;
mod one;
mod outages;
mod queue;
mod series;
mod series_new;
mod session;
mod sessions;
mod spaces;
mod terms;
mod verbs;

pub(in crate::pages) use list::waiting;

/// The table of contents.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/staff/{station}/bookings", get(list::show))
        .route("/staff/{station}/bookings/day", get(day::show))
        .route("/staff/{station}/bookings/missed", get(missed::show))
        .route("/staff/{station}/bookings/{booking}", get(one::show))
        .route("/staff/{station}/bookings/{booking}/ready", post(verbs::prepare))
        .route("/staff/{station}/bookings/{booking}/check-in", post(verbs::check_in))
        .route("/staff/{station}/bookings/{booking}/cancel", post(verbs::cancel))
        .route("/staff/{station}/bookings/{booking}/decide", post(verbs::decide))
        .route("/staff/{station}/bookings/{booking}/pardon", post(missed::pardon))
        .route("/staff/{station}/queue", get(queue::show))
        .route("/staff/{station}/queue/{hold}/leave", post(queue::leave))
        .route("/staff/{station}/spaces", get(spaces::list).post(spaces::create))
        .route("/staff/{station}/spaces/{space}", get(spaces::show).post(spaces::edit))
        .route("/staff/{station}/spaces/{space}/give-up", post(spaces::give_up))
        .route("/staff/{station}/sessions", get(sessions::list).post(sessions::announce))
        .route("/staff/{station}/sessions/{session}", get(session::show).post(session::edit))
        .route("/staff/{station}/sessions/{session}/call-off", post(session::call_off))
        .route("/staff/{station}/series", get(series::list))
        .route("/staff/{station}/series/new/{sort}", get(series_new::show).post(series_new::send))
        .route("/staff/{station}/series/{series}", get(series::show))
        .route("/staff/{station}/series/{series}/try", post(series::try_day))
        .route("/staff/{station}/series/{series}/end", post(series::end))
        .route("/staff/{station}/calendars", get(calendars::show).post(calendars::make))
        .route("/staff/{station}/calendars/{calendar}/revoke", post(calendars::revoke))
        .route("/staff/{station}/outages", get(outages::list).post(outages::take_out))
        .route("/staff/{station}/outages/{outage}/end", post(outages::end))
        .route("/staff/{station}/booking-terms", get(terms::list))
        .route("/staff/{station}/booking-terms/{sort}/{id}", get(terms::show).post(terms::set))
}

/// A keeper who stands at a station.
struct Kept {
    desk: Desk,
    frame: Frame,
    station: station::Model,
}

/// The keeper of the station with this plate; for anybody else the page that says why not.
async fn keep(mut visitor: Visitor, code: &str) -> Result<Kept, Response> {
    let station = station_of(&mut visitor, code, Tab::More).await?;
    Ok(Kept { desk: visitor.desk, frame: visitor.frame, station })
}

/// The same for what a form sends; with the desk that does it once.
async fn keep_sent<F>(sent: Sent<F>, code: &str) -> Result<(Kept, Desk, F), Response> {
    let Sent { visitor, desk, form, .. } = sent;
    Ok((keep(visitor, code).await?, desk, form))
}

impl Kept {
    /// An instant that was typed by the clock of the station.
    fn instant(&self, typed: &str) -> Option<DateTime<Utc>> {
        super::instant(&self.station, typed)
    }

    /// A page, or the one about what went wrong.
    fn trouble(&self, error: &desk::Error) -> Response {
        trouble::page(&self.frame, error)
    }
}
