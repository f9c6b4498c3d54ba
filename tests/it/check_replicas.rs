//! The nightly check in processes of its own on one database, killed at random points and started again until it is done: every
//! effect once, and everything as if one process had done it undisturbed.

use std::process::{Child, Command, Stdio};

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Asia::Shanghai;
use entity::expiry_check;
use sea_orm::EntityTrait;
use serde_json::Value;
use tempfile::TempDir;
use yizhan::{clock::Clock, verify};

use crate::support::{
    Engine,
    engines::{Fresh, block_on},
    planted::{Hand, same},
    town::Town,
};

/// How many lots of each sort there are to check.
const LOTS: usize = 250;
/// How many processes are killed.
const KILLS: usize = 8;
/// What differs between two tellings: ids, moments, and what depends on them. The evidence is compared without its clock.
const MODULO: [&str; 17] = [
    "id",
    "fence",
    "effects",
    "trouble",
    "hash",
    "previous_hash",
    "report",
    "made_at",
    "started_at",
    "began_at",
    "finished_at",
    "created_at",
    "leased_until",
    "send_after",
    "expires_at",
    "done_at",
    "value",
];

fn check(url: &str, folder: &TempDir) -> Child {
    Command::new(env!("CARGO_BIN_EXE_yizhan"))
        .args(["job", "run", "expiry-check"])
        .current_dir(folder.path())
        .env("YIZHAN_DATABASE_URL", url)
        .env("RUST_LOG", "error")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// A station with lots in every tier, and one whose date cannot be true.
async fn stock(fresh: &Fresh, today: NaiveDate) {
    let town = Town::at(&fresh.url, Clock::system()).await;
    let shelf = town.medicine_box().await;
    let hand = Hand::on(&fresh.url).await;
    for (n, days) in [200, 60, 20, 6, 1].into_iter().enumerate() {
        let last = today + Days::new(days + 1);
        let label = last.format("有效期至%Y年%m月%d日").to_string();
        let like = shelf.plasters(&format!("T{n}"), &label, 5).await;
        hand.multiply(like, n * LOTS + 1, (n + 1) * LOTS).await;
    }
    // The last of them have ended yesterday, and one is good for longer than its label says.
    let yesterday = today - Days::new(1);
    let ended = ["lenient_last_day", "strict_last_day", "last_day", "last_issue_day"].map(|day| format!("{day} = '{yesterday}'"));
    let last = 5 * LOTS;
    hand.run(&format!("UPDATE lot SET {} WHERE number_key LIKE 'S{}%'", ended.join(", "), last / 100)).await;
    hand.run(&format!("UPDATE lot SET last_day = '2099-01-01' WHERE number_key = 'S{}'", LOTS / 4)).await;
    hand.leave().await;
    town.app.db.clone().close().await.unwrap();
}

/// How far the check has come.
async fn written(hand: &Hand) -> usize {
    hand.count("lot_event").await + hand.count("stock_day").await + hand.count("notice").await + hand.count("expiry_check").await
}

async fn is_done(hand: &Hand) -> bool {
    hand.count("job_run WHERE job = 'expiry-check' AND finished_at IS NOT NULL").await == 1
}

/// Two minutes pass at once: what a dead process held is free, and so is what a living one holds.
async fn leases_lapse(hand: &Hand) {
    hand.run("UPDATE job_run SET leased_until = '2020-01-01T00:00:00+00:00' WHERE finished_at IS NULL").await;
}

async fn killed_until_done(fresh: &Fresh, replicas: usize, folder: &TempDir) {
    let hand = Hand::on(&fresh.url).await;
    let mut dice: u64 = replicas as u64;
    let mut running: Vec<Child> = (0..replicas).map(|_| check(&fresh.url, folder)).collect();
    let all = LOTS * 4;
    for kill in 0..KILLS {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let chance = usize::try_from(dice >> 33).unwrap();
        // Not before something was written that was not there at the last kill; at a random place of what is left.
        let point = all * kill / KILLS + chance % (all / KILLS);
        let ended = |running: &mut Vec<Child>| running.iter_mut().all(|child| child.try_wait().unwrap().is_some());
        while written(&hand).await <= point && !ended(&mut running) {}
        let victim = &mut running[chance % replicas];
        victim.kill().unwrap();
        victim.wait().unwrap();
        leases_lapse(&hand).await;
        *victim = check(&fresh.url, folder);
    }
    while !is_done(&hand).await {
        for child in &mut running {
            child.wait().unwrap();
        }
        leases_lapse(&hand).await;
        running = (0..replicas).map(|_| check(&fresh.url, folder)).collect();
    }
    for child in &mut running {
        child.wait().unwrap();
    }
    hand.leave().await;
}

/// The evidence without the moment at which it was written, and without what only an undisturbed night can tell.
async fn evidence(url: &str) -> Vec<Value> {
    let town = Town::at(url, Clock::system()).await;
    assert_eq!(verify::run(&town.app, |_, _| {}).await.unwrap().len(), 0, "yizhan verify has nothing to say");
    let mut reports = Vec::new();
    for check in expiry_check::Entity::find().all(town.app.db.read()).await.unwrap() {
        let mut report: Value = serde_json::from_str(&check.report).unwrap();
        let report_of = report.as_object_mut().unwrap();
        report_of.remove("clock");
        // Whoever takes a night over does not know it, and says so.
        report_of.remove("tiers_before");
        reports.push(report);
    }
    reports
}

fn today(now: DateTime<Utc>) -> NaiveDate {
    now.with_timezone(&Shanghai).date_naive()
}

fn killed_or_not_it_is_the_same(engine: Engine) {
    let Some(original) = Fresh::on(engine) else { return };
    let folder = TempDir::new().unwrap();
    let clock = Clock::system();
    block_on(async {
        let day = today(clock.now());
        stock(&original, day).await;
        let (two, four) = (original.copy(), original.copy());
        assert!(check(&original.url, &folder).wait().unwrap().success());
        killed_until_done(&two, 2, &folder).await;
        killed_until_done(&four, 4, &folder).await;
        if today(clock.now()) != day {
            // Midnight in Shanghai came in between: two days cannot be the same.
            return;
        }
        let hand = Hand::on(&original.url).await;
        let (once, told) = (hand.dump(&MODULO).await, evidence(&original.url).await);
        assert!(told.len() == 1 && once["lot_event"].len() > LOTS * 4);
        for other in [&two, &four] {
            let hand = Hand::on(&other.url).await;
            same(&once, &hand.dump(&MODULO).await);
            assert_eq!(evidence(&other.url).await, told);
            hand.leave().await;
        }
        hand.leave().await;
    });
}

#[test]
fn two_and_four_replicas_that_are_killed_do_on_sqlite_what_one_does_undisturbed() {
    killed_or_not_it_is_the_same(Engine::Sqlite);
}

#[test]
fn two_and_four_replicas_that_are_killed_do_on_postgres_what_one_does_undisturbed() {
    killed_or_not_it_is_the_same(Engine::Postgres);
}
