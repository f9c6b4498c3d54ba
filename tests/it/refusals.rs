//! Every "no" that can be said is said by some verb, for the reason it names.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use entity::{
    grant::Role,
    item::Lifecycle,
    kind::{Identity, Tracked},
    values::Phone,
};
use yizhan::{
    desk::{
        self, Desk, borrow::Borrow, items, kinds, policies::Scope, renew::Renew, report, roles::Office, stickers::To,
        tickets::close::Close,
    },
    rules::refusal::Refusal,
    view::PolicyValues,
};

use crate::{
    both,
    support::town::{Town, borrow, give_back, reasons},
};

both!(every_refusal_has_its_case);

const ANNA: &str = "13800138011";

/// What was refused, by code.
#[derive(Default)]
struct Heard(BTreeSet<&'static str>);

impl Heard {
    fn hear<T: std::fmt::Debug>(&mut self, answer: desk::Result<T>, expected: &'static str) {
        let codes = reasons(answer);
        assert!(codes.contains(&expected), "{codes:?} instead of {expected}");
        self.0.insert(expected);
    }
}

async fn every_refusal_has_its_case(town: Town) {
    let mut heard = Heard::default();
    lending(&town, &mut heard).await;
    people(&town, &mut heard).await;
    things(&town, &mut heard).await;
    inspected(&town, &mut heard).await;
    let all: BTreeSet<_> = Refusal::samples().iter().map(Refusal::code).filter(|code| !is_told_elsewhere(code)).collect();
    assert_eq!(all.difference(&heard.0).collect::<Vec<_>>(), Vec::<&&str>::new(), "refusals without a case");
}

/// The box and booking have files of their own, in which each of their refusals is asserted by its code.
fn is_told_elsewhere(code: &str) -> bool {
    let told = |text: &str| text.contains(&format!("\"{code}\""));
    told(include_str!("medicine.rs"))
        || told(include_str!("shelving.rs"))
        || told(include_str!("nightly_check.rs"))
        || told(include_str!("stock_guards.rs"))
        || told(include_str!("takes.rs"))
        || told(include_str!("recorded_takes.rs"))
        || told(include_str!("bookings.rs"))
        || told(include_str!("booking_refusals.rs"))
        || told(include_str!("queue.rs"))
}

async fn set(town: &Town, code: &str, lifecycle: Lifecycle) -> desk::Result<yizhan::db::Done<yizhan::view::ItemView>> {
    let order = items::Service { code: code.to_owned(), lifecycle, reason: None };
    desk::answer(town.process(), order, items::set_service).await
}

async fn edit_kind(town: &Town, id: entity::ids::KindId, rev: i64, what: kinds::Particulars) -> desk::Result<()> {
    let desk = Desk { if_match: Some(rev), ..town.process() };
    desk::answer(desk, (id, what), kinds::edit).await.map(|_| ())
}

async fn inspected(town: &Town, heard: &mut Heard) {
    let station = town.station("INS").await;
    let kind = town.kind("血压仪", Identity::Anonymous).await;
    let code = town.items(kind, station, 1).await.remove(0);
    let every = kinds::Particulars { inspect_every_days: Some(Some(365)), ..kinds::Particulars::default() };
    edit_kind(town, kind, 1, every).await.unwrap();
    heard.hear(borrow(town.visitor(), &code, None).await, "inspection-due");
    let look = async |passed, good_until: Option<chrono::NaiveDate>| {
        let order = desk::inspect::Inspect { code: code.clone(), passed, good_until, certificate: None, note: None };
        desk::answer(town.process(), order, desk::inspect::inspect).await.unwrap().into_receipt()
    };
    look(false, None).await;
    heard.hear(borrow(town.visitor(), &code, None).await, "inspection-due");
    assert!(look(true, None).await.good_until.is_some());
    borrow(town.visitor(), &code, None).await.unwrap();
    give_back(town.visitor(), &code).await.unwrap();
    let today = town.now().with_timezone(&chrono_tz::Asia::Shanghai).date_naive();
    look(true, Some(today)).await;
    borrow(town.visitor(), &code, None).await.unwrap();
    give_back(town.visitor(), &code).await.unwrap();
    let midnight = (today + chrono::Days::new(1)).and_time(chrono::NaiveTime::MIN).and_local_timezone(chrono_tz::Asia::Shanghai);
    town.advance(midnight.unwrap().with_timezone(&chrono::Utc) - town.now());
    heard.hear(borrow(town.visitor(), &code, None).await, "inspection-due");
}

async fn lending(town: &Town, heard: &mut Heard) {
    let (kind, codes) = town.tools(8).await;
    let member = town.member(ANNA).await;
    heard.hear(borrow(town.visitor(), &codes[0], None).await, "identity-needed");
    let lent = borrow(town.resident(member), &codes[0], None).await.unwrap().into_receipt().loan;
    heard.hear(borrow(town.visitor(), &codes[0], Some("13800138012")).await, "item-out");
    let renew =
        async |desk: Desk| desk::answer(desk, Renew { loan: lent.id.into(), override_reason: None }, desk::renew::renew).await;
    heard.hear(renew(town.resident(member)).await, "not-later");
    heard.hear(desk::members::erase(town.resident(member), member).await, "item-still-out");
    let claim = |code: &str| report::Order { code: code.to_owned(), what: report::Report::ClaimedReturned, note: None };
    desk::answer(town.resident(member), claim(&codes[0]), report::report).await.unwrap();
    heard.hear(renew(town.resident(member)).await, "loan-disputed");
    give_back(town.visitor(), &codes[0]).await.unwrap();
    heard.hear(renew(town.resident(member)).await, "loan-closed");
    heard.hear(desk::answer(town.visitor(), claim(&codes[0]), report::report).await, "item-not-out");
    for code in &codes[1..3] {
        borrow(town.resident(member), code, None).await.unwrap();
    }
    heard.hear(borrow(town.resident(member), &codes[3], None).await, "kind-limit-reached");
    town.policy(None, PolicyValues { max_open: Some(2), renewals: Some(0), ..PolicyValues::default() }).await;
    heard.hear(borrow(town.resident(member), &codes[3], None).await, "limit-reached");
    let other = borrow(town.visitor(), &codes[4], Some("13800138013")).await.unwrap().into_receipt().loan;
    town.advance(TimeDelta::days(1));
    let order = Renew { loan: other.id.into(), override_reason: None };
    heard.hear(desk::answer(town.process(), order, desk::renew::renew).await, "no-renewals-left");
    desk::block_member::block(town.process(), (member, "试".to_owned(), None)).await.unwrap();
    heard.hear(borrow(town.resident(member), &codes[3], None).await, "member-suspended");
    set(town, &codes[5], Lifecycle::Maintenance).await.unwrap();
    heard.hear(borrow(town.visitor(), &codes[5], Some("13800138014")).await, "item-not-in-service");
    set(town, &codes[5], Lifecycle::Retired).await.unwrap();
    heard.hear(set(town, &codes[5], Lifecycle::Active).await, "item-retired");
    let item = yizhan::store::items::find_by_code(town.app.db.read(), &codes[3]).await.unwrap().unwrap();
    let closed = desk::stations::Particulars { closed_down: Some(true), ..Default::default() };
    let editor = Desk { if_match: Some(1), ..town.process() };
    desk::stations::edit(editor, (item.station_id.unwrap(), closed)).await.unwrap();
    heard.hear(borrow(town.visitor(), &codes[3], Some("13800138014")).await, "station-closed-down");
    heard.hear(
        edit_kind(town, kind, 1, kinds::Particulars { tracked: Some(Tracked::Lot), ..Default::default() }).await,
        "kind-in-use",
    );
    edit_kind(town, kind, 1, kinds::Particulars { retired: Some(true), ..Default::default() }).await.unwrap();
    heard.hear(borrow(town.visitor(), &codes[3], Some("13800138014")).await, "kind-retired");
    heard.hear(lent_as_a_lot(town).await, "kind-not-lent");
}

/// A thing whose kind has become a lot behind the desk's back: the rule refuses it all the same.
async fn lent_as_a_lot(town: &Town) -> desk::Result<yizhan::db::Done<yizhan::view::LentView>> {
    use sea_orm::{ConnectionTrait, Database};
    let codes = town.umbrellas(1).await;
    let hand = Database::connect(&town.url).await.unwrap();
    hand.execute_unprepared("UPDATE kind SET tracked = 'lot' WHERE name = '折叠雨伞'").await.unwrap();
    hand.close().await.unwrap();
    borrow(town.visitor(), &codes[0], None).await
}

async fn people(town: &Town, heard: &mut Heard) {
    let phone = |text: &str| Phone::parse(text).unwrap();
    heard.hear(desk::sign_in::with_password(town.visitor(), (phone(ANNA), "x".to_owned())).await, "wrong-credentials");
    heard.hear(desk::verify_phone::sign_in(town.visitor(), (phone(ANNA), "000000".to_owned())).await, "wrong-code");
    desk::verify_phone::send_code(town.visitor(), phone(ANNA)).await.unwrap();
    heard.hear(desk::verify_phone::send_code(town.visitor(), phone(ANNA)).await, "too-many-codes");
    let again = desk::members::Enter { phone: Some(phone(ANNA)), ..Default::default() };
    heard.hear(desk::members::enter(town.process(), again).await, "taken");
    desk::set_up::offer(&town.app).await.unwrap();
    let set_up = desk::set_up::SetUp {
        code: "open-sesame".to_owned(),
        name: "管理员".to_owned(),
        phone: phone("13800138000"),
        password: "correct horse".to_owned(),
    };
    let admin = desk::set_up::set_up(town.visitor(), set_up.clone()).await.unwrap().into_receipt().member_id.into();
    heard.hear(desk::set_up::set_up(town.visitor(), set_up).await, "already-set-up");
    heard.hear(desk::roles::grant(town.process(), (admin, Office::Admin)).await, "role-held");
    let role = yizhan::store::roles::list_of(town.app.db.read(), admin).await.unwrap().remove(0);
    assert_eq!(role.role, Role::Admin);
    heard.hear(desk::roles::take_back(town.process(), role.id).await, "last-admin");
    let idle = town.member("13800138015").await;
    let block = desk::block_member::block(town.process(), (idle, "试".to_owned(), None)).await.unwrap().into_receipt();
    desk::block_member::lift(town.process(), block.id.into()).await.unwrap();
    heard.hear(desk::block_member::lift(town.process(), block.id.into()).await, "block-over");
    desk::members::erase(town.process(), idle).await.unwrap();
    let station = town.station("LT08").await;
    let torch = town.kind("手电筒", Identity::Anonymous).await;
    let codes = town.items(torch, station, 1).await;
    let order = Borrow { code: codes[0].clone(), member: Some(idle), ..Borrow::default() };
    heard.hear(desk::answer(town.process(), order, desk::borrow::borrow).await, "member-erased");
}

async fn things(town: &Town, heard: &mut Heard) {
    let station = town.station("LT11").await;
    let glasses = town.kind("老花镜", Identity::Anonymous).await;
    let codes = town.items(glasses, station, 2).await;
    let lots = kinds::Particulars {
        name: Some("创可贴".to_owned()),
        category: Some("medicine".to_owned()),
        tracked: Some(Tracked::Lot),
        ..Default::default()
    };
    let lots = kinds::create(town.process(), (None, lots)).await.unwrap().into_receipt();
    let order = items::Register { kind: lots.id.into(), station, count: 1, code: None, label: None };
    heard.hear(items::register(town.process(), order).await, "kind-counted-in-lots");
    let made = desk::stickers::make(town.process(), 2).await.unwrap().into_receipt().items;
    desk::stickers::bind(town.process(), (made[0].code.clone(), To::Station(station))).await.unwrap();
    heard.hear(desk::stickers::bind(town.process(), (made[0].code.clone(), To::Item(codes[0].clone()))).await, "sticker-in-use");
    desk::stickers::give_up(town.process(), (made[1].code.clone(), "撕坏了".to_owned())).await.unwrap();
    heard.hear(desk::stickers::give_up(town.process(), (made[1].code.clone(), "撕坏了".to_owned())).await, "sticker-retired");
    let both_lengths = PolicyValues { loan_days: Some(1), loan_minutes: Some(1), ..PolicyValues::default() };
    let scope = Scope { kind: Some(glasses), ..Scope::default() };
    heard.hear(desk::policies::create(town.process(), (scope.clone(), both_lengths)).await, "two-lengths");
    let over_all = PolicyValues { max_open: Some(1), ..PolicyValues::default() };
    heard.hear(desk::policies::create(town.process(), (scope, over_all)).await, "limit-needs-all-kinds");
    let damaged =
        desk::give_back::GiveBack { code: codes[1].clone(), condition: entity::loan::Condition::Damaged, ..Default::default() };
    desk::answer(town.visitor(), damaged, desk::give_back::give_back).await.unwrap();
    let tasks = yizhan::store::tasks::list(town.app.db.read(), Some(vec![station]), false, None, 9).await.unwrap();
    let keeper = town.staff(Role::Keeper, None, Some(station)).await;
    heard.hear(desk::tasks::finish(keeper.clone(), tasks[0].id).await, "ticket-still-open");
    let tickets = yizhan::store::tickets::list(town.app.db.read(), Some(vec![station]), None, None, 9).await.unwrap();
    let close = Close { ticket: tickets[0].id, outcome: entity::ticket::Outcome::NoFault, answer: None };
    desk::tickets::close::close(keeper.clone(), close.clone()).await.unwrap();
    heard.hear(desk::tickets::close::close(keeper.clone(), close).await, "ticket-closed");
    heard.hear(desk::tasks::finish(keeper, tasks[0].id).await, "task-done");
}
