//! How a request becomes a desk: who asks (token or cookie), under which key, on which version, with which body.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, OriginalUri, Path as AxumPath, Query as AxumQuery, Request},
    http::{HeaderMap, header, request::Parts},
};
use entity::ids::SessionId;
use serde::{Deserialize, de::DeserializeOwned};

use super::problem::Problem;
use crate::{
    app::App,
    desk::{self, Actor, Desk, Door},
    speech::Problem as Sort,
    store,
    tokens::BadToken,
    wire::{address, fingerprint},
};

/// The largest JSON body, unless a route says otherwise.
pub const SMALL: usize = 64 * 1024;
/// How long a body may take to arrive, whole.
const BODY_DEADLINE: std::time::Duration = std::time::Duration::from_secs(30);

/// Who asks, by an access token; a visitor without one.
pub struct Caller {
    /// Who.
    pub actor: Actor,
    /// From where.
    pub address: Option<String>,
}

/// An unsafe call: a desk and what is asked for there. An empty body is `{}`.
pub struct Call<T, const LIMIT: usize = SMALL> {
    /// The desk.
    pub desk: Desk,
    /// What is asked for.
    pub body: T,
}

/// What every unsafe call may carry in its query.
#[derive(Debug, Default, Deserialize)]
struct Switches {
    #[serde(default)]
    dry_run: bool,
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let actor = match bearer(&parts.headers) {
            None => Actor::visitor(),
            Some(token) => actor_of(app, token).await?,
        };
        Ok(Self { actor, address: address(parts, app.config.trusted_proxies).map(|a| a.to_string()) })
    }
}

impl<T: DeserializeOwned, const LIMIT: usize> FromRequest<App> for Call<T, LIMIT> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let caller = Caller::from_request_parts(&mut parts, app).await?;
        let AxumQuery(switches) =
            AxumQuery::<Switches>::try_from_uri(&parts.uri).map_err(|e| Problem::new(Sort::Malformed).about(e.body_text()))?;
        let arriving = axum::body::to_bytes(body, LIMIT);
        let bytes = tokio::time::timeout(BODY_DEADLINE, arriving)
            .await
            .map_err(|_| Problem::new(Sort::Malformed).about("the body took too long"))?
            .map_err(|_| Problem::new(Sort::TooLarge))?;
        let key = idempotency_key(&parts.headers)?;
        let path =
            parts.extensions.get::<OriginalUri>().map_or_else(|| parts.uri.path().to_owned(), |uri| uri.0.path().to_owned());
        let fingerprint = fingerprint(&parts.method, &path, &bytes);
        let desk = Desk {
            app: app.clone(),
            actor: caller.actor,
            door: Door::Api,
            address: caller.address,
            device: None,
            if_match: if_match(&parts.headers)?,
            key: key.map(|key| (key, fingerprint)),
            rehearsal: switches.dry_run,
        };
        Ok(Self { desk, body: parse(&parts.headers, &bytes)? })
    }
}

fn parse<T: DeserializeOwned>(headers: &HeaderMap, bytes: &Bytes) -> Result<T, Problem> {
    let text: &[u8] = if bytes.is_empty() { b"{}" } else { bytes };
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("application/json");
    if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        return Err(Problem::new(Sort::WrongMediaType));
    }
    serde_json::from_slice(text).map_err(|e| match e.classify() {
        serde_json::error::Category::Data => Problem::new(Sort::Invalid).about(e.to_string()),
        _ => Problem::new(Sort::Malformed).about(e.to_string()),
    })
}

/// The `Idempotency-Key`, bare or quoted: 1 to 128 visible characters.
fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    let bare = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text);
    if (1..=128).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_graphic()) {
        Ok(Some(bare.to_owned()))
    } else {
        Err(Problem::new(Sort::Malformed).about("Idempotency-Key: 1 to 128 visible ASCII characters"))
    }
}

/// The version in `If-Match`, as an `ETag` of ours: `"3"`.
fn if_match(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim().trim_start_matches("W/").trim_matches('"');
    text.parse().map(Some).map_err(|_| Problem::new(Sort::Malformed).about("If-Match: an ETag of ours, such as \"3\""))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Who is behind an access token. The session and the roles are looked up each time: what is revoked counts at once.
async fn actor_of(app: &App, token: &str) -> Result<Actor, Problem> {
    let not_signed_in = || Problem::new(Sort::NotSignedIn);
    let claims = match app.tokens.verify(token, app.clock.now()) {
        Ok(claims) => claims,
        Err(BadToken::Bad) => return Err(not_signed_in()),
        Err(BadToken::UnknownKey) => {
            // Another replica may have made a new key.
            app.reload_signing_keys().await?;
            app.tokens.verify(token, app.clock.now()).map_err(|_| not_signed_in())?
        }
    };
    let session = store::sessions::find(app.db.read(), claims.sid).await?;
    let session = session.filter(|s| s.member_id == claims.sub && s.is_live(app.clock.now())).ok_or_else(not_signed_in)?;
    if session.generation == claims.generation && session.generation_used < claims.generation {
        mark_used(app, claims.sid, claims.generation).await?;
    }
    let roles = store::roles::list_of(app.db.read(), session.member_id).await?;
    Ok(Actor::signed_in(session.member_id, session.id, session.proof, roles))
}

async fn mark_used(app: &App, session: SessionId, generation: i32) -> Result<(), Problem> {
    let desk = Desk::internal(app, Door::Api);
    desk::answer(desk, (session, generation), desk::sign_in::mark_used).await?;
    Ok(())
}

/// A segment of the path, with a problem for one of the wrong form.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        // A thing whose id is not even of the right form is not there.
        let AxumPath(value) = AxumPath::from_request_parts(parts, app).await.map_err(|_| Problem::new(Sort::NotFound))?;
        Ok(Self(value))
    }
}

/// The query, with a problem for one of the wrong form.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let AxumQuery(value) =
            AxumQuery::try_from_uri(&parts.uri).map_err(|e| Problem::new(Sort::Malformed).about(e.body_text()))?;
        Ok(Self(value))
    }
}
