//! What a resident sees: the page behind a sticker, signing in.

use axum::{
    Router,
    routing::{get, post},
};

use crate::app::App;

mod scan;
mod sign_in;

/// The table of contents.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/q/{code}", get(scan::show))
        .route("/q/{code}/borrow", post(scan::borrow))
        .route("/q/{code}/return", post(scan::give_back))
        .route("/sign-in", get(sign_in::show).post(sign_in::submit))
        .route("/sign-out", post(sign_in::sign_out))
}
