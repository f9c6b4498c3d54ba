//! `yizhan bench`.

use std::{path::PathBuf, time::Duration};

use super::Failed;
use crate::{bench, config::Config};

/// Prints the table.
pub(super) async fn run(config: Config, seconds: u64, folder: Option<PathBuf>) -> Result<(), Failed> {
    let here = folder.unwrap_or_else(std::env::temp_dir).join(format!("yizhan-bench-{}", std::process::id()));
    std::fs::create_dir_all(&here).map_err(|e| Failed::Because(format!("{}: {e}", here.display())))?;
    println!("Borrow + return round trips on SQLite, synchronous=FULL, in {}", here.display());
    println!(
        "{:>8} {:>16} {:>22} {:>7} {:>10} {:>10}",
        "clients", "shared commit/s", "one tx per verb/s", "ratio", "p50 ms", "p99 ms"
    );
    let measured = bench::group_commit(&config, &here, Duration::from_secs(seconds), |line| {
        let (p50, p99) = line.p50_p99;
        let ratio = line.shared / line.single;
        println!("{:>8} {:>16.0} {:>22.0} {ratio:>6.2}x {p50:>10.2} {p99:>10.2}", line.clients, line.shared, line.single);
    });
    let measured = measured.await.map_err(|e| Failed::Because(e.to_string()));
    // What is left of a benchmark is of no use to anybody.
    let _ = std::fs::remove_dir_all(&here);
    measured
}
