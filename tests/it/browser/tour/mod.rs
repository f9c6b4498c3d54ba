//! A tour through every page there is: each is looked at small and large, light and dark, in both languages; its letters,
//! buttons, dates and bytes are measured, its words are read, and the Tab key goes through it. A page without a stop on the tour fails it.

use std::collections::BTreeSet;

use serde_json::json;

use super::{
    Browser, Look, Visit,
    measures::{Bar, ELDER},
    tell_in,
};

mod keyboard;
mod pages;
mod town;
mod words;

use pages::{ELSEWHERE, NO_PAGES, NOT_FOUND, TASK, WALKS, Walk, Who};
pub(super) use town::{STATION, toured};

/// Tells a journey in the town that is toured.
pub(super) fn tell<F: Future<Output = ()>>(look: Look, story: impl FnOnce(Visit) -> F) {
    tell_in(|| toured().copy(), look, story);
}

#[test]
fn every_page_has_a_stop_on_the_tour() {
    let declared = pages::routes();
    let stops = WALKS.iter().flat_map(|walk| walk.pages).map(|(route, _)| *route).filter(|route| *route != NOT_FOUND);
    let known: BTreeSet<&str> = stops.chain(ELSEWHERE).chain(NO_PAGES).collect();
    let declared: BTreeSet<&str> = declared.iter().map(String::as_str).collect();
    assert!(declared.len() > 60, "{declared:?}");
    assert_eq!(declared.difference(&known).collect::<Vec<_>>(), Vec::<&&str>::new(), "not on the tour");
    assert_eq!(known.difference(&declared).collect::<Vec<_>>(), Vec::<&&str>::new(), "on the tour, and no route");
}

macro_rules! walks {
    ($($name:ident),+ $(,)?) => {$(
        #[test]
        fn $name() {
            let walk = WALKS.iter().find(|walk| walk.name == stringify!($name)).unwrap();
            tell(Look::phone(), |visit| go(visit, walk));
        }
    )+};
}

walks!(visitor, resident, rounds, tasks, counter, things, bookings, manager);

/// Walks, and tells at the end what was wrong anywhere.
async fn go(visit: Visit, walk: &'static Walk) {
    let Visit { town, server, browser } = visit;
    let mut guide = Guide { browser, wrong: Vec::new() };
    guide.browser.cdp("Network.setBypassServiceWorker", json!({ "bypass": true })).await;
    if let Some(session) = sign_in(&town.app, &server.base, walk.who).await {
        let cookie = json!({ "url": guide.browser.base(), "name": "yizhan", "value": session });
        guide.browser.cdp("Network.setCookie", cookie).await;
    }
    for (route, address) in walk.pages {
        let addresses = if *route == TASK { toured().tasks.clone() } else { vec![toured().address(address)] };
        for path in addresses {
            guide.stop(route, &path, walk.bar).await;
        }
    }
    assert!(guide.wrong.is_empty(), "{}", guide.wrong.join("\n"));
}

/// The session of somebody who signs in as the pages ask for it.
async fn sign_in(app: &yizhan::app::App, base: &str, who: Who) -> Option<String> {
    let client = crate::support::server::client();
    let phone = match who {
        Who::Visitor => return None,
        Who::Resident => town::RESIDENT,
        Who::Keeper => yizhan::demo::KEEPER_PHONE,
        Who::Admin => yizhan::demo::ADMIN_PHONE,
    };
    let url = format!("{base}/sign-in");
    let answer = if who == Who::Resident {
        client.post(&url).form(&[("phone", phone)]).send().await.unwrap();
        let code = crate::sessions::code_sent_to(app, phone).await;
        client.post(&url).form(&[("phone", phone), ("code", &code)]).send().await.unwrap()
    } else {
        client.post(&url).form(&[("phone", phone), ("password", yizhan::demo::PASSWORD)]).send().await.unwrap()
    };
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    Some(cookie.strip_prefix("yizhan=").unwrap().split(';').next().unwrap().to_owned())
}

/// Shows somebody round, and notes what is wrong.
struct Guide {
    browser: Browser,
    wrong: Vec<String>,
}

impl Guide {
    fn note(&mut self, path: &str, how: &str, found: impl IntoIterator<Item = String>) {
        self.wrong.extend(found.into_iter().map(|what| format!("{path} ({how}): {what}")));
    }

    /// One page, in every way.
    async fn stop(&mut self, route: &str, path: &str, bar: Bar) {
        let expected = if [NOT_FOUND, "/find"].contains(&route) { 404 } else { 200 };
        let elder = Bar { letters: ELDER.letters, ..bar };
        self.speak("zh").await;
        self.browser.cdp("Network.clearBrowserCache", json!({})).await;
        self.load((route, path), expected, 50_000).await;
        let words = self.browser.foreign_words(&toured().typed).await;
        self.note(path, "Chinese", words);
        let (below, violations) = (self.browser.below(bar).await, self.browser.violations().await);
        self.note(path, "normal", below);
        self.note(path, "normal", violations);
        let beyond = self.browser.beyond_the_keys().await;
        self.note(path, "keys", beyond);
        // Sizes do not depend on the light, nor colours on the size: what is large by day is measured with what is large by
        // night, and seen with what is small by day.
        self.dark(true).await;
        self.look(path, "dark", bar).await;
        self.large(true).await;
        self.look(path, "large and dark", elder).await;
        self.large(false).await;
        self.dark(false).await;
        self.speak("en").await;
        self.load((route, path), expected, 15_000).await;
        let words = self.browser.foreign_words(&toured().typed).await;
        self.note(path, "English", words);
        let below = self.browser.below(bar).await;
        self.note(path, "English", below);
    }

    async fn speak(&self, language: &str) {
        let cookie = json!({ "url": self.browser.base(), "name": "lang", "value": language });
        self.browser.cdp("Network.setCookie", cookie).await;
    }

    /// Opens a page and asks what came, from whom, and whether anything was complained of.
    async fn load(&mut self, (route, path): (&str, &str), expected: i64, most: u64) {
        let loaded = self.browser.visit(path).await;
        if !(500..most).contains(&loaded.bytes) {
            self.note(path, "bytes", [format!("{} of at most {most}: {:?}", loaded.bytes, loaded.urls)]);
        }
        if loaded.origins.iter().collect::<Vec<_>>() != [self.browser.base()] {
            self.note(path, "asked", loaded.origins);
        }
        let status = "return performance.getEntriesByType('navigation')[0].responseStatus";
        let (status, at) = (self.browser.run(status, Vec::new()).await, self.browser.path().await);
        if status != expected || (at != path && !["/staff", "/find"].contains(&route)) {
            self.note(path, "answer", [format!("{status} at {at}")]);
        }
        let complaints = self.browser.complaints().await.into_iter();
        let complaints: Vec<_> = complaints.filter(|line| expected == 200 || !line.contains("status of 404")).collect();
        self.note(path, "console", complaints);
    }

    /// What depends on size and light: the measures, and those rules of axe-core that look at the style of a page.
    async fn look(&mut self, path: &str, how: &str, bar: Bar) {
        let (below, violations) = (self.browser.below(bar).await, self.browser.violations_of_style().await);
        self.note(path, how, below);
        self.note(path, how, violations);
    }

    /// The switch to large type sets this class, and nothing else.
    async fn large(&self, on: bool) {
        self.browser.run("document.documentElement.classList.toggle('elder', arguments[0])", vec![json!(on)]).await;
    }

    async fn dark(&self, on: bool) {
        let scheme = json!([{ "name": "prefers-color-scheme", "value": if on { "dark" } else { "light" } }]);
        self.browser.cdp("Emulation.setEmulatedMedia", json!({ "media": "", "features": scheme })).await;
    }
}
