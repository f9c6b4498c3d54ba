//! The command line, as a newcomer meets it.

use std::{
    path::Path,
    process::{Command, Output},
};

use sea_orm::{ConnectionTrait, Database};
use tempfile::TempDir;

use crate::support::engines::{Engine, Fresh, block_on};

fn yizhan(folder: &Path, arguments: &[&str]) -> Output {
    let url = format!("sqlite://{}?mode=rwc", folder.join("yizhan.db").display());
    Command::new(env!("CARGO_BIN_EXE_yizhan"))
        .args(arguments)
        .current_dir(folder)
        .env("YIZHAN_DATABASE_URL", url)
        .env("RUST_LOG", "error")
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + String::from_utf8_lossy(&output.stderr).as_ref()
}

#[test]
fn help_names_every_command() {
    let folder = TempDir::new().unwrap();
    let help = said(&yizhan(folder.path(), &["--help"]));
    for command in ["serve", "demo", "migrate", "import", "verify", "job", "bench", "openapi", "config-reference"] {
        assert!(help.contains(command), "{command}: {help}");
    }
}

/// The benchmark says how long the check takes beside bare SQL; here it says that both write the same.
#[test]
fn the_nightly_check_writes_what_bare_sql_writes() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let folder = TempDir::new().unwrap();
        let Some(server) = Fresh::empty(engine) else { continue };
        let mut arguments = vec!["bench", "expiry-check", "--lots", "3000", "--rounds", "1", "--folder", "."];
        if engine == Engine::Postgres {
            arguments.extend(["--database", &server.url]);
        }
        let said = said(&yizhan(folder.path(), &arguments));
        assert!(said.contains("Both have written the same: 1200 events"), "{engine:?}: {said}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left");
    }
}

#[test]
fn demo_leaves_a_database_alone_that_is_not_a_demo() {
    let folder = TempDir::new().unwrap();
    assert!(yizhan(folder.path(), &["migrate"]).status.success());
    let before = std::fs::read(folder.path().join("yizhan.db")).unwrap();
    let refused = yizhan(folder.path(), &["demo", "--file", "yizhan.db"]);
    assert!(!refused.status.success() && said(&refused).contains("is not a demo"), "{}", said(&refused));
    assert_eq!(std::fs::read(folder.path().join("yizhan.db")).unwrap(), before);
    std::fs::write(folder.path().join("letter.txt"), "not a database at all, but dear to somebody").unwrap();
    assert!(!yizhan(folder.path(), &["demo", "--file", "letter.txt"]).status.success());
    assert!(std::fs::read_to_string(folder.path().join("letter.txt")).unwrap().starts_with("not a database"));
}

#[test]
fn a_register_is_tried_taken_in_and_taken_in_again() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("s.csv"), "code,name\nS1,甲站\nS2,\n").unwrap();
    let run = |more: &[&str]| said(&yizhan(folder.path(), &[&["import", "stations", "s.csv"], more].concat()));
    let tried = run(&["--dry-run"]);
    assert!(tried.contains("nothing was written") && tried.ends_with("1 imported, 0 unchanged, 1 refused\n"), "{tried}");
    let taken = run(&["--rejects", "r.csv"]);
    assert!(taken.contains("line 3: [missing]") && taken.ends_with("1 imported, 0 unchanged, 1 refused\n"), "{taken}");
    assert!(std::fs::read_to_string(folder.path().join("r.csv")).unwrap().contains("S2,,3,missing"));
    assert!(run(&[]).ends_with("0 imported, 1 unchanged, 1 refused\n"));
    let lost = said(&yizhan(folder.path(), &["import", "stations", "nowhere.csv"]));
    assert!(lost.contains("nowhere.csv"), "{lost}");
}

#[test]
fn verify_ends_with_one_when_something_is_wrong_and_jobs_say_what_they_did() {
    let folder = TempDir::new().unwrap();
    let good = yizhan(folder.path(), &["verify"]);
    assert!(good.status.success() && said(&good).contains("all is well"), "{}", said(&good));
    assert!(said(&yizhan(folder.path(), &["job", "run", "overdue"])).starts_with("overdue: nothing to do"));
    let unknown = yizhan(folder.path(), &["job", "run", "dance"]);
    assert!(!unknown.status.success() && said(&unknown).contains("send-notices"), "{}", said(&unknown));
    block_on(async {
        let hand = Database::connect(format!("sqlite://{}", folder.path().join("yizhan.db").display())).await.unwrap();
        let plant = "INSERT INTO job_run (id, job, scope, business_date, fence, leased_until, started_at) VALUES (x'00', 'x', 'x', \
                     '2020-01-01', 1, '2020-01-01T00:00:00+00:00', '2020-01-01T00:00:00+00:00')";
        hand.execute_unprepared(plant).await.unwrap();
        hand.close().await.unwrap();
    });
    let bad = yizhan(folder.path(), &["verify"]);
    assert!(bad.status.code() == Some(1) && said(&bad).contains("[job-stuck]"), "{}", said(&bad));
}

#[test]
fn a_setting_that_cannot_be_is_named() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("yizhan.toml"), "listne = \"0.0.0.0:80\"\n").unwrap();
    let typo = yizhan(folder.path(), &["verify"]);
    assert!(!typo.status.success() && said(&typo).contains("listne"), "{}", said(&typo));
    std::fs::write(folder.path().join("yizhan.toml"), "secret_key = \"short\"\n").unwrap();
    let short = yizhan(folder.path(), &["verify"]);
    assert!(!short.status.success() && said(&short).contains("openssl rand -base64 32"), "{}", said(&short));
}
