//! Pages.
use axum::Router;
use crate::app::App;
/// The pages.
pub fn router() -> Router<App> { Router::new() }
