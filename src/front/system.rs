//! Is it alive, is it ready, how is it doing?

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use std::sync::OnceLock;

use crate::app::App;

static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

/// Begins to count. The first caller in a process installs the recorder; later ones share it.
pub fn count_from_now() {
    METRICS.get_or_init(|| {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        // Only another recorder in this process could be in the way, and there is none.
        let _ = metrics::set_global_recorder(recorder);
        handle
    });
}

/// The process answers. Never asks the database.
pub(super) async fn livez() -> &'static str {
    "ok"
}

/// The process can do its work: the database answers within a second.
pub(super) async fn readyz(State(app): State<App>) -> impl IntoResponse {
    let ask = Statement::from_string(app.db.read().get_database_backend(), "SELECT 1");
    let reader = app.db.read().clone();
    // In a task of its own: the wait may end early, the query may not.
    let asked = tokio::spawn(async move { reader.query_one_raw(ask).await.is_ok() });
    let database = matches!(tokio::time::timeout(std::time::Duration::from_secs(1), asked).await, Ok(Ok(true)));
    // In detail only: a process that is behind with its jobs still lends and takes back.
    let daily_work = database && crate::jobs::daily_work_is_done(&app).await.unwrap_or(false);
    let light =
        if database { crate::jobs::expiry_light(&app).await.map_or("unknown", |light| light.as_str()) } else { "unknown" };
    let status = if database { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "ready": database, "database": database, "daily_work_is_done": daily_work, "expiry_check": light })))
}

/// What was counted, as Prometheus reads it.
pub(super) async fn show_metrics(State(app): State<App>) -> String {
    // Sets the gauge of the oldest nightly check; while the database is away it stays as it was.
    let _ = crate::jobs::expiry_lights(&app).await;
    metrics::counter!("yizhan_sql_statements_total").absolute(app.db.statements());
    METRICS.get().map(PrometheusHandle::render).unwrap_or_default()
}
