//! Who looks at a page: the session behind the cookie, and how they want it to look.

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use chrono::TimeDelta;
use entity::values::Language;

use super::{
    frame::Frame,
    look::{self, cookie},
    trouble,
};
use crate::{
    app::App,
    desk::{self, Actor, Desk, Door, sign_in::RESIDENT_SESSION},
    store,
    vault::sha256,
    wire::address,
};

/// Whoever looks at a page.
pub(super) struct Visitor {
    /// Where they stand. A form gives it the key of the request (see `sent`).
    pub(super) desk: Desk,
    /// What stands around their page.
    pub(super) frame: Frame,
}

impl Visitor {
    /// Gives the device a name of its own, where it has none, so that what it takes can be counted though nobody says who they
    /// are: a day's cap counts by device. The name says nothing about anybody.
    pub(super) fn name_device(&self, response: &mut Response) {
        if self.desk.device.is_some() {
            return;
        }
        let secure = if self.desk.app.config.base_url.starts_with("https://") { "; Secure" } else { "" };
        let name = self.desk.app.vault.new_secret();
        let cookie = format!("device={name}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000{secure}");
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
}

/// The cookie's name. Over HTTPS it carries the prefix that ties it to this host.
fn cookie_name(app: &App) -> &'static str {
    if app.config.base_url.starts_with("https://") { "__Host-yizhan" } else { "yizhan" }
}

/// What stands around the page of a request, for whoever is behind it.
fn frame(parts: &Parts, app: &App, actor: &Actor) -> Frame {
    let query = parts.uri.query().unwrap_or_default();
    let chosen = query.split('&').find_map(|pair| match pair {
        "lang=en" => Some(Language::English),
        "lang=zh" => Some(Language::Chinese),
        _ => None,
    });
    Frame {
        language: chosen.unwrap_or_else(|| look::language(&parts.headers)),
        elder: cookie(&parts.headers, "size") == Some("elder"),
        signed_in: actor.member().is_some(),
        staff: !actor.roles().is_empty(),
        here: parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        key: app.clock.id::<uuid::Uuid>().to_string(),
        place: None,
        ways: Vec::new(),
        chosen: chosen.is_some(),
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let actor = match cookie(&parts.headers, cookie_name(app)) {
            Some(secret) => actor_behind(app, secret).await,
            None => Ok(Actor::visitor()),
        };
        let actor = match actor {
            Ok(actor) => actor,
            Err(error) => return Err(trouble::page(&frame(parts, app, &Actor::visitor()), &error)),
        };
        let frame = frame(parts, app, &actor);
        let desk = Desk {
            app: app.clone(),
            actor,
            door: Door::Page,
            address: address(parts, app.config.trusted_proxies).map(|a| a.to_string()),
            device: cookie(&parts.headers, "device").map(str::to_owned),
            if_match: None,
            key: None,
            rehearsal: false,
        };
        Ok(Self { desk, frame })
    }
}

/// Whoever is behind the cookie; nobody if it is no longer good.
async fn actor_behind(app: &App, secret: &str) -> desk::Result<Actor> {
    let session = store::sessions::find_by_secret(app.db.read(), &sha256(secret.as_bytes())).await?;
    let Some(session) = session.filter(|session| session.is_live(app.clock.now())) else { return Ok(Actor::visitor()) };
    let roles = store::roles::list_of(app.db.read(), session.member_id).await?;
    Ok(Actor::signed_in(session.member_id, session.id, session.proof, roles))
}

/// Goes on to another page, with the session in a cookie (`None` takes it away).
pub(super) fn go_with_session(app: &App, to: &str, session: Option<(&str, TimeDelta)>) -> Response {
    let secure = if app.config.base_url.starts_with("https://") { "; Secure" } else { "" };
    let (value, age) = session.map_or(("", 0), |(secret, life)| (secret, life.num_seconds()));
    let cookie = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}", cookie_name(app));
    let mut response = Redirect::to(to).into_response();
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response
}

/// As [`go_with_session`], for a resident's device.
pub(super) fn go_as_resident(app: &App, to: &str, secret: &str) -> Response {
    go_with_session(app, to, Some((secret, RESIDENT_SESSION)))
}
