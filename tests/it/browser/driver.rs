//! One chromedriver for all stories, which goes away with this process, however that ends; and the browsers it has started,
//! each of which is used again after it was wiped.

use std::{
    io::BufRead,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};

use serde_json::json;
use tempfile::TempDir;
use thirtyfour::{CapabilitiesHelper, ChromiumLikeCapabilities, DesiredCapabilities, WebDriver};

use super::programs;

/// The chromedriver of this process.
pub(crate) struct Driver {
    url: String,
    chromium: PathBuf,
    /// Where the browsers keep what they know.
    folder: PathBuf,
    /// Started and not in use.
    idle: Mutex<Vec<WebDriver>>,
    /// Its standard input is the life line: when it closes, driver and browsers are ended and the folder removed.
    _keeper: Child,
}

/// `None` where there is no browser.
pub(crate) fn driver() -> Option<&'static Driver> {
    static DRIVER: OnceLock<Option<Driver>> = OnceLock::new();
    DRIVER
        .get_or_init(|| {
            let what = "every test in a real browser";
            let chromium = programs::need(
                &["chromium", "google-chrome", "chromium-browser"],
                "chromium chromium-driver fonts-noto-cjk fonts-noto-color-emoji",
                what,
            )?;
            let driver = programs::need(&["chromedriver"], "chromium-driver", what)?;
            Some(start(&driver, chromium))
        })
        .as_ref()
}

fn start(driver: &std::path::Path, chromium: PathBuf) -> Driver {
    let folder = TempDir::new().unwrap().keep();
    let script = r#"
        # Ctrl-C reaches the whole group of processes; the life line alone decides when this one ends.
        trap '' INT TERM HUP
        # A browser is in nobody's group, but its profile lies in our folder, and no other process names that. (Nor does this
        # search name it.)
        ours() { grep -ls -- "$FOLDER/[p]rofile" /proc/[0-9]*/cmdline | cut -d/ -f3; }
        end() {
            # It ignores a gentle end, as this does.
            kill -9 "$driver" 2>/dev/null
            wait "$driver" 2>/dev/null
            for _ in $(seq 50); do
                left=$(ours)
                [ -n "$left" ] || break
                kill -9 $left 2>/dev/null
                sleep 0.1
            done
            rm -rf "$FOLDER"
        }
        TMPDIR="$FOLDER" "$DRIVER" --port=0 --log-path="$FOLDER/log" </dev/null &
        driver=$!
        trap end EXIT
        cat >/dev/null || true
    "#;
    let mut keeper = Command::new("bash")
        .arg("-c")
        .arg(script)
        .env("FOLDER", &folder)
        .env("DRIVER", driver)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        // What reads our own output must not wait for the keeper.
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let said = std::io::BufReader::new(keeper.stdout.take().unwrap());
    let mut lines = said.lines().map_while(Result::ok);
    let port =
        lines.find_map(|line| line.split("successfully on port ").nth(1).map(|rest| rest.trim_end_matches('.').to_owned()));
    let port = port.expect("chromedriver says its port");
    // Somebody has to read on, or the driver would stop when it speaks.
    std::thread::spawn(move || lines.for_each(drop));
    Driver { url: format!("http://127.0.0.1:{port}"), chromium, folder, idle: Mutex::default(), _keeper: keeper }
}

impl Driver {
    /// A browser that was wiped, or a new one.
    pub(crate) async fn lend(&self) -> WebDriver {
        loop {
            let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(known) = idle else { return self.started().await };
            if wipe(&known).await.is_ok() {
                return known;
            }
            let _ = known.quit().await;
        }
    }

    /// Takes a browser back, as it is.
    pub(crate) fn take_back(&self, browser: WebDriver) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(browser);
    }

    async fn started(&self) -> WebDriver {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let profile = self.folder.join(format!("profile-{}", COUNTER.fetch_add(1, Relaxed)));
        let mut wanted = DesiredCapabilities::chrome();
        wanted.set_binary(self.chromium.to_str().unwrap()).unwrap();
        for switch in [
            "--headless",
            // The tests run as root, too; the only pages are our own.
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            // It shall speak with our server and with nobody else.
            "--no-proxy-server",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-features=Translate,OptimizationHints,MediaRouter",
            "--hide-scrollbars",
            "--window-size=1280,800",
            &format!("--user-data-dir={}", profile.display()),
        ] {
            wanted.add_arg(switch).unwrap();
        }
        // What goes over the wire is told by the driver's log.
        wanted.set("goog:loggingPrefs", json!({ "performance": "ALL", "browser": "ALL" })).unwrap();
        wanted.add_experimental_option("perfLoggingPrefs", json!({ "enableNetwork": true, "enablePage": false })).unwrap();
        WebDriver::builder(&self.url, wanted)
            .client(crate::support::server::client())
            .request_timeout(Duration::from_secs(60))
            .await
            .unwrap()
    }
}

/// Leaves nothing of what the last story did: no window but one, no cookie, no store, no cache, no bad network.
pub(super) async fn wipe(browser: &WebDriver) -> thirtyfour::error::WebDriverResult<()> {
    // A question that was left open stands in the way of everything else.
    let _ = browser.dismiss_alert().await;
    let windows = browser.windows().await?;
    for extra in &windows[1..] {
        browser.switch_to_window(extra.clone()).await?;
        browser.close_window().await?;
    }
    browser.switch_to_window(windows[0].clone()).await?;
    let cdp = browser.cdp();
    let origin = browser.current_url().await?.origin().ascii_serialization();
    if origin != "null" {
        cdp.send_raw("Storage.clearDataForOrigin", json!({ "origin": origin, "storageTypes": "all" })).await?;
    }
    super::network::restore(browser).await?;
    browser.goto("about:blank").await?;
    cdp.send_raw("Network.clearBrowserCookies", json!({})).await?;
    cdp.send_raw("Network.clearBrowserCache", json!({})).await?;
    browser.get_log("performance").await?;
    browser.get_log("browser").await?;
    Ok(())
}
