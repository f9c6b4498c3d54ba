//! How pages look to this browser: language and size of text, kept in two cookies that say nothing about a person.

use axum::{
    Router,
    extract::Form,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use entity::values::Language;
use serde::Deserialize;

use crate::app::App;

/// The table of contents.
pub(super) fn router() -> Router<App> {
    Router::new().route("/look", post(choose))
}

/// What was chosen: one or both.
#[derive(Debug, Deserialize)]
pub(super) struct Choice {
    lang: Option<String>,
    size: Option<String>,
    #[serde(default)]
    next: String,
}

/// Keeps the choice for a year, and goes back.
async fn choose(Form(choice): Form<Choice>) -> Response {
    let mut response = Redirect::to(&own_page(&choice.next)).into_response();
    for (name, value, known) in [("lang", choice.lang, ["zh", "en"]), ("size", choice.size, ["normal", "elder"])] {
        if let Some(value) = value.filter(|value| known.contains(&value.as_str())) {
            remember(response.headers_mut(), name, &value);
        }
    }
    response
}

/// Keeps a choice for a year.
pub(super) fn remember(headers: &mut HeaderMap, name: &str, value: &str) {
    let cookie = format!("{name}={value}; Path=/; SameSite=Lax; Max-Age=31536000");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        headers.append(header::SET_COOKIE, value);
    }
}

/// Only to our own pages: an address that begins with one slash. A language that was asked for in it is left out, so that
/// the choice counts.
pub(super) fn own_page(next: &str) -> String {
    let own = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n']);
    if !own {
        return "/".to_owned();
    }
    match next.split_once('?') {
        None => next.to_owned(),
        Some((path, query)) => {
            let kept: Vec<_> = query.split('&').filter(|pair| !pair.starts_with("lang=") && !pair.is_empty()).collect();
            if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }
        }
    }
}

/// The language that was chosen, or that the browser asks for; Chinese if it asks for neither.
pub(super) fn language(headers: &HeaderMap) -> Language {
    if let Some(chosen) = cookie(headers, "lang") {
        return if chosen == "en" { Language::English } else { Language::Chinese };
    }
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let first = |tag: &str| wanted.to_ascii_lowercase().find(tag).unwrap_or(usize::MAX);
    if first("en") < first("zh") { Language::English } else { Language::Chinese }
}

/// A cookie of this request.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('=')).find(|(n, _)| *n == name).map(|(_, v)| v)
}

#[cfg(test)]
mod tests {
    use super::own_page;

    #[test]
    fn only_our_own_pages_are_gone_back_to() {
        assert_eq!(own_page("/q/ABC?lang=en&done=1"), "/q/ABC?done=1");
        assert_eq!(own_page("/q/ABC?lang=en"), "/q/ABC");
        for elsewhere in ["//evil.example", "https://evil.example", "", "/\\evil.example", "javascript:x", "/a\r\nSet-Cookie: x"]
        {
            assert_eq!(own_page(elsewhere), "/", "{elsewhere}");
        }
    }
}
