//! Many hands and many clocks on one medicine box: no interleaving lets anything out past its last day.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate, TimeDelta};
use entity::{consumable, ids::LotId, lot, stock_block, stock_block::Cause};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use yizhan::{
    db::{Intent, Trouble},
    desk::{self, stock::count::Count, stock::recall::NewRecall},
    jobs,
    rules::usability,
    store, verify,
};

use crate::{
    both,
    support::{medicine::take, server::all_at_once, town::Town},
};

both!(the_statement_that_takes_says_the_same_as_the_rule, no_interleaving_lets_anything_out_past_its_last_day,);

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

fn suspension(town: &Town, lot: &lot::Model) -> stock_block::Model {
    stock_block::Model {
        id: town.app.clock.id(),
        cause: Cause::Suspended,
        lot_id: None,
        station_id: Some(lot.station_id),
        recall_id: None,
        reason: "试".to_owned(),
        made_by: None,
        made_at: town.now(),
        lifted_by: None,
        lifted_at: None,
        lift_reason: None,
    }
}

async fn no_interleaving_lets_anything_out_past_its_last_day(town: Town) {
    let shelf = std::sync::Arc::new(town.medicine_box().await);
    let mut lots: Vec<LotId> = Vec::new();
    // Good until the 25th, by the strict reading; all of them end in the same night.
    for n in 0..6 {
        lots.push(shelf.plasters(&format!("L{n}"), "有效期至2026年11月26日", 40).await);
    }
    let lots = std::sync::Arc::new(lots);
    let app = town.app.clone();
    let answers = all_at_once(160, |n| {
        let (shelf, lots, app) = (std::sync::Arc::clone(&shelf), std::sync::Arc::clone(&lots), app.clone());
        let visitor = town.visitor();
        async move {
            match n % 16 {
                // Time passes while they are at it, over three midnights.
                0 => {
                    for _ in 0..=n / 16 {
                        let _ = take(visitor.clone(), shelf.wanted(shelf.plasters, 1)).await;
                    }
                    app.clock.advance(TimeDelta::hours(8));
                }
                1 => drop(jobs::run(&app, "expiry-check").await),
                2 => {
                    let label = "有效期至2026年11月27日".to_owned();
                    let _ = shelf.receive(shelf.delivery(shelf.plasters, &format!("N{n}"), &label, 5)).await;
                }
                3 => {
                    let order =
                        Count { lot: lots[n % lots.len()], counted: 30, counted_at: None, reason: Some("数过".to_owned()) };
                    let _ = desk::answer(shelf.keeper.clone(), order, desk::stock::count::count).await;
                }
                4 if n > 100 => {
                    let lots = format!("L{}", n % 6);
                    let what = NewRecall { kind: Some(shelf.plasters), product: None, lots, source: "通告".to_owned() };
                    let _ = desk::answer(shelf.keeper.clone(), what, desk::stock::recall::enter).await;
                }
                _ => return take(visitor, shelf.wanted(shelf.plasters, 3)).await.is_ok(),
            }
            false
        }
    });
    let taken = answers.await.into_iter().filter(|taken| *taken).count();
    assert!(taken > 0, "something was taken before it was too late");
    let conn = town.app.db.read();
    // An oracle of its own: the day that is printed, and the day on which it was taken.
    let mut lines = 0;
    for line in entity::movement::Entity::find().all(conn).await.unwrap() {
        let Some(id) = line.take_id.filter(|_| line.reason == entity::movement::Reason::Taken) else { continue };
        let take = store::takes::find(conn, id).await.unwrap().unwrap();
        let lot = store::lots::find(conn, line.lot_id).await.unwrap().unwrap();
        let printed: String = lot.label_text.unwrap().chars().filter(char::is_ascii_digit).collect();
        assert!(take.taken_on < NaiveDate::parse_from_str(&printed, "%Y%m%d").unwrap(), "{printed}: {take:?}");
        lines += 1;
    }
    assert!(lines >= taken);
    let findings = verify::run(&town.app, |_, _| {}).await.unwrap();
    let of_the_box = ["ledger", "taken-after-its-date", "take-without-lines", "blocks-counted"];
    let wrong: Vec<_> = findings.iter().filter(|finding| of_the_box.contains(&finding.check)).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}
