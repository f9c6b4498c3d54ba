//! `yizhan bench scan-page`: how fast the page behind a sticker is.
//!
//! A real server over a demo's database answers what a phone asks for after a scan, compressed as a phone wants it; beside it, a
//! bare route behind the same door answers a constant of the same size. Both are asked at the same pace, and then as fast as
//! they can, in alternating order, over connections that are kept.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use axum::{Router, routing::get};
use reqwest::Client;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use super::{NoFigure, median};
use crate::{
    app::App,
    clock::Clock,
    config::{Config, Switch},
    db::{Db, Trouble},
    demo, front,
};

/// How often in a second a page is asked for when it is paced.
const PACE: u32 = 100;
/// How many ask at once when it is not.
const CLIENTS: usize = 16;
/// How often each side is measured.
const ROUNDS: usize = 3;

/// How one side did.
#[derive(Clone, Copy, Debug)]
pub struct Side {
    /// Milliseconds of an answer at a pace of 100 a second: median and 99th percentile.
    pub paced: (f64, f64),
    /// Milliseconds of an answer when sixteen ask at once: median and 99th percentile.
    pub flat_out: (f64, f64),
    /// Answers per second when sixteen ask at once: median of the rounds.
    pub per_second: f64,
}

/// The result.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    /// The page.
    pub page: Side,
    /// The constant.
    pub bare: Side,
    /// How large an answer is on the wire, in bytes.
    pub bytes: usize,
}

/// Measures over a demo's database in `folder`, each measurement for `span`.
///
/// # Errors
/// [`NoFigure`].
pub async fn measure(config: &Config, folder: &Path, span: Duration) -> Result<Figures, NoFigure> {
    let url = format!("sqlite://{}?mode=rwc", folder.join("scan.db").display());
    Db::migrate(&url).await?;
    let code = Some("bench".to_owned());
    let config = Config { database_url: url.clone(), rate_limit: Switch::Off, setup_code: code, ..config.clone() };
    let now = Clock::system().now();
    let story = App::open(config.clone(), Clock::frozen_at(now), Db::connect(&url).await?).await?;
    let sights = demo::fill(&story, now, |_, _| {}).await.map_err(|e| NoFigure::NotTheSame(e.to_string()))?;
    let app = App::open(config, Clock::system(), Db::connect(&url).await?).await?;
    let server = Server::start(&app, front::router(&app)).await?;
    // The client would not be built without; somebody may have chosen before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().no_proxy().build().map_err(|e| broken(&e))?;
    let page = Asked { client: client.clone(), url: format!("{}/q/{}", server.base, sights.umbrella) };
    let body = page.once().await?;
    let bytes = body.len();
    let constant = axum::body::Bytes::from(body);
    let answer = move || std::future::ready(([("content-encoding", "gzip"), ("content-type", "text/html")], constant.clone()));
    let beside = Server::start(&app, Router::new().route("/q/{code}", get(answer))).await?;
    let bare = Asked { client, url: format!("{}/q/{}", beside.base, sights.umbrella) };
    if bare.once().await?.len() != bytes {
        return Err(NoFigure::NotTheSame("the constant is not as long as the page".to_owned()));
    }
    let (mut of_page, mut of_bare) = (Gathered::default(), Gathered::default());
    for asked in [&page, &bare] {
        asked.flat_out(span / 4).await?;
    }
    for round in 0..ROUNDS {
        let mut sides = [(&page, &mut of_page), (&bare, &mut of_bare)];
        // Whoever is second finds a warmer machine.
        if round % 2 == 1 {
            sides.reverse();
        }
        for (asked, gathered) in sides {
            gathered.paced.extend(asked.paced(span).await?);
            let (times, per_second) = asked.flat_out(span).await?;
            gathered.flat_out.extend(times);
            gathered.per_second.push(per_second);
        }
    }
    let figures = Figures { page: of_page.side(), bare: of_bare.side(), bytes };
    server.end().await?;
    beside.end().await?;
    Ok(figures)
}

fn broken(error: &dyn std::fmt::Display) -> NoFigure {
    Trouble::Fault(error.to_string()).into()
}

/// A server in this process.
struct Server {
    base: String,
    end: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

impl Server {
    async fn start(app: &App, router: Router) -> Result<Self, NoFigure> {
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

    async fn end(self) -> Result<(), NoFigure> {
        drop(self.end);
        self.running.await.map_err(|e| broken(&e))
    }
}

/// Somebody who asks for one page again and again.
#[derive(Clone)]
struct Asked {
    client: Client,
    url: String,
}

impl Asked {
    /// Asks once, as a phone does.
    async fn once(&self) -> Result<Vec<u8>, NoFigure> {
        let request = self.client.get(&self.url).header("accept", "text/html").header("accept-encoding", "gzip");
        let answer = request.header("accept-language", "zh-CN").send().await.map_err(|e| broken(&e))?;
        if !answer.status().is_success() {
            return Err(NoFigure::NotTheSame(format!("{} answered {}", self.url, answer.status())));
        }
        Ok(answer.bytes().await.map_err(|e| broken(&e))?.to_vec())
    }

    async fn timed(&self) -> Result<Duration, NoFigure> {
        let begin = Instant::now();
        self.once().await?;
        Ok(begin.elapsed())
    }

    /// At the pace, whether or not the last answer has come: who is late makes the next one wait, and that is measured.
    async fn paced(&self, span: Duration) -> Result<Vec<Duration>, NoFigure> {
        let mut ticks = tokio::time::interval(Duration::from_secs(1) / PACE);
        let mut hands = Vec::new();
        let begin = Instant::now();
        while begin.elapsed() < span {
            ticks.tick().await;
            let asked = self.clone();
            hands.push(tokio::spawn(async move { asked.timed().await }));
        }
        let mut times = Vec::with_capacity(hands.len());
        for hand in hands {
            times.push(hand.await.map_err(|e| broken(&e))??);
        }
        Ok(times)
    }

    /// Several at once, each as fast as it is answered.
    async fn flat_out(&self, span: Duration) -> Result<(Vec<Duration>, f64), NoFigure> {
        let over = Arc::new(AtomicBool::new(false));
        let begin = Instant::now();
        let hand = |asked: Self, over: Arc<AtomicBool>| async move {
            let mut times = Vec::new();
            while !over.load(Relaxed) {
                times.push(asked.timed().await?);
            }
            Ok::<_, NoFigure>(times)
        };
        let hands: Vec<_> = (0..CLIENTS).map(|_| tokio::spawn(hand(self.clone(), Arc::clone(&over)))).collect();
        tokio::time::sleep(span).await;
        over.store(true, Relaxed);
        let mut times = Vec::new();
        for hand in hands {
            times.extend(hand.await.map_err(|e| broken(&e))??);
        }
        #[expect(clippy::cast_precision_loss, reason = "a count of answers is far below 2^52")]
        let per_second = times.len() as f64 / begin.elapsed().as_secs_f64();
        Ok((times, per_second))
    }
}

/// What one side did in all rounds.
#[derive(Default)]
struct Gathered {
    paced: Vec<Duration>,
    flat_out: Vec<Duration>,
    per_second: Vec<f64>,
}

impl Gathered {
    fn side(self) -> Side {
        Side { paced: p50_p99(self.paced), flat_out: p50_p99(self.flat_out), per_second: median(self.per_second) }
    }
}

fn p50_p99(mut times: Vec<Duration>) -> (f64, f64) {
    times.sort_unstable();
    let at = |percent: usize| times.get(times.len() * percent / 100).map_or(0.0, |t| t.as_secs_f64() * 1_000.0);
    (at(50), at(99))
}
