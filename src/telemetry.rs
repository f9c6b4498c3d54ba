//! The log: for people, or one JSON object a line. Never bodies, cookies, phone numbers, names or tokens.

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::LogFormat;

/// Begins to log to standard error. What is logged is set by `RUST_LOG`; `info` if nobody says.
pub fn init(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,sea_orm_migration=warn,tokio_cron_scheduler=warn"));
    let registry = tracing_subscriber::registry().with(filter);
    match format {
        LogFormat::Text => registry.with(fmt::layer().with_writer(std::io::stderr).with_target(false)).init(),
        LogFormat::Json => registry.with(fmt::layer().with_writer(std::io::stderr).json()).init(),
    }
}
