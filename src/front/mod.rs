//! The front of the house: everything that is served, behind one door with its limits, headers and figures.

use axum::{
    Json, Router,
    extract::{MatchedPath, Request},
    http::{HeaderMap, HeaderName, HeaderValue, Uri, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, csrf::CsrfLayer, set_header::SetResponseHeaderLayer,
};
use utoipa_swagger_ui::SwaggerUi;

mod limit;
pub mod serve;
mod system;

pub use system::count_from_now;

use crate::{
    api::{self, Problem},
    app::App,
    pages,
    speech::Problem as Sort,
};

/// Everything that is served: API, pages, documentation, health.
pub fn router(app: &App) -> Router {
    let (api, document) = api::parts();
    let limits = limit::Limits::new();
    let text = Json(document.clone());
    api.merge(pages::router())
        .route("/api/openapi.json", get(move || async move { text }))
        .layer(middleware::from_fn_with_state((app.clone(), limits), limit::limit))
        .route("/livez", get(system::livez))
        .route("/readyz", get(system::readyz))
        .route("/metrics", get(system::show_metrics))
        .with_state(app.clone())
        .merge(SwaggerUi::new("/api/docs").url("/api/openapi-for-docs.json", document))
        .fallback(not_found)
        .method_not_allowed_fallback(async || Problem::new(Sort::MethodNotAllowed))
        .layer(CsrfLayer::new().with_rejection_response(|_| Problem::new(Sort::CrossSite).into_response()))
        .layer(middleware::from_fn(count))
        .layer(CompressionLayer::new())
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(header::REFERRER_POLICY, "same-origin"))
        .layer(fixed(header::X_FRAME_OPTIONS, "DENY"))
        .layer(fixed(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"))
        .layer(CatchPanicLayer::custom(|_| Problem::new(Sort::Fault).into_response()))
}

/// An address that is none of ours: a page for a browser, a problem for a program.
async fn not_found(uri: Uri, headers: HeaderMap) -> Response {
    if pages::trouble::wants_page(&headers, uri.path()) {
        return pages::trouble::not_found(&headers, uri.path());
    }
    Problem::new(Sort::NotFound).into_response()
}

fn fixed(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

/// Counts requests by route and status.
async fn count(request: Request, next: Next) -> Response {
    let method = request.method().to_string();
    let route = request.extensions().get::<MatchedPath>().map_or_else(|| "-".to_owned(), |path| path.as_str().to_owned());
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    metrics::counter!("yizhan_requests_total", "method" => method, "route" => route, "status" => status).increment(1);
    response
}
