//! Booking ahead: what can be booked at a station, which day, what time, and a last look before it is done. Then: my bookings.

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
mod sure;
mod times;

/// The table of contents.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/stations/{station}/book", get(offers::show))
        .route("/stations/{station}/book/{sort}/{id}", get(times::show).post(make::make))
        .route("/mine/bookings", get(mine::show))
        .route("/mine/bookings/{id}", get(one::show))
        .route("/mine/bookings/{id}/cancel", post(one::cancel))
        .route("/mine/bookings/{id}/confirm", post(one::confirm))
        .route("/mine/bookings/{id}/check-in", post(one::check_in))
        .route("/mine/bookings/{id}/end", post(one::end))
        .route("/display/{space}", get(display::show))
}
