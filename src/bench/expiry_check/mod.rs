//! `yizhan bench expiry-check`: the nightly check over many lots, beside the bare SQL that writes the same rows.
//!
//! A scratch database is filled, and the job itself checks it as of the day before. Copies of that are brought into the next day,
//! one by the bare statements and one by the real job, in alternating order, `synchronous=FULL` and the commit included. Then
//! what the two have written is held against each other.

mod bare;
mod compare;
mod memory;
mod scratch;
mod seed;

use std::time::Instant;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

pub use self::scratch::Place;
use self::{compare::Written, memory::Watch, scratch::Scratch};
use super::{NoFigure, median};
use crate::{app::App, clock::Clock, config::Config, db::Db, jobs};

/// Five past midnight in Shanghai, 24 November 2026.
const NIGHT: DateTime<Utc> = DateTime::from_timestamp(1_795_449_900, 0).expect("it is in the range of dates");

/// What was measured.
#[derive(Clone, Debug)]
pub struct Figures {
    /// What the night has written about lots.
    pub written: Written,
    /// Seconds of the bare SQL, and of the job: median of the rounds.
    pub seconds: (f64, f64),
    /// Megabytes the process had at most while the job ran, and by how much that was more than before; the worst of the rounds.
    pub memory: Option<(f64, f64)>,
    /// SQL statements that the job has sent.
    pub statements: u64,
}

impl Figures {
    /// How many times as long as the bare SQL the job takes.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        self.seconds.1 / self.seconds.0
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
    let app = open(config, scratch, "seed", before).await?;
    seed::stations(&app).await?;
    app.db.clone().close().await?;
    seed::lots(scratch, "seed", lots, today, before).await?;
    say(&format!("{lots} lots were seeded in {:.1} s", begin.elapsed().as_secs_f64()));
    let app = open(config, scratch, "seed", before).await?;
    let begin = Instant::now();
    let first = jobs::run(&app, "expiry-check").await?;
    say(&format!("the first night took {:.1} s: {first}", begin.elapsed().as_secs_f64()));
    app.db.clone().close().await?;
    let text = bare::statements(scratch.on_sqlite(), today, NIGHT);
    let (mut by_hand, mut by_job, mut memory, mut statements, mut written) = (Vec::new(), Vec::new(), None, 0, None);
    for round in 0..rounds.max(1) {
        for bare in [round % 2 == 0, round % 2 != 0] {
            if bare {
                scratch.copy("seed", "bare").await?;
                let conn = scratch.by_hand("bare").await?;
                let begin = Instant::now();
                bare::run(&conn, &text).await?;
                by_hand.push(begin.elapsed().as_secs_f64());
                conn.close().await?;
            } else {
                scratch.copy("seed", "job").await?;
                let app = open(config, scratch, "job", NIGHT).await?;
                let (begin, watch, sent) = (Instant::now(), Watch::begin(), app.db.statements());
                let report = jobs::run(&app, "expiry-check").await?;
                by_job.push(begin.elapsed().as_secs_f64());
                statements = app.db.statements() - sent;
                memory = worst(memory, watch.end());
                app.db.clone().close().await?;
                if round == 0 {
                    say(&format!("the night: {report}"));
                }
            }
        }
        written = Some(same(scratch, today).await?);
        scratch.remove("bare").await;
        scratch.remove("job").await;
        say(&format!("round {}: bare {:.3} s, job {:.3} s", round + 1, last(&by_hand), last(&by_job)));
    }
    let written = written.ok_or_else(|| NoFigure::NotTheSame("nothing was measured".to_owned()))?;
    Ok(Figures { written, seconds: (median(by_hand), median(by_job)), memory, statements })
}

fn last(seconds: &[f64]) -> f64 {
    seconds.last().copied().unwrap_or_default()
}

fn worst(one: Option<(f64, f64)>, other: Option<(f64, f64)>) -> Option<(f64, f64)> {
    match (one, other) {
        (Some(one), Some(other)) => Some((one.0.max(other.0), one.1.max(other.1))),
        (one, other) => one.or(other),
    }
}

async fn open(config: &Config, scratch: &Scratch, name: &str, now: DateTime<Utc>) -> Result<App, NoFigure> {
    let url = scratch.url(name);
    let config = Config { database_url: url.clone(), ..config.clone() };
    Ok(App::open(config, Clock::frozen_at(now), Db::connect(&url).await?).await?)
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
