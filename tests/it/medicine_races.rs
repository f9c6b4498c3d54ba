//! The statement that takes, and many hands on one medicine box.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use entity::{consumable, ids::LotId, lot, stock_block, stock_block::Cause};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;
use yizhan::{
    db::{Intent, Trouble},
    desk::{
        self,
        stock::{profile::Profile, take::Take},
    },
    rules::usability,
    store::{self, lots::Stock},
};

use crate::{
    both,
    support::{
        medicine::{STATION, fever_profile, take},
        server::{Server, all_at_once, answer},
        town::{Town, reasons},
    },
};

both!(
    the_statement_that_takes_says_the_same_as_the_rule,
    a_lot_is_drawn_from_only_at_the_version_that_was_read,
    five_hundred_residents_take_the_last_twenty,
    one_person_at_six_boxes_at_once_never_gets_more_than_the_leaflet_allows,
);

/// The rule in Rust and its twin in SQL, over everything that can be true of a lot. The guard removed, this goes red.
async fn the_statement_that_takes_says_the_same_as_the_rule(town: Town) {
    let shelf = town.medicine_box().await;
    let id = shelf.plasters("A", "有效期至2028年06月30日", 1_000).await;
    let today: NaiveDate = "2026-11-23".parse().unwrap();
    let days = [None, Some(today - Days::new(1)), Some(today), Some(today + Days::new(1))];
    let (mut allowed, mut refused) = (0, 0);
    // Closed; open, of a kind that is not shared; open, of one that is.
    let opened = [(None, false), (Some(today), false), (Some(today), true)];
    for last_day in days {
        for last_issue_day in days {
            for n in 0..16_u8 {
                let [blocked, suspended, dated, passed] = [n & 1 > 0, n & 2 > 0, n & 4 > 0, n & 8 > 0];
                let seen = passed.then(|| today + Days::new(1));
                for (opened_on, shareable) in opened {
                    // Without a date there is no date that could pass, and none is stored by halves.
                    if last_day.is_none() != last_issue_day.is_none() {
                        continue;
                    }
                    let tx = town.app.db.write(Intent { rehearsal: true, ..Intent::default() }).await.unwrap();
                    let conn = tx.conn_for_tests();
                    let old = lot::Entity::find_by_id(id).one(conn).await.unwrap().unwrap();
                    let kind = consumable::Column::KindId.eq(old.kind_id);
                    let was = consumable::Entity::find().filter(kind.clone()).one(conn).await.unwrap().unwrap();
                    let profile = consumable::Model { dated, shareable, ..was };
                    let stored = consumable::Entity::update_many().set(profile.clone().into_active_model().reset_all());
                    stored.filter(kind).exec(conn).await.unwrap();
                    let row = lot::Model { last_day, last_issue_day, opened_on, blocks: i32::from(blocked), ..old };
                    lot::Entity::update_many()
                        .set(row.clone().into_active_model().reset_all())
                        .filter(lot::Column::Id.eq(id))
                        .exec(conn)
                        .await
                        .unwrap();
                    let mut causes = BTreeSet::new();
                    if blocked {
                        causes.insert(Cause::Manual);
                    }
                    if suspended {
                        store::stock_blocks::suspend(&tx, suspension(&town, &row)).await.unwrap();
                        if dated {
                            causes.insert(Cause::Suspended);
                        }
                    }
                    if let Some(day) = seen {
                        store::stock_days::advance(&tx, shelf.station, day).await.unwrap();
                    }
                    let by_rule = usability::blocks(&row, &causes, &profile, seen.unwrap_or(today)).is_empty();
                    // What is summed up for an outlook is what may leave.
                    let day = seen.unwrap_or(today);
                    let sums = store::lots::sum_usable(conn, shelf.station, day, suspended, Stock::All).await.unwrap();
                    assert_eq!(
                        !sums.is_empty(),
                        by_rule,
                        "{last_day:?} {last_issue_day:?} {blocked} {suspended} {dated} {seen:?} {opened_on:?} {shareable}"
                    );
                    let by_statement = match store::lots::draw(&tx, &row, 1, today, dated).await {
                        Ok(_) => true,
                        Err(Trouble::GuardFailed(_)) => false,
                        Err(other) => panic!("{other}"),
                    };
                    assert_eq!(
                        by_statement, by_rule,
                        "{last_day:?} {last_issue_day:?} {blocked} {suspended} {dated} {seen:?} {opened_on:?} {shareable}"
                    );
                    allowed += u32::from(by_rule);
                    refused += u32::from(!by_rule);
                    tx.roll_back().await.unwrap();
                }
            }
        }
    }
    assert!(allowed > 20 && refused > 100, "{allowed} {refused}");
}

pub(crate) fn suspension(town: &Town, lot: &lot::Model) -> stock_block::Model {
    stock_block::Model {
        id: town.app.clock.id(),
        cause: Cause::Suspended,
        lot_id: None,
        station_id: Some(lot.station_id),
        recall_id: None,
        reason: "试".to_owned(),
        made_by: None,
        made_at: town.now(),
        lift_proposed_by: None,
        lift_proposed_at: None,
        lifted_by: None,
        lifted_at: None,
        lift_reason: None,
    }
}

/// Whoever has not locked the lot, or locks in vain, is held up by the version.
async fn a_lot_is_drawn_from_only_at_the_version_that_was_read(town: Town) {
    let shelf = town.medicine_box().await;
    let id = shelf.plasters("A", "有效期至2028年06月30日", 10).await;
    let today: NaiveDate = "2026-11-23".parse().unwrap();
    let tx = town.app.db.write(Intent { rehearsal: true, ..Intent::default() }).await.unwrap();
    let read = store::lots::lock(&tx, id).await.unwrap().unwrap();
    let drawn = store::lots::draw(&tx, &read, 4, today, true).await.unwrap();
    assert_eq!((drawn.available, drawn.rev), (6, read.rev + 1));
    let again = store::lots::draw(&tx, &read, 4, today, true).await;
    assert!(matches!(again, Err(Trouble::GuardFailed(_))), "{again:?}");
    let too_much = store::lots::draw(&tx, &drawn, 7, today, true).await;
    assert!(matches!(too_much, Err(Trouble::GuardFailed(_))), "{too_much:?}");
    let over_it = lot::Model { available: 9, ..drawn.clone() };
    assert!(matches!(store::lots::change(&tx, over_it).await, Err(Trouble::GuardFailed(_))), "it says version {}", drawn.rev);
    tx.roll_back().await.unwrap();
}

async fn five_hundred_residents_take_the_last_twenty(town: Town) {
    let shelf = town.medicine_box().await;
    let id = shelf.plasters("A", "有效期至2028年06月30日", 20).await;
    let server = Server::before(&town.app).await;
    let body = json!({ "station_code": STATION, "kind_id": shelf.plasters.0, "units": 1 });
    let answers = all_at_once(500, |_| {
        let request = server.client.post(format!("{}/api/v1/takes", server.base)).json(&body);
        async move { answer(request.send().await.unwrap()).await }
    })
    .await;
    let with = |status: u16| answers.iter().filter(move |(got, _)| *got == status);
    assert_eq!((with(201).count(), with(409).count()), (20, 480), "{:?}", answers.iter().find(|(got, _)| *got >= 500));
    assert!(with(409).all(|(_, problem)| problem["reasons"][0]["code"] == "none-usable"));
    let lot = store::lots::find(town.app.db.read(), id).await.unwrap().unwrap();
    let lines = store::movements::list_of_lot(town.app.db.read(), id, None, 100).await.unwrap();
    let balances: Vec<i32> = lines
        .iter()
        .scan(0, |sum, line| {
            *sum += line.available;
            Some(*sum)
        })
        .collect();
    assert_eq!((lot.available, lot.rev, balances), (0, 21, (0..=20).rev().collect::<Vec<_>>()));
    server.end().await;
    town.verified().await;
}

/// Six kinds with one ingredient: the lots do not lock each other, the person does.
async fn one_person_at_six_boxes_at_once_never_gets_more_than_the_leaflet_allows(town: Town) {
    let shelf = town.medicine_box().await;
    let partner = store::consumables::find(town.app.db.read(), shelf.fever).await.unwrap().unwrap().partner_id;
    let label = "有效期至2028年06月";
    let mut kinds = Vec::new();
    for n in 0..6 {
        let kind = town.lot_kind(&format!("布洛芬 {n}")).await;
        let otc = Profile {
            partner,
            contents: vec![("布洛芬".to_owned(), 200_000)],
            smallest_unit: Some(2),
            pack_size: 2,
            ..fever_profile()
        };
        desk::stock::profile::set(town.process(), (kind, otc)).await.unwrap();
        let lot: LotId = shelf.receive(shelf.delivery(kind, "A", label, 8)).await.unwrap().into_receipt().id.into();
        let again = (lot, label.to_owned());
        desk::answer(shelf.second.clone(), again, desk::stock::verify_label::verify_label).await.unwrap();
        kinds.push(kind);
    }
    let member = town.member("13800138044").await;
    // 400 mg a pack, 1200 mg a day.
    let answers = all_at_once(18, |n| {
        let order = Take { kind: kinds[n % 6], ..shelf.fever_wanted(&[label]) };
        let desk = town.resident(member);
        async move { take(desk, order).await.map(drop) }
    })
    .await;
    let (taken, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert!(refused.into_iter().map(reasons).all(|no| no == ["dose-limit"]));
    assert_eq!(taken.len(), 3);
    town.verified().await;
}

pub(crate) fn task_about(town: &Town, what: entity::task::What) -> entity::task::Model {
    entity::task::Model {
        id: town.app.clock.id(),
        what,
        natural_key: "test".to_owned(),
        station_id: None,
        item_id: None,
        loan_id: None,
        kind_id: None,
        lot_id: None,
        facts: None,
        seen_at: None,
        seen_by: None,
        escalated: 0,
        note: None,
        created_at: town.now(),
        done_at: None,
        done_by: None,
    }
}
