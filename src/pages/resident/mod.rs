//! What a resident sees: the way to a station, what it has, the page behind a sticker, signing in.

use axum::{
    Router,
    routing::{get, post},
};

use crate::app::App;

mod booking;
mod calendars;
mod fault;
mod find;
mod in_hand;
mod medicine;
mod mine;
mod my_data;
mod scan;
mod sign_in;
mod station;

/// The table of contents.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/", get(find::show))
        .route("/find", get(find::by_code))
        .route("/s/{station}", get(station::show))
        .route("/s/{station}/report", get(fault::show_station).post(fault::send_station))
        .route("/mine", get(mine::show))
        .route("/mine/renew", post(mine::renew))
        .route("/mine/calendars", get(calendars::show).post(calendars::make))
        .route("/mine/calendars/{id}/revoke", post(calendars::revoke))
        .route("/mine/card", get(my_data::card).post(my_data::make_card))
        .route("/mine/data", get(my_data::show).post(my_data::edit))
        .route("/mine/data.json", get(my_data::copy))
        .route("/mine/erase", post(my_data::erase))
        .merge(booking::router())
        .merge(medicine::router())
        .route("/q/{code}", get(scan::show))
        .route("/q/{code}/borrow", post(in_hand::borrow))
        .route("/q/{code}/return", post(in_hand::give_back))
        .route("/q/{code}/renew", post(in_hand::renew))
        .route("/q/{code}/found", post(in_hand::found))
        .route("/q/{code}/fault", get(fault::show_item).post(fault::send_item))
        .route("/sign-in", get(sign_in::show).post(sign_in::submit))
        .route("/sign-out", post(sign_in::sign_out))
}
