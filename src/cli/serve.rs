//! `yizhan serve`.

use tokio::net::TcpListener;

use super::{Failed, open};
use crate::{app::App, config::Config, desk, front, jobs, telemetry};

/// Serves until the process is asked to end.
pub(super) async fn run(config: Config) -> Result<(), Failed> {
    telemetry::init(config.log_format);
    front::count_from_now();
    let app = open(config).await?;
    if app.config.secret_key.is_none() {
        tracing::warn!("no secret_key is set: names and phone numbers are sealed with a key that lies in the same database");
    }
    if let Some(code) = desk::set_up::offer(&app).await? {
        tracing::info!("还没有管理员 / no admin yet: open {}/setup and type the code {code}", app.config.base_url);
    }
    let listener = listen(&app).await?;
    serve_on(app, listener).await
}

/// Opens the port.
pub(super) async fn listen(app: &App) -> Result<TcpListener, Failed> {
    let address = &app.config.listen;
    TcpListener::bind(address).await.map_err(|e| Failed::Because(format!("cannot listen on {address}: {e}")))
}

/// Serves on an open port until the process is asked to end.
pub(super) async fn serve_on(app: App, listener: TcpListener) -> Result<(), Failed> {
    let address = listener.local_addr().map_err(|e| Failed::Because(e.to_string()))?;
    tracing::info!("listening on {address}, reached at {}", app.config.base_url);
    let bells = jobs::start(&app).await.map_err(|e| Failed::Because(e.to_string()))?;
    let router = front::router(&app);
    front::serve::serve(app.clone(), router, listener, asked_to_end()).await;
    bells.stop().await;
    // On SQLite the log comes home into the file.
    app.db.clone().close().await?;
    tracing::info!("ended; nothing was left undone");
    Ok(())
}

/// Ready on SIGTERM or Ctrl-C.
async fn asked_to_end() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
