//! "No" on the wire: RFC 9457 problem+json with a stable code, both languages and all reasons. What went wrong inside goes to
//! the log only.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ContentBuilder, RefOr, ResponseBuilder},
};

use crate::{
    db::Trouble,
    desk,
    rules::refusal::Refusal,
    speech::{self, Problem as Sort},
    view::ReasonView,
};

/// A problem (RFC 9457).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// `about:problems#` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// What is the matter, in Chinese.
    pub title: String,
    /// What is the matter, in English.
    pub title_en: String,
    /// The HTTP status.
    pub status: u16,
    /// The stable code.
    pub code: String,
    /// What is known beyond the title.
    pub detail: Option<String>,
    /// Which field, where it is one.
    pub field: Option<String>,
    /// All reasons of a refusal.
    pub reasons: Vec<ReasonView>,
}

impl Problem {
    /// Of a sort.
    #[must_use]
    pub fn new(sort: Sort) -> Self {
        let (code, status) = sort.code_and_status();
        let words = speech::problem(sort);
        Self {
            kind: format!("about:problems#{code}"),
            title: words.zh,
            title_en: words.en,
            status,
            code: code.to_owned(),
            detail: None,
            field: None,
            reasons: Vec::new(),
        }
    }

    /// With more about it.
    #[must_use]
    pub fn about(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

impl Problem {
    /// About a field.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
}

impl From<desk::Error> for Problem {
    fn from(error: desk::Error) -> Self {
        let plain = Self::new(error.sort());
        match error {
            desk::Error::Refused(reasons) => Self { reasons: reasons.iter().map(speech::reason).collect(), ..plain },
            desk::Error::NotFound(what) => plain.about(what),
            desk::Error::Invalid { field, problem } => Self { field: Some(field.to_owned()), ..plain.about(problem.to_string()) },
            desk::Error::Trouble(trouble) => {
                // What went wrong inside goes to the log, and only there.
                if plain.status >= 500 {
                    tracing::error!(%trouble, code = plain.code, "a request was not answered as it should be");
                }
                plain
            }
            desk::Error::NotSignedIn | desk::Error::Forbidden | desk::Error::Stale | desk::Error::VersionNeeded => plain,
        }
    }
}

impl From<Trouble> for Problem {
    fn from(trouble: Trouble) -> Self {
        desk::Error::Trouble(trouble).into()
    }
}

impl From<sea_orm::DbErr> for Problem {
    fn from(error: sea_orm::DbErr) -> Self {
        Trouble::from(error).into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json; charset=utf-8"));
        match status {
            StatusCode::UNAUTHORIZED => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            _ => {}
        }
        response
    }
}

/// For OpenAPI: what every operation may answer beside what it is for.
pub(super) struct Problems;

impl utoipa::IntoResponses for Problems {
    fn responses() -> std::collections::BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        let codes: Vec<_> = Sort::ALL.iter().map(|sort| sort.code_and_status().0).collect();
        let reasons: Vec<_> = Refusal::samples().iter().map(Refusal::code).collect();
        let schema = RefOr::Ref(utoipa::openapi::Ref::from_schema_name(Problem::name()));
        let response = ResponseBuilder::new()
            .description(format!(
                "A problem (RFC 9457). Codes: {}. Reasons of a refusal: {}",
                codes.join(", "),
                reasons.join(", ")
            ))
            .content("application/problem+json", ContentBuilder::new().schema(Some(schema)).build())
            .build();
        [("default".to_owned(), RefOr::T(response))].into()
    }
}

/// For OpenAPI: the schema that [`Problems`] points to.
pub(super) fn schema() -> (String, RefOr<utoipa::openapi::Schema>) {
    (Problem::name().into_owned(), Problem::schema())
}
