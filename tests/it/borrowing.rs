//! Borrow, give back, renew, report: the verbs at the desk, on both engines.

use chrono::TimeDelta;
use entity::{ids::LoanId, item::Lifecycle, kind::Identity, loan::Condition, task::What, values::Phone};
use sea_orm::EntityTrait;
use yizhan::{
    desk::{self, Desk, Error, borrow::Borrow, give_back::GiveBack, renew::Renew, report::Report},
    store,
    view::PolicyValues,
};

use crate::{
    both,
    support::town::{Town, borrow, give_back, reasons},
};

both!(
    an_umbrella_is_lent_and_comes_back,
    what_is_out_is_refused_to_the_next_without_a_name,
    a_return_is_taken_twice_in_a_row_and_from_nobody,
    a_thing_may_come_back_at_another_station,
    a_thing_that_must_come_home_opens_a_task_elsewhere,
    a_tool_needs_a_phone_number_and_a_wheelchair_more,
    a_keeper_lends_for_somebody_who_cannot_and_overrides_with_a_reason,
    a_number_that_was_only_typed_in_does_not_make_anybody_verified,
    nobody_has_more_than_the_limit,
    whoever_is_late_pauses_and_may_still_give_back,
    whoever_said_it_was_back_is_late_only_until_then,
    a_loan_is_renewed_as_often_as_allowed,
    somebody_elses_loan_cannot_be_renewed,
    a_damaged_thing_is_not_lent_until_it_is_repaired,
    a_lost_thing_that_turns_up_is_lent_again,
    a_retired_thing_is_still_taken_back,
    the_rule_values_of_a_loan_stay_when_the_policy_changes,
    a_station_without_any_open_day_lends_and_asks_for_its_hours,
    a_dry_run_says_what_would_be_and_changes_nothing,
    all_reasons_are_told_at_once,
    every_change_of_an_item_is_in_its_history,
);

const ANNA: &str = "13800138011";
const BERTA: &str = "13800138012";

async fn an_umbrella_is_lent_and_comes_back(town: Town) {
    let codes = town.umbrellas(1).await;
    let lent = borrow(town.visitor(), &codes[0], None).await.unwrap().into_receipt();
    assert_eq!(lent.loan.due_at, "2026-11-26T16:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap());
    assert_eq!((lent.loan.item_rev, lent.loan.member_id), (2, None));
    town.advance(TimeDelta::hours(3));
    let back = give_back(town.visitor(), &codes[0]).await.unwrap().into_receipt();
    let loan = back.loan.unwrap();
    assert_eq!((loan.id, loan.returned_at, back.late_days), (lent.loan.id, Some(town.now()), 0));
    assert!(!back.item.out);
    borrow(town.visitor(), &codes[0], None).await.unwrap();
}

async fn what_is_out_is_refused_to_the_next_without_a_name(town: Town) {
    let (_, codes) = town.tools(1).await;
    borrow(town.visitor(), &codes[0], Some(ANNA)).await.unwrap();
    let refused = borrow(town.visitor(), &codes[0], Some(BERTA)).await;
    let said = format!("{:?}", refused.as_ref().unwrap_err());
    assert!(!said.contains("138"), "{said}");
    assert_eq!(reasons(refused), ["item-out"]);
}

async fn a_return_is_taken_twice_in_a_row_and_from_nobody(town: Town) {
    let codes = town.umbrellas(1).await;
    borrow(town.visitor(), &codes[0], None).await.unwrap();
    assert!(give_back(town.visitor(), &codes[0]).await.unwrap().into_receipt().loan.is_some());
    assert!(give_back(town.visitor(), &codes[0]).await.unwrap().into_receipt().loan.is_none());
    assert!(matches!(give_back(town.visitor(), "NOSUCH").await, Err(Error::NotFound(_))));
}

async fn a_thing_may_come_back_at_another_station(town: Town) {
    let codes = town.umbrellas(1).await;
    let other = town.station("LT09").await;
    borrow(town.visitor(), &codes[0], None).await.unwrap();
    let order = GiveBack { code: codes[0].clone(), station_code: Some("LT09".to_owned()), ..GiveBack::default() };
    let back = desk::answer(town.visitor(), order, desk::give_back::give_back).await.unwrap().into_receipt();
    assert_eq!(back.item.station_id, Some(other.0));
    // It is lent from there, and occupies its pool there.
    borrow(town.visitor(), &codes[0], None).await.unwrap();
    let claims = entity::claim::Entity::find().all(town.app.db.read()).await.unwrap();
    let live: Vec<_> = claims.iter().filter(|claim| claim.live).collect();
    let pool = store::claims::find_pool(town.app.db.read(), other, back.item.kind_id.into()).await.unwrap().unwrap();
    assert_eq!((live.len(), live[0].pool_id), (1, pool.id));
}

async fn a_thing_that_must_come_home_opens_a_task_elsewhere(town: Town) {
    let codes = town.umbrellas(1).await;
    town.station("LT09").await;
    town.policy(None, PolicyValues { return_to: Some(entity::policy::ReturnTo::Home), ..PolicyValues::default() }).await;
    borrow(town.visitor(), &codes[0], None).await.unwrap();
    let order = GiveBack { code: codes[0].clone(), station_code: Some("LT09".to_owned()), ..GiveBack::default() };
    desk::answer(town.visitor(), order, desk::give_back::give_back).await.unwrap();
    assert_eq!(open_tasks(&town).await, [What::CarryHome]);
}

async fn open_tasks(town: &Town) -> Vec<What> {
    let tasks = store::tasks::list(town.app.db.read(), None, false, None, 100).await.unwrap();
    tasks.into_iter().map(|task| task.what).collect()
}

async fn a_tool_needs_a_phone_number_and_a_wheelchair_more(town: Town) {
    let (_, codes) = town.tools(1).await;
    assert_eq!(reasons(borrow(town.visitor(), &codes[0], None).await), ["identity-needed"]);
    borrow(town.visitor(), &codes[0], Some(ANNA)).await.unwrap();
    let station = town.station("LT03").await;
    let wheelchair = town.kind("轮椅", Identity::Verified).await;
    let chairs = town.items(wheelchair, station, 1).await;
    assert_eq!(reasons(borrow(town.visitor(), &chairs[0], Some(ANNA)).await), ["identity-needed"]);
}

async fn a_keeper_lends_for_somebody_who_cannot_and_overrides_with_a_reason(town: Town) {
    let station = town.station("LT03").await;
    let wheelchair = town.kind("轮椅", Identity::Verified).await;
    let chairs = town.items(wheelchair, station, 1).await;
    let elder = town.member(ANNA).await;
    let keeper = town.staff(entity::grant::Role::Keeper, None, Some(station)).await;
    let order = Borrow { code: chairs[0].clone(), member: Some(elder), ..Borrow::default() };
    assert_eq!(reasons(desk::answer(keeper.clone(), order.clone(), desk::borrow::borrow).await), ["identity-needed"]);
    let stranger = town.staff(entity::grant::Role::Keeper, None, Some(town.station("LT04").await)).await;
    let forced = Borrow { override_reason: Some("熟识的老邻居".to_owned()), ..order };
    assert!(matches!(desk::answer(stranger, forced.clone(), desk::borrow::borrow).await, Err(Error::Forbidden)));
    let lent = desk::answer(keeper.clone(), forced, desk::borrow::borrow).await.unwrap().into_receipt();
    assert_eq!(lent.overridden.iter().map(|r| r.code.as_str()).collect::<Vec<_>>(), ["identity-needed"]);
    let row = store::loans::find(town.app.db.read(), lent.loan.id.into()).await.unwrap().unwrap();
    assert_eq!((row.member_id, row.lent_by), (Some(elder), keeper.actor.member()));
}

async fn a_number_that_was_only_typed_in_does_not_make_anybody_verified(town: Town) {
    let station = town.station("LT03").await;
    let wheelchair = town.kind("轮椅", Identity::Verified).await;
    let chairs = town.items(wheelchair, station, 1).await;
    let member = town.member(ANNA).await;
    desk::verify_phone::send_code(town.visitor(), Phone::parse(ANNA).unwrap()).await.unwrap();
    let code = crate::sessions::code_sent_to(&town.app, ANNA).await;
    desk::verify_phone::sign_in(town.visitor(), (Phone::parse(ANNA).unwrap(), code)).await.unwrap();
    assert_eq!(reasons(borrow(town.visitor(), &chairs[0], Some(ANNA)).await), ["identity-needed"]);
    borrow(town.resident(member), &chairs[0], None).await.unwrap();
}

async fn nobody_has_more_than_the_limit(town: Town) {
    let (_, codes) = town.tools(3).await;
    borrow(town.visitor(), &codes[0], Some(ANNA)).await.unwrap();
    borrow(town.visitor(), &codes[1], Some(ANNA)).await.unwrap();
    assert_eq!(reasons(borrow(town.visitor(), &codes[2], Some(ANNA)).await), ["kind-limit-reached"]);
    give_back(town.visitor(), &codes[0]).await.unwrap();
    borrow(town.visitor(), &codes[2], Some(ANNA)).await.unwrap();
}

async fn whoever_is_late_pauses_and_may_still_give_back(town: Town) {
    let (_, codes) = town.tools(2).await;
    borrow(town.visitor(), &codes[0], Some(ANNA)).await.unwrap();
    borrow(town.visitor(), &codes[1], Some(ANNA)).await.unwrap();
    town.advance(TimeDelta::days(5));
    let back = give_back(town.visitor(), &codes[0]).await.unwrap().into_receipt();
    assert_eq!((back.late_days, back.suspended_until), (2, Some(town.now() + TimeDelta::days(2))));
    assert_eq!(reasons(borrow(town.visitor(), &codes[0], Some(ANNA)).await), ["member-suspended"]);
    assert!(give_back(town.visitor(), &codes[1]).await.unwrap().into_receipt().loan.is_some());
    town.advance(TimeDelta::days(2));
    borrow(town.visitor(), &codes[0], Some(ANNA)).await.unwrap();
}

async fn whoever_said_it_was_back_is_late_only_until_then(town: Town) {
    let (_, codes) = town.tools(1).await;
    let member = town.member(ANNA).await;
    borrow(town.resident(member), &codes[0], None).await.unwrap();
    let order = desk::report::Order { code: codes[0].clone(), what: Report::ClaimedReturned, note: None };
    desk::answer(town.resident(member), order, desk::report::report).await.unwrap();
    assert_eq!(open_tasks(&town).await, [What::LookFor]);
    town.advance(TimeDelta::days(9));
    let back = give_back(town.visitor(), &codes[0]).await.unwrap().into_receipt();
    assert_eq!((back.late_days, back.suspended_until), (0, None));
    assert_eq!(open_tasks(&town).await, []);
}

async fn renew(desk: Desk, loan: LoanId) -> desk::Result<yizhan::db::Done<yizhan::view::LentView>> {
    desk::answer(desk, Renew { loan, override_reason: None }, desk::renew::renew).await
}

async fn a_loan_is_renewed_as_often_as_allowed(town: Town) {
    let (_, codes) = town.tools(1).await;
    let member = town.member(ANNA).await;
    let lent = borrow(town.resident(member), &codes[0], None).await.unwrap().into_receipt().loan;
    assert_eq!(reasons(renew(town.resident(member), lent.id.into()).await), ["not-later"]);
    town.advance(TimeDelta::days(1));
    let renewed = renew(town.resident(member), lent.id.into()).await.unwrap().into_receipt().loan;
    assert_eq!((renewed.due_at - lent.due_at, renewed.renewals, renewed.renewals_left), (TimeDelta::days(1), 1, 0));
    town.advance(TimeDelta::days(1));
    assert_eq!(reasons(renew(town.resident(member), lent.id.into()).await), ["no-renewals-left"]);
    give_back(town.visitor(), &codes[0]).await.unwrap();
    assert!(reasons(renew(town.resident(member), lent.id.into()).await).contains(&"loan-closed"));
}

async fn somebody_elses_loan_cannot_be_renewed(town: Town) {
    let (_, codes) = town.tools(1).await;
    let (anna, berta) = (town.member(ANNA).await, town.member(BERTA).await);
    let lent = borrow(town.resident(anna), &codes[0], None).await.unwrap().into_receipt().loan;
    assert!(matches!(renew(town.resident(berta), lent.id.into()).await, Err(Error::NotFound("loan"))));
    assert!(matches!(renew(town.visitor(), lent.id.into()).await, Err(Error::NotSignedIn)));
}

async fn a_damaged_thing_is_not_lent_until_it_is_repaired(town: Town) {
    let codes = town.umbrellas(1).await;
    borrow(town.visitor(), &codes[0], None).await.unwrap();
    let order = GiveBack {
        code: codes[0].clone(),
        condition: Condition::Damaged,
        note: Some("伞骨断了".to_owned()),
        ..GiveBack::default()
    };
    desk::answer(town.visitor(), order, desk::give_back::give_back).await.unwrap();
    assert_eq!(reasons(borrow(town.visitor(), &codes[0], None).await), ["item-not-in-service"]);
    assert_eq!(open_tasks(&town).await, [What::Repair]);
    let repaired = desk::items::Service { code: codes[0].clone(), lifecycle: Lifecycle::Active, reason: None };
    desk::answer(town.process(), repaired, desk::items::set_service).await.unwrap();
    assert_eq!(open_tasks(&town).await, []);
    borrow(town.visitor(), &codes[0], None).await.unwrap();
}

async fn a_lost_thing_that_turns_up_is_lent_again(town: Town) {
    let (_, codes) = town.tools(1).await;
    let member = town.member(ANNA).await;
    borrow(town.resident(member), &codes[0], None).await.unwrap();
    let lost = desk::report::Order { code: codes[0].clone(), what: Report::Lost, note: None };
    assert!(matches!(desk::answer(town.visitor(), lost.clone(), desk::report::report).await, Err(Error::NotSignedIn)));
    desk::answer(town.resident(member), lost, desk::report::report).await.unwrap();
    let item = store::items::find_by_code(town.app.db.read(), &codes[0]).await.unwrap().unwrap();
    assert_eq!((item.lifecycle, item.is_out()), (Lifecycle::Missing, true));
    let back = give_back(town.visitor(), &codes[0]).await.unwrap().into_receipt();
    assert_eq!((back.item.lifecycle, back.item.out), (Lifecycle::Active, false));
    borrow(town.visitor(), &codes[0], Some(BERTA)).await.unwrap();
}

async fn a_retired_thing_is_still_taken_back(town: Town) {
    let codes = town.umbrellas(1).await;
    borrow(town.visitor(), &codes[0], None).await.unwrap();
    let retired =
        desk::items::Service { code: codes[0].clone(), lifecycle: Lifecycle::Retired, reason: Some("太旧".to_owned()) };
    desk::answer(town.process(), retired.clone(), desk::items::set_service).await.unwrap();
    let back = give_back(town.visitor(), &codes[0]).await.unwrap().into_receipt();
    assert_eq!((back.item.lifecycle, back.item.out), (Lifecycle::Retired, false));
    assert_eq!(open_tasks(&town).await, [What::Decide]);
    assert_eq!(reasons(desk::answer(town.process(), retired, desk::items::set_service).await), ["item-retired"]);
}

async fn the_rule_values_of_a_loan_stay_when_the_policy_changes(town: Town) {
    let (kind, codes) = town.tools(1).await;
    let lent = borrow(town.visitor(), &codes[0], Some(ANNA)).await.unwrap().into_receipt().loan;
    town.policy(Some(kind), PolicyValues { loan_minutes: Some(30), renewals: Some(9), ..PolicyValues::default() }).await;
    let row = store::loans::find(town.app.db.read(), lent.id.into()).await.unwrap().unwrap();
    assert_eq!((row.rule_days, row.rule_minutes, row.rule_renewals), (Some(3), None, 1));
    give_back(town.visitor(), &codes[0]).await.unwrap();
    let next = borrow(town.visitor(), &codes[0], Some(ANNA)).await.unwrap().into_receipt().loan;
    assert_eq!((next.due_at - next.lent_at, next.renewals_left), (TimeDelta::minutes(30), 9));
}

async fn a_station_without_any_open_day_lends_and_asks_for_its_hours(town: Town) {
    let community = town.community().await;
    let hours = entity::station::Hours::Weekly(entity::opening_hours::OpeningHours::default());
    let what = desk::stations::Particulars { name: Some("x".to_owned()), hours: Some(hours), ..Default::default() };
    let station = desk::stations::create(town.process(), (community, "LT07".to_owned(), what)).await.unwrap().into_receipt();
    let kind = town.kind("手电筒", Identity::Anonymous).await;
    let codes = town.items(kind, station.id.into(), 2).await;
    borrow(town.visitor(), &codes[0], None).await.unwrap();
    borrow(town.visitor(), &codes[1], None).await.unwrap();
    assert_eq!(open_tasks(&town).await, [What::EnterOpeningHours]);
}

async fn a_dry_run_says_what_would_be_and_changes_nothing(town: Town) {
    let (_, codes) = town.tools(1).await;
    let rehearsal = || Desk { rehearsal: true, ..town.visitor() };
    for _ in 0..2 {
        let (receipt, how) = borrow(rehearsal(), &codes[0], Some(ANNA)).await.unwrap().into_parts();
        assert_eq!((receipt.loan.renewals, how), (0, yizhan::db::How::Rehearsed));
    }
    let item = store::items::find_by_code(town.app.db.read(), &codes[0]).await.unwrap().unwrap();
    assert_eq!((item.rev, item.is_out()), (1, false));
    let index = town.app.vault.index(&Phone::parse(ANNA).unwrap());
    assert_eq!(store::members::find_by_phone(town.app.db.read(), &index).await.unwrap(), None);
}

async fn all_reasons_are_told_at_once(town: Town) {
    let (kind, codes) = town.tools(3).await;
    town.policy(None, PolicyValues { max_open: Some(1), ..PolicyValues::default() }).await;
    town.policy(
        Some(kind),
        PolicyValues { max_open_of_kind: Some(1), identity: Some(Identity::Verified), ..PolicyValues::default() },
    )
    .await;
    let member = town.member(ANNA).await;
    let order =
        Borrow { code: codes[0].clone(), member: Some(member), override_reason: Some("测试".to_owned()), ..Borrow::default() };
    desk::answer(town.process(), order, desk::borrow::borrow).await.unwrap();
    desk::block_member::block(town.process(), (member, "测试".to_owned(), None)).await.unwrap();
    let damaged = desk::items::Service { code: codes[0].clone(), lifecycle: Lifecycle::Maintenance, reason: None };
    desk::answer(town.process(), damaged, desk::items::set_service).await.unwrap();
    assert_eq!(
        reasons(borrow(town.visitor(), &codes[0], Some(ANNA)).await),
        ["item-not-in-service", "item-out", "identity-needed", "member-suspended", "limit-reached", "kind-limit-reached"]
    );
}

async fn every_change_of_an_item_is_in_its_history(town: Town) {
    let codes = town.umbrellas(1).await;
    let lent = borrow(town.visitor(), &codes[0], None).await.unwrap().into_receipt().loan;
    town.advance(TimeDelta::days(1));
    renew(town.visitor(), lent.id.into()).await.unwrap();
    give_back(town.visitor(), &codes[0]).await.unwrap();
    give_back(town.visitor(), &codes[0]).await.unwrap();
    let mut events = entity::event::Entity::find().all(town.app.db.read()).await.unwrap();
    events.retain(|event| event.item_id.is_some());
    events.sort_by_key(|event| event.item_rev);
    let history: Vec<_> = events.iter().map(|event| (event.item_rev.unwrap(), event.action.as_str())).collect();
    assert_eq!(history, [(1, "registered"), (2, "lent"), (3, "renewed"), (4, "returned"), (5, "seen")]);
}
