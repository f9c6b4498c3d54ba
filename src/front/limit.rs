//! Limits: so many unsafe calls a minute per session and route, and a loose ceiling per address, since a whole building may
//! share one.

use std::{num::NonZeroU32, sync::Arc};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::{api::Problem, app::App, config::Switch, speech::Problem as Sort, vault::sha256, wire::address};

/// Unsafe calls a minute, per session and route.
const PER_SESSION: NonZeroU32 = NonZeroU32::new(120).expect("not zero");
/// Calls a minute, per address.
const PER_ADDRESS: NonZeroU32 = NonZeroU32::new(1_200).expect("not zero");
/// Keys kept before those at rest are forgotten.
const MANY_KEYS: usize = 50_000;

/// The buckets.
pub(super) struct Limits {
    sessions: DefaultKeyedRateLimiter<Vec<u8>>,
    addresses: DefaultKeyedRateLimiter<std::net::IpAddr>,
}

impl Limits {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            sessions: RateLimiter::keyed(Quota::per_minute(PER_SESSION)),
            addresses: RateLimiter::keyed(Quota::per_minute(PER_ADDRESS)),
        })
    }

    fn tidy(&self) {
        if self.sessions.len() + self.addresses.len() > MANY_KEYS {
            self.sessions.retain_recent();
            self.addresses.retain_recent();
        }
    }
}

/// Lets a request through, or answers 429.
pub(super) async fn limit(State((app, limits)): State<(App, Arc<Limits>)>, request: Request, next: Next) -> Response {
    if app.config.rate_limit == Switch::Off {
        return next.run(request).await;
    }
    limits.tidy();
    let (parts, body) = request.into_parts();
    let too_many = match address(&parts, app.config.trusted_proxies) {
        Some(address) => limits.addresses.check_key(&address).is_err(),
        None => false,
    };
    let unsafe_call = !matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    let secret = parts.headers.get(header::AUTHORIZATION).or_else(|| parts.headers.get(header::COOKIE));
    let over = match secret {
        Some(secret) if unsafe_call => {
            let route = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
            limits.sessions.check_key(&sha256(&[secret.as_bytes(), b" ", route.as_bytes()].concat())).is_err()
        }
        _ => false,
    };
    if too_many || over {
        metrics::counter!("yizhan_requests_limited_total").increment(1);
        return Problem::new(Sort::TooManyRequests).into_response();
    }
    next.run(Request::from_parts(parts, body)).await
}
