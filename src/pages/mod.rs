//! Server-rendered HTML: the same verbs, the same refusals, other clothes. Works without a script.

use axum::{
    Router,
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};

use entity::values::Language;

use crate::{app::App, desk, speech};

mod scan;
mod sign_in;
mod visitor;

/// What a page may load: our own style, nothing else, and no script.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// The table of contents.
pub fn router() -> Router<App> {
    Router::new()
        .route("/q/{code}", get(scan::show))
        .route("/q/{code}/borrow", post(scan::borrow))
        .route("/q/{code}/return", post(scan::give_back))
        .route("/sign-in", get(sign_in::show).post(sign_in::submit))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/assets/style.css", get(style))
}

async fn style() -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, include_str!("assets/style.css"))
}

/// A rendered page. Never kept by anybody: it may tell who is signed in.
fn page(status: StatusCode, template: &impl askama::Template) -> Response {
    let Ok(html) = template.render() else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("cookie, accept-language"));
    response
}

/// What is said about a verb that was not done: all reasons, or the one thing that is wrong. With the status.
fn said(error: &desk::Error, language: Language) -> (StatusCode, Vec<String>) {
    let sort = error.sort();
    let (code, status) = sort.code_and_status();
    if status >= 500 {
        tracing::error!(%error, code, "a page was not answered as it should be");
    }
    let lines = match error {
        desk::Error::Refused(reasons) => reasons.iter().map(|no| speech::refusal(no).in_language(language).to_owned()).collect(),
        _ => vec![speech::problem(sort).in_language(language).to_owned()],
    };
    (StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), lines)
}
