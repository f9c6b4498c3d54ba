//! What goes over the wire: how much a visit loads and from whom, and how a page bears a network that is slow or gone.

use std::{collections::BTreeSet, time::Duration};

use serde_json::{Value, json};
use thirtyfour::{WebDriver, error::WebDriverResult};

use super::{Browser, wire::Quality};

/// What a visit loaded.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    /// With headers, as they came over the wire; what the page's worker fetched, too, as far as that has come.
    pub(crate) bytes: u64,
    /// Every address that was asked for, also what the policy forbade or nobody answered.
    pub(crate) urls: BTreeSet<String>,
    /// Whom the browser asked.
    pub(crate) origins: BTreeSet<String>,
}

impl Browser {
    /// Opens a page and says what that loaded.
    pub(crate) async fn visit(&self, path: &str) -> Loaded {
        self.loaded().await;
        self.open_path(path).await;
        self.loaded().await
    }

    /// What was loaded since this, or [`Browser::visit`], was last asked.
    pub(crate) async fn loaded(&self) -> Loaded {
        let mut loaded = Loaded { bytes: self.wire.came(), ..Loaded::default() };
        for entry in self.driver.get_log("performance").await.unwrap() {
            let entry: Value = serde_json::from_str(&entry.message).unwrap();
            let message = &entry["message"];
            if message["method"] != "Network.requestWillBeSent" {
                continue;
            }
            if let Ok(url) = reqwest::Url::parse(message["params"]["request"]["url"].as_str().unwrap_or_default())
                && ["http", "https", "ws", "wss"].contains(&url.scheme())
            {
                loaded.origins.insert(url.origin().ascii_serialization());
                loaded.urls.insert(url.to_string());
            }
        }
        loaded
    }

    /// The network is gone, and comes back with [`Browser::network_back`].
    pub(crate) async fn go_offline(&self) {
        self.wire.be(Quality::Cut);
        // So that the page is told, too.
        conditions(&self.driver, true).await.unwrap();
    }

    /// A bad place in the basement: so long for each answer, so many bytes a second.
    pub(crate) fn slow_network(&self, latency: Duration, bytes_a_second: u32) {
        self.wire.be(Quality::Slow { latency, bytes_a_second });
    }

    pub(crate) async fn network_back(&self) {
        self.wire.be(Quality::Good);
        restore(&self.driver).await.unwrap();
    }
}

/// The browser believes that there is a network.
pub(super) async fn restore(driver: &WebDriver) -> WebDriverResult<()> {
    conditions(driver, false).await
}

async fn conditions(driver: &WebDriver, offline: bool) -> WebDriverResult<()> {
    let how = json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    driver.cdp().send_raw("Network.emulateNetworkConditions", how).await.map(drop)
}
