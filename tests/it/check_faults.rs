//! The nightly check when things go wrong: poison among ten thousand lots, a run that was lost or killed, clocks that leap and
//! come back, nights that nobody checked.

use chrono::{Days, NaiveDate, TimeDelta};
use entity::{
    expiry_check::{self, Mode, Status},
    ids::LotId,
    lot::{self, Tier},
    lot_event,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use uuid::Uuid;
use yizhan::{app::App, jobs, store};

use crate::{
    both,
    support::{
        Engine,
        medicine::{MedicineBox, take},
        planted::{Hand, same},
        town::{Town, on, reasons},
    },
};

both!(
    two_poisonous_lots_among_ten_thousand_block_only_themselves,
    whoever_lost_the_check_writes_nothing_more_of_it,
    a_check_that_was_killed_after_its_evidence_ends_without_a_second_one,
    what_was_blocked_before_a_check_was_killed_still_makes_it_partial,
    a_clock_that_goes_back_to_a_night_nobody_checked_releases_nothing,
    a_clock_that_leapt_and_was_set_right_leaves_one_chain_and_no_lasting_mistrust,
    however_many_nights_are_skipped_one_run_catches_up_with_one_digest,
);

async fn run(app: &App) -> jobs::Report {
    jobs::run(app, "expiry-check").await.unwrap()
}

async fn last_check(town: &Town, shelf: &MedicineBox) -> expiry_check::Model {
    store::check_records::find_last(town.app.db.read(), shelf.station).await.unwrap().unwrap()
}

async fn in_tier(town: &Town, tier: Tier) -> u64 {
    lot::Entity::find().filter(lot::Column::Tier.eq(tier)).count(town.app.db.read()).await.unwrap()
}

/// The lot that [`Hand::multiply`] made of this number.
fn multiplied(n: u128) -> LotId {
    LotId(Uuid::from_u128(n))
}

async fn two_poisonous_lots_among_ten_thousand_block_only_themselves(town: Town) {
    let shelf = town.medicine_box().await;
    let template = shelf.plasters("A", "有效期至2026年12月10日", 5).await;
    let hand = Hand::on(&town.url).await;
    hand.multiply(template, 1, 9_999).await;
    // One is good for longer than its label says; of the other nothing can be written down.
    let (implausible, unwritable) = (multiplied(4_000), multiplied(7_777));
    hand.run(&format!("UPDATE lot SET last_day = '2031-01-01' WHERE id = {}", hand.id(implausible.0))).await;
    hand.poison("lot_event", &format!("NEW.lot_id = {}", hand.id(unwritable.0))).await;
    hand.leave().await;
    run(&town.app).await;
    let blocked = lot::Entity::find()
        .filter(lot::Column::Blocks.gt(0))
        .order_by_asc(lot::Column::Id)
        .all(town.app.db.read())
        .await
        .unwrap();
    assert_eq!(blocked.iter().map(|lot| lot.id).collect::<Vec<_>>(), [implausible, unwritable]);
    assert_eq!((in_tier(&town, Tier::T30).await, in_tier(&town, Tier::Fresh).await), (9_998, 2));
    let last = last_check(&town, &shelf).await;
    assert_eq!((last.status, last.checked), (Status::Partial, 10_000));
    town.verified().await;
}

async fn whoever_lost_the_check_writes_nothing_more_of_it(town: Town) {
    let shelf = town.medicine_box().await;
    let template = shelf.plasters("A", "有效期至2026年12月10日", 5).await;
    let hand = Hand::on(&town.url).await;
    hand.multiply(template, 1, 999).await;
    // In the middle of the first chunk the run is taken over by somebody else.
    let lost = "UPDATE job_run SET fence = fence + 1 WHERE finished_at IS NULL";
    hand.when_added("lot_event", &format!("NEW.lot_id = {}", hand.id(multiplied(50).0)), lost).await;
    jobs::run(&town.app, "expiry-check").await.unwrap_err();
    assert_eq!(hand.count("lot_event").await, 500, "no more than the chunk in which it was lost");
    for untouched in ["expiry_check", "stock_day", "notice", "stock_block"] {
        assert_eq!(hand.count(untouched).await, 0, "{untouched}");
    }
    hand.forget("lot_event").await;
    hand.leave().await;
    town.advance(TimeDelta::minutes(3));
    run(&town.app).await;
    assert_eq!(in_tier(&town, Tier::T30).await, 1_000);
    assert_eq!(last_check(&town, &shelf).await.status, Status::Done);
    town.verified().await;
}

/// As if the process had been killed just before it said that it was done.
async fn not_done_yet(hand: &Hand, town: &Town) {
    hand.run("UPDATE job_run SET finished_at = NULL WHERE job = 'expiry-check'").await;
    town.advance(TimeDelta::minutes(3));
}

async fn a_check_that_was_killed_after_its_evidence_ends_without_a_second_one(town: Town) {
    let shelf = town.medicine_box().await;
    shelf.plasters("A", "有效期至2026年11月28日", 5).await;
    run(&town.app).await;
    let hand = Hand::on(&town.url).await;
    // What the work of a run leaves behind, but for the lease.
    let run_of_it = ["fence", "leased_until", "finished_at", "effects"];
    let once = hand.dump(&run_of_it).await;
    not_done_yet(&hand, &town).await;
    run(&town.app).await;
    same(&hand.dump(&run_of_it).await, &once);
    assert_eq!(hand.count("job_run WHERE finished_at IS NULL").await, 0);
    hand.leave().await;
    town.verified().await;
}

async fn what_was_blocked_before_a_check_was_killed_still_makes_it_partial(town: Town) {
    let shelf = town.medicine_box().await;
    let wrong = shelf.plasters("A", "有效期至2026年12月10日", 5).await;
    let template = shelf.plasters("B", "有效期至2026年12月10日", 5).await;
    let hand = Hand::on(&town.url).await;
    hand.multiply(template, 1, 100).await;
    hand.run(&format!("UPDATE lot SET last_day = '2031-01-01' WHERE id = {}", hand.id(wrong.0))).await;
    // The lease is lost after the first chunk, and the run with it.
    let lost = "UPDATE job_run SET fence = fence + 1 WHERE finished_at IS NULL";
    hand.when_added("lot_event", &format!("NEW.lot_id = {}", hand.id(multiplied(50).0)), lost).await;
    jobs::run(&town.app, "expiry-check").await.unwrap_err();
    hand.forget("lot_event").await;
    hand.leave().await;
    town.advance(TimeDelta::minutes(3));
    run(&town.app).await;
    assert_eq!(last_check(&town, &shelf).await.status, Status::Partial);
    town.advance(TimeDelta::days(1));
    run(&town.app).await;
    assert_eq!(last_check(&town, &shelf).await.status, Status::Done, "the next night has nothing new to block");
}

async fn a_clock_that_goes_back_to_a_night_nobody_checked_releases_nothing(town: Town) {
    let shelf = town.medicine_box().await;
    shelf.plasters("A", "有效期至2026年11月25日", 5).await;
    town.advance(TimeDelta::days(2));
    run(&town.restarted().await).await;
    let once = last_check(&town, &shelf).await;
    town.advance(-TimeDelta::days(1));
    for app in [town.app.clone(), town.restarted().await] {
        run(&app).await;
        assert_eq!(reasons(take(town.visitor(), shelf.wanted(shelf.plasters, 1)).await), ["none-usable"]);
    }
    let back = last_check(&town, &shelf).await;
    assert_eq!((back.n, back.mode, back.run_on), (once.n + 1, Mode::TightenOnly, once.run_on.pred_opt().unwrap()));
    assert_eq!(back.business_date, once.business_date, "the night it goes back to was seen already");
    let tasks = store::tasks::list(town.app.db.read(), Some(vec![shelf.station]), false, None, 50).await.unwrap();
    assert!(tasks.iter().any(|task| task.what == entity::task::What::CheckClock), "and somebody is told");
    town.verified().await;
}

async fn a_clock_that_leapt_and_was_set_right_leaves_one_chain_and_no_lasting_mistrust(town: Town) {
    let shelf = town.medicine_box().await;
    let lot = shelf.plasters("A", "有效期至2028年11月30日", 50).await;
    run(&town.app).await;
    town.advance(TimeDelta::days(90));
    run(&town.app).await;
    assert_eq!(last_check(&town, &shelf).await.mode, Mode::TightenOnly);
    town.advance(-TimeDelta::days(89));
    let mut modes = Vec::new();
    for _ in 0..3 {
        run(&town.app).await;
        let last = last_check(&town, &shelf).await;
        modes.push((last.business_date, last.mode));
        take(town.visitor(), shelf.wanted(shelf.plasters, 1)).await.unwrap();
        assert_eq!(jobs::expiry_light(&town.app).await.unwrap().as_str(), "green");
        town.advance(TimeDelta::days(1));
    }
    let day = |d| NaiveDate::from_ymd_opt(2026, 11, d).unwrap();
    assert_eq!(modes, [(day(24), Mode::Normal), (day(25), Mode::Normal), (day(26), Mode::Normal)]);
    assert_eq!(store::stock_days::find(town.app.db.read(), shelf.station).await.unwrap(), Some(day(26)));
    town.verified().await;
    let light = async || jobs::expiry_light(&town.app).await.unwrap().as_str();
    town.advance(TimeDelta::hours(51));
    assert_eq!(light().await, "red", "a check in the future does not quiet the dead-man's switch");
    // When the night to which it leapt comes, a run by a clock that was not trusted has its name already; it is done all the same.
    town.advance(TimeDelta::days(86) - TimeDelta::hours(51));
    let app = town.restarted().await;
    run(&app).await;
    town.advance(TimeDelta::days(1));
    run(&app).await;
    let last = last_check(&town, &shelf).await;
    assert_eq!((last.business_date, last.mode), (day(26) + Days::new(88), Mode::Normal));
    assert_eq!(store::lots::find(town.app.db.read(), lot).await.unwrap().unwrap().available, 47);
    town.verified().await;
}

async fn however_many_nights_are_skipped_one_run_catches_up_with_one_digest(town: Town) {
    let shelf = town.medicine_box().await;
    run(&town.app).await;
    let mut next = town.now().date_naive();
    let mut before: Option<expiry_check::Model> = None;
    for skipped in [1_u64, 2, 3, 7, 30, 31, 90, 365, 400] {
        // One that ends in each of the tiers while nobody looks, or long before anybody looks again.
        let ends = next + Days::new(skipped.min(40));
        let label = ends.format("有效期至%Y年%m月%d日").to_string();
        let lot = shelf.plasters(&format!("N{skipped}"), &label, 5).await;
        let first = before.is_none();
        if first {
            run(&town.app).await;
            before = Some(last_check(&town, &shelf).await);
        }
        next = next + Days::new(skipped);
        town.advance(TimeDelta::days(i64::try_from(skipped).unwrap()));
        let app = town.restarted().await;
        run(&app).await;
        run(&app).await;
        let last = last_check(&town, &shelf).await;
        let earlier = before.replace(last.clone()).unwrap();
        assert_eq!((last.business_date, last.mode), (next, Mode::Normal));
        assert_eq!(last.covers_from, earlier.business_date + Days::new(1), "{skipped}: the missed days are in the evidence");
        assert_eq!((last.business_date - last.covers_from).num_days() + 1, i64::try_from(skipped).unwrap());
        assert_eq!(last.previous_hash, earlier.hash);
        let events =
            lot_event::Entity::find().filter(lot_event::Column::LotId.eq(lot)).filter(lot_event::Column::SeenOn.eq(next));
        let events: Vec<_> = events.all(app.db.read()).await.unwrap();
        // At once where it is, not through every tier between.
        assert_eq!(events.iter().map(|event| event.what.as_str()).collect::<Vec<_>>(), ["expired"], "{skipped}");
        let notices = entity::notice::Entity::find().all(app.db.read()).await.unwrap();
        let digests = notices.iter().filter(|n| n.template == "expiry_digest" && n.natural_key.contains(&next.to_string()));
        assert_eq!(digests.count(), 2, "{skipped}: one for each of the two keepers");
    }
    let conn = town.app.db.read();
    assert_eq!(store::check_records::list(conn, shelf.station, None, 50).await.unwrap().len(), 10);
    town.verified().await;
}

/// The engine itself may say: not now, somebody else has it. That is no fault of the lot.
#[test]
fn a_lot_that_somebody_else_holds_is_not_blocked_for_it() {
    on(Engine::Postgres, |town| async move {
        let shelf = town.medicine_box().await;
        let lot = shelf.plasters("A", "有效期至2026年12月10日", 5).await;
        let hand = Hand::on(&town.url).await;
        let held = "RAISE EXCEPTION 'somebody else has it' USING ERRCODE = 'lock_not_available'";
        hand.when_added("lot_event", "true", held).await;
        jobs::run(&town.app, "expiry-check").await.unwrap_err();
        assert_eq!(store::lots::find(town.app.db.read(), lot).await.unwrap().unwrap().blocks, 0);
        hand.forget("lot_event").await;
        hand.leave().await;
        town.advance(TimeDelta::minutes(3));
        run(&town.app).await;
        assert_eq!(last_check(&town, &shelf).await.status, Status::Done);
        assert_eq!(in_tier(&town, Tier::T30).await, 1);
    });
}
