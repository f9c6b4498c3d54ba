//! The nightly check: once per station and date, however often it runs; level-triggered; with evidence.

use chrono::TimeDelta;
use entity::{expiry_check, lot, lot::Tier, lot_event, task::What};
use sea_orm::{ConnectionTrait, Database, EntityTrait};
use yizhan::{app::App, db::Db, desk, jobs, store, verify};

use crate::{
    both,
    support::{
        medicine::take,
        town::{Town, config, reasons},
    },
};

both!(
    many_runs_are_one_run,
    skipped_nights_are_caught_up_in_one_run_with_one_digest,
    a_clock_that_leaps_tightens_and_does_not_move_the_watermark,
    what_nobody_takes_away_is_carried_further_and_suspends_the_medicine,
    two_replicas_write_one_check,
    one_lot_that_cannot_be_written_blocks_only_itself,
    verify_finds_each_fault_that_is_planted_in_the_box,
);

pub(crate) async fn run(app: &App) -> jobs::Report {
    jobs::run(app, "expiry-check").await.unwrap()
}

/// Another process on the same database, started now.
pub(crate) async fn restarted(town: &Town) -> App {
    let db = Db::connect(&town.url).await.unwrap();
    App::open(config(&town.url), town.app.clock.clone(), db).await.unwrap()
}

/// Everything the check writes, as one text.
async fn written(town: &Town) -> String {
    let conn = town.app.db.read();
    let mut lots = lot::Entity::find().all(conn).await.unwrap();
    lots.sort_by_key(|lot| lot.id);
    let events = lot_event::Entity::find().all(conn).await.unwrap();
    let checks = expiry_check::Entity::find().all(conn).await.unwrap();
    let tasks = entity::task::Entity::find().all(conn).await.unwrap();
    let notices = entity::notice::Entity::find().all(conn).await.unwrap();
    let days = entity::stock_day::Entity::find().all(conn).await.unwrap();
    format!("{lots:?}{events:?}{checks:?}{tasks:?}{notices:?}{days:?}")
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
    let once = written(&town).await;
    for _ in 0..100 {
        run(&town.app).await;
    }
    assert_eq!(written(&town).await, once);
}

async fn skipped_nights_are_caught_up_in_one_run_with_one_digest(town: Town) {
    let shelf = town.medicine_box().await;
    let old = shelf.plasters("A", "有效期至2026年12月31日", 5).await;
    run(&town.app).await;
    for days in [1_i64, 2, 29, 400] {
        town.advance(TimeDelta::days(days));
        run(&restarted(&town).await).await;
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
    let app = restarted(&town).await;
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
        (restarted(&town).await, restarted(&town).await, restarted(&town).await, restarted(&town).await);
    tokio::join!(run(&one), run(&two), run(&three), run(&four));
    run(&one).await;
    let conn = town.app.db.read();
    assert_eq!(expiry_check::Entity::find().all(conn).await.unwrap().len(), 1);
    assert_eq!(lot_event::Entity::find().all(conn).await.unwrap().len(), 30);
    assert!(tiers(&town).await.iter().all(|tier| *tier == Tier::T30));
}

async fn one_lot_that_cannot_be_written_blocks_only_itself(town: Town) {
    let shelf = town.medicine_box().await;
    let mut lots = Vec::new();
    for n in 0..150 {
        lots.push(shelf.plasters(&format!("L{n}"), "有效期至2026年12月10日", 5).await);
    }
    let poison = lots[70];
    // A date that is later than its label: planted behind the back of every verb.
    let postgres = town.url.starts_with("postgres");
    let id = if postgres { format!("'{poison}'") } else { format!("x'{}'", poison.0.simple()) };
    let hand = Database::connect(&town.url).await.unwrap();
    hand.execute_unprepared(&format!("UPDATE lot SET last_day = '2031-01-01' WHERE id = {id}")).await.unwrap();
    hand.close().await.unwrap();
    run(&town.app).await;
    let rows = lot::Entity::find().all(town.app.db.read()).await.unwrap();
    let (blocked, fine): (Vec<_>, Vec<_>) = rows.into_iter().partition(|lot| lot.blocks > 0);
    assert_eq!(blocked.iter().map(|lot| lot.id).collect::<Vec<_>>(), [poison]);
    assert!(fine.len() == 149 && fine.iter().all(|lot| lot.tier == Tier::T30));
    let last = store::check_records::find_last(town.app.db.read(), shelf.station).await.unwrap().unwrap();
    assert_eq!(last.status, expiry_check::Status::Partial);
}

async fn verify_finds_each_fault_that_is_planted_in_the_box(town: Town) {
    let shelf = town.medicine_box().await;
    shelf.plasters("A", "有效期至2026年12月10日", 5).await;
    run(&town.app).await;
    take(town.visitor(), shelf.wanted(shelf.plasters, 1)).await.unwrap();
    town.advance(TimeDelta::hours(24));
    run(&town.app).await;
    let findings = async || {
        let findings = verify::run(&town.app, |_, _| {}).await.unwrap();
        findings.into_iter().map(|finding| finding.check).collect::<Vec<_>>()
    };
    assert_eq!(findings().await, Vec::<&str>::new());
    // Planted behind the back of every verb, one after another.
    let hand = Database::connect(&town.url).await.unwrap();
    for (check, plant) in [
        ("broken-evidence", "UPDATE expiry_check SET report = 'nothing to see'"),
        ("ledger", "UPDATE lot SET available = available + 1"),
        ("held-for-nobody", "UPDATE lot SET held = held + 1"),
        ("blocks-counted", "UPDATE lot SET blocks = 1"),
        ("taken-after-its-date", "UPDATE take SET taken_on = '2030-01-01'"),
        ("take-without-lines", "UPDATE take SET units = units + 1"),
    ] {
        hand.execute_unprepared(plant).await.unwrap();
        assert!(findings().await.contains(&check), "{check}");
    }
    hand.close().await.unwrap();
    town.advance(TimeDelta::hours(51));
    assert!(findings().await.contains(&"missing-check"));
}
