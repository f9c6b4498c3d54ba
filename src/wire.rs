//! What both doors need to know of a request: where it came from, and what makes it this one.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::ConnectInfo,
    http::{Method, request::Parts},
};

use crate::vault::sha256;

/// What makes a request this one: the same key on another is refused.
#[must_use]
pub fn fingerprint(method: &Method, path: &str, body: &[u8]) -> Vec<u8> {
    sha256(&[method.as_str().as_bytes(), b" ", path.as_bytes(), b"\n", body].concat())
}

/// The address a request came from: the connection's, or behind trusted proxies the right-most that none of them wrote.
#[must_use]
pub fn address(parts: &Parts, trusted_proxies: usize) -> Option<IpAddr> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    if trusted_proxies == 0 {
        return peer;
    }
    let forwarded: Vec<IpAddr> = parts
        .headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','))
        .filter_map(|v| v.trim().parse().ok())
        .collect();
    forwarded.len().checked_sub(trusted_proxies).and_then(|i| forwarded.get(i)).copied().or(peer)
}
