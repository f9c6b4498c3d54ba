//! The pages as people meet them: in a real browser, on a phone and on a desk, with a script and without.
//!
//! A journey is `async fn story(visit: Visit)`; [`journeys!`] makes of it one test for each way to look at it. A visit has a
//! town of its own on `SQLite`, a server before it that is reached as its stickers say, and a browser that knows nothing of
//! earlier visits. Two stories are told at a time, in browsers that are kept and wiped between stories.
//!
//! What a failed story saw is in `target/screenshots/failed-….png`; what a story shows with [`page::Browser::screenshot`] lies
//! beside it. Where a program is missing, the stories that need it are left out, and it is said which; in CI nothing may be.

use std::{panic::AssertUnwindSafe, sync::OnceLock};

use tokio::{net::TcpListener, runtime::Runtime, sync::Semaphore};

use crate::support::{
    engines::{Engine, Fresh},
    server::Server,
    town::{self, Town},
};

pub(crate) mod axe;
pub(crate) mod driver;
pub(crate) mod look;
pub(crate) mod measures;
pub(crate) mod network;
pub(crate) mod page;
pub(crate) mod print;
pub(crate) mod programs;
pub(crate) mod sheet;
pub(crate) mod wire;

mod booking;
mod everyday;
mod harness;
mod keeping;
mod managing;
mod paper;
mod scanning;
mod tour;

pub(crate) use look::Look;
pub(crate) use page::Browser;

/// Makes of `async fn story(visit: Visit)` a test for each way: `story` alone is told on a phone and on a desktop, each with
/// JavaScript and without; `story: [phone, desktop_dark]` in the ways that are named, which are functions of [`Look`]. The town
/// is empty; with `in tour::tell;` at the head it is the one that is toured.
#[macro_export]
macro_rules! journeys {
    (@ $tell:path, $story:ident) => {
        $crate::journeys!(@ $tell, $story [phone phone_without_script desktop desktop_without_script]);
    };
    (@ $tell:path, $story:ident [$($way:ident)+]) => {
        mod $story {
            $(#[test]
            fn $way() {
                $tell($crate::browser::Look::$way(), super::$story);
            })+
        }
    };
    (in $tell:path; $($story:ident $(: [$($way:ident),+ $(,)?])?),+ $(,)?) => {
        $($crate::journeys!(@ $tell, $story $([$($way)+])?);)+
    };
    ($($story:ident $(: [$($way:ident),+ $(,)?])?),+ $(,)?) => {
        $crate::journeys!(in $crate::browser::tell; $($story $(: [$($way),+])?),+);
    };
}

/// A town, the server before it, and somebody's browser.
pub(crate) struct Visit {
    pub(crate) town: Town,
    pub(crate) server: Server,
    pub(crate) browser: Browser,
}

impl Visit {
    /// The browser of somebody else, who looks as the first one does.
    pub(crate) async fn somebody_else(&self) -> Browser {
        Browser::open(self.browser.look, &self.server.base).await
    }
}

/// One for all stories: what is kept between them, kept connections too, must not end with a story.
fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap())
}

/// Tells a journey in an empty town; does nothing where there is no browser.
pub(crate) fn tell<F: Future<Output = ()>>(look: Look, story: impl FnOnce(Visit) -> F) {
    tell_in(|| Fresh::on(Engine::Sqlite).unwrap(), look, story);
}

/// Tells a journey in a town over a database that is made for it.
pub(crate) fn tell_in<F: Future<Output = ()>>(database: impl FnOnce() -> Fresh, look: Look, story: impl FnOnce(Visit) -> F) {
    // A browser has several processes; more than two of them only wait for each other.
    static TURNS: Semaphore = Semaphore::const_new(2);
    if driver::driver().is_none() {
        return;
    }
    let fresh = database();
    runtime().block_on(async move {
        let _turn = TURNS.acquire().await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let browser = Browser::open(look, &format!("http://{}", listener.local_addr().unwrap())).await;
        let mut config = town::config(&fresh.url);
        browser.base().clone_into(&mut config.base_url);
        let town = Town::with(fresh, config).await;
        let server = Server::on(listener, &town.app);
        let eye = browser.eye();
        let mut told = Box::pin(story(Visit { town, server, browser }));
        let end = std::future::poll_fn(|cx| match std::panic::catch_unwind(AssertUnwindSafe(|| told.as_mut().poll(cx))) {
            Ok(poll) => poll.map(Ok),
            Err(panic) => std::task::Poll::Ready(Err(panic)),
        });
        if let Err(panic) = end.await {
            eye.saw(&format!("failed-{}", std::thread::current().name().unwrap_or("story").replace("::", "-"))).await;
            drop(told);
            std::panic::resume_unwind(panic);
        }
    });
}
