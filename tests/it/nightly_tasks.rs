//! What the nightly check asks for, whom it tells, when, and how often.

use chrono::{TimeDelta, Timelike};
use entity::{
    grant::{self, Role},
    ids::LotId,
    notice, task,
    task::What,
};
use sea_orm::{ColumnTrait, ConnectionTrait, Database, EntityTrait, QueryFilter};
use yizhan::{
    db::Intent,
    desk::{
        self,
        stock::put_apart::{PutApart, Way},
    },
    jobs,
    rules::legal::Declared,
    store,
};

use crate::{
    both,
    nightly_check::run,
    support::{
        medicine::{MedicineBox, profile, take},
        town::Town,
    },
};

both!(
    units_that_come_back_are_asked_for_again,
    all_is_well_is_not_said_beside_an_open_task,
    nights_that_were_missed_are_said_and_not_called_well,
    nobody_is_told_at_night,
    a_keeper_of_two_stations_gets_one_message,
    seen_is_quiet_for_a_day_and_once,
    a_task_that_gets_worse_does_not_begin_anew,
    the_sheet_says_what_was_found_and_what_became_of_it,
    what_must_never_be_so_goes_to_the_admins_at_once,
    books_that_do_not_add_up_are_found_in_their_part_and_wherever_something_moved,
    a_recall_is_told_on_the_same_day_and_can_be_printed,
    who_took_what_is_forgotten_after_the_limits_and_with_the_person,
);

async fn by_hand(town: &Town, sql: &str) {
    let hand = Database::connect(&town.url).await.unwrap();
    hand.execute_unprepared(sql).await.unwrap();
    hand.close().await.unwrap();
}

async fn open(town: &Town, what: What) -> Vec<task::Model> {
    let open = task::Entity::find().filter(task::Column::What.eq(what)).filter(task::Column::DoneAt.is_null());
    open.all(town.app.db.read()).await.unwrap()
}

async fn told(town: &Town, template: &str) -> Vec<notice::Model> {
    let told = notice::Entity::find().filter(notice::Column::Template.eq(template));
    told.all(town.app.db.read()).await.unwrap()
}

async fn set_aside(shelf: &MedicineBox, lot: LotId, units: i32) {
    let order = PutApart { lot, way: Way::SetAside, units, note: None, photo: None };
    desk::answer(shelf.keeper.clone(), order, desk::stock::put_apart::put_apart).await.unwrap();
}

async fn units_that_come_back_are_asked_for_again(town: Town) {
    let shelf = town.medicine_box().await;
    let lot = shelf.plasters("A", "有效期至2026年11月24日", 4).await;
    town.advance(TimeDelta::days(2));
    let app = town.restarted().await;
    run(&app).await;
    assert_eq!(open(&town, What::PutInRedBox).await.len(), 1);
    set_aside(&shelf, lot, 4).await;
    assert_eq!(open(&town, What::PutInRedBox).await.len(), 0);
    let lines = store::movements::list_of_lot(town.app.db.read(), lot, None, 50).await.unwrap();
    let back = (lines.last().unwrap().id, "数错了".to_owned());
    desk::answer(shelf.keeper.clone(), back, desk::stock::reverse::reverse).await.unwrap();
    assert_eq!(open(&town, What::PutInRedBox).await.len(), 1, "at once");
    by_hand(&town, "UPDATE task SET done_at = created_at").await;
    town.advance(TimeDelta::days(1));
    run(&app).await;
    assert_eq!(open(&town, What::PutInRedBox).await.len(), 1, "whatever has closed it");
}

async fn all_is_well_is_not_said_beside_an_open_task(town: Town) {
    let shelf = town.medicine_box().await;
    shelf.plasters("A", "有效期至2030年11月24日", 4).await;
    take(town.visitor(), shelf.wanted(shelf.plasters, 1)).await.unwrap();
    by_hand(&town, "UPDATE take SET taken_on = '2031-01-01'").await;
    run(&town.app).await;
    assert_eq!(told(&town, "expiry_all_well").await.len(), 0);
    assert_eq!(told(&town, "expiry_digest").await.len(), 2, "an incident is told to both keepers");
    let incident = open(&town, What::Incident).await.remove(0);
    desk::answer(shelf.keeper.clone(), incident.id, desk::tasks::acknowledge).await.unwrap();
    town.advance(TimeDelta::hours(15));
    run(&town.app).await;
    let weekly = told(&town, "expiry_weekly").await;
    assert_eq!(weekly.len(), 2);
    assert_eq!(weekly[0].params["open"], 1, "seen is not done");
    assert_eq!(told(&town, "expiry_all_well").await.len(), 0);
    desk::answer(shelf.keeper.clone(), incident.id, desk::tasks::finish).await.unwrap();
    town.advance(TimeDelta::hours(24));
    run(&town.app).await;
    assert_eq!(open(&town, What::Incident).await.len(), 0, "what was settled is not found again every night");
    assert_eq!(told(&town, "expiry_all_well").await.len(), 2);
}

async fn nights_that_were_missed_are_said_and_not_called_well(town: Town) {
    let shelf = town.medicine_box().await;
    shelf.plasters("A", "有效期至2030年11月24日", 4).await;
    run(&town.app).await;
    assert_eq!(told(&town, "expiry_all_well").await.len(), 2);
    town.advance(TimeDelta::days(10));
    run(&town.restarted().await).await;
    assert_eq!(told(&town, "expiry_all_well").await.len(), 2, "December is not well");
    assert_eq!(told(&town, "expiry_nights_missed").await.len(), 2);
}

async fn nobody_is_told_at_night(town: Town) {
    let shelf = town.medicine_box().await;
    let member = town.member("13800138041").await;
    let lot = shelf.plasters("A", "有效期至2026年11月24日", 4).await;
    shelf.plasters("B", "有效期至2026年12月24日", 4).await;
    let until = Some(town.now() + TimeDelta::hours(23));
    let hold = desk::stock::hold::Hold { lot, units: 1, member: Some(member), until, note: None };
    desk::answer(shelf.keeper.clone(), hold, desk::stock::hold::hold).await.unwrap();
    // At ten past midnight, and at half past eleven.
    let app = town.restarted().await;
    for hours in [15, 23, 25, 24] {
        town.advance(TimeDelta::hours(hours));
        run(&app).await;
    }
    let all = notice::Entity::find().all(town.app.db.read()).await.unwrap();
    assert!(all.iter().any(|n| n.template == "hold_cut_off") && all.iter().any(|n| n.template == "expiry_digest"));
    for notice in all {
        let local = notice.send_after.with_timezone(&chrono_tz::Asia::Shanghai);
        let minute = local.hour() * 60 + local.minute();
        assert!((510..=1260).contains(&minute), "{} at {local}", notice.template);
    }
}

async fn a_keeper_of_two_stations_gets_one_message(town: Town) {
    let shelf = town.medicine_box().await;
    let other = town.station("MED2").await;
    let member = shelf.keeper.actor.member().unwrap();
    let row = grant::Model {
        id: town.app.clock.id(),
        member_id: member,
        role: Role::Keeper,
        community_id: None,
        station_id: Some(other),
        granted_by: None,
        granted_at: town.now(),
        revoked_at: None,
    };
    let tx = town.app.db.write(Intent::default()).await.unwrap();
    store::roles::add(&tx, row).await.unwrap();
    tx.commit(()).await.unwrap();
    let lot = shelf.plasters("A", "有效期至2026年11月26日", 4).await;
    let carried = desk::stock::transfer::Transfer { lot, units: 2, to_station: "MED2".to_owned(), shelf: None };
    desk::answer(town.process(), carried, desk::stock::transfer::transfer).await.unwrap();
    run(&town.app).await;
    run(&town.app).await;
    let mine: Vec<_> = told(&town, "expiry_digest").await.into_iter().filter(|n| n.member_id == Some(member)).collect();
    assert_eq!(mine.len(), 1, "{mine:?}");
    assert_eq!((mine[0].params["count"].as_u64(), mine[0].params["stations"].as_array().map(Vec::len)), (Some(2), Some(2)));
}

async fn seen_is_quiet_for_a_day_and_once(town: Town) {
    let shelf = town.medicine_box().await;
    shelf.plasters("A", "有效期至2026年11月26日", 4).await;
    run(&town.app).await;
    let seen = async || {
        let id = open(&town, What::TakeOutThisWeek).await.remove(0).id;
        desk::answer(shelf.keeper.clone(), id, desk::tasks::acknowledge).await.unwrap();
        let row = open(&town, What::TakeOutThisWeek).await.remove(0);
        assert_eq!(row.facts.as_deref(), Some("2026-11-25/2026-11-25"));
        row.seen_at
    };
    let first = seen().await;
    let digests = async || told(&town, "expiry_digest").await.len();
    assert_eq!(digests().await, 2);
    town.advance(TimeDelta::hours(15));
    assert_eq!(seen().await, first, "once for the same facts");
    run(&town.app).await;
    assert_eq!(digests().await, 2);
    town.advance(TimeDelta::hours(10));
    run(&town.app).await;
    assert_eq!(digests().await, 4, "a day later, and not after 47 hours");
}

async fn a_task_that_gets_worse_does_not_begin_anew(town: Town) {
    let shelf = town.medicine_box().await;
    let kind = town.lot_kind("药膏").await;
    let course = desk::stock::profile::Profile { course_days: 3, ..profile(Declared::Dressing) };
    desk::stock::profile::set(town.process(), (kind, course)).await.unwrap();
    shelf.receive(shelf.delivery(kind, "A", "有效期至2026年11月27日", 4)).await.unwrap();
    let app = town.restarted().await;
    town.advance(TimeDelta::days(1));
    run(&app).await;
    let first = open(&town, What::TakeOutToday).await.remove(0);
    for _ in 0..3 {
        town.advance(TimeDelta::days(1));
        run(&app).await;
    }
    let worse = open(&town, What::PutInRedBox).await.remove(0);
    assert_eq!((worse.created_at, worse.escalated, worse.seen_at), (first.created_at, 2, None));
}

async fn who_took_what_is_forgotten_after_the_limits_and_with_the_person(town: Town) {
    let shelf = town.medicine_box().await;
    shelf.fever("A", "有效期至2028年06月", 20).await;
    let member = town.member("13800138041").await;
    let phone = entity::values::Phone::parse("13800138041").unwrap();
    let order = || desk::stock::take::Take { phone: Some(phone.clone()), ..shelf.fever_wanted(&["有效期至2028年06月"]) };
    let keys = async || {
        let takes = entity::take::Entity::find().all(town.app.db.read()).await.unwrap();
        let known = takes.iter().filter(|take| take.person_key.is_some()).count();
        (known, entity::taker::Entity::find().all(town.app.db.read()).await.unwrap().len())
    };
    take(town.visitor(), order()).await.unwrap();
    jobs::run(&town.app, "sweep").await.unwrap();
    assert_eq!(keys().await, (1, 1));
    town.advance(TimeDelta::hours(97));
    jobs::run(&town.app, "sweep").await.unwrap();
    assert_eq!(keys().await, (0, 0));
    take(town.visitor(), order()).await.unwrap();
    assert_eq!(keys().await, (1, 1));
    desk::answer(town.process(), member, desk::members::erase).await.unwrap();
    assert_eq!(keys().await, (0, 0));
}

async fn the_sheet_says_what_was_found_and_what_became_of_it(town: Town) {
    let shelf = town.medicine_box().await;
    let delivery = desk::stock::receive::Receive {
        shelf: Some("3号格".to_owned()),
        ..shelf.delivery(shelf.plasters, "A12", "有效期至2026年11月24日", 4)
    };
    let lot: LotId = shelf.receive(delivery).await.unwrap().into_receipt().id.into();
    run(&town.app).await;
    town.advance(TimeDelta::days(3));
    run(&town.restarted().await).await;
    set_aside(&shelf, lot, 1).await;
    let conn = town.app.db.read();
    let station = store::stations::find(conn, shelf.station).await.unwrap().unwrap();
    let day = town.now().date_naive().to_string();
    let sheet = desk::stock::check_sheet::sheet(conn, &station, &day).await.unwrap();
    let line = &sheet.lines[0];
    assert_eq!(
        (line.number.as_deref(), line.kind.as_deref(), line.shelf.as_deref(), line.what.as_str(), line.units),
        (Some("A12"), Some("创可贴"), Some("3号格"), "expired", 4)
    );
    assert!(line.photo.is_some() && line.profile_rev.is_some());
    assert_eq!(line.handling.zh, "架上还有 3，红盒 1");
    assert_eq!(sheet.missed.as_array().map(Vec::len), Some(2));
    assert_eq!(sheet.tiers_before, serde_json::json!([["t7", 1]]));
    assert_eq!(sheet.tiers_after, serde_json::json!([["expired", 1]]));
    let tasks = store::tasks::list(conn, Some(vec![shelf.station]), false, None, 9).await.unwrap();
    let view = desk::tasks::views(conn, &tasks).await.unwrap().remove(0);
    assert_eq!(
        (view.kind.as_deref(), view.lot_number.as_deref(), view.shelf.as_deref(), view.units),
        (Some("创可贴"), Some("A12"), Some("3号格"), Some(3))
    );
}

async fn what_must_never_be_so_goes_to_the_admins_at_once(town: Town) {
    let shelf = town.medicine_box().await;
    let admin = town.staff(Role::Admin, None, None).await;
    let tx = town.app.db.write(Intent::default()).await.unwrap();
    store::roles::add(&tx, admin.actor.roles()[0].clone()).await.unwrap();
    tx.commit(()).await.unwrap();
    shelf.plasters("A", "有效期至2030年11月24日", 4).await;
    by_hand(&town, "UPDATE lot SET available = available + 1").await;
    run(&town.app).await;
    let incidents = async || open(&town, What::Incident).await;
    assert_eq!(incidents().await.len(), 1);
    assert!(incidents().await[0].note.as_deref().unwrap().contains("ledger"));
    let told_up = told(&town, "expiry_escalated").await;
    assert_eq!(told_up.iter().map(|n| n.member_id).collect::<Vec<_>>(), [admin.actor.member()]);
    // Nobody keeps the station any more whom anybody could call.
    by_hand(&town, "UPDATE lot SET available = available - 1").await;
    by_hand(
        &town,
        "UPDATE member SET phone_sealed = NULL WHERE id IN (SELECT member_id FROM grant_of_role WHERE role = 'keeper')",
    )
    .await;
    town.advance(TimeDelta::days(1));
    run(&town.app).await;
    assert!(incidents().await.iter().any(|task| task.natural_key.ends_with("nobody_to_tell")));
}

async fn books_that_do_not_add_up_are_found_in_their_part_and_wherever_something_moved(town: Town) {
    use store::invariants::{count_lots, find_nth, list_unbalanced, list_unbalanced_of_moved};
    let shelf = town.medicine_box().await;
    let mut lots = Vec::new();
    for number in ["A", "B", "C", "D"] {
        lots.push(shelf.plasters(number, "有效期至2030年11月24日", 4).await);
    }
    lots.sort_unstable();
    let conn = town.app.db.read();
    assert_eq!(count_lots(conn).await.unwrap(), 4);
    for (n, lot) in [None, Some(lots[0]), Some(lots[1]), Some(lots[2]), Some(lots[3]), None].into_iter().enumerate() {
        assert_eq!(find_nth(conn, n as u64).await.unwrap(), lot, "{n}");
    }
    town.advance(TimeDelta::days(2));
    let since = town.app.clock.now() - TimeDelta::days(1);
    assert_eq!(list_unbalanced_of_moved(conn, since).await.unwrap(), []);
    take(town.visitor(), shelf.wanted(shelf.plasters, 1)).await.unwrap();
    assert_eq!(list_unbalanced(conn, (None, None)).await.unwrap(), []);
    by_hand(&town, "UPDATE lot SET available = available + 1").await;
    let found = |lots: &[LotId]| lots.iter().map(|lot| (shelf.station, *lot)).collect::<Vec<_>>();
    let parts = [(None, Some(lots[1]), &lots[..2]), (Some(lots[1]), None, &lots[2..]), (None, None, &lots[..])];
    for (after, until, there) in parts {
        assert_eq!(list_unbalanced(conn, (after, until)).await.unwrap(), found(there));
    }
    // All four are wrong, and one of them has moved since yesterday.
    let moved = entity::movement::Entity::find().filter(entity::movement::Column::TakeId.is_not_null());
    let moved = moved.one(conn).await.unwrap().unwrap().lot_id;
    assert_eq!(list_unbalanced_of_moved(conn, since).await.unwrap(), found(&[moved]));
    assert_eq!(list_unbalanced_of_moved(conn, since - TimeDelta::days(9)).await.unwrap(), found(&lots));
}

async fn a_recall_is_told_on_the_same_day_and_can_be_printed(town: Town) {
    let shelf = town.medicine_box().await;
    shelf.plasters("A12", "有效期至2030年11月24日", 4).await;
    take(town.visitor(), shelf.wanted(shelf.plasters, 1)).await.unwrap();
    let what = desk::stock::recall::NewRecall {
        kind: Some(shelf.plasters),
        product: None,
        lots: "A*".to_owned(),
        source: "药监局公告 1".to_owned(),
    };
    let recall = desk::answer(shelf.keeper.clone(), what, desk::stock::recall::enter).await.unwrap().into_receipt();
    assert_eq!(told(&town, "recalled").await.len(), 2, "both keepers");
    let notice = desk::stock::recall_notice::notice(&shelf.keeper, town.app.db.read(), recall.id.into()).await.unwrap();
    assert_eq!((notice.lots.len(), notice.lots[0].number.as_str(), notice.lots[0].on_shelf), (1, "A12", 3));
    assert_eq!(notice.takes.iter().map(|take| take.units).collect::<Vec<_>>(), [1]);
}
