//! The nightly check: once per station and date, however often it runs; level-triggered; with evidence.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use entity::{expiry_check, lot, lot::Tier, lot_event, task::What};
use sea_orm::EntityTrait;
use yizhan::{
    app::App,
    desk::{
        self,
        stock::{hold::Hold, recall::NewRecall},
    },
    jobs, store, verify,
};

use crate::{
    both,
    support::{
        medicine::take,
        planted::{Hand, same},
        town::{Town, reasons},
    },
};

both!(
    many_runs_are_one_run,
    skipped_nights_are_caught_up_in_one_run_with_one_digest,
    a_clock_that_leaps_tightens_and_does_not_move_the_watermark,
    what_nobody_takes_away_is_carried_further_and_suspends_the_medicine,
    two_replicas_write_one_check,
    verify_finds_each_fault_that_is_planted_in_the_box_and_none_in_a_healthy_one,
);

pub(crate) async fn run(app: &App) -> jobs::Report {
    jobs::run(app, "expiry-check").await.unwrap()
}

pub(crate) async fn tiers(town: &Town) -> Vec<Tier> {
    let mut lots = lot::Entity::find().all(town.app.db.read()).await.unwrap();
    lots.sort_by_key(|lot| lot.id);
    lots.iter().map(|lot| lot.tier).collect()
}

async fn many_runs_are_one_run(town: Town) {
    let shelf = town.medicine_box().await;
    for (number, label) in [("A", "有效期至2026年11月27日"), ("B", "有效期至2026年12月10日"), ("C", "有效期至2027年01月31日")]
    {
        shelf.plasters(number, label, 5).await;
    }
    shelf.plasters("D", "有效期至2028年01月31日", 5).await;
    run(&town.app).await;
    assert_eq!(tiers(&town).await, [Tier::T7, Tier::T30, Tier::T90, Tier::Fresh]);
    let hand = Hand::on(&town.url).await;
    let once = hand.dump(&[]).await;
    run(&town.app).await;
    same(&hand.dump(&[]).await, &once);
    for _ in 2..100 {
        run(&town.app).await;
    }
    same(&hand.dump(&[]).await, &once);
    // Neither does another process, nor an hour later.
    town.advance(TimeDelta::hours(1));
    run(&town.restarted().await).await;
    same(&hand.dump(&[]).await, &once);
    hand.leave().await;
}

async fn skipped_nights_are_caught_up_in_one_run_with_one_digest(town: Town) {
    let shelf = town.medicine_box().await;
    let old = shelf.plasters("A", "有效期至2026年12月31日", 5).await;
    run(&town.app).await;
    for days in [1_i64, 2, 29, 400] {
        town.advance(TimeDelta::days(days));
        run(&town.restarted().await).await;
    }
    let conn = town.app.db.read();
    let checks = store::check_records::list(conn, shelf.station, None, 50).await.unwrap();
    assert_eq!(checks.len(), 5);
    for pair in checks.windows(2) {
        assert_eq!(pair[1].covers_from, pair[0].business_date.succ_opt().unwrap(), "no day is left out");
        assert_eq!(pair[1].previous_hash, pair[0].hash);
    }
    assert_eq!(tiers(&town).await, [Tier::Expired]);
    let tasks = store::tasks::list_open_about_lots(conn, shelf.station).await.unwrap();
    assert_eq!(tasks.iter().map(|task| (task.what, task.lot_id)).collect::<Vec<_>>(), [(What::PutInRedBox, Some(old))]);
    let last_day = checks[4].business_date.to_string();
    let digests: Vec<_> = entity::notice::Entity::find().all(conn).await.unwrap();
    assert_eq!(
        digests.iter().filter(|n| n.template == "expiry_digest" && n.natural_key.contains(&last_day)).count(),
        2,
        "one for each of the two keepers"
    );
}

async fn a_clock_that_leaps_tightens_and_does_not_move_the_watermark(town: Town) {
    let shelf = town.medicine_box().await;
    shelf.plasters("A", "有效期至2027年06月30日", 5).await;
    run(&town.app).await;
    // The same process, a year later at one stroke: that is no night.
    town.advance(TimeDelta::days(365));
    run(&town.app).await;
    let conn = town.app.db.read();
    let last = store::check_records::find_last(conn, shelf.station).await.unwrap().unwrap();
    assert_eq!((last.mode, tiers(&town).await), (expiry_check::Mode::TightenOnly, vec![Tier::Fresh]));
    assert_eq!(store::stock_days::find(conn, shelf.station).await.unwrap(), "2026-11-23".parse().ok());
    let tasks = store::tasks::list(conn, Some(vec![shelf.station]), false, None, 50).await.unwrap();
    assert!(tasks.iter().any(|task| task.what == What::CheckClock));
}

async fn what_nobody_takes_away_is_carried_further_and_suspends_the_medicine(town: Town) {
    let shelf = town.medicine_box().await;
    shelf.fever("A", "有效期至2026年11月25日", 4).await;
    let good = "有效期至2028年06月";
    shelf.fever("B", good, 4).await;
    town.advance(TimeDelta::days(2));
    let app = town.restarted().await;
    run(&app).await;
    let level = async || {
        let tasks = store::tasks::list_open_about_lots(town.app.db.read(), shelf.station).await.unwrap();
        tasks.iter().map(|task| task.escalated).max()
    };
    assert_eq!(level().await, Some(0));
    // Seen is not done, and done is not said but seen on the shelf.
    let task = store::tasks::list_open_about_lots(town.app.db.read(), shelf.station).await.unwrap().remove(0);
    desk::answer(shelf.keeper.clone(), task.id, desk::tasks::acknowledge).await.unwrap();
    let done = desk::answer(shelf.keeper.clone(), task.id, desk::tasks::finish).await;
    assert_eq!(reasons(done), ["lot-still-there"]);
    town.advance(TimeDelta::hours(25));
    run(&app).await;
    assert_eq!(level().await, Some(1));
    assert!(store::stock_blocks::find_suspension(town.app.db.read(), shelf.station).await.unwrap().is_none());
    town.advance(TimeDelta::hours(25));
    run(&app).await;
    town.advance(TimeDelta::hours(25));
    run(&app).await;
    assert_eq!(level().await, Some(2));
    assert!(store::stock_blocks::find_suspension(town.app.db.read(), shelf.station).await.unwrap().is_some());
    assert_eq!(reasons(take(town.visitor(), shelf.fever_wanted(&[good])).await), ["pack-blocked", "none-usable"]);
}

async fn two_replicas_write_one_check(town: Town) {
    let shelf = town.medicine_box().await;
    for n in 0..30 {
        shelf.plasters(&format!("L{n}"), "有效期至2026年12月10日", 5).await;
    }
    let (one, two, three, four) =
        (town.restarted().await, town.restarted().await, town.restarted().await, town.restarted().await);
    tokio::join!(run(&one), run(&two), run(&three), run(&four));
    run(&one).await;
    let conn = town.app.db.read();
    assert_eq!(expiry_check::Entity::find().all(conn).await.unwrap().len(), 1);
    assert_eq!(lot_event::Entity::find().all(conn).await.unwrap().len(), 30);
    assert!(tiers(&town).await.iter().all(|tier| *tier == Tier::T30));
}

/// The names of the checks, as they stand in the source: each must be planted below.
fn names_of_checks() -> BTreeSet<&'static str> {
    let source = include_str!("../../src/verify/stock.rs");
    let name = |line: &'static str| line.trim().strip_prefix('"')?.strip_suffix("\",");
    let listed = source.lines().filter_map(name).filter(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'));
    listed.chain(["missing-check", "broken-evidence"]).collect()
}

async fn verify_finds_each_fault_that_is_planted_in_the_box_and_none_in_a_healthy_one(town: Town) {
    let shelf = town.medicine_box().await;
    shelf.plasters("A", "有效期至2026年12月10日", 5).await;
    let fever = shelf.fever("F", "有效期至2028年06月", 4).await;
    run(&town.app).await;
    take(town.visitor(), shelf.wanted(shelf.plasters, 1)).await.unwrap();
    let hold = Hold { lot: fever, units: 1, member: None, until: Some(town.now() + TimeDelta::hours(24)), note: None };
    desk::answer(shelf.keeper.clone(), hold, desk::stock::hold::hold).await.unwrap();
    let recall = NewRecall { kind: Some(shelf.plasters), product: None, lots: "A".to_owned(), source: "通告".to_owned() };
    desk::answer(shelf.keeper.clone(), recall, desk::stock::recall::enter).await.unwrap();
    town.advance(TimeDelta::hours(23));
    run(&town.app).await;
    town.advance(TimeDelta::hours(1));
    let findings = async || {
        let findings = verify::run(&town.app, |_, _| {}).await.unwrap();
        findings.into_iter().map(|finding| finding.check).collect::<Vec<_>>()
    };
    assert_eq!(findings().await, Vec::<&str>::new());
    // Planted behind the back of every verb, one after another, and put right again: each is found, and nothing else.
    let hand = Hand::on(&town.url).await;
    let mut planted = BTreeSet::new();
    for (check, plant, repair) in [
        ("broken-evidence", "UPDATE expiry_check SET report = report || ' '", "UPDATE expiry_check SET report = TRIM(report)"),
        ("ledger", "UPDATE lot SET available = available + 1", "UPDATE lot SET available = available - 1"),
        ("ledger", "UPDATE movement SET to_dispose = 1", "UPDATE movement SET to_dispose = 0"),
        ("ledger", "UPDATE lot SET rev = rev + 1", "UPDATE lot SET rev = rev - 1"),
        ("held-for-nobody", "UPDATE lot_hold SET units = units + 1", "UPDATE lot_hold SET units = units - 1"),
        ("blocks-counted", "UPDATE lot SET blocks = blocks + 1", "UPDATE lot SET blocks = blocks - 1"),
        ("taken-after-its-date", "UPDATE take SET taken_on = '2026-12-10'", "UPDATE take SET taken_on = '2026-11-23'"),
        (
            "recorded-take-untold",
            "UPDATE take SET taken_on = '2026-12-10', external_no = 'X'",
            "UPDATE take SET taken_on = '2026-11-23', external_no = NULL",
        ),
        ("take-without-lines", "UPDATE take SET units = units + 1", "UPDATE take SET units = units - 1"),
        (
            "medicine-without-date",
            "UPDATE lot SET last_issue_day = NULL WHERE number = 'F'",
            "UPDATE lot SET last_issue_day = last_day WHERE number = 'F'",
        ),
        ("recall-not-applied", "UPDATE recall SET lifted_at = made_at", "UPDATE recall SET lifted_at = NULL"),
        (
            "missing-check",
            "UPDATE expiry_check SET finished_at = '2026-11-21T00:00:00+00:00'; UPDATE movement SET recorded_at = '2026-11-01T00:00:00+00:00'",
            "UPDATE expiry_check SET finished_at = '2026-11-24T00:00:00+00:00'",
        ),
    ] {
        hand.run(plant).await;
        assert_eq!(findings().await, [check], "{plant}");
        hand.run(repair).await;
        assert_eq!(findings().await, Vec::<&str>::new(), "{repair}");
        planted.insert(check);
    }
    assert_eq!(planted, names_of_checks());
    // A night that is taken out of the chain, first or last or rewritten with its hash, is noticed too.
    hand.run("UPDATE expiry_check SET previous_hash = hash WHERE business_date = '2026-11-24'").await;
    assert_eq!(findings().await, ["broken-evidence"]);
    hand.run("DELETE FROM expiry_check WHERE business_date = '2026-11-23'").await;
    assert_eq!(findings().await, ["broken-evidence"]);
    hand.leave().await;
    town.advance(TimeDelta::hours(51));
    assert!(findings().await.contains(&"missing-check"));
}
