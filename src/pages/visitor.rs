//! Who looks at a page: the session behind the cookie, the language, the token in the forms.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use entity::values::Language;

use super::said;
use crate::{
    app::App,
    desk::{self, Actor, Desk, Door, sign_in::RESIDENT_SESSION},
    store,
    vault::sha256,
    wire::address,
};

/// Whoever looks at a page.
pub(super) struct Visitor {
    pub(super) desk: Desk,
    pub(super) language: Language,
    pub(super) signed_in: bool,
}

/// The cookie's name. Over HTTPS it carries the prefix that ties it to this host.
fn cookie_name(app: &App) -> &'static str {
    if app.config.base_url.starts_with("https://") { "__Host-yizhan" } else { "yizhan" }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let actor = match cookie(&parts.headers, cookie_name(app)) {
            Some(secret) => actor_behind(app, secret).await,
            None => Ok(Actor::visitor()),
        };
        let actor = actor.map_err(|error| {
            let (status, lines) = said(&error, preferred(&parts.headers));
            (status, lines.concat()).into_response()
        })?;
        let language = match parts.uri.query().unwrap_or_default() {
            query if query.contains("lang=en") => Language::English,
            query if query.contains("lang=zh") => Language::Chinese,
            _ => preferred(&parts.headers),
        };
        let signed_in = actor.member().is_some();
        let desk = Desk {
            app: app.clone(),
            actor,
            door: Door::Page,
            address: address(parts, app.config.trusted_proxies).map(|a| a.to_string()),
            device: None,
            if_match: None,
            key: None,
            rehearsal: false,
        };
        Ok(Self { desk, language, signed_in })
    }
}

/// The language that the browser asks for; Chinese if it asks for neither.
fn preferred(headers: &HeaderMap) -> Language {
    if let Some(chosen) = cookie(headers, "lang") {
        return if chosen == "en" { Language::English } else { Language::Chinese };
    }
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let first = |tag: &str| wanted.to_ascii_lowercase().find(tag).unwrap_or(usize::MAX);
    if first("en") < first("zh") { Language::English } else { Language::Chinese }
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('=')).find(|(n, _)| *n == name).map(|(_, v)| v)
}

/// Whoever is behind the cookie; nobody if it is no longer good.
async fn actor_behind(app: &App, secret: &str) -> desk::Result<Actor> {
    let session = store::sessions::find_by_secret(app.db.read(), &sha256(secret.as_bytes())).await?;
    let Some(session) = session.filter(|session| session.is_live(app.clock.now())) else { return Ok(Actor::visitor()) };
    let roles = store::roles::list_of(app.db.read(), session.member_id).await?;
    Ok(Actor::signed_in(session.member_id, session.id, session.proof, roles))
}

/// Goes on to another page, with the session in a cookie (`None` takes it away).
pub(super) fn go_with_session(app: &App, to: &str, secret: Option<&str>) -> Response {
    let secure = if app.config.base_url.starts_with("https://") { "; Secure" } else { "" };
    let (value, age) = secret.map_or(("", 0), |secret| (secret, RESIDENT_SESSION.num_seconds()));
    let cookie = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}", cookie_name(app));
    let mut response = Redirect::to(to).into_response();
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response
}

/// Keeps the language that was chosen, for a year.
pub(super) fn remember_language(mut response: Response, language: &'static str) -> Response {
    let cookie = format!("lang={language}; Path=/; SameSite=Lax; Max-Age=31536000");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}
