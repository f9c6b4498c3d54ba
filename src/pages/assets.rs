//! Style, script and icon: in the program, under addresses that change with the content, so that a browser may keep them for
//! ever and fetch nothing on its next visit.

use std::sync::LazyLock;

use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use super::{keeper::paper, trouble};
use crate::{app::App, vault::sha256};

/// One of them.
struct Asset {
    name: &'static str,
    kind: &'static str,
    text: &'static str,
}

const ASSETS: [Asset; 3] = [
    Asset { name: "style.css", kind: "text/css; charset=utf-8", text: include_str!("assets/style.css") },
    Asset { name: "page.js", kind: "text/javascript; charset=utf-8", text: include_str!("assets/page.js") },
    Asset { name: "icon.svg", kind: "image/svg+xml", text: include_str!("assets/icon.svg") },
];

/// What stands in an address for the content of all of them.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut all: Vec<u8> = ASSETS.iter().flat_map(|asset| asset.text.bytes()).collect();
    all.extend(paper::all_stylesheets().bytes());
    sha256(&all).iter().take(5).map(|byte| format!("{byte:02x}")).collect()
});

/// The table of contents.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/assets/{version}/{name}", get(show))
        .route("/favicon.ico", get(async || show(Path((VERSION.clone(), "icon.svg".to_owned()))).await))
        .route("/worker.js", get(worker))
        .route("/offline", get(async |headers: HeaderMap| trouble::offline(&headers)))
}

/// The address of an asset.
pub(super) fn address(name: &str) -> String {
    format!("/assets/{}/{name}", *VERSION)
}

async fn show(Path((version, name)): Path<(String, String)>) -> Response {
    let (kind, text) = match ASSETS.iter().find(|asset| asset.name == name) {
        Some(asset) => (asset.kind, asset.text.to_owned()),
        None => match paper::stylesheet(&name) {
            Some(text) => ("text/css; charset=utf-8", text),
            None => return StatusCode::NOT_FOUND.into_response(),
        },
    };
    // A page of an older version asks for what is gone: it gets what is there, and does not keep it.
    let keep = if version == *VERSION { "public, max-age=31536000, immutable" } else { "no-store" };
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep)], text).into_response()
}

/// The worker that shows a page when there is no network. It lies at the root, since it may answer only for what is below it.
async fn worker() -> Response {
    let text = include_str!("assets/worker.js").replace("{version}", &VERSION);
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], text).into_response()
}
