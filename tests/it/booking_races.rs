//! Many hands on one hour: nobody is promised what somebody else was promised, whoever asks, in whatever order; and the tests that
//! say so are shown to see it when it happens.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    booking::State,
    claim,
    ids::{ClaimId, MemberId},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use yizhan::{
    db::{Intent, Trouble},
    desk::{
        self,
        bookings::{
            book::Book,
            bookable::{Bookable, Target},
        },
    },
    store,
};

use crate::{
    bookings::{Chairs, ask, chairs, order, terms_at},
    both,
    support::{
        planted::Hand,
        server::{Server, all_at_once, answer},
        town::Town,
    },
};

both!(
    of_sixteen_for_one_free_hour_exactly_one_wins_each_round,
    five_hundred_residents_and_twenty_places_through_http,
    parallel_tabs_do_not_exceed_a_quota_across_stations,
    a_key_a_hundred_times_is_one_booking,
    halls_and_halves_are_never_both_booked,
    the_guard_in_the_database_refuses_a_writer_who_does_not_look,
    without_lock_and_guard_the_same_race_oversells,
    bookers_and_borrowers_never_share_a_unit,
);

async fn of_sixteen_for_one_free_hour_exactly_one_wins_each_round(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 1).await;
    let mut members = Vec::new();
    for n in 0..16 {
        members.push(town.member(&format!("138001390{n:02}")).await);
    }
    for round in 0..100 {
        let outcomes = all_at_once(16, |n| {
            let (desk, wish) = (town.resident(members[n]), order(kind, round * 60, 60));
            async move { ask(desk, wish).await.is_ok() }
        })
        .await;
        assert_eq!(outcomes.iter().filter(|won| **won).count(), 1, "round {round}");
    }
}

async fn five_hundred_residents_and_twenty_places_through_http(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 20).await;
    desk::set_up::offer(&town.app).await.unwrap();
    let server = Server::before(&town.app).await;
    let token = server.set_up().await;
    let answers = all_at_once(500, |n| {
        let body = json!({
            "station_code": "WH01", "kind_id": kind, "starts_at": "2026-11-24T00:00:00Z", "ends_at": "2026-11-24T04:00:00Z",
            "phone": format!("1370000{n:04}"),
        });
        let request = server.client.post(format!("{}/api/v1/bookings", server.base)).bearer_auth(&token).json(&body);
        async move { answer(request.send().await.unwrap()).await }
    })
    .await;
    let with = |status: u16| answers.iter().filter(move |(got, _)| *got == status);
    assert_eq!((with(201).count(), with(409).count()), (20, 480), "{:?}", answers.iter().find(|(s, _)| ![201, 409].contains(s)));
    assert!(with(409).all(|(_, problem)| problem["reasons"][0]["code"] == "none-free"));
    assert!(with(201).all(|(_, booking)| booking["state"] == "confirmed"));
    server.end().await;
    town.verified().await;
}

async fn parallel_tabs_do_not_exceed_a_quota_across_stations(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 30).await;
    let elsewhere = town.station("WH02").await;
    town.items(kind, elsewhere, 30).await;
    for plate in ["WH01", "WH02"] {
        terms_at(&town, plate, kind, |terms| terms.quota.per_day = Some(3)).await;
    }
    let anna = town.member("13800138011").await;
    let outcomes = all_at_once(30, |n| {
        let desk = town.resident(anna);
        let target = Target::Things(["WH01", "WH02"][n % 2].to_owned(), kind);
        let wish = Book { target, ..order(kind, 60, 60 + i64::try_from(n).unwrap()) };
        async move { ask(desk, wish).await.is_ok() }
    })
    .await;
    assert_eq!(outcomes.iter().filter(|won| **won).count(), 3);
}

async fn a_key_a_hundred_times_is_one_booking(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 5).await;
    let anna = town.member("13800138011").await;
    let answers = all_at_once(100, |_| {
        let desk = desk::Desk { key: Some(("once".to_owned(), b"print".to_vec())), ..town.resident(anna) };
        let wish = order(kind, 60, 60);
        async move { ask(desk, wish).await.unwrap().into_receipt() }
    })
    .await;
    assert!(answers.iter().all(|booking| *booking == answers[0]));
    assert_eq!(entity::booking::Entity::find().count(town.app.db.read()).await.unwrap(), 1);
}

async fn halls_and_halves_are_never_both_booked(town: Town) {
    let station = town.station("WH01").await;
    let space = async |name: &str, part_of| {
        let what = desk::spaces::Particulars { name: Some(name.to_owned()), ..Default::default() };
        let made = desk::answer(town.process(), (station, part_of, what), desk::spaces::create).await.unwrap();
        entity::ids::SpaceId(made.into_receipt().id)
    };
    let hall = space("大厅", None).await;
    let halves = [space("东厅", Some(hall)).await, space("西厅", Some(hall)).await];
    let mut members = Vec::new();
    for n in 0..12 {
        members.push(town.member(&format!("138001391{n:02}")).await);
    }
    let kind = town.kind("占位", entity::kind::Identity::Phone).await;
    for round in 0..20 {
        let outcomes = all_at_once(12, |n| {
            let target = [hall, halves[0], halves[1]][n % 3];
            let wish = Book { target: Target::Space(target), ..order(kind, round * 60, 50) };
            let desk = town.resident(members[n]);
            async move { (target, ask(desk, wish).await.is_ok()) }
        })
        .await;
        let won: Vec<_> = outcomes.into_iter().filter(|(_, won)| *won).map(|(target, _)| target).collect();
        let whole = won.iter().filter(|target| **target == hall).count();
        let parts = halves.map(|half| won.iter().filter(|target| **target == half).count());
        assert!((whole, parts) == (1, [0, 0]) || (whole, parts) == (0, [1, 1]), "round {round}: {whole} {parts:?}");
    }
    town.verified().await;
}

/// A booker who looks before the write, and not in it: what every system does that oversells.
async fn naive(town: &Town, member: MemberId, wish: &Book, looked: &tokio::sync::Barrier) -> Result<(), Trouble> {
    let subject = Bookable::find(town.app.db.read(), &wish.target).await.unwrap();
    let (from, to) = (wish.starts_at.unwrap(), wish.ends_at.unwrap());
    let line = subject.timeline(town.app.db.read(), to.timestamp(), None, town.now()).await.unwrap();
    looked.wait().await;
    if line.free(from.timestamp(), to.timestamp()) < 1 {
        return Ok(());
    }
    let tx = town.app.db.write(Intent::default()).await?;
    let row = entity::booking::Model {
        id: town.app.clock.id(),
        station_id: subject.station.id,
        kind_id: match wish.target {
            Target::Things(_, kind) => Some(kind),
            _ => None,
        },
        space_id: None,
        occasion_id: None,
        member_id: member,
        hold_id: None,
        made_by: None,
        quantity: 1,
        collected: 0,
        starts_at: from,
        ends_at: to,
        state: State::Confirmed,
        priority: entity::booking::Priority::Ordinary,
        purpose: None,
        override_reason: None,
        terms: subject.terms.clone(),
        lapses_at: None,
        created_at: town.now(),
        confirmed_at: Some(town.now()),
        decided_by: None,
        ready_at: None,
        collected_at: None,
        ended_at: None,
        ended_by: None,
        end_reason: None,
        pardoned_at: None,
        pardoned_by: None,
        sequence: 0,
        rev: 1,
    };
    store::bookings::add(&tx, row.clone()).await?;
    store::claims::promise(&tx, town.app.clock.id::<ClaimId>(), subject.pools[0].id, &row).await?;
    tx.commit(()).await?;
    Ok(())
}

async fn live_promises(town: &Town) -> u64 {
    let live = claim::Entity::find().filter(claim::Column::Live.eq(true));
    live.count(town.app.db.read()).await.unwrap()
}

async fn the_guard_in_the_database_refuses_a_writer_who_does_not_look(town: Town) {
    let (promised, refused) = naive_race(&town).await;
    assert_eq!((promised, refused), (2, 6), "the guard lets through as many as there are");
}

async fn without_lock_and_guard_the_same_race_oversells(town: Town) {
    let hand = Hand::on(&town.url).await;
    let on = if town.url.starts_with("sqlite") { "" } else { " ON claim" };
    hand.run(&format!("DROP TRIGGER claim_guard_insert{on}")).await;
    let (promised, _) = naive_race(&town).await;
    assert!(promised > 2, "a race that cannot oversell proves nothing");
    assert!(yizhan::verify::run(&town.app, |_, _| {}).await.unwrap().iter().any(|f| f.check == "more-claims-than-things"));
}

/// Eight who look at once and then write; how many were promised one of two, and how many were refused by the database.
async fn naive_race(town: &Town) -> (u64, usize) {
    let Chairs { kind, .. } = chairs(town, 2).await;
    let mut members = Vec::new();
    for n in 0..8 {
        members.push(town.member(&format!("138001392{n:02}")).await);
    }
    let looked = tokio::sync::Barrier::new(8);
    let wish = order(kind, 60, 60);
    let hands = members.iter().map(|member| naive(town, *member, &wish, &looked));
    let ended = futures_of(hands).await;
    (live_promises(town).await, ended.iter().filter(|ended| ended.is_err()).count())
}

/// All of them at once, in this task.
async fn futures_of<F: Future<Output = Result<(), Trouble>>>(hands: impl Iterator<Item = F>) -> Vec<Result<(), Trouble>> {
    let mut hands: Vec<_> = hands.map(Box::pin).collect();
    let mut ended: Vec<Option<Result<(), Trouble>>> = hands.iter().map(|_| None).collect();
    std::future::poll_fn(move |context| {
        for (hand, ended) in hands.iter_mut().zip(&mut ended) {
            if ended.is_none()
                && let std::task::Poll::Ready(outcome) = hand.as_mut().poll(context)
            {
                *ended = Some(outcome);
            }
        }
        if ended.iter().all(Option::is_some) {
            return std::task::Poll::Ready(ended.iter_mut().filter_map(Option::take).collect());
        }
        std::task::Poll::Pending
    })
    .await
}

async fn bookers_and_borrowers_never_share_a_unit(town: Town) {
    let Chairs { kind, codes, .. } = chairs(&town, 3).await;
    let mut members = Vec::new();
    for n in 0..12 {
        members.push(town.member(&format!("138001393{n:02}")).await);
    }
    for round in 0..10_i64 {
        let booked = all_at_once(12, |n| {
            let (desk, wish, code) = (town.resident(members[n]), order(kind, round * 240 + 10, 60), codes[n % 3].clone());
            async move {
                if n % 2 == 0 {
                    return ask(desk, wish).await.is_ok();
                }
                crate::support::town::borrow(desk, &code, None).await.is_ok()
            }
        })
        .await;
        assert!(booked.iter().any(|ok| *ok));
        assert_depth_is_within(&town, 3).await;
        for code in &codes {
            crate::support::town::give_back(town.visitor(), code).await.unwrap();
        }
        town.advance(TimeDelta::minutes(240));
    }
}

/// Brute force over every second at which anything changes; promises only.
async fn assert_depth_is_within(town: &Town, capacity: i32) {
    let claims = claim::Entity::find().filter(claim::Column::Live.eq(true)).all(town.app.db.read()).await.unwrap();
    let now: DateTime<Utc> = town.now();
    let standing: Vec<_> = claims.iter().filter(|c| c.lapses_at.is_none_or(|at| at > now.timestamp())).collect();
    for at in standing.iter().map(|claim| claim.s) {
        let depth: i32 = standing.iter().filter(|c| c.s <= at && at < c.e).map(|c| c.qty).sum();
        assert!(depth <= capacity, "{depth} of {capacity} at {at}");
    }
}
