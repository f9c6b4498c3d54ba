//! The command line of Yizhan. All of it is in `yizhan::cli`.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    yizhan::cli::Cli::parse().run()
}
