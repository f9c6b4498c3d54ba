//! The command line.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand, ValueEnum};

use crate::{
    app::{App, CannotStart},
    clock::Clock,
    config::Config,
    db::Db,
    import::{Options, What},
    jobs,
};

mod bench;
mod demo;
mod registers;
mod serve;

/// Yizhan 便民驿站: a neighbourhood station lends and takes back by QR.
#[derive(Parser)]
#[command(name = "yizhan", version, max_term_width = 100, arg_required_else_help = true)]
pub struct Cli {
    /// Settings file (default: yizhan.toml, if it is there); the environment (YIZHAN_…) wins
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the station: pages, API, jobs. Brings the schema up to date first
    Serve,
    /// Fill a fresh demo station and serve it; prints addresses and a QR code to scan
    Demo {
        /// The demo's database file; one that is not a demo is left alone
        #[arg(long, default_value = "yizhan-demo.db", value_name = "FILE")]
        file: PathBuf,
    },
    /// Bring the schema up to date, and end
    Migrate,
    /// Take a register in from CSV (UTF-8 or GB18030). Try it with --dry-run first
    Import {
        /// What the file holds
        #[arg(value_enum)]
        what: ImportWhat,
        /// The file
        file: PathBuf,
        /// Only say what would be taken in, and what not
        #[arg(long)]
        dry_run: bool,
        /// Where the rows go that are refused
        #[arg(long, value_name = "FILE")]
        rejects: Option<PathBuf>,
        /// The community of new stations; made if there is none of that name
        #[arg(long, value_name = "NAME")]
        community: Option<String>,
    },
    /// Check a live database for what must never be; ends with 1 if something is wrong
    Verify,
    /// Jobs by hand
    Job {
        #[command(subcommand)]
        what: JobCommand,
    },
    /// Measure, as ratios in one run: borrow+return, or the nightly check
    Bench(bench::Bench),
    /// Print the OpenAPI document
    Openapi,
    /// Print the reference of all settings
    ConfigReference,
}

#[expect(clippy::doc_markdown, reason = "shown as help, where backticks would be noise")]
#[derive(Clone, Copy, ValueEnum)]
enum ImportWhat {
    /// code, name, place
    Stations,
    /// item_code, kind, station
    Items,
    /// loan_no, item_code, from_station, to_station, lent_at, returned_at, member_group, phone
    Loans,
    /// A paper list of consumables: station, kind, category, class, partner, proof, base_unit, pack_size, lot_no, made, label,
    /// lapses, quantity, place, code, state, checked, as_of, note
    Stock,
    /// A paper register of what was taken: take_no, station, kind, lot_no, made, label, lapses, quantity, taken_at, phone, note
    Takes,
}

#[derive(Subcommand)]
enum JobCommand {
    /// Run a job now: bookings, expiry-check, overdue, send-notices or sweep
    Run {
        /// Which
        name: String,
    },
}

/// Why a command did not do what it should.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// The process cannot start.
    #[error(transparent)]
    CannotStart(#[from] CannotStart),
    /// Anything else, in words.
    #[error("{0}")]
    Because(String),
}

impl From<crate::config::BadConfig> for Failed {
    fn from(bad: crate::config::BadConfig) -> Self {
        Self::CannotStart(bad.into())
    }
}

impl From<crate::db::Trouble> for Failed {
    fn from(trouble: crate::db::Trouble) -> Self {
        Self::CannotStart(trouble.into())
    }
}

impl Cli {
    /// Does what was asked.
    #[must_use]
    pub fn run(self) -> ExitCode {
        let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => {
                eprintln!("yizhan: {error}");
                return ExitCode::FAILURE;
            }
        };
        match runtime.block_on(self.dispatch()) {
            Ok(code) => code,
            Err(error) => {
                eprintln!("yizhan: {error}");
                ExitCode::FAILURE
            }
        }
    }

    async fn dispatch(self) -> Result<ExitCode, Failed> {
        match self.command {
            Command::Serve => serve::run(Config::load(self.config.as_deref())?).await?,
            Command::Demo { file } => demo::run(Config::load(self.config.as_deref())?, file).await?,
            Command::Migrate => Db::migrate(&Config::load(self.config.as_deref())?.database_url).await?,
            Command::Import { what, file, dry_run, rejects, community } => {
                let what = match what {
                    ImportWhat::Stations => What::Stations,
                    ImportWhat::Items => What::Items,
                    ImportWhat::Loans => What::Loans,
                    ImportWhat::Stock => What::Stock,
                    ImportWhat::Takes => What::Takes,
                };
                let options = Options { what, file, dry_run, rejects, community };
                return registers::import(Config::load(self.config.as_deref())?, options).await;
            }
            Command::Verify => return registers::verify(Config::load(self.config.as_deref())?).await,
            Command::Job { what: JobCommand::Run { name } } => {
                let app = open(Config::load(self.config.as_deref())?).await?;
                let report = jobs::run(&app, &name).await.map_err(|e| Failed::Because(e.to_string()))?;
                println!("{name}: {report}");
            }
            Command::Bench(what) => bench::run(Config::load(self.config.as_deref())?, what).await?,
            Command::Openapi => {
                let text = crate::api::document().to_pretty_json().map_err(|e| Failed::Because(e.to_string()))?;
                println!("{text}");
            }
            Command::ConfigReference => print!("{}", Config::reference()),
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Joins the parts over the configured database, with the newest schema.
async fn open(config: Config) -> Result<App, Failed> {
    Db::migrate(&config.database_url).await?;
    let db = Db::connect(&config.database_url).await?;
    Ok(App::open(config, Clock::system(), db).await?)
}

/// A progress bar in a terminal; nothing elsewhere.
fn bar(what: &'static str) -> indicatif::ProgressBar {
    let style = indicatif::ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}");
    let bar = indicatif::ProgressBar::new(0).with_message(what);
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar
}
