//! "Yes" on the wire. A 2xx to an unsafe call can only be made from a [`Done`], which only the gate makes.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::problem::Problem;
use crate::{
    db::{Done, How},
    desk,
    view::{CommunityView, ItemView, KindView, MemberView, OccasionView, PolicyView, ProfileView, SpaceView, StationView},
};

/// What a handler answers.
pub type Answer<R> = Result<Reply<R>, Problem>;

/// A body with its status.
pub struct Reply<R> {
    status: StatusCode,
    how: How,
    etag: Option<i64>,
    body: R,
}

/// 201 for what was made; 200 for a dry run of it.
pub(super) fn created<R>(done: desk::Result<Done<R>>) -> Answer<R> {
    reply(done, StatusCode::CREATED)
}

/// 200 for what was done.
pub(super) fn done<R>(done: desk::Result<Done<R>>) -> Answer<R> {
    reply(done, StatusCode::OK)
}

fn reply<R>(done: desk::Result<Done<R>>, fresh: StatusCode) -> Answer<R> {
    let (body, how) = done?.into_parts();
    let status = if how == How::Rehearsed { StatusCode::OK } else { fresh };
    Ok(Reply { status, how, etag: None, body })
}

/// 200 for what was looked up.
pub(super) fn found<R>(body: R) -> Answer<R> {
    Ok(Reply { status: StatusCode::OK, how: How::Fresh, etag: None, body })
}

/// What has a version that an edit can name.
pub trait Versioned {
    /// The version.
    fn rev(&self) -> i64;
}

macro_rules! versioned {
    ($($view:ty),*) => {$(impl Versioned for $view { fn rev(&self) -> i64 { self.rev } })*};
}
versioned!(CommunityView, ItemView, KindView, MemberView, OccasionView, PolicyView, ProfileView, SpaceView, StationView);

/// Says the version in the `ETag`.
pub(super) fn with_etag<R: Versioned>(answer: Answer<R>) -> Answer<R> {
    answer.map(|reply| Reply { etag: Some(reply.body.rev()), ..reply })
}

impl<R: Serialize> IntoResponse for Reply<R> {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        let headers = response.headers_mut();
        match self.how {
            How::Fresh => {}
            How::Replayed => {
                headers.insert("idempotency-replayed", HeaderValue::from_static("true"));
            }
            How::Rehearsed => {
                headers.insert("dry-run", HeaderValue::from_static("true"));
            }
        }
        if let Some(value) = self.etag.and_then(|rev| HeaderValue::from_str(&format!("\"{rev}\"")).ok()) {
            headers.insert(header::ETAG, value);
        }
        response
    }
}
