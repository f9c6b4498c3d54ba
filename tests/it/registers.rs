//! Import and verify, on both engines.

use std::path::{Path, PathBuf};

use sea_orm::{ConnectionTrait, Database, EntityTrait};
use tempfile::TempDir;
use yizhan::{
    import::{self, Options, Report, What},
    store, verify,
};

use crate::{
    both,
    support::town::{Town, borrow, give_back},
};

both!(
    a_real_register_goes_in_whole_and_a_second_time_changes_nothing,
    a_dry_run_finds_the_same_and_writes_nothing,
    a_file_with_every_fault_gives_exactly_these_rejects,
    chinese_heads_gb18030_and_local_times_are_understood,
    a_loan_that_is_still_open_takes_its_thing_out,
    a_missing_column_is_named,
    a_life_of_verbs_verifies_clean,
    every_check_finds_the_fault_it_is_for,
);

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

async fn take(town: &Town, what: What, file: &Path, dry_run: bool) -> Report {
    let options = Options { what, file: file.to_owned(), dry_run, rejects: None, community: None };
    import::run(&town.app, &options, |_, _| {}).await.unwrap()
}

async fn clean(town: &Town) {
    let findings = verify::run(&town.app, |_, _| {}).await.unwrap();
    assert!(findings.is_empty(), "{findings:?}");
}

fn counts(report: &Report) -> (u64, u64, usize) {
    (report.imported, report.unchanged, report.rejected.len())
}

async fn a_real_register_goes_in_whole_and_a_second_time_changes_nothing(town: Town) {
    for (what, file, rows) in [
        (What::Stations, "stations-2014.csv", 70),
        (What::Items, "items-2014.csv", 687),
        (What::Loans, "loans-2014-01.csv", 2_000),
    ] {
        assert_eq!(counts(&take(&town, what, &data(file), false).await), (rows, 0, 0), "{file}");
        let again = take(&town, what, &data(file), false).await;
        assert_eq!(counts(&again), (0, rows, 0), "{file}");
        assert_eq!(again.to_string(), format!("0 imported, {rows} unchanged, 0 refused"));
    }
    clean(&town).await;
    // The things stand where their last loan ended, and can be lent.
    let item = store::items::find_by_code(town.app.db.read(), "BIKE-0473").await.unwrap().unwrap();
    assert!(item.station_id.is_some() && item.is_available());
    borrow(town.visitor(), "BIKE-0473", None).await.unwrap();
    clean(&town).await;
}

async fn a_dry_run_finds_the_same_and_writes_nothing(town: Town) {
    assert_eq!(counts(&take(&town, What::Stations, &data("stations-2014.csv"), true).await), (70, 0, 0));
    assert_eq!(entity::station::Entity::find().all(town.app.db.read()).await.unwrap().len(), 0);
    take(&town, What::Stations, &data("stations-2014.csv"), false).await;
    take(&town, What::Items, &data("items-2014.csv"), false).await;
    assert_eq!(counts(&take(&town, What::Loans, &data("loans-2014-01.csv"), true).await), (2_000, 0, 0));
    assert_eq!(entity::loan::Entity::find().all(town.app.db.read()).await.unwrap().len(), 0);
    clean(&town).await;
}

/// A file in a folder that lives as long as the test.
fn file(bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("register.csv");
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// A station S1 with the things A and B, which came from a register.
async fn two_things(town: &Town) {
    town.station("S1").await;
    let (_keep, path) = file(b"item_code,kind,station\nA,bicycle,S1\nB,bicycle,S1\n");
    assert_eq!(counts(&take(town, What::Items, &path, false).await), (2, 0, 0));
}

async fn a_file_with_every_fault_gives_exactly_these_rejects(town: Town) {
    two_things(&town).await;
    let mut bytes = b"\xef\xbb\xbfloan_no,item_code,from_station,to_station,lent_at,returned_at,member_group\n".to_vec();
    let rows = [
        "1,A,S1,S1,2014-01-01T08:00:00Z,2014-01-01T09:00:00Z,x",      // 2: good
        "2,A,S1,S1,2014-01-01T09:00:00Z,2014-01-01T10:00:00Z,x",      // 3: touches, good
        "3,A,S1,S1,2014-01-01T09:59:00Z,2014-01-01T11:00:00Z,x",      // 4: overlaps 2
        "4,C,S1,S1,2014-01-01T08:00:00Z,2014-01-01T09:00:00Z,x",      // 5: no such thing
        "5,A,S9,S1,2014-01-01T12:00:00Z,2014-01-01T13:00:00Z,x",      // 6: no such station
        "6,A,S1,S1,2014-02-30T08:00:00Z,2014-03-01T09:00:00Z,x",      // 7: no such day
        "7,A,S1,S1,2014-01-02T09:00:00Z,2014-01-02T09:00:00Z,x",      // 8: ends when it begins
        "8,A,S1,S1,2034-01-02T09:00:00Z,2034-01-02T10:00:00Z,x",      // 9: in the future
        ",A,S1,S1,2014-01-03T09:00:00Z,2014-01-03T10:00:00Z,x",       // 10: no number
        "10,A,S1,S1,2014-01-03T09:00:00Z",                            // 11: cut off
        "2,A,S1,S1,2014-01-05T09:00:00Z,2014-01-05T10:00:00Z,x",      // 12: a number twice
        "no way,A,S1,S1,2014-01-05T09:00:00Z,2014-01-05T10:00:00Z,x", // 13: no code
        "14,B,S1,S1,2014-01-01T09:30:00Z,2014-01-01T10:00:00Z,x",     // 14: another thing, good
    ];
    bytes.extend_from_slice(rows.join("\n").as_bytes());
    bytes.extend_from_slice(b"\n15,B,S1,S1,2014-01-06T09:00:00Z,2014-01-06T10:00:00Z,\xff\xff\n"); // 15: broken
    let (folder, path) = file(&bytes);
    let out = folder.path().join("rejects.csv");
    let options = Options { what: What::Loans, file: path.clone(), dry_run: false, rejects: Some(out.clone()), community: None };
    let report = import::run(&town.app, &options, |_, _| {}).await.unwrap();
    let why: Vec<_> = report.rejected.iter().map(|row| (row.line, row.why.code())).collect();
    assert_eq!(
        why,
        [
            (4, "overlaps"),
            (5, "unknown-item"),
            (6, "unknown-station"),
            (7, "bad-time"),
            (8, "ends-before-it-begins"),
            (9, "in-the-future"),
            (10, "missing"),
            (11, "broken-row"),
            (12, "twice-in-file"),
            (13, "bad-code"),
            (15, "broken-encoding"),
        ]
    );
    assert_eq!(report.imported, 3);
    let written = std::fs::read_to_string(&out).unwrap();
    assert_eq!(written.lines().count(), 12);
    assert!(
        written.starts_with("\u{feff}loan_no,") && written.contains("unknown-item") && written.contains("没有这个编号的物品")
    );
    // What went in stays, also when the file is mended and comes again.
    let again = import::run(&town.app, &options, |_, _| {}).await.unwrap();
    assert_eq!((again.imported, again.unchanged), (0, 3));
    assert_eq!(again.rejected.iter().find(|row| row.line == 12).unwrap().why.code(), "differs-from-stored");
    clean(&town).await;
}

async fn chinese_heads_gb18030_and_local_times_are_understood(town: Town) {
    two_things(&town).await;
    let text = "归还时间,借出时间,物品编号,借用编号,借出驿站,归还驿站,备注\n2014/1/1 17:00,2014/1/1 16:00,A,J1,S1,S1,好\n";
    let (encoded, _, _) = encoding_rs::GB18030.encode(text);
    let (_keep, path) = file(&encoded);
    assert_eq!(counts(&take(&town, What::Loans, &path, false).await), (1, 0, 0));
    let loan = entity::loan::Entity::find().one(town.app.db.read()).await.unwrap().unwrap();
    assert_eq!(loan.lent_at, "2014-01-01T08:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap());
    let (encoded, _, _) = encoding_rs::GB18030.encode("编号,名称,地点\nS7,练北驿站,练塘镇\n");
    let (_keep, path) = file(&encoded);
    assert_eq!(counts(&take(&town, What::Stations, &path, false).await), (1, 0, 0));
    let station = store::stations::find_by_code(town.app.db.read(), "S7").await.unwrap().unwrap();
    assert_eq!(station.name, "练北驿站");
}

async fn a_loan_that_is_still_open_takes_its_thing_out(town: Town) {
    two_things(&town).await;
    let text = "loan_no,item_code,from_station,to_station,lent_at,returned_at,phone\n1,A,S1,,2026-11-20T08:00:00Z,,13800138011\n";
    let (_keep, path) = file(text.as_bytes());
    assert_eq!(counts(&take(&town, What::Loans, &path, false).await), (1, 0, 0));
    clean(&town).await;
    assert_eq!(crate::support::town::reasons(borrow(town.visitor(), "A", None).await), ["item-out"]);
    let back = give_back(town.visitor(), "A").await.unwrap().into_receipt();
    assert!(back.loan.unwrap().member_id.is_some());
    clean(&town).await;
}

async fn a_missing_column_is_named(town: Town) {
    let (_keep, path) = file("编号,地点\nS7,练塘镇\n".as_bytes());
    let options = Options { what: What::Stations, file: path, dry_run: false, rejects: None, community: None };
    let error = import::run(&town.app, &options, |_, _| {}).await.unwrap_err().to_string();
    assert!(error.contains("name") && error.contains("名称") && error.contains("编号, 地点"), "{error}");
}

async fn a_life_of_verbs_verifies_clean(town: Town) {
    let codes = town.umbrellas(3).await;
    let member = town.member("13800138011").await;
    for (n, code) in codes.iter().enumerate() {
        let desk = if n == 0 { town.visitor() } else { town.resident(member) };
        let lent = borrow(desk.clone(), code, None).await.unwrap().into_receipt().loan;
        town.advance(chrono::TimeDelta::days(1));
        let order = yizhan::desk::renew::Renew { loan: lent.id.into(), override_reason: None };
        yizhan::desk::answer(desk, order, yizhan::desk::renew::renew).await.unwrap();
    }
    give_back(town.visitor(), &codes[0]).await.unwrap();
    town.advance(chrono::TimeDelta::days(60));
    yizhan::jobs::run(&town.app, "overdue").await.unwrap();
    yizhan::jobs::run(&town.app, "send-notices").await.unwrap();
    clean(&town).await;
}

/// Each fault, planted by hand where the schema lets us, and the check that must find it.
async fn every_check_finds_the_fault_it_is_for(town: Town) {
    let codes = town.umbrellas(2).await;
    borrow(town.visitor(), &codes[0], None).await.unwrap();
    let postgres = town.url.starts_with("postgres");
    let text = |text: &str| if postgres { format!("'{text}'::timestamptz") } else { format!("'{text}'") };
    let no = if postgres { "false" } else { "0" };
    let future = text("2030-01-01T00:00:00+00:00");
    let past = text("2020-01-01T00:00:00+00:00");
    let faults: Vec<(&str, String, String)> = vec![
        (
            "item-says-out",
            "UPDATE item SET open_loan_id = id WHERE open_loan_id IS NULL".into(),
            "UPDATE item SET open_loan_id = NULL WHERE open_loan_id = id".into(),
        ),
        ("open-loan-without-claim", format!("UPDATE claim SET live = {no}"), "UPDATE claim SET live = NOT live".into()),
        ("renewals", "UPDATE loan SET renewals = 7".into(), "UPDATE loan SET renewals = 0".into()),
        ("history-ahead", "UPDATE item SET rev = rev + 5".into(), "UPDATE item SET rev = rev - 5".into()),
        (
            "history-gap",
            "UPDATE event SET item_rev = 9 WHERE item_rev = 2".into(),
            "UPDATE event SET item_rev = 2 WHERE item_rev = 9".into(),
        ),
        (
            "claim-without-open-loan",
            format!("UPDATE loan SET returned_at = {future}"),
            "UPDATE loan SET returned_at = NULL".into(),
        ),
        (
            "more-claims-than-things",
            "UPDATE item SET station_id = NULL".into(),
            "UPDATE item SET station_id = home_station_id".into(),
        ),
        (
            "overlapping-loans",
            format!(
                "INSERT INTO loan SELECT {}, NULL, item_id, kind_id, NULL, NULL, NULL, NULL, NULL, {past}, {future}, {future}, NULL, NULL, NULL, \
                 NULL, NULL, 0, rule_minutes, rule_days, rule_day_end, rule_grace_minutes, rule_renewals, rule_return_to, \
                 rule_suspension_days_per_late_day, rule_suspension_cap_days, rule_lost_after_days, 1, NULL FROM loan",
                if postgres { "gen_random_uuid()" } else { "randomblob(16)" }
            ),
            format!("DELETE FROM loan WHERE lent_at = {past}"),
        ),
        (
            "notice-stuck",
            format!(
                "INSERT INTO notice (id, natural_key, template, params, send_after, expires_at, attempts, created_at) SELECT id, 'x', 'x', '{{}}', \
                 {past}, {past}, 0, {past} FROM item LIMIT 1"
            ),
            "DELETE FROM notice".into(),
        ),
        (
            "job-stuck",
            format!(
                "INSERT INTO job_run (id, job, scope, business_date, fence, leased_until, started_at) SELECT id, 'x', 'x', '2020-01-01', 1, \
                 {past}, {past} FROM item LIMIT 1"
            ),
            "DELETE FROM job_run".into(),
        ),
    ];
    clean(&town).await;
    let hand = Database::connect(&town.url).await.unwrap();
    for (check, plant, mend) in faults {
        hand.execute_unprepared(&plant).await.unwrap_or_else(|e| panic!("{check}: {e}"));
        let findings = verify::run(&town.app, |_, _| {}).await.unwrap();
        assert!(findings.iter().any(|finding| finding.check == check && finding.count > 0), "{check}: {findings:?}");
        hand.execute_unprepared(&mend).await.unwrap_or_else(|e| panic!("{check}: {e}"));
        clean(&town).await;
    }
    hand.close().await.unwrap();
}
