//! Pages about what went wrong: each says what happened, whether anything was done, and the way out.

use askama::Template;
use axum::{
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};

use super::{frame::Frame, look};
use crate::{
    desk,
    speech::{Problem, texts::Around as T},
};

#[derive(Template)]
#[template(path = "trouble.html")]
struct TroublePage {
    frame: Frame,
    picture: &'static str,
    title: &'static str,
    lines: Vec<String>,
    /// Trying the same once more may help.
    again: bool,
}

/// The page about an error of a verb, or of a look-up. Whoever has to sign in is led there, and back.
pub(super) fn page(frame: &Frame, error: &desk::Error) -> Response {
    let sort = error.sort();
    if sort == Problem::NotSignedIn {
        return Redirect::to(&format!("/sign-in?next={}", encoded(&frame.here))).into_response();
    }
    let (status, mut lines) = frame.said(error);
    let (picture, title) = match sort {
        Problem::NotFound => ("🔍", frame.say(T::NothingHere)),
        Problem::Forbidden => ("🔒", frame.say(T::NotYours)),
        _ => ("🌧️", frame.say(T::SomethingWrong)),
    };
    match sort {
        Problem::NotFound => lines = vec![frame.say(T::NothingHereHelp).to_owned()],
        Problem::Forbidden => lines = vec![frame.say(T::NotYoursHelp).to_owned()],
        Problem::Unknown => lines.push(frame.say(T::MaybeDone).to_owned()),
        _ => lines.push(frame.say(T::NothingDone).to_owned()),
    }
    let again = status.is_server_error();
    frame.page(status, &TroublePage { frame: frame.clone(), picture, title, lines, again })
}

/// The page for an address that is none of ours.
#[must_use]
pub fn not_found(headers: &HeaderMap, path: &str) -> Response {
    let frame = bare(headers, path);
    page(&frame, &desk::Error::NotFound("page"))
}

/// Kept by the browser, and shown when there is no network.
pub(super) fn offline(headers: &HeaderMap) -> Response {
    let frame = bare(headers, "/offline");
    let lines = vec![frame.say(T::OfflineHelp).to_owned()];
    let template = TroublePage { frame: frame.clone(), picture: "📡", title: frame.say(T::Offline), lines, again: true };
    frame.page(StatusCode::OK, &template)
}

/// Does the browser want a page, rather than data?
#[must_use]
pub fn wants_page(headers: &HeaderMap, path: &str) -> bool {
    let accepts = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    !path.starts_with("/api/") && accepts.contains("text/html")
}

/// A frame for somebody of whom nothing is known.
fn bare(headers: &HeaderMap, here: &str) -> Frame {
    Frame {
        language: look::language(headers),
        elder: look::cookie(headers, "size") == Some("elder"),
        signed_in: false,
        staff: false,
        here: here.to_owned(),
        key: String::new(),
        place: None,
        ways: Vec::new(),
        chosen: false,
    }
}

/// A text as part of a query.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
