//! How a notice reaches people: posted to a gateway, or for trying out, printed in the log.

use std::{sync::OnceLock, time::Duration};

use entity::ids::NoticeId;
use reqwest::{Client, redirect::Policy};
use serde::Serialize;

use crate::config::Config;

/// What the gateway gets. `id` is the same when a notice is posted twice.
#[derive(Serialize)]
pub(super) struct Message<'a> {
    pub(super) id: NoticeId,
    pub(super) phone: &'a str,
    pub(super) language: &'a str,
    pub(super) text: &'a str,
}

/// One client for the process: it keeps its connections.
fn client() -> Result<&'static Client, String> {
    static CLIENT: OnceLock<Result<Client, String>> = OnceLock::new();
    let made = CLIENT.get_or_init(|| {
        // Only another client of this process could have installed it before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = Client::builder().timeout(Duration::from_secs(5)).redirect(Policy::none()).no_proxy();
        builder.build().map_err(|e| e.to_string())
    });
    made.as_ref().map_err(Clone::clone)
}

/// Delivers.
///
/// # Errors
/// What went wrong, without the message itself.
pub(super) async fn deliver(config: &Config, message: &Message<'_>) -> Result<(), String> {
    let Some(gateway) = &config.notice_gateway else {
        tracing::info!(notice = %message.id, "no notice_gateway is set; to {}: {}", message.phone, message.text);
        return Ok(());
    };
    let mut request = client()?.post(gateway).json(message);
    if let Some(token) = &config.notice_gateway_token {
        request = request.bearer_auth(token);
    }
    let response = request.send().await.map_err(|e| e.without_url().to_string())?;
    if response.status().is_success() { Ok(()) } else { Err(format!("the gateway answered {}", response.status())) }
}
