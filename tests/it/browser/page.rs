//! A browser in somebody's hands: opens, taps, types, reads, and counts the taps.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering::Relaxed},
    time::Duration,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use thirtyfour::{
    By, Key, WebDriver, WebElement,
    extensions::query::{ElementQueryable, ElementWaitable},
    stringmatch::StringMatch,
};

use super::{Look, driver, wire::Wire};

/// How long a page may take, and how often it is looked at.
const PATIENCE: Duration = Duration::from_secs(10);
const GLANCE: Duration = Duration::from_millis(50);

/// A browser with nobody's cookies, at a server.
pub(crate) struct Browser {
    pub(crate) driver: WebDriver,
    pub(crate) look: Look,
    pub(super) wire: Wire,
    scans: AtomicU32,
    taps: AtomicU32,
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(driver) = driver::driver() {
            driver.take_back(self.driver.clone());
        }
    }
}

/// Looks at a browser that somebody else holds.
pub(crate) struct Eye(WebDriver);

impl Eye {
    /// Saves what is there to be seen, if that can be.
    pub(crate) async fn saw(&self, name: &str) {
        if let Ok(png) = whole_page(&self.0).await {
            let _ = std::fs::write(picture(name), png);
        }
    }
}

impl Browser {
    /// A browser of its own for somebody who looks in this way.
    pub(crate) async fn open(look: Look, server: &str) -> Self {
        let driver = driver::driver().expect("looked for before").lend().await;
        let wire = Wire::new(server).await;
        let browser = Self { driver, look, wire, scans: AtomicU32::new(0), taps: AtomicU32::new(0) };
        browser.adapt(look).await;
        browser
    }

    /// Looks in another way from the next page on.
    pub(crate) async fn look_as(&mut self, look: Look) {
        self.look = look;
        self.adapt(look).await;
    }

    async fn adapt(&self, look: Look) {
        let metrics = json!({
            "width": look.width, "height": look.height, "deviceScaleFactor": look.scale, "mobile": look.mobile,
            "screenWidth": look.width, "screenHeight": look.height,
        });
        self.cdp("Emulation.setDeviceMetricsOverride", metrics).await;
        let fingers = json!({ "enabled": look.mobile, "maxTouchPoints": if look.mobile { 5 } else { 1 } });
        self.cdp("Emulation.setTouchEmulationEnabled", fingers).await;
        let version = self.cdp("Browser.getVersion", json!({})).await;
        let mut agent = version["userAgent"].as_str().unwrap().replace("HeadlessChrome", "Chrome");
        if look.mobile {
            agent = agent.replace("X11; Linux x86_64", "Linux; Android 14; Mobile").replace(" Safari", " Mobile Safari");
        }
        let who = json!({ "userAgent": agent, "acceptLanguage": look.language });
        self.cdp("Emulation.setUserAgentOverride", who).await;
        let scheme = if look.dark { "dark" } else { "light" };
        let motion = if look.still { "reduce" } else { "no-preference" };
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": motion },
        ]);
        self.cdp("Emulation.setEmulatedMedia", json!({ "media": "", "features": features })).await;
        self.cdp("Emulation.setScriptExecutionDisabled", json!({ "value": !look.script })).await;
    }

    /// What this browser calls the server: the one origin it may ask.
    pub(crate) fn base(&self) -> &str {
        &self.wire.base
    }

    /// A command of the `DevTools` protocol.
    pub(crate) async fn cdp(&self, method: &str, params: Value) -> Value {
        self.driver.cdp().send_raw(method, params).await.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// Runs the body of a function in the page; also where the page itself may run none.
    pub(crate) async fn run(&self, script: &str, args: Vec<Value>) -> Value {
        self.driver.execute(script, args).await.unwrap().json().clone()
    }

    /// Goes to a path of the server.
    pub(crate) async fn open_path(&self, path: &str) {
        self.driver.goto(format!("{}{path}", self.base())).await.unwrap();
    }

    /// Tries to go to a path; whether the server's page came, and not one about trouble.
    pub(crate) async fn reached(&self, path: &str) -> bool {
        let tried = self.driver.goto(format!("{}{path}", self.base())).await;
        // A page that the worker had kept has a response, too, but took nothing over the wire.
        let size = "return performance.getEntriesByType('navigation')[0]?.transferSize ?? 0";
        tried.is_ok() && self.run(size, Vec::new()).await.as_f64().unwrap_or_default() > 0.0
    }

    /// Scans a sticker with the phone's own scanner.
    pub(crate) async fn scan(&self, code: &str) {
        self.scans.fetch_add(1, Relaxed);
        self.open_path(&format!("/q/{code}")).await;
    }

    /// Shows a page that is not the server's.
    pub(crate) async fn show(&self, html: &str) {
        self.driver.goto(format!("data:text/html;charset=utf-8;base64,{}", BASE64_STANDARD.encode(html))).await.unwrap();
    }

    /// Chooses large type, as the switch on every page does; holds from the next page on.
    pub(crate) async fn large_type(&self) {
        self.cdp("Network.setCookie", json!({ "url": self.base(), "name": "size", "value": "elder" })).await;
    }

    /// Comes as if for the first time: without cookies, cache, store or worker.
    pub(crate) async fn forget(&self) {
        driver::wipe(&self.driver).await.unwrap();
    }

    /// Loads the page again.
    pub(crate) async fn reload(&self) {
        self.driver.refresh().await.unwrap();
    }

    /// The path and query of where we are.
    pub(crate) async fn path(&self) -> String {
        let url = self.driver.current_url().await.unwrap();
        url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
    }

    /// Waits until the path begins so.
    pub(crate) async fn shall_be_at(&self, path: &str) {
        let deadline = std::time::Instant::now() + PATIENCE;
        while !self.path().await.starts_with(path) {
            assert!(std::time::Instant::now() < deadline, "at {}, not at {path}", self.path().await);
            tokio::task::yield_now().await;
        }
    }

    /// What can be read.
    pub(crate) async fn text(&self) -> String {
        // The driver's own idea of text leaves out what stands in <noscript>.
        self.run("return document.body.innerText", Vec::new()).await.as_str().unwrap_or_default().to_owned()
    }

    /// Whether this can be read now.
    pub(crate) async fn says(&self, text: &str) -> bool {
        self.text().await.contains(text)
    }

    /// Waits until this can be read.
    pub(crate) async fn shall_say(&self, text: &str) {
        let body = self.driver.query(By::Tag("body")).ignore_errors(true).wait(PATIENCE, GLANCE);
        let there = body.with_property("innerText", StringMatch::new(text.to_owned()).partial()).exists().await.unwrap();
        if !there {
            panic!("“{text}” is not on {}, which says:\n{}", self.path().await, self.text().await);
        }
    }

    /// Waits until this cannot be read any more.
    pub(crate) async fn shall_not_say(&self, text: &str) {
        let deadline = std::time::Instant::now() + PATIENCE;
        while self.says(text).await {
            assert!(std::time::Instant::now() < deadline, "“{text}” is still on {}", self.path().await);
            tokio::task::yield_now().await;
        }
    }

    /// Waits until there is such an element to be seen.
    pub(crate) async fn find(&self, css: &str) -> WebElement {
        let query = self.driver.query(By::Css(css)).ignore_errors(true).wait(PATIENCE, GLANCE).and_displayed();
        match query.first().await {
            Ok(element) => element,
            Err(_) => panic!("no {css} on {}, which says:\n{}", self.path().await, self.text().await),
        }
    }

    /// Taps what bears this text: a button, a link, a label, the head of a fold. Whole text goes before part of it.
    pub(crate) async fn tap(&self, text: &str) {
        let text = quoted(text);
        let tappable = "//*[self::button or self::a or self::label or self::summary or @role='button']";
        let whole = format!("{tappable}[normalize-space(.)={text}] | //input[@value={text}]");
        let part = format!("{tappable}[contains(normalize-space(.),{text})] | //*[@aria-label={text}]");
        let query = self.driver.query(By::XPath(whole)).and_displayed().or(By::XPath(part)).and_displayed();
        let Ok(element) = query.ignore_errors(true).wait(PATIENCE, GLANCE).first().await else {
            panic!("nothing to tap says {text} on {}, which says:\n{}", self.path().await, self.text().await);
        };
        self.tap_element(&element).await;
    }

    /// Taps what bears this text within the item of a list that says something else.
    pub(crate) async fn tap_in(&self, item: &str, text: &str) {
        let (item, text) = (quoted(item), quoted(text));
        let path = format!("//li[contains(.,{item})]//*[self::a or self::button][contains(normalize-space(.),{text})]");
        let query = self.driver.query(By::XPath(path)).ignore_errors(true).wait(PATIENCE, GLANCE).and_displayed();
        let Ok(element) = query.first().await else {
            panic!("nothing in {item} says {text} on {}, which says:\n{}", self.path().await, self.text().await);
        };
        self.tap_element(&element).await;
    }

    /// Taps what a selector finds.
    pub(crate) async fn tap_on(&self, css: &str) {
        let element = self.find(css).await;
        self.tap_element(&element).await;
    }

    async fn tap_element(&self, element: &WebElement) {
        self.taps.fetch_add(1, Relaxed);
        element.wait_until().wait(PATIENCE, GLANCE).clickable().await.unwrap();
        // As people do, who do not tap on what the ways at the bottom cover.
        let centre = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
        self.driver.execute(centre, vec![element.to_json().unwrap()]).await.unwrap();
        element.click().await.unwrap();
    }

    /// The field that is labelled so.
    pub(crate) async fn field(&self, label: &str) -> WebElement {
        let text = quoted(label);
        let control = "*[self::input or self::textarea or self::select]";
        let labelled = format!("//label[contains(normalize-space(.),{text})]");
        let path = format!(
            "{labelled}//{control} | //{control}[@id={labelled}/@for] | //{control}[contains(@aria-label,{text})] | \
             //fieldset[legend[contains(normalize-space(.),{text})]]//{control}"
        );
        let query = self.driver.query(By::XPath(path)).ignore_errors(true).wait(PATIENCE, GLANCE).and_displayed();
        match query.first().await {
            Ok(element) => element,
            Err(_) => panic!("no field {text} on {}, which says:\n{}", self.path().await, self.text().await),
        }
    }

    /// Types into the field with this label, instead of what is there; of a list, chooses what says so.
    pub(crate) async fn fill(&self, label: &str, value: &str) {
        let field = self.field(label).await;
        if field.tag_name().await.unwrap() == "select" {
            let option = format!(".//option[contains(normalize-space(.),{})]", quoted(value));
            field.find(By::XPath(option)).await.unwrap().click().await.unwrap();
        } else if field.attr("type").await.unwrap().as_deref() == Some("file") {
            field.send_keys(value).await.unwrap();
        } else {
            field.clear().await.unwrap();
            field.send_keys(value).await.unwrap();
        }
    }

    /// Goes with the Tab key to what says so, as somebody without a mouse does.
    pub(crate) async fn tab_to(&self, text: &str) {
        for _ in 0..100 {
            self.driver.action_chain().send_keys(Key::Tab + "").perform().await.unwrap();
            if self.focused().await.contains(text) {
                return;
            }
        }
        panic!("the Tab key does not lead to “{text}” on {}", self.path().await);
    }

    /// Types where the focus is.
    pub(crate) async fn press(&self, keys: impl Into<thirtyfour::TypingData>) {
        self.driver.action_chain().send_keys(keys).perform().await.unwrap();
    }

    /// What the focused element says: its label, its text or its name.
    pub(crate) async fn focused(&self) -> String {
        let script = "const e = document.activeElement; if (!e || e === document.body) return '';
            return [e.ariaLabel, ...[...(e.labels ?? [])].map(l => l.innerText), e.innerText, e.value]
                .filter(Boolean).join(' ');";
        self.run(script, Vec::new()).await.as_str().unwrap_or_default().to_owned()
    }

    /// How many stickers were scanned.
    pub(crate) fn scans(&self) -> u32 {
        self.scans.load(Relaxed)
    }

    /// How many taps it took, the scans not counted.
    pub(crate) fn taps(&self) -> u32 {
        self.taps.load(Relaxed)
    }

    /// Counts scans and taps from here.
    pub(crate) fn count_anew(&self) {
        self.scans.store(0, Relaxed);
        self.taps.store(0, Relaxed);
    }

    /// The whole page as `target/screenshots/<name>-<look>.png`.
    pub(crate) async fn screenshot(&self, name: &str) -> PathBuf {
        let file = picture(&format!("{name}-{}", self.look.name()));
        std::fs::write(&file, whole_page(&self.driver).await.unwrap()).unwrap();
        file
    }

    /// What the page or the browser complained of: script errors, violations of the policy, what could not be loaded.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let log = self.driver.get_log("browser").await.unwrap();
        log.into_iter().filter(|entry| entry.level == "SEVERE").map(|entry| entry.message).collect()
    }

    /// The page as it is printed, as PDF; the page's own size of paper counts.
    pub(crate) async fn print(&self) -> Vec<u8> {
        let how = json!({ "preferCSSPageSize": true, "printBackground": true });
        let printed = self.cdp("Page.printToPDF", how).await;
        BASE64_STANDARD.decode(printed["data"].as_str().unwrap()).unwrap()
    }

    pub(crate) fn eye(&self) -> Eye {
        Eye(self.driver.clone())
    }
}

/// As `XPath` has it.
fn quoted(text: &str) -> String {
    assert!(!text.contains('"'), "{text}");
    format!("\"{text}\"")
}

fn picture(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/screenshots");
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(format!("{name}.png"))
}

async fn whole_page(driver: &WebDriver) -> thirtyfour::error::WebDriverResult<Vec<u8>> {
    let how = json!({ "format": "png", "captureBeyondViewport": true });
    let taken = driver.cdp().send_raw("Page.captureScreenshot", how).await?;
    Ok(BASE64_STANDARD.decode(taken["data"].as_str().unwrap_or_default()).unwrap_or_default())
}
