//! `yizhan import` and `yizhan verify`.

use std::process::ExitCode;

use super::{Failed, bar, open};
use crate::{
    config::Config,
    import::{self, Options},
    speech::reject,
    verify::{self, Finding},
};

/// How many rejected rows are shown.
const SHOWN: usize = 20;

/// Imports a register and prints what came of it.
pub(super) async fn import(config: Config, options: Options) -> Result<ExitCode, Failed> {
    let app = open(config).await?;
    let bar = bar("导入 / import");
    let imported = import::run(&app, &options, |done, total| {
        bar.set_length(total);
        bar.set_position(done);
    });
    let report = imported.await.map_err(|e| Failed::Because(e.to_string()))?;
    bar.finish_and_clear();
    for row in report.rejected.iter().take(SHOWN) {
        let words = reject(&row.why);
        println!("第 {} 行 / line {}: [{}] {} / {}", row.line, row.line, row.why.code(), words.zh, words.en);
    }
    if report.rejected.len() > SHOWN {
        println!("… 还有 {0} 行 / and {0} more", report.rejected.len() - SHOWN);
    }
    if let Some(file) = options.rejects.as_ref().filter(|_| !report.rejected.is_empty()) {
        println!("未导入的行已写入 / the rows that were refused are in {}", file.display());
    }
    if options.dry_run {
        println!("试运行，没有写入 / a dry run: nothing was written");
    }
    println!("{report}");
    app.db.clone().close().await?;
    Ok(ExitCode::SUCCESS)
}

/// Checks a database and prints what is wrong.
pub(super) async fn verify(config: Config) -> Result<ExitCode, Failed> {
    let app = open(config).await?;
    let bar = bar("检查 / verify");
    let checked = verify::run(&app, |done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    });
    let findings = checked.await.map_err(|e| Failed::Because(e.to_string()))?;
    bar.finish_and_clear();
    for finding in &findings {
        let mark = if finding.is_fault() { "✕" } else { "!" };
        println!("{mark} [{}] {} / {}: {}", finding.check, finding.words.zh, finding.words.en, finding.count);
        for example in &finding.examples {
            println!("    {example}");
        }
    }
    if !findings.iter().any(Finding::is_fault) {
        println!("✓ 一切正常 / all is well");
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::FAILURE)
}
