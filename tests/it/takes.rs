//! Taking: who is named, what is stored, which pack it is, and what keepers hear of it. On both engines.

use chrono::TimeDelta;
use entity::{
    answered_request,
    consumable::{About, Caution, Cautions, Then},
    event,
    ids::{KindId, LotId},
    movement, pack,
    stock_block::Cause,
    task,
    task::What,
};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter};
use serde_json::json;
use yizhan::{
    db::{How, Trouble},
    desk::{
        self, Desk,
        stock::{
            hold::Hold,
            open_pack::OpenPack,
            profile::Profile,
            put_apart::{PutApart, Way},
            receive::Receive,
            register_packs::RegisterPacks,
            take::{PackInHand, Take},
        },
    },
    rules::{legal::Declared, take::Known, usability::Block},
    store,
};

use crate::{
    both,
    support::{
        medicine::{MedicineBox, STATION, fever_profile, profile, take},
        server::{Server, all_at_once, answer},
        town::{Town, reasons},
    },
};

both!(
    a_take_names_nobody_and_neither_does_taking_it_back,
    a_keeper_at_work_is_named,
    answers_are_weighed_and_not_stored,
    the_same_key_takes_once_over_http_and_answers_are_not_stored,
    an_opened_pack_that_is_not_shared_leaves_to_nobody,
    one_pack_counts_once,
    the_same_serial_number_of_another_product_is_another_pack,
    a_code_that_contradicts_what_is_stored_is_a_conflict,
    many_hands_hold_up_the_same_pack,
    what_is_taken_back_can_be_taken_again,
    without_a_number_a_device_is_counted,
    without_a_number_a_station_does_not_hand_out_its_whole_box,
    a_stray_pack_past_its_date_freezes_the_shelf_until_a_keeper_has_looked,
    what_is_good_is_sent_to_no_red_box,
    packs_that_look_alike_are_taken_out_of_all_their_lots,
    more_in_hand_than_written_down_is_counted_again,
    two_scans_are_one_pack_and_further_packs_are_registered,
);

const LABEL: &str = "有效期至2028年06月30日";
const GTIN: &str = "06901234567892";
const OTHER_GTIN: &str = "06901234567908";

fn code(gtin: &str, lot: &str, date: &str, serial: &str) -> String {
    format!("(01){gtin}(17){date}(10){lot}(21){serial}")
}

fn with_codes(shelf: &MedicineBox, codes: &[&str]) -> Take {
    let in_hand = codes.iter().map(|code| PackInHand::Code((*code).to_owned())).collect();
    let labels: Vec<&str> = codes.iter().map(|_| "x").collect();
    Take { in_hand, ..shelf.fever_wanted(&labels) }
}

fn with_labels(shelf: &MedicineBox, units: i32, label: &str) -> Take {
    Take { in_hand: vec![PackInHand::Label(label.to_owned())], ..shelf.wanted(shelf.plasters, units) }
}

/// Fever medicine with a code on its packs, read by two people.
async fn coded(shelf: &MedicineBox, number: &str, units: i32, code: &str) -> LotId {
    let delivery = Receive { code: Some(code.to_owned()), ..shelf.delivery(shelf.fever, number, LABEL, units) };
    let lot: LotId = shelf.receive(delivery).await.unwrap().into_receipt().id.into();
    let again = (lot, LABEL.to_owned());
    // A code that is known by now is the second reading.
    let _ = desk::answer(shelf.second.clone(), again, desk::stock::verify_label::verify_label).await;
    lot
}

async fn row(town: &Town, lot: LotId) -> entity::lot::Model {
    store::lots::find(town.app.db.read(), lot).await.unwrap().unwrap()
}

async fn open_tasks(town: &Town, what: What) -> Vec<task::Model> {
    let open = task::Entity::find().filter(task::Column::What.eq(what)).filter(task::Column::DoneAt.is_null());
    open.all(town.app.db.read()).await.unwrap()
}

async fn put_apart(shelf: &MedicineBox, lot: LotId, units: i32) {
    let order = PutApart { lot, way: Way::SetAside, units, note: None, photo: None };
    desk::answer(shelf.keeper.clone(), order, desk::stock::put_apart::put_apart).await.unwrap();
}

async fn undo(desk: Desk, id: uuid::Uuid) {
    desk::answer(desk, id.into(), desk::stock::undo_take::undo).await.unwrap();
}

/// Who stands in the ledger and in the audit trail besides those who received and set aside.
async fn named(town: &Town) -> (Vec<movement::Model>, Vec<event::Model>) {
    let lines = movement::Entity::find()
        .filter(movement::Column::Reason.is_in([movement::Reason::Taken, movement::Reason::Undone, movement::Reason::Released]))
        .filter(movement::Column::ActorId.is_not_null());
    let events = event::Entity::find().filter(event::Column::Action.is_in(["taken", "take_undone"]));
    let events = events.filter(event::Column::ActorId.is_not_null().or(event::Column::Address.is_not_null()));
    (lines.all(town.app.db.read()).await.unwrap(), events.all(town.app.db.read()).await.unwrap())
}

async fn a_take_names_nobody_and_neither_does_taking_it_back(town: Town) {
    let shelf = town.medicine_box().await;
    let lot = shelf.plasters("A", LABEL, 50).await;
    let member = town.member("13800138041").await;
    let resident = Desk { address: Some("192.0.2.7".to_owned()), ..town.resident(member) };
    let hold = Hold { lot, units: 4, member: Some(member), until: None, note: None };
    let kept = desk::answer(shelf.keeper.clone(), hold.clone(), desk::stock::hold::hold).await.unwrap().into_receipt();
    let fetched = Take { hold: Some(kept.id.into()), ..shelf.wanted(shelf.plasters, 4) };
    take(resident.clone(), fetched).await.unwrap();
    desk::answer(shelf.keeper.clone(), Hold { member: None, ..hold }, desk::stock::hold::hold).await.unwrap();
    town.advance(TimeDelta::hours(3));
    for (desk, anonymous) in [(&resident, false), (&resident, true), (&shelf.keeper, true)] {
        let desk = Desk { address: Some("192.0.2.7".to_owned()), ..desk.clone() };
        let order = Take { anonymous, ..shelf.wanted(shelf.plasters, 2) };
        let taken = take(desk.clone(), order).await.unwrap().into_receipt();
        undo(desk, taken.id).await;
    }
    assert_eq!(named(&town).await, (Vec::new(), Vec::new()));
    town.verified().await;
}

async fn a_keeper_at_work_is_named(town: Town) {
    let shelf = town.medicine_box().await;
    shelf.plasters("A", LABEL, 50).await;
    let taken = take(shelf.keeper.clone(), shelf.wanted(shelf.plasters, 2)).await.unwrap().into_receipt();
    undo(shelf.keeper.clone(), taken.id).await;
    let (lines, events) = named(&town).await;
    assert_eq!((lines.len(), events.len()), (2, 2));
    assert!(lines.iter().all(|line| line.actor_id == shelf.keeper.actor.member()));
}

async fn answers_are_weighed_and_not_stored(town: Town) {
    let shelf = town.medicine_box().await;
    shelf.plasters("A", LABEL, 50).await;
    let asks = Cautions(vec![Caution { about: About::Pregnancy, to: None, then: Then::Refuse }]);
    let editor = Desk { if_match: Some(1), ..town.process() };
    let what = Profile { cautions: asks, ..profile(Declared::Dressing) };
    desk::stock::profile::set(editor, (shelf.plasters, what)).await.unwrap();
    let member = town.member("13800138041").await;
    let keyed = |fingerprint: u8| Desk { key: Some(("k-1".to_owned(), vec![fingerprint; 32])), ..town.resident(member) };
    let age = Some(yizhan::rules::take::Age::From18);
    let no = Take { age, accepted: Some(2), yes: Some([].into()), ..shelf.wanted(shelf.plasters, 2) };
    let yes = Take { yes: Some([About::Pregnancy].into()), ..no.clone() };
    let before = answered_request::Entity::find().all(town.app.db.read()).await.unwrap().len();
    assert_eq!(reasons(take(keyed(1), yes).await), ["caution-stops"]);
    let stored = answered_request::Entity::find().all(town.app.db.read()).await.unwrap();
    assert_eq!(stored.len(), before, "a refusal would tell what was answered");
    let (first, how) = take(keyed(2), no.clone()).await.unwrap().into_parts();
    assert_eq!(how, How::Fresh);
    let (again, how) = take(keyed(2), no.clone()).await.unwrap().into_parts();
    assert_eq!((again.id, how), (first.id, How::Replayed), "once, however often it is asked");
    assert!(matches!(take(keyed(3), no.clone()).await, Err(desk::Error::Trouble(Trouble::KeyReused))));
    let other = town.member("13800138042").await;
    let stranger = Desk { key: Some(("k-1".to_owned(), vec![2; 32])), ..town.resident(other) };
    assert_ne!(take(stranger, no).await.unwrap().into_receipt().id, first.id, "a key is one of its owner");
    let undoing = Desk { key: Some(("k-2".to_owned(), vec![5; 32])), ..town.resident(member) };
    undo(undoing, first.id).await;
    let stored = answered_request::Entity::find().all(town.app.db.read()).await.unwrap();
    assert_eq!(stored.len(), before + 3);
    for row in &stored[before..] {
        let text = format!("{} {}", row.principal, row.key);
        assert!(!text.contains(&member.to_string()) && !text.contains("k-1") && !text.contains("k-2"), "{text}");
        assert!(row.fingerprint != [2; 32] && row.fingerprint != [5; 32], "what was asked can be guessed, and tried");
    }
}

async fn the_same_key_takes_once_over_http_and_answers_are_not_stored(town: Town) {
    let shelf = town.medicine_box().await;
    let lot = shelf.plasters("A", LABEL, 50).await;
    let server = Server::before(&town.app).await;
    let body = json!({ "station_code": STATION, "kind_id": shelf.plasters, "units": 2 });
    let post = async |body: &serde_json::Value| {
        let request = server.client.post(format!("{}/api/v1/takes", server.base));
        answer(request.header("idempotency-key", "a-key-of-mine").json(body).send().await.unwrap()).await
    };
    let (status, first) = post(&body).await;
    assert_eq!((status, &first["limits_by"]), (201, &json!("device")), "{first}");
    let (status, again) = post(&body).await;
    assert_eq!((status, &again["id"]), (201, &first["id"]));
    let (status, _) = post(&json!({ "station_code": STATION, "kind_id": shelf.plasters, "units": 4 })).await;
    assert_eq!(status, 422);
    assert_eq!(row(&town, lot).await.available, 48);
    let stored = answered_request::Entity::find().all(town.app.db.read()).await.unwrap();
    assert!(stored.iter().all(|row| row.principal != "visitor" && !row.key.contains("a-key-of-mine")));
    let events = event::Entity::find().filter(event::Column::Action.eq("taken")).all(town.app.db.read()).await.unwrap();
    assert!(events.iter().all(|event| event.address.is_none()) && events.len() == 1);
    server.end().await;
}

async fn an_opened_pack_that_is_not_shared_leaves_to_nobody(town: Town) {
    let shelf = town.medicine_box().await;
    let kind = town.lot_kind("滴眼液").await;
    let drops = Profile { open_days: Some(7), ..profile(Declared::Dressing) };
    desk::stock::profile::set(town.process(), (kind, drops)).await.unwrap();
    let delivery = shelf.delivery(kind, "E1", LABEL, 20);
    let lot: LotId = shelf.receive(delivery).await.unwrap().into_receipt().id.into();
    let order = OpenPack { lot, units: None, opened_on: None, unknown: false };
    let opened = desk::answer(shelf.keeper.clone(), order, desk::stock::open_pack::open_pack).await.unwrap().into_receipt();
    assert_eq!(opened.blocks, [Block::NotShared].into());
    assert_eq!(open_tasks(&town, What::PutInRedBox).await[0].lot_id, Some(opened.id.into()));
    assert_eq!(reasons(take(town.visitor(), shelf.wanted(kind, 1)).await), ["shelf-frozen"]);
    put_apart(&shelf, opened.id.into(), 10).await;
    let taken = take(town.visitor(), shelf.wanted(kind, 10)).await.unwrap().into_receipt();
    assert_eq!(taken.lines.iter().map(|line| line.lot_id).collect::<Vec<_>>(), [lot.0]);
    assert_eq!(reasons(take(town.visitor(), shelf.wanted(kind, 1)).await), ["none-usable"]);
    town.verified().await;
}

async fn one_pack_counts_once(town: Town) {
    let shelf = town.medicine_box().await;
    let first = code(GTIN, "A", "280630", "S1");
    coded(&shelf, "A", 10, &first).await;
    assert_eq!(reasons(take(town.visitor(), with_codes(&shelf, &[&first, &first])).await), ["pack-twice"]);
    // Only the first pack was scanned in; the others are known from the moment they leave.
    let second = code(GTIN, "A", "280630", "S2");
    take(town.visitor(), with_codes(&shelf, &[&first, &second])).await.unwrap();
    for gone in [&first, &second] {
        assert_eq!(reasons(take(town.visitor(), with_codes(&shelf, &[gone])).await), ["pack-taken"]);
    }
    // What has no name of its own stands on every pack of the lot.
    take(town.visitor(), with_codes(&shelf, &["(10)A(17)280630", "(10)A(17)280630"])).await.unwrap();
    town.verified().await;
}

async fn the_same_serial_number_of_another_product_is_another_pack(town: Town) {
    let shelf = town.medicine_box().await;
    let ours = code(GTIN, "A", "280630", "1");
    let lot = coded(&shelf, "A", 4, &ours).await;
    let gauze = town.lot_kind("纱布").await;
    desk::stock::profile::set(town.process(), (gauze, profile(Declared::Dressing))).await.unwrap();
    let theirs = code(OTHER_GTIN, "B", "280630", "1");
    let delivery = Receive { code: Some(theirs.clone()), ..shelf.delivery(gauze, "B", LABEL, 10) };
    let other: LotId = shelf.receive(delivery).await.unwrap().into_receipt().id.into();
    let order =
        |kind: KindId, code: &str| Take { kind, in_hand: vec![PackInHand::Code(code.to_owned())], ..shelf.fever_wanted(&["x"]) };
    let taken = take(town.visitor(), order(gauze, &theirs)).await.unwrap().into_receipt();
    assert_eq!(taken.lines[0].lot_id, other.0);
    assert_eq!(reasons(take(town.visitor(), order(shelf.fever, &theirs)).await), ["pack-not-ours"]);
    let taken = take(town.visitor(), order(shelf.fever, &ours)).await.unwrap().into_receipt();
    assert_eq!(taken.lines[0].lot_id, lot.0);
}

async fn a_code_that_contradicts_what_is_stored_is_a_conflict(town: Town) {
    let shelf = town.medicine_box().await;
    let lot = coded(&shelf, "A", 10, &code(GTIN, "A", "280630", "S1")).await;
    let no = async |code: &str| reasons(take(town.visitor(), with_codes(&shelf, &[code])).await);
    // Somebody may have made this up: it names no product. A keeper looks, and nothing else is stopped.
    assert_eq!(no("(10)A(17)290131").await, ["pack-contradicts"]);
    assert_eq!((row(&town, lot).await.blocks, open_tasks(&town, What::FindStray).await.len()), (0, 1));
    let stray = open_tasks(&town, What::FindStray).await.remove(0);
    desk::tasks::finish(shelf.keeper.clone(), stray.id).await.unwrap();
    let rehearsal = Desk { rehearsal: true, ..town.visitor() };
    let lying = code(GTIN, "A", "290131", "S1");
    assert_eq!(reasons(take(rehearsal, with_codes(&shelf, &[&lying])).await), ["pack-contradicts"]);
    assert_eq!(row(&town, lot).await.blocks, 0, "a dry run tells nobody");
    // The very pack that was scanned in, with another date.
    assert_eq!(no(&lying).await, ["pack-contradicts"]);
    assert_eq!(no(&code(GTIN, "Z", "280630", "S1")).await, ["pack-contradicts", "none-usable"]);
    let blocks = store::stock_blocks::list_on(town.app.db.read(), lot).await.unwrap();
    assert_eq!(blocks.iter().map(|block| (block.cause, block.made_by)).collect::<Vec<_>>(), [(Cause::Conflict, None)]);
    assert_eq!(open_tasks(&town, What::SettleConflict).await.len(), 1);
    assert_eq!(no(&code(GTIN, "A", "280630", "S1")).await, ["pack-blocked", "none-usable"]);
    town.verified().await;
}

async fn many_hands_hold_up_the_same_pack(town: Town) {
    let shelf = town.medicine_box().await;
    coded(&shelf, "A", 40, &code(GTIN, "A", "280630", "S1")).await;
    let order = with_codes(&shelf, &[&code(GTIN, "A", "280630", "S9")]);
    let answers = all_at_once(12, |_| {
        let (desk, order) = (town.visitor(), order.clone());
        async move { take(desk, order).await }
    });
    let (yes, no): (Vec<_>, Vec<_>) = answers.await.into_iter().partition(Result::is_ok);
    assert_eq!((yes.len(), no.len()), (1, 11));
    assert!(no.into_iter().all(|no| reasons(no) == ["pack-taken"]));
    town.verified().await;
}

async fn what_is_taken_back_can_be_taken_again(town: Town) {
    let shelf = town.medicine_box().await;
    let first = code(GTIN, "A", "280630", "S1");
    coded(&shelf, "A", 10, &first).await;
    let second = code(GTIN, "A", "280630", "S2");
    for _ in 0..2 {
        let taken = take(town.visitor(), with_codes(&shelf, &[&first, &second])).await.unwrap().into_receipt();
        assert_eq!(reasons(take(town.visitor(), with_codes(&shelf, &[&second])).await), ["pack-taken"]);
        undo(town.visitor(), taken.id).await;
    }
    let packs = pack::Entity::find().all(town.app.db.read()).await.unwrap();
    assert!(packs.len() == 2 && packs.iter().all(|pack| pack.taken_at.is_none()));
    town.verified().await;
}

async fn without_a_number_a_device_is_counted(town: Town) {
    let shelf = town.medicine_box().await;
    shelf.fever("A", LABEL, 80).await;
    let phone = |cookie: &str| Desk { device: Some(cookie.to_owned()), ..town.visitor() };
    let from = |address: &str| Desk { address: Some(address.to_owned()), ..town.visitor() };
    let two = shelf.fever_wanted(&[LABEL, LABEL]);
    let one = shelf.fever_wanted(&[LABEL]);
    let taken = take(phone("a"), two.clone()).await.unwrap().into_receipt();
    assert_eq!((taken.limits_known, taken.limits_by), (false, Known::Device), "and the answer says so");
    match take(phone("a"), two.clone()).await {
        Err(desk::Error::Refused(no)) => {
            let retry_at = Some(town.now() + TimeDelta::hours(24));
            assert_eq!(no, [yizhan::rules::refusal::Refusal::DeviceLimit { left: 2, retry_at }]);
        }
        other => panic!("{other:?}"),
    }
    take(phone("a"), one.clone()).await.unwrap();
    assert_eq!(reasons(take(phone("a"), one.clone()).await), ["device-limit"]);
    // With a number it is counted by person, also on the same phone.
    let known = Take { phone: entity::values::Phone::parse("13800138044").ok(), ..one.clone() };
    let taken = take(phone("a"), known).await.unwrap().into_receipt();
    assert_eq!((taken.limits_known, taken.limits_by), (true, Known::Person));
    // Somebody who is signed in and does not want to be known is one device as well.
    let member = town.member("13800138045").await;
    let hidden = Desk { device: Some("a".to_owned()), ..town.resident(member) };
    assert_eq!(reasons(take(hidden, Take { anonymous: true, ..one.clone() }).await), ["device-limit"]);
    // Another day: by the address, where there is no cookie. A household has many addresses of the newer sort.
    town.advance(TimeDelta::hours(24));
    take(from("2001:db8:1:2::1"), two.clone()).await.unwrap();
    assert_eq!(reasons(take(from("2001:db8:1:2:ffff::9"), two.clone()).await), ["device-limit"]);
    take(from("2001:db8:1:3::1"), one.clone()).await.unwrap();
    // A keeper hands out to many.
    let attended = Desk { address: Some("192.0.2.7".to_owned()), ..shelf.keeper.clone() };
    for _ in 0..4 {
        take(attended.clone(), two.clone()).await.unwrap();
    }
    let takes = entity::take::Entity::find().all(town.app.db.read()).await.unwrap();
    assert!(takes.iter().filter_map(|take| take.person_key.as_ref()).all(|key| key.len() == 32));
    // A leaflet that says how much may be taken at once says it of a device and a day.
    town.advance(TimeDelta::hours(24));
    let was = store::consumables::find(town.app.db.read(), shelf.fever).await.unwrap().unwrap();
    let limited = Profile { partner: was.partner_id, most_per_take: Some(2), ..fever_profile() };
    let editor = Desk { if_match: Some(1), ..town.process() };
    desk::stock::profile::set(editor, (shelf.fever, limited)).await.unwrap();
    let one = Take { accepted: Some(2), ..one };
    take(phone("b"), one.clone()).await.unwrap();
    assert_eq!(reasons(take(phone("b"), one.clone()).await), ["device-limit"]);
    take(phone("c"), one).await.unwrap();
}

async fn without_a_number_a_station_does_not_hand_out_its_whole_box(town: Town) {
    let shelf = town.medicine_box().await;
    shelf.fever("A", LABEL, 80).await;
    let one = shelf.fever_wanted(&[LABEL]);
    for n in 0..6 {
        let desk = Desk { device: Some(format!("a new cookie {n}")), ..town.visitor() };
        take(desk, one.clone()).await.unwrap();
    }
    assert_eq!(reasons(take(town.visitor(), one.clone()).await), ["day-limit"]);
    let known = Take { phone: entity::values::Phone::parse("13800138044").ok(), ..one.clone() };
    take(town.visitor(), known).await.unwrap();
    take(shelf.keeper.clone(), one).await.unwrap();
}

async fn a_stray_pack_past_its_date_freezes_the_shelf_until_a_keeper_has_looked(town: Town) {
    let shelf = town.medicine_box().await;
    coded(&shelf, "A", 20, &code(GTIN, "A", "280630", "S1")).await;
    let order = |pack: PackInHand| Take { in_hand: vec![pack], ..shelf.fever_wanted(&["x"]) };
    let no = async |pack: PackInHand| reasons(take(town.visitor(), order(pack)).await);
    let label = |text: &str| PackInHand::Label(text.to_owned());
    let code_of = |text: &str| PackInHand::Code(text.to_owned());
    assert_eq!(no(label("有效期至2029年01月31日")).await, ["pack-not-ours"], "nobody's, and good: put it back");
    assert!(open_tasks(&town, What::FindStray).await.is_empty());
    assert_eq!(no(label("有效期至2026年10月31日")).await, ["pack-past-date"]);
    assert_eq!(no(code_of(&code(GTIN, "OLD", "261031", "S7"))).await, ["pack-past-date"]);
    assert_eq!(no(code_of(&format!("(01){GTIN}(17)261031"))).await, ["pack-past-date"]);
    let tasks = open_tasks(&town, What::FindStray).await;
    assert_eq!(tasks.iter().map(|task| (task.kind_id, task.lot_id)).collect::<Vec<_>>(), [(Some(shelf.fever), None)]);
    assert_eq!(no(label(LABEL)).await, ["shelf-frozen"]);
    let shown = desk::stock::shelf::shelf(&town.visitor(), town.app.db.read(), STATION).await.unwrap();
    assert!(shown[0].frozen);
    take(town.visitor(), order(code_of(&code(GTIN, "A", "280630", "S1")))).await.unwrap();
    desk::tasks::finish(shelf.keeper.clone(), tasks[0].id).await.unwrap();
    take(town.visitor(), order(label(LABEL))).await.unwrap();
    // No date that is made up is past: whoever finds a past one has a past pack in hand.
    for choice in &shown[0].choices {
        assert!(yizhan::rules::label_date::read(choice, 2026).unwrap().strict_last_day() > town.now().date_naive(), "{choice}");
    }
}

async fn what_is_good_is_sent_to_no_red_box(town: Town) {
    let shelf = town.medicine_box().await;
    let old = shelf.fever("A", "有效期至2026年12月31日", 4).await;
    let good = shelf.fever("B", LABEL, 4).await;
    let delivery = shelf.delivery(shelf.fever, "C", "有效期至2029年03月31日", 4);
    let unread: LotId = shelf.receive(delivery).await.unwrap().into_receipt().id.into();
    let held = shelf.fever("D", "有效期至2029年05月31日", 4).await;
    desk::answer(shelf.keeper.clone(), (held, "受潮".to_owned()), desk::stock::block::block).await.unwrap();
    town.advance(TimeDelta::days(60));
    let labels = ["有效期至2026年12月31日", LABEL, "有效期至2029年03月31日", "有效期至2029年05月31日"];
    assert_eq!(
        reasons(take(town.visitor(), shelf.fever_wanted(&labels)).await),
        ["dose-limit", "pack-past-date", "pack-blocked", "pack-blocked"]
    );
    let about: Vec<_> = open_tasks(&town, What::PutInRedBox).await.iter().map(|task| task.lot_id).collect();
    assert_eq!(about, [Some(old)]);
    let about: Vec<_> = open_tasks(&town, What::VerifyLabel).await.iter().map(|task| task.lot_id).collect();
    assert_eq!(about, [Some(unread)]);
    let tasks = store::tasks::list_open_about_lots(town.app.db.read(), shelf.station).await.unwrap();
    assert!(tasks.iter().all(|task| task.lot_id != Some(good) && task.lot_id != Some(held)));
}

async fn packs_that_look_alike_are_taken_out_of_all_their_lots(town: Town) {
    let shelf = town.medicine_box().await;
    let lots = [shelf.plasters("A", LABEL, 6).await, shelf.plasters("B", LABEL, 20).await, shelf.plasters("C", LABEL, 5).await];
    // The last one is in the red box, and nobody can have it in hand.
    put_apart(&shelf, lots[2], 5).await;
    let taken = take(town.visitor(), with_labels(&shelf, 10, LABEL)).await.unwrap().into_receipt();
    let lines: Vec<_> = taken.lines.iter().map(|line| (line.lot_id, line.units)).collect();
    assert_eq!(lines, [(lots[0].0, 6), (lots[1].0, 4)]);
    // One of two that look alike is blocked: it may be that one.
    desk::answer(shelf.keeper.clone(), (lots[1], "受潮".to_owned()), desk::stock::block::block).await.unwrap();
    shelf.plasters("D", LABEL, 20).await;
    assert_eq!(reasons(take(town.visitor(), with_labels(&shelf, 1, LABEL)).await), ["pack-blocked"]);
    // A pack that was opened looks like those that were not.
    let kind = town.lot_kind("碘伏").await;
    let open = Profile { open_days: Some(7), shareable: true, ..profile(Declared::Dressing) };
    desk::stock::profile::set(town.process(), (kind, open)).await.unwrap();
    let delivery = shelf.delivery(kind, "I1", LABEL, 30);
    let closed: LotId = shelf.receive(delivery).await.unwrap().into_receipt().id.into();
    let order = OpenPack { lot: closed, units: Some(3), opened_on: None, unknown: false };
    let opened = desk::answer(shelf.keeper.clone(), order, desk::stock::open_pack::open_pack).await.unwrap().into_receipt();
    let box_of_it = Take { kind, ..with_labels(&shelf, 10, LABEL) };
    let taken = take(town.visitor(), box_of_it.clone()).await.unwrap().into_receipt();
    let lines: Vec<_> = taken.lines.iter().map(|line| (line.lot_id, line.units)).collect();
    assert_eq!(lines, [(opened.id, 3), (closed.0, 7)]);
    undo(town.visitor(), taken.id).await;
    town.advance(TimeDelta::days(8));
    assert_eq!(reasons(take(town.visitor(), box_of_it).await), ["pack-past-date"], "it may be the one that was opened");
    town.verified().await;
}

async fn more_in_hand_than_written_down_is_counted_again(town: Town) {
    let shelf = town.medicine_box().await;
    let lot = shelf.fever("A", LABEL, 2).await;
    shelf.fever("B", "有效期至2029年03月31日", 20).await;
    assert_eq!(reasons(take(town.visitor(), shelf.wanted(shelf.fever, 90)).await).last(), Some(&"pack-unconfirmed"));
    assert!(open_tasks(&town, What::CountAgain).await.is_empty(), "who wants more than there is has nothing in hand");
    assert_eq!(reasons(take(town.visitor(), shelf.fever_wanted(&[LABEL, LABEL])).await), ["not-enough"]);
    let tasks = open_tasks(&town, What::CountAgain).await;
    assert_eq!(tasks.iter().map(|task| task.lot_id).collect::<Vec<_>>(), [Some(lot)]);
}

async fn two_scans_are_one_pack_and_further_packs_are_registered(town: Town) {
    let shelf = town.medicine_box().await;
    let trace = |n: u32| format!("8123456000000000{n:04}");
    let both = |n: u32| format!("{}\n{}", code(GTIN, "A", "280630", &format!("S{n}")), trace(n));
    let lot = coded(&shelf, "A", 20, &both(1)).await;
    assert_eq!(reasons(take(town.visitor(), with_codes(&shelf, &[&trace(2)])).await), ["pack-not-ours"]);
    let register = async |packs: Vec<String>| {
        let order = RegisterPacks { lot, packs };
        desk::answer(shelf.keeper.clone(), order, desk::stock::register_packs::register_packs).await
    };
    assert_eq!(register(vec![trace(2), both(3)]).await.unwrap().into_receipt().known, 5);
    assert_eq!(register(vec![trace(2)]).await.unwrap().into_receipt().known, 5, "known is known");
    assert!(matches!(register(vec![GTIN.to_owned()]).await, Err(desk::Error::Invalid { field: "packs", .. })));
    assert_eq!(reasons(register(vec![trace(4), code(GTIN, "B", "280630", "S4")]).await), ["code-contradicts-label"]);
    assert_eq!(store::packs::count_of(town.app.db.read(), lot).await.unwrap(), 5, "all or none");
    take(town.visitor(), with_codes(&shelf, &[&trace(2)])).await.unwrap();
    // By one of its two codes it left; by the other it is gone as well, once both were scanned together.
    take(town.visitor(), with_codes(&shelf, &[&both(3)])).await.unwrap();
    for gone in [trace(3), code(GTIN, "A", "280630", "S3"), both(3)] {
        assert_eq!(reasons(take(town.visitor(), with_codes(&shelf, &[&gone])).await), ["pack-taken"], "{gone}");
    }
    assert_eq!(reasons(take(town.visitor(), with_codes(&shelf, &[&both(5), &trace(5)])).await), ["pack-twice"]);
    assert_eq!(reasons(register(vec![trace(3)]).await), ["pack-taken"]);
    let other = shelf.fever("B", LABEL, 2).await;
    let order = RegisterPacks { lot: other, packs: vec![trace(1)] };
    let moved = desk::answer(shelf.keeper.clone(), order, desk::stock::register_packs::register_packs).await;
    assert_eq!(reasons(moved), ["taken"]);
    town.verified().await;
}
