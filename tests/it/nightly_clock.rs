//! The nightly check under a clock that leaps, goes back, and is set right again.

use chrono::TimeDelta;
use entity::{expiry_check::Mode, lot::Tier, task::What};
use yizhan::{jobs, rules::expiry::Light, store, verify};

use crate::{
    both,
    nightly_check::{run, tiers},
    support::{
        medicine::take,
        town::{Town, reasons},
    },
};

both!(
    a_leap_that_is_set_right_again_leaves_no_trace,
    a_clock_that_goes_back_still_writes_its_evidence,
    a_day_on_which_something_was_taken_is_not_unseen_before_its_check,
    a_day_on_which_something_was_taken_after_missed_nights_is_not_unseen_either,
    a_first_lot_is_not_red_and_neither_is_a_station_that_has_closed,
);

async fn broken(town: &Town) -> bool {
    let findings = verify::run(&town.app, |_, _| {}).await.unwrap();
    findings.iter().any(|finding| finding.check == "broken-evidence")
}

async fn open(town: &Town, station: entity::ids::StationId) -> Vec<What> {
    let tasks = store::tasks::list(town.app.db.read(), Some(vec![station]), false, None, 50).await.unwrap();
    tasks.iter().map(|task| task.what).collect()
}

async fn a_leap_that_is_set_right_again_leaves_no_trace(town: Town) {
    let shelf = town.medicine_box().await;
    shelf.plasters("A", "有效期至2027年06月30日", 5).await;
    run(&town.app).await;
    let monday = town.now();
    town.advance(TimeDelta::days(365));
    run(&town.app).await;
    assert_eq!(tiers(&town).await, [Tier::Fresh], "nothing is written for a date that nobody trusts");
    assert_eq!(open(&town, shelf.station).await, [What::CheckClock]);
    assert_eq!(jobs::expiry_light(&town.app).await.unwrap(), Light::Red);
    assert_eq!(reasons(take(town.visitor(), shelf.wanted(shelf.plasters, 1)).await), ["none-usable"], "it may block");
    for day in 1..=3 {
        town.app.clock.set(monday + TimeDelta::days(day));
        run(&town.app).await;
        let last = store::check_records::find_last(town.app.db.read(), shelf.station).await.unwrap().unwrap();
        assert_eq!((last.mode, last.business_date), (Mode::Normal, town.now().date_naive()));
        assert_eq!(open(&town, shelf.station).await, [], "the clock is right again");
        assert_eq!(jobs::expiry_light(&town.app).await.unwrap(), Light::Green);
    }
    take(town.visitor(), shelf.wanted(shelf.plasters, 1)).await.unwrap();
    assert!(!broken(&town).await);
    town.app.clock.set(monday + TimeDelta::days(365));
    run(&town.restarted().await).await;
    assert_eq!(tiers(&town).await, [Tier::Expired], "the day that was dreamt of comes, and is checked");
    assert!(!broken(&town).await);
}

async fn a_clock_that_goes_back_still_writes_its_evidence(town: Town) {
    let shelf = town.medicine_box().await;
    shelf.plasters("A", "有效期至2026年11月30日", 5).await;
    run(&town.app).await;
    town.advance(TimeDelta::days(-1));
    for _ in 0..2 {
        run(&town.app).await;
    }
    let last = store::check_records::find_last(town.app.db.read(), shelf.station).await.unwrap().unwrap();
    assert_eq!((last.mode, last.business_date), (Mode::TightenOnly, "2026-11-23".parse().unwrap()));
    assert_eq!(jobs::expiry_light(&town.app).await.unwrap(), Light::Red, "a check in the future is no check");
    town.advance(TimeDelta::days(2));
    run(&town.app).await;
    let last = store::check_records::find_last(town.app.db.read(), shelf.station).await.unwrap().unwrap();
    assert_eq!((last.mode, last.business_date), (Mode::Normal, "2026-11-24".parse().unwrap()));
    assert!(!broken(&town).await);
}

async fn a_day_on_which_something_was_taken_is_not_unseen_before_its_check(town: Town) {
    let shelf = town.medicine_box().await;
    shelf.plasters("A", "有效期至2026年11月25日", 5).await;
    shelf.fever("F", "有效期至2027年06月30日", 5).await;
    let on = |text: &str| town.app.clock.set(text.parse().unwrap());
    let seen = async || store::stock_days::find(town.app.db.read(), shelf.station).await.unwrap();
    on("2026-11-24T04:00:00Z");
    run(&town.app).await;
    take(town.visitor(), shelf.wanted(shelf.plasters, 1)).await.unwrap();
    // Five past midnight in Shanghai, and no check yet.
    on("2026-11-24T16:05:00Z");
    assert_eq!(seen().await, Some("2026-11-24".parse().unwrap()));
    take(town.visitor(), shelf.fever_wanted(&["2027-06-30"])).await.unwrap();
    assert_eq!(seen().await, Some("2026-11-25".parse().unwrap()), "whoever was handed something has seen the day");
    on("2026-11-24T15:00:00Z");
    assert_eq!(reasons(take(town.visitor(), shelf.wanted(shelf.plasters, 1)).await), ["none-usable"], "it ended with its day");
    on("2026-11-24T16:10:00Z");
    run(&town.app).await;
    let last = store::check_records::find_last(town.app.db.read(), shelf.station).await.unwrap().unwrap();
    assert_eq!((last.mode, last.business_date), (Mode::Normal, "2026-11-25".parse().unwrap()), "the night is done as always");
    // Of a clock that leaps further nobody is sure, and nobody follows it.
    on("2026-12-25T04:00:00Z");
    take(town.visitor(), shelf.fever_wanted(&["2027-06-30"])).await.unwrap();
    assert_eq!(seen().await, Some("2026-11-25".parse().unwrap()));
}

async fn a_day_on_which_something_was_taken_after_missed_nights_is_not_unseen_either(town: Town) {
    let shelf = town.medicine_box().await;
    shelf.plasters("A", "2026.11.28", 5).await;
    shelf.fever("F", "有效期至2027年06月30日", 20).await;
    let on = |text: &str| town.app.clock.set(text.parse().unwrap());
    let seen = async || store::stock_days::find(town.app.db.read(), shelf.station).await.unwrap();
    let desk_of = |app: &yizhan::app::App| yizhan::desk::Desk { app: app.clone(), ..town.visitor() };
    on("2026-11-24T04:00:00Z");
    run(&town.app).await;
    assert_eq!(seen().await, Some("2026-11-24".parse().unwrap()));
    // Nobody was there for five nights. The process that comes up is asked for medicine before it has checked anything.
    on("2026-11-29T04:00:00Z");
    let again = town.restarted().await;
    take(desk_of(&again), shelf.fever_wanted(&["2027-06-30"])).await.unwrap();
    assert_eq!(seen().await, Some("2026-11-29".parse().unwrap()), "whoever was handed something has seen the day");
    on("2026-11-26T04:00:00Z");
    let plasters = take(desk_of(&again), shelf.wanted(shelf.plasters, 1)).await;
    assert_eq!(reasons(plasters), ["none-usable"], "what had ended when something was taken does not come back with the clock");
    // The night is made up for as always.
    on("2026-11-29T04:10:00Z");
    run(&again).await;
    let last = store::check_records::find_last(town.app.db.read(), shelf.station).await.unwrap().unwrap();
    assert_eq!((last.mode, last.business_date), (Mode::Normal, "2026-11-29".parse().unwrap()));
    assert!(!broken(&town).await);
}

async fn a_first_lot_is_not_red_and_neither_is_a_station_that_has_closed(town: Town) {
    use sea_orm::ConnectionTrait;
    let light = async || jobs::expiry_light(&town.app).await.unwrap();
    let shelf = town.medicine_box().await;
    assert_eq!(light().await, Light::Green);
    shelf.plasters("A", "有效期至2026年11月30日", 5).await;
    assert_eq!(light().await, Light::Green, "the first night has not been yet");
    town.advance(TimeDelta::hours(51));
    assert_eq!(light().await, Light::Red);
    let hand = sea_orm::Database::connect(&town.url).await.unwrap();
    hand.execute_unprepared("UPDATE station SET closed_at = created_at").await.unwrap();
    hand.close().await.unwrap();
    assert_eq!(light().await, Light::Green);
}
