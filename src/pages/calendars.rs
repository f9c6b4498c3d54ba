//! Calendars at an address that nobody guesses: for the programs of those who subscribe, which send no cookie and no token.

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::{app::App, desk, vault::sha256};

pub(super) fn router() -> Router<App> {
    Router::new().route("/calendars/{file}", get(calendar))
}

/// `/calendars/{token}.ics`. Whoever has the newest already gets 304.
async fn calendar(State(app): State<App>, Path(file): Path<String>, headers: HeaderMap) -> Response {
    let Some(token) = file.strip_suffix(".ics") else { return StatusCode::NOT_FOUND.into_response() };
    let text = match desk::feeds::read(&app, token).await {
        Ok(text) => text,
        Err(desk::Error::NotFound(_)) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "a calendar could not be read");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let etag = format!("\"{}\"", BASE64_URL_SAFE_NO_PAD.encode(sha256(text.as_bytes())));
    let kept = [
        (header::ETAG, etag.clone()),
        (header::CACHE_CONTROL, "private, max-age=300".to_owned()),
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
    ];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|seen| seen.as_bytes() == etag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    (kept, text).into_response()
}
