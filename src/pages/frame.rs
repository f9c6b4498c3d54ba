//! What all pages share: who looks, in which language and size, and what stands around the content.

use std::fmt::Display;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use entity::values::Language;

use super::assets;
use crate::{
    desk,
    speech::{self, Words, texts::Text},
};

/// What a page may load: our own style, script and pictures, and nothing from anywhere else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; \
                      connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// What stands around a page. Every template has one in its field `frame`; `base.html` reads it.
#[derive(Clone)]
pub(super) struct Frame {
    /// In which language everything is said.
    pub(super) language: Language,
    /// Large type: 24 px for text, 30 px for what matters.
    pub(super) elder: bool,
    /// Somebody is signed in.
    pub(super) signed_in: bool,
    /// They have a role, so that the way to the staff's pages is shown.
    pub(super) staff: bool,
    /// Path and query of this page: to come back to.
    pub(super) here: String,
    /// A fresh key for the forms of this page: a double tap, a resend and the back button do it once.
    pub(super) key: String,
    /// Whose page it is: the name of the station at the top; the house if none.
    pub(super) place: Option<String>,
    /// The staff's ways through the house; empty on residents' pages.
    pub(super) ways: Vec<Way>,
    /// The language was chosen with this request, and is to be remembered.
    pub(super) chosen: bool,
}

/// One of the staff's ways through the house.
#[derive(Clone)]
pub(super) struct Way {
    /// Where it leads.
    pub(super) to: String,
    /// Its picture.
    pub(super) icon: &'static str,
    /// Its name, in the language of the page.
    pub(super) name: String,
    /// The page is on it.
    pub(super) here: bool,
}

impl Frame {
    /// A text in the language of the page.
    pub(super) fn say(&self, text: impl Text) -> &'static str {
        let (zh, en) = text.both();
        if self.language == Language::Chinese { zh } else { en }
    }

    /// A text with one value in it.
    pub(super) fn say1(&self, text: impl Text, value: impl Display) -> String {
        self.words(&text.filled(&[&value]))
    }

    /// A text with two values in it.
    pub(super) fn say2(&self, text: impl Text, first: impl Display, second: impl Display) -> String {
        self.words(&text.filled(&[&first, &second]))
    }

    /// Words that were made elsewhere.
    pub(super) fn words(&self, words: &Words) -> String {
        words.in_language(self.language).to_owned()
    }

    /// A day and time, in a station's zone: 周三 11月25日 20:00.
    pub(super) fn day_and_time(&self, instant: DateTime<Utc>, zone: chrono_tz::Tz) -> String {
        self.words(&speech::day_and_time(instant, zone))
    }

    /// A name that may have an English form.
    pub(super) fn name<'a>(&self, name: &'a str, name_en: Option<&'a str>) -> &'a str {
        name_en.filter(|_| self.language == Language::English).unwrap_or(name)
    }

    /// In what something is counted: 片, pieces.
    pub(super) fn unit(&self, unit: impl AsRef<str>) -> String {
        self.words(&speech::unit(unit.as_ref()))
    }

    /// So many of it: 3 片, 3 pieces.
    pub(super) fn amount(&self, count: impl Display, unit: impl AsRef<str>) -> String {
        self.words(&speech::amount(count, unit.as_ref()))
    }

    /// The tag of the other language, for the switch.
    pub(super) fn other_language(&self) -> &'static str {
        if self.language == Language::Chinese { "en" } else { "zh" }
    }

    /// The address of an asset; it changes with the content, so that it may be kept for ever.
    pub(super) fn asset(&self, name: &str) -> String {
        assets::address(name)
    }

    /// What is said about a verb that was not done: all reasons, or the one thing that is wrong. With the status.
    pub(super) fn said(&self, error: &desk::Error) -> (StatusCode, Vec<String>) {
        let sort = error.sort();
        let (code, status) = sort.code_and_status();
        if status >= 500 {
            tracing::error!(%error, code, "a page was not answered as it should be");
        }
        let lines = match error {
            desk::Error::Refused(reasons) => reasons.iter().map(|no| self.words(&speech::refusal(no))).collect(),
            _ => vec![self.words(&speech::problem(sort))],
        };
        (StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), lines)
    }

    /// A rendered page. Never kept by anybody: it may tell who is signed in.
    pub(super) fn page(&self, status: StatusCode, template: &impl askama::Template) -> Response {
        let html = match template.render() {
            Ok(html) => html,
            Err(error) => {
                tracing::error!(%error, "a page could not be rendered");
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
        };
        let mut response = (status, Html(html)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::VARY, HeaderValue::from_static("cookie, accept-language"));
        if self.chosen {
            super::look::remember(headers, "lang", if self.language == Language::English { "en" } else { "zh" });
        }
        response
    }
}
