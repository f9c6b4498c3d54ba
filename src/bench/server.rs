//! A real server on this machine, for those who measure through it.

use axum::Router;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use super::NoFigure;
use crate::{app::App, db::Trouble, front};

pub(super) fn broken(error: &dyn std::fmt::Display) -> NoFigure {
    Trouble::Fault(error.to_string()).into()
}

/// A server in this process.
pub(super) struct Server {
    pub(super) base: String,
    end: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

impl Server {
    pub(super) async fn start(app: &App, router: Router) -> Result<Self, NoFigure> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base = format!("http://{}", listener.local_addr()?);
        let (end, ended) = oneshot::channel::<()>();
        let ended = async {
            // Nobody waits for it any more: that is an end, too.
            let _ = ended.await;
        };
        let running = tokio::spawn(front::serve::serve(app.clone(), router, listener, ended));
        Ok(Self { base, end, running })
    }

    pub(super) async fn end(self) -> Result<(), NoFigure> {
        drop(self.end);
        self.running.await.map_err(|e| broken(&e))
    }
}
