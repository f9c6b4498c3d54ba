//! Booking ahead: what can be booked at a station, which day, what time, and a last look before it is done;
//! where nothing is free, the queue. Then: my bookings, and where I wait.

use axum::{
    Router,
    routing::{get, post},
};

use crate::app::App;

mod chosen;
mod display;
mod make;
pub(super) mod mine;
mod offers;
mod one;
pub(super) mod place;
mod sure;
mod times;
mod wait;

/// The table of contents.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/stations/{station}/book", get(offers::show))
        .route("/stations/{station}/book/{sort}/{id}", get(times::show).post(make::make))
        .route("/stations/{station}/wait/{sort}/{id}", get(wait::show).post(wait::join))
        .route("/mine/queue/{id}", get(place::show))
        .route("/mine/queue/{id}/leave", post(place::leave))
        .route("/mine/bookings", get(mine::show))
        .route("/mine/bookings/{id}", get(one::show))
        .route("/mine/bookings/{id}/calendar.ics", get(one::calendar))
        .route("/mine/bookings/{id}/cancel", post(one::cancel))
        .route("/mine/bookings/{id}/confirm", post(one::confirm))
        .route("/mine/bookings/{id}/check-in", post(one::check_in))
        .route("/mine/bookings/{id}/end", post(one::end))
        .route("/display/{space}", get(display::show))
}
