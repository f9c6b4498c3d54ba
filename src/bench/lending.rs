//! `yizhan bench lending`: how fast the desk is.
//!
//! A round trip is a borrow and a return through the real verbs, with everything on: idempotency keys, rules, events,
//! claims, `synchronous=FULL`. Every client has an umbrella of its own. Each number of clients is measured with the shared
//! commit of the gate and with one transaction per verb, in alternating order, after a warm-up.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use entity::{ids::StationId, kind::Identity};

use super::{NoFigure, median};
use crate::{
    app::App,
    clock::Clock,
    config::Config,
    db::{Db, Trouble},
    desk::{self, Actor, Desk, Door, borrow::Borrow, give_back::GiveBack, items::Register},
};

/// How many clients at once.
const CLIENTS: [usize; 3] = [1, 8, 64];
/// How often each is measured.
const ROUNDS: usize = 3;

/// One line of the result.
#[derive(Clone, Debug)]
pub struct Line {
    /// How many clients at once.
    pub clients: usize,
    /// Round trips per second with the shared commit: median of the rounds.
    pub shared: f64,
    /// Round trips per second with one transaction per verb: median of the rounds.
    pub single: f64,
    /// Milliseconds of a round trip with the shared commit: median and 99th percentile.
    pub p50_p99: (f64, f64),
}

/// Measures on SQLite in `folder`, each measurement for `span`.
///
/// # Errors
/// [`NoFigure`].
pub async fn group_commit(config: &Config, folder: &Path, span: Duration, mut say: impl FnMut(&Line)) -> Result<(), NoFigure> {
    let shared = Stand::new(config, &folder.join("shared.db"), 64).await?;
    let single = Stand::new(config, &folder.join("single.db"), 1).await?;
    for clients in CLIENTS {
        shared.run(clients, span / 4).await?;
        single.run(clients, span / 4).await?;
        let (mut with, mut without, mut times) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let run = shared.run(clients, span).await?;
            with.push(run.per_second);
            times.extend(run.times);
            without.push(single.run(clients, span).await?.per_second);
        }
        times.sort_unstable();
        let at = |percent: usize| times.get(times.len() * percent / 100).map_or(0.0, |t| t.as_secs_f64() * 1_000.0);
        say(&Line { clients, shared: median(with), single: median(without), p50_p99: (at(50), at(99)) });
    }
    Ok(())
}

/// A station with an umbrella for every client.
struct Stand {
    app: App,
    codes: Vec<String>,
}

struct Run {
    per_second: f64,
    times: Vec<Duration>,
}

impl Stand {
    async fn new(config: &Config, file: &Path, share_limit: usize) -> Result<Self, NoFigure> {
        let url = format!("sqlite://{}?mode=rwc", file.display());
        Db::migrate(&url).await?;
        let config = Config { database_url: url.clone(), ..config.clone() };
        let app = App::open(config, Clock::system(), Db::connect_sharing(&url, share_limit).await?).await?;
        let desk = Desk::internal(&app, Door::Cli);
        let community = desk::communities::create(desk.clone(), "bench".to_owned()).await?.into_receipt();
        let name = desk::stations::Particulars { name: Some("bench".to_owned()), ..Default::default() };
        let station = desk::stations::create(desk.clone(), (community.id.into(), "B".to_owned(), name)).await?.into_receipt();
        let kind = desk::kinds::Particulars {
            name: Some("umbrella".to_owned()),
            category: Some("umbrella".to_owned()),
            identity: Some(Identity::Anonymous),
            ..Default::default()
        };
        let kind = desk::kinds::create(desk.clone(), (None, kind)).await?.into_receipt();
        let station: StationId = station.id.into();
        let order = Register { kind: kind.id.into(), station, count: 64, code: None, label: None };
        let items = desk::items::register(desk, order).await?.into_receipt().items;
        Ok(Self { app, codes: items.into_iter().map(|item| item.code).collect() })
    }

    async fn run(&self, clients: usize, span: Duration) -> Result<Run, NoFigure> {
        let over = Arc::new(AtomicBool::new(false));
        let begin = Instant::now();
        let mut hands = Vec::new();
        for code in self.codes.iter().take(clients).cloned() {
            hands.push(tokio::spawn(hand(self.app.clone(), code, Arc::clone(&over))));
        }
        tokio::time::sleep(span).await;
        over.store(true, Relaxed);
        let mut times = Vec::new();
        for hand in hands {
            times.extend(hand.await.map_err(|e| Trouble::Fault(e.to_string()))??);
        }
        #[expect(clippy::cast_precision_loss, reason = "a count of round trips is far below 2^52")]
        let per_second = times.len() as f64 / begin.elapsed().as_secs_f64();
        Ok(Run { per_second, times })
    }
}

/// Borrows and gives back until it is over. Gives back the time of every round trip.
async fn hand(app: App, code: String, over: Arc<AtomicBool>) -> Result<Vec<Duration>, NoFigure> {
    let desk = |n: u64| Desk {
        actor: Actor::visitor(),
        key: Some((format!("{code}-{}-{n}", app.clock.id::<uuid::Uuid>()), vec![0; 32])),
        ..Desk::internal(&app, Door::Api)
    };
    let mut times = Vec::new();
    while !over.load(Relaxed) {
        let begin = Instant::now();
        let borrow = Borrow { code: code.clone(), ..Borrow::default() };
        desk::answer(desk(0), borrow, desk::borrow::borrow).await?;
        let back = GiveBack { code: code.clone(), ..GiveBack::default() };
        desk::answer(desk(1), back, desk::give_back::give_back).await?;
        times.push(begin.elapsed());
    }
    Ok(times)
}
