//! `yizhan bench expiry-check`: the nightly check over many lots, beside the bare SQL that writes the same rows.
//!
//! A scratch database is filled, and the job itself checks it as of the day before. Copies of that are brought into the next day,
//! one by the bare statements and one by the real job in a process of its own, in alternating order, `synchronous=FULL` and the commit included. Then
//! what the two have written is held against each other.

mod bare;
mod compare;
mod memory;
mod scratch;
mod seed;

use std::{
    io::Write,
    process::{Command, Stdio},
    time::Instant,
};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

pub use self::scratch::Place;
use self::{compare::Written, scratch::Scratch};
use super::{NoFigure, median};
use crate::{app::App, clock::Clock, config::Config, db::Db, jobs};

/// Five past midnight in Shanghai, 24 November 2026.
const NIGHT: DateTime<Utc> = DateTime::from_timestamp(1_795_449_900, 0).expect("it is in the range of dates");

/// One run of the job.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Night {
    /// How long it took.
    seconds: f64,
    /// SQL statements that were sent.
    statements: u64,
    /// Megabytes at most.
    memory: Option<f64>,
    /// What it says that it did.
    report: String,
}

/// What was measured.
#[derive(Clone, Debug)]
pub struct Figures {
    /// What the night has written.
    pub written: Written,
    /// Seconds of the bare SQL that writes about lots only.
    pub bare_lots: f64,
    /// Seconds of the bare SQL that writes all rows, the books too.
    pub bare: f64,
    /// Seconds of the bare SQL that holds every lot against its ledger, and writes nothing where the books are right.
    pub bare_audit: f64,
    /// Seconds of the job.
    pub job: f64,
    /// Megabytes that a process which does nothing but the job has at most; the worst of the rounds.
    pub memory: Option<f64>,
    /// SQL statements that the job has sent.
    pub statements: u64,
}

impl Figures {
    /// How many times as long the job takes as the bare SQL that writes the same rows, without the audit of the ledger, of
    /// which the job does its part all the same.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        self.job / self.bare
    }

    /// How many times as long the job takes as the bare SQL that writes the same rows and has held every lot against its
    /// ledger: of very many the job looks at a part, and at those that have moved.
    #[must_use]
    pub fn ratio_with_audit(&self) -> f64 {
        self.job / (self.bare + self.bare_audit)
    }
}

/// Measures with `lots` lots, each side `rounds` times.
///
/// # Errors
/// [`NoFigure`]; [`NoFigure::NotTheSame`] when the two sides have not written the same.
pub async fn measure(
    config: &Config,
    place: Place,
    (lots, rounds): (u32, usize),
    mut say: impl FnMut(&str),
) -> Result<Figures, NoFigure> {
    let mut scratch = Scratch::new(place);
    let measured = in_scratch(config, &mut scratch, (lots, rounds), &mut say).await;
    scratch.clear().await;
    measured
}

async fn in_scratch(
    config: &Config,
    scratch: &mut Scratch,
    (lots, rounds): (u32, usize),
    say: &mut impl FnMut(&str),
) -> Result<Figures, NoFigure> {
    let before = NIGHT - TimeDelta::days(1);
    let today = NIGHT.with_timezone(&chrono_tz::Asia::Shanghai).date_naive();
    let begin = Instant::now();
    scratch.make("seed").await?;
    let app = open(config, &scratch.url("seed"), before).await?;
    seed::stations(&app).await?;
    app.db.clone().close().await?;
    seed::lots(scratch, "seed", lots, today, before).await?;
    say(&format!("{lots} lots were seeded in {:.1} s", begin.elapsed().as_secs_f64()));
    let app = open(config, &scratch.url("seed"), before).await?;
    let begin = Instant::now();
    let first = jobs::run(&app, "expiry-check").await?;
    say(&format!("the first night took {:.1} s: {first}", begin.elapsed().as_secs_f64()));
    app.db.clone().close().await?;
    seed::settle(scratch, "seed").await?;
    let [text, books, audit] = bare::statements(scratch.on_sqlite(), today, NIGHT);
    let (mut lots_by_hand, mut by_hand, mut audits, mut by_job) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut memory, mut statements, mut written) = (None::<f64>, 0, None);
    for round in 0..rounds.max(1) {
        for bare in [round % 2 == 0, round % 2 != 0] {
            if bare {
                scratch.copy("seed", "bare").await?;
                let conn = scratch.by_hand("bare").await?;
                let begin = Instant::now();
                bare::run(&conn, &text).await?;
                lots_by_hand.push(begin.elapsed().as_secs_f64());
                bare::run(&conn, &books).await?;
                by_hand.push(begin.elapsed().as_secs_f64());
                let begin = Instant::now();
                bare::run(&conn, &audit).await?;
                audits.push(begin.elapsed().as_secs_f64());
                conn.close().await?;
            } else {
                scratch.copy("seed", "job").await?;
                let night = in_a_process_of_its_own(scratch.url("job")).await?;
                by_job.push(night.seconds);
                statements = night.statements;
                memory = night.memory.map(|now| memory.map_or(now, |most| most.max(now)));
                if round == 0 {
                    say(&format!("the night: {}", night.report));
                }
            }
        }
        written = Some(same(scratch, today).await?);
        scratch.remove("bare").await;
        scratch.remove("job").await;
        let (about_lots, all, audit, job) = (last(&lots_by_hand), last(&by_hand), last(&audits), last(&by_job));
        let bare = format!("bare {all:.3} s (about lots {about_lots:.3} s) and audit {audit:.3} s");
        say(&format!("round {}: {bare}, job {job:.3} s", round + 1));
    }
    let written = written.ok_or_else(|| NoFigure::NotTheSame("nothing was measured".to_owned()))?;
    let (bare_lots, bare, bare_audit, job) = (median(lots_by_hand), median(by_hand), median(audits), median(by_job));
    Ok(Figures { written, bare_lots, bare, bare_audit, job, memory, statements })
}

fn last(seconds: &[f64]) -> f64 {
    seconds.last().copied().unwrap_or_default()
}

/// Runs the job of the night on the database at `url`.
///
/// # Errors
/// [`NoFigure`].
pub async fn night(config: &Config, url: &str) -> Result<Night, NoFigure> {
    let app = open(config, url, NIGHT).await?;
    let (begin, sent) = (Instant::now(), app.db.statements());
    let report = jobs::run(&app, "expiry-check").await?.to_string();
    let (seconds, statements) = (begin.elapsed().as_secs_f64(), app.db.statements() - sent);
    app.db.clone().close().await?;
    Ok(Night { seconds, statements, memory: memory::peak(), report })
}

/// So that its memory is nobody else's.
async fn in_a_process_of_its_own(url: String) -> Result<Night, NoFigure> {
    let run = move || {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["bench", "expiry-check", "--night"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            writeln!(stdin, "{url}")?;
        }
        child.wait_with_output()
    };
    let ended = tokio::task::spawn_blocking(run).await.map_err(|error| NoFigure::NotTheSame(error.to_string()))??;
    let said = String::from_utf8_lossy(&ended.stdout);
    serde_json::from_str(said.trim()).map_err(|error| NoFigure::NotTheSame(format!("the process of the job: {error}: {said}")))
}

async fn open(config: &Config, url: &str, now: DateTime<Utc>) -> Result<App, NoFigure> {
    let config = Config { database_url: url.to_owned(), ..config.clone() };
    Ok(App::open(config, Clock::frozen_at(now), Db::connect(url).await?).await?)
}

/// What both have written, if it is the same.
async fn same(scratch: &Scratch, today: NaiveDate) -> Result<Written, NoFigure> {
    let mut both = Vec::with_capacity(2);
    for name in ["bare", "job"] {
        let conn = scratch.by_hand(name).await?;
        both.push(compare::read(&conn, today, NIGHT).await?);
        conn.close().await?;
    }
    match both.as_slice() {
        [bare, job] if bare == job => Ok(bare.clone()),
        [bare, job] => Err(NoFigure::NotTheSame(format!("they have not written the same: bare {bare:?}, job {job:?}"))),
        _ => Err(NoFigure::NotTheSame("one side is missing".to_owned())),
    }
}
