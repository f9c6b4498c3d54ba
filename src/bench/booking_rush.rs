//! `yizhan bench booking-rush`: eight o'clock, when everybody books at once.
//!
//! Hundreds of residents ask a real server for the same hours of a pool of twenty, all at the same moment, on SQLite with every commit
//! durable; beside it, as many ask a route that does nothing. Exactly twenty may win.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tokio::sync::Barrier;

use super::{
    NoFigure, median,
    server::{Server, broken},
};
use crate::{
    app::App,
    clock::Clock,
    config::{Config, Switch},
    db::Db,
    desk, front,
};

/// How many things there are.
const POOL: usize = 20;
/// How often the rush is made, each for another day.
const ROUNDS: usize = 3;

/// The result. Times are milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    /// How long a resident waited for the answer: median and 99th percentile.
    pub booking: (f64, f64),
    /// The same where nothing is done.
    pub nothing: (f64, f64),
    /// Until the last had an answer: median of the rounds.
    pub whole: f64,
}

/// Measures in a database of its own in `folder`.
///
/// # Errors
/// [`NoFigure`], also when not exactly twenty have won, or anybody was answered with a fault.
pub async fn measure(config: &Config, folder: &Path, residents: usize) -> Result<Figures, NoFigure> {
    let url = format!("sqlite://{}?mode=rwc", folder.join("rush.db").display());
    Db::migrate(&url).await?;
    let code = Some("bench".to_owned());
    let config = Config { database_url: url.clone(), rate_limit: Switch::Off, setup_code: code, ..config.clone() };
    let app = App::open(config, Clock::system(), Db::connect(&url).await?).await?;
    desk::set_up::offer(&app).await?;
    let server = Server::start(&app, front::router(&app)).await?;
    // The client would not be built without; somebody may have chosen before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().no_proxy().build().map_err(|e| broken(&e))?;
    let town = Town::made(&client, &server.base).await?;
    let (mut booking, mut nothing, mut whole) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let idle = rush(residents, |_| client.get(format!("{}/livez", server.base))).await?;
        nothing.extend(idle.iter().map(|(time, _)| *time));
        let began = Instant::now();
        let answers = rush(residents, |n| town.booking(&client, round, n)).await?;
        whole.push(began.elapsed().as_secs_f64() * 1_000.0);
        let won = answers.iter().filter(|(_, status)| *status == StatusCode::CREATED).count();
        let refused = answers.iter().filter(|(_, status)| *status == StatusCode::CONFLICT).count();
        if won != POOL.min(residents) || won + refused != residents {
            return Err(NoFigure::NotTheSame(format!("{won} won and {refused} were refused, of {residents}")));
        }
        booking.extend(answers.iter().map(|(time, _)| *time));
    }
    server.end().await?;
    Ok(Figures { booking: spread(booking), nothing: spread(nothing), whole: median(whole) })
}

/// Everybody at once.
async fn rush(count: usize, ask: impl Fn(usize) -> RequestBuilder) -> Result<Vec<(Duration, StatusCode)>, NoFigure> {
    let gate = Arc::new(Barrier::new(count));
    let hands: Vec<_> = (0..count)
        .map(|n| {
            let (gate, request) = (Arc::clone(&gate), ask(n));
            tokio::spawn(async move {
                gate.wait().await;
                let begin = Instant::now();
                let status = request.send().await.map(|answer| answer.status());
                status.map(|status| (begin.elapsed(), status))
            })
        })
        .collect();
    let mut answers = Vec::with_capacity(count);
    for hand in hands {
        answers.push(hand.await.map_err(|e| broken(&e))?.map_err(|e| broken(&e))?);
    }
    Ok(answers)
}

/// Median and 99th percentile, in milliseconds.
fn spread(mut times: Vec<Duration>) -> (f64, f64) {
    times.sort_unstable();
    let at = |percent: usize| {
        times.get((times.len() * percent / 100).min(times.len().saturating_sub(1))).map_or(0.0, |t| t.as_secs_f64() * 1_000.0)
    };
    (at(50), at(99))
}

/// A station with twenty of a thing, and somebody who books for others.
struct Town {
    base: String,
    token: String,
    kind: String,
}

impl Town {
    async fn made(client: &Client, base: &str) -> Result<Self, NoFigure> {
        let mut town = Self { base: base.to_owned(), token: String::new(), kind: String::new() };
        let admin = json!({ "code": "bench", "name": "bench", "phone": "13800138000", "password": "correct horse" });
        town.token = text(&town.post(client, "setup", &admin).await?, "access_token");
        let community = text(&town.post(client, "communities", &json!({ "name": "八点" })).await?, "id");
        let station = json!({ "community_id": community, "code": "RUSH", "name": "八点" });
        let station = text(&town.post(client, "stations", &station).await?, "id");
        let kind = json!({ "name": "场地", "category": "sports", "identity": "phone" });
        town.kind = text(&town.post(client, "kinds", &kind).await?, "id");
        let items = json!({ "kind_id": town.kind, "station_id": station, "count": POOL });
        town.post(client, "items", &items).await?;
        Ok(town)
    }

    async fn post(&self, client: &Client, path: &str, body: &Value) -> Result<Value, NoFigure> {
        let request = client.post(format!("{}/api/v1/{path}", self.base)).bearer_auth(&self.token).json(body);
        let answer = request.send().await.map_err(|e| broken(&e))?;
        let status = answer.status();
        if !status.is_success() {
            return Err(NoFigure::NotTheSame(format!("{path} answered {status}")));
        }
        answer.json().await.map_err(|e| broken(&e))
    }

    fn booking(&self, client: &Client, round: usize, n: usize) -> RequestBuilder {
        let day = chrono::TimeDelta::days(i64::try_from(round).unwrap_or_default() + 4);
        let from = Clock::system().now() + day;
        let body = json!({
            "station_code": "RUSH", "kind_id": self.kind, "starts_at": from, "ends_at": from + chrono::TimeDelta::hours(2),
            "phone": format!("137{round:04}{n:04}"),
        });
        let key = format!("{round}-{n}");
        client.post(format!("{}/api/v1/bookings", self.base)).bearer_auth(&self.token).header("Idempotency-Key", key).json(&body)
    }
}

fn text(body: &Value, field: &str) -> String {
    body[field].as_str().unwrap_or_default().to_owned()
}
