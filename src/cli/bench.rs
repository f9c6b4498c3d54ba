//! `yizhan bench`.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{Args, Subcommand};

use super::Failed;
use crate::{
    bench::{
        booking_rush,
        expiry_check::{self, Place},
        lending, scan_page,
    },
    config::Config,
};

/// What to measure.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Bench {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    lending: Lending,
}

#[derive(Subcommand)]
enum What {
    /// Borrow+return on SQLite: the shared commit against one transaction per verb (the default)
    Lending(Lending),
    /// The page behind a sticker, at 100 requests a second and flat out, against a bare route that answers a constant
    ScanPage(ScanPage),
    /// Hundreds of residents who book the same hours of twenty things at once, through HTTP on SQLite
    BookingRush(BookingRush),
    /// The nightly check over many lots, against the bare SQL that writes the same rows
    ExpiryCheck(ExpiryCheck),
}

#[derive(Args)]
struct Lending {
    /// How long each measurement takes
    #[arg(long, default_value_t = 3, value_name = "SECONDS")]
    seconds: u64,
    /// Where the databases are made; on the disk that is to be measured
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

#[derive(Args)]
struct BookingRush {
    /// How many residents
    #[arg(long, default_value_t = 500, value_name = "RESIDENTS", value_parser = clap::value_parser!(u16).range(1..=9_999))]
    residents: u16,
    /// Where the database is made; on the disk that is to be measured
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

#[derive(Args)]
struct ScanPage {
    /// How long each of the twelve measurements takes
    #[arg(long, default_value_t = 5, value_name = "SECONDS")]
    seconds: u64,
    /// Where the database is made
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

#[derive(Args)]
struct ExpiryCheck {
    /// How many lots there are, at a hundred stations; 0.2 % expire and 1 % come within 30 days, from 100,000 on
    #[arg(long, default_value_t = 1_000_000, value_name = "LOTS", value_parser = clap::value_parser!(u32).range(1_000..=50_000_000))]
    lots: u32,
    /// A PostgreSQL server (postgres://…) on which databases may be made; they are removed afterwards. Without it: SQLite
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// How often each side is measured
    #[arg(long, default_value_t = 3, value_name = "TIMES")]
    rounds: usize,
    /// Where the SQLite files are made; on the disk that is to be measured
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Run the job of the night on the database whose address is read from the standard input
    #[arg(long, hide = true)]
    night: bool,
}

/// Prints the table.
pub(super) async fn run(config: Config, bench: Bench) -> Result<(), Failed> {
    if let Some(What::ExpiryCheck(ExpiryCheck { night: true, .. })) = bench.what {
        return night(&config).await;
    }
    let folder = match &bench.what {
        None => bench.lending.folder.clone(),
        Some(What::Lending(options)) => options.folder.clone(),
        Some(What::ScanPage(options)) => options.folder.clone(),
        Some(What::BookingRush(options)) => options.folder.clone(),
        Some(What::ExpiryCheck(options)) => options.folder.clone(),
    };
    let here = folder.unwrap_or_else(std::env::temp_dir).join(format!("yizhan-bench-{}", std::process::id()));
    std::fs::create_dir_all(&here).map_err(|e| Failed::Because(format!("{}: {e}", here.display())))?;
    let measured = match bench.what {
        None => lending(config, &bench.lending, &here).await,
        Some(What::Lending(options)) => lending(config, &options, &here).await,
        Some(What::ScanPage(options)) => scan_page(config, &options, &here).await,
        Some(What::BookingRush(options)) => booking_rush(config, &options, &here).await,
        Some(What::ExpiryCheck(options)) => expiry_check(config, options, &here).await,
    };
    // What is left of a benchmark is of no use to anybody.
    let _ = std::fs::remove_dir_all(&here);
    measured
}

async fn lending(config: Config, options: &Lending, here: &Path) -> Result<(), Failed> {
    println!("Borrow + return round trips on SQLite, synchronous=FULL, in {}", here.display());
    println!(
        "{:>8} {:>16} {:>22} {:>7} {:>10} {:>10}",
        "clients", "shared commit/s", "one tx per verb/s", "ratio", "p50 ms", "p99 ms"
    );
    let measured = lending::group_commit(&config, here, Duration::from_secs(options.seconds), |line| {
        let (p50, p99) = line.p50_p99;
        let ratio = line.shared / line.single;
        println!("{:>8} {:>16.0} {:>22.0} {ratio:>6.2}x {p50:>10.2} {p99:>10.2}", line.clients, line.shared, line.single);
    });
    measured.await.map_err(|e| Failed::Because(e.to_string()))
}

async fn booking_rush(config: Config, options: &BookingRush, here: &Path) -> Result<(), Failed> {
    println!("{} residents book one of 20 at once, on SQLite, synchronous=FULL, in {}", options.residents, here.display());
    let figures = booking_rush::measure(&config, here, usize::from(options.residents)).await;
    let figures = figures.map_err(|e| Failed::Because(e.to_string()))?;
    println!("{:>12} {:>10} {:>10}", "", "p50 ms", "p99 ms");
    for (name, (p50, p99)) in [("booking", figures.booking), ("nothing done", figures.nothing)] {
        println!("{name:>12} {p50:>10.1} {p99:>10.1}");
    }
    println!(
        "ratio of p99: {:.1}; the last answer came after {:.0} ms. Exactly 20 have won each time.",
        figures.booking.1 / figures.nothing.1,
        figures.whole
    );
    Ok(())
}

async fn scan_page(config: Config, options: &ScanPage, here: &Path) -> Result<(), Failed> {
    println!("The page of an umbrella after a scan, over a demo's database on SQLite, by HTTP on this machine");
    let figures = scan_page::measure(&config, here, Duration::from_secs(options.seconds)).await;
    let figures = figures.map_err(|e| Failed::Because(e.to_string()))?;
    println!(
        "{:>10} {:>18} {:>18} {:>18} {:>18} {:>12}",
        "", "100/s: p50 ms", "p99 ms", "16 at once: p50", "p99 ms", "answers/s"
    );
    for (name, side) in [("scan page", figures.page), ("constant", figures.bare)] {
        let ((paced50, paced99), (flat50, flat99)) = (side.paced, side.flat_out);
        println!("{name:>10} {paced50:>18.2} {paced99:>18.2} {flat50:>18.2} {flat99:>18.2} {:>12.0}", side.per_second);
    }
    let ratio = figures.page.per_second / figures.bare.per_second;
    println!("{ratio:.2} of a bare route that answers {} bytes from memory, flat out", figures.bytes);
    Ok(())
}

/// One side of the measurement, for the process that measures.
async fn night(config: &Config) -> Result<(), Failed> {
    let because = |error: &dyn std::fmt::Display| Failed::Because(error.to_string());
    let url = std::io::read_to_string(std::io::stdin()).map_err(|e| because(&e))?;
    let night = expiry_check::night(config, url.trim()).await.map_err(|e| because(&e))?;
    println!("{}", serde_json::to_string(&night).map_err(|e| because(&e))?);
    Ok(())
}

async fn expiry_check(config: Config, options: ExpiryCheck, here: &Path) -> Result<(), Failed> {
    let (engine, place) = match options.database {
        None => ("SQLite", Place::Folder(here.to_owned())),
        Some(url) if url.starts_with("postgres") => ("PostgreSQL", Place::Server(url)),
        Some(_) => return Err(Failed::Because("--database is the address of a PostgreSQL server: postgres://…".to_owned())),
    };
    println!("The nightly check of {} lots on {engine}, every commit durable", options.lots);
    let measured = expiry_check::measure(&config, place, (options.lots, options.rounds), |line| println!("  {line}"));
    let figures = measured.await.map_err(|e| Failed::Because(e.to_string()))?;
    let memory = figures.memory.map_or_else(|| "?".to_owned(), |most| format!("{most:.0}"));
    let written = &figures.written;
    println!(
        "{:>10} {:>9} {:>9} {:>7} {:>8} {:>8} {:>7} {:>7} {:>11} {:>12} {:>11} {:>10}",
        "engine",
        "lots",
        "lot rows",
        "books",
        "bare s",
        "audit s",
        "job s",
        "ratio",
        "with audit",
        "of lots only",
        "peak RSS MB",
        "statements"
    );
    println!(
        "{engine:>10} {:>9} {:>9} {:>7} {:>8.2} {:>8.2} {:>7.2} {:>6.2}x {:>10.2}x {:>11.2}x {memory:>11} {:>10}",
        options.lots,
        written.about_lots(),
        written.books,
        figures.bare,
        figures.bare_audit,
        figures.job,
        figures.ratio(),
        figures.ratio_with_audit(),
        figures.job / figures.bare_lots,
        figures.statements
    );
    println!(
        "Both have written the same: {} events, as many tiers, {} tasks opened and {} closed, value by value; as many books.",
        written.events, written.opened, written.closed
    );
    println!(
        "ratio: the job, audit of the ledger and all, against the writes alone. with audit: against the writes and one bare statement that \
         holds every lot against its ledger, of which the job does a part a night where there are more than 250,000."
    );
    Ok(())
}
