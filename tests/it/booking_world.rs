//! Worlds that know nothing of claims: what the desk promises is held against brute force, against raw SQL, and against people who
//! come late, never come, and walk up.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    booking, claim,
    ids::{ClaimId, PoolId},
    pool::Terms,
};
use yizhan::{
    desk::{
        self,
        bookings::{
            book::Book,
            bookable::{Bookable, Target},
            cancel::{Cancel, cancel},
        },
        outages,
    },
    rules::{
        availability::Timeline,
        calendar::{Calendar, Hours},
        terms::{Sort, preset},
        walk_up::{self, walk_up},
    },
};

use crate::{
    bookings::{Chairs, ask, chairs, order, terms_at},
    both,
    support::{planted::Hand, town::Town},
};

both!(
    a_wish_is_granted_if_and_only_if_brute_force_finds_room,
    raw_rows_get_past_the_guard_if_and_only_if_there_is_room,
    a_catalogue_of_many_kinds_and_days_takes_as_many_statements_as_one,
);

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 33) % n).unwrap()
    }
}

/// From, until, how many; in minutes after Monday.
#[derive(Clone, Copy, Debug)]
struct Span(i64, i64, i64);

fn room(spans: &[Span], capacity: i64, wish: Span) -> bool {
    (wish.0..wish.1).all(|at| spans.iter().filter(|s| s.0 <= at && at < s.1).map(|s| s.2).sum::<i64>() + wish.2 <= capacity)
}

async fn a_wish_is_granted_if_and_only_if_brute_force_finds_room(town: Town) {
    const TURNAROUND: i64 = 20;
    let Chairs { kind, .. } = chairs(&town, 3).await;
    terms_at(&town, "WH01", kind, |terms| (terms.turnaround, terms.no_show_after) = (20, None)).await;
    let anna = town.resident(town.member("13800138011").await);
    let monday: DateTime<Utc> = crate::support::town::MONDAY.parse().unwrap();
    let mut dice = Dice(20_261_125);
    let (mut bookings, mut outs): (Vec<(uuid::Uuid, Span)>, Vec<Span>) = (Vec::new(), Vec::new());
    let (mut granted, mut refused) = (0, 0);
    for step in 0..160 {
        let now = (town.now() - monday).num_minutes();
        bookings.retain(|(_, span)| span.1 > now);
        match dice.below(10) {
            0 => town.advance(TimeDelta::minutes(10 * dice.below(12))),
            1 if !bookings.is_empty() => {
                let which = usize::try_from(dice.below(bookings.len() as u64)).unwrap();
                let (id, _) = bookings.swap_remove(which);
                desk::answer(anna.clone(), Cancel { booking: id.into(), reason: None }, cancel).await.unwrap();
            }
            2 => {
                let span = Span(now + 10 * dice.below(60), 0, 1);
                let span = Span(span.0, span.0 + 10 + 10 * dice.below(12), 1);
                let take_out = outages::TakeOut {
                    target: Target::Things("WH01".to_owned(), kind),
                    quantity: 1,
                    starts_at: monday + TimeDelta::minutes(span.0),
                    ends_at: monday + TimeDelta::minutes(span.1),
                    note: "检修".to_owned(),
                };
                // A fact is never refused.
                desk::answer(town.process(), take_out, outages::take_out).await.unwrap();
                outs.push(span);
            }
            _ => {
                let (from, units) = (now + 10 * dice.below(90), 1 + dice.below(2));
                let length = 20 + 10 * dice.below(20);
                let occupied: Vec<Span> =
                    bookings.iter().map(|(_, s)| Span(s.0, s.1 + TURNAROUND, s.2)).chain(outs.iter().copied()).collect();
                let fits = room(&occupied, 3, Span(from, from + length + TURNAROUND, units));
                let wish = Book { quantity: u32::try_from(units).unwrap(), ..order(kind, from, length) };
                let answer = ask(anna.clone(), wish).await;
                assert_eq!(answer.is_ok(), fits, "step {step}: {answer:?}");
                if let Ok(done) = answer {
                    bookings.push((done.into_receipt().id, Span(from, from + length, units)));
                    granted += 1;
                } else {
                    refused += 1;
                }
            }
        }
    }
    assert!(granted > 20 && refused > 20, "{granted} granted, {refused} refused: the dice are loaded");
}

async fn raw_rows_get_past_the_guard_if_and_only_if_there_is_room(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 2).await;
    let anna = town.resident(town.member("13800138011").await);
    let booking = ask(anna, order(kind, 100_000, 60)).await.unwrap().into_receipt();
    let pool = Bookable::find(town.app.db.read(), &Target::Things("WH01".to_owned(), kind)).await.unwrap().pools[0].id;
    let hand = Hand::on(&town.url).await;
    let mut dice = Dice(7);
    let mut there: Vec<Span> = Vec::new();
    let (mut passed, mut stopped) = (0, 0);
    for _ in 0..120 {
        let span = Span(dice.below(60), 0, 1 + dice.below(2));
        let span = Span(span.0, span.0 + 1 + dice.below(20), span.2);
        let fits = room(&there, 2, span);
        let got_in = hand.try_run(&row(&hand, &town, pool, booking.id, span)).await;
        assert_eq!(got_in, fits, "{span:?} among {there:?}");
        let lines: Vec<_> = there.iter().map(|s| (s.0, s.1, s.2)).collect();
        assert_eq!(Timeline::from_spans(2, lines).free(span.0, span.1) >= span.2, fits, "the rule and the guard are one");
        if got_in {
            there.push(span);
            passed += 1;
        } else {
            stopped += 1;
        }
    }
    assert!(passed > 5 && stopped > 20, "{passed} passed, {stopped} stopped");
}

fn row(hand: &Hand, town: &Town, pool: PoolId, booking: uuid::Uuid, span: Span) -> String {
    let live = if town.url.starts_with("sqlite") { "1" } else { "true" };
    format!(
        "INSERT INTO claim (id, pool_id, reason, qty, s, e, turnaround, live, booking_id) VALUES ({}, {}, 'booking', {}, {}, {}, 0, \
         {live}, {})",
        hand.id(town.app.clock.id::<ClaimId>().0),
        hand.id(pool.0),
        span.2,
        span.0,
        span.1,
        hand.id(booking)
    )
}

async fn a_catalogue_of_many_kinds_and_days_takes_as_many_statements_as_one(town: Town) {
    let Chairs { station, kind, .. } = chairs(&town, 1).await;
    let anna = town.resident(town.member("13800138011").await);
    let monday: DateTime<Utc> = crate::support::town::MONDAY.parse().unwrap();
    let statements = async |days: i64| {
        let before = town.app.db.statements();
        let all = desk::bookings::availability::all_at(&town.visitor(), "WH01", monday, monday + TimeDelta::days(days)).await;
        (all.unwrap().len(), town.app.db.statements() - before)
    };
    let (one, for_one) = statements(1).await;
    for n in 0..40 {
        let another = town.kind(&format!("工具 {n}"), entity::kind::Identity::Phone).await;
        town.items(another, station, 1).await;
        ask(anna.clone(), order(another, 60 * n, 60)).await.unwrap();
        ask(anna.clone(), order(kind, 60 * n, 60)).await.unwrap();
    }
    let (many, for_many) = statements(30).await;
    assert_eq!((one, many), (1, 41));
    assert_eq!(for_one, for_many);
}

/// Somebody who has booked, as the world sees them.
struct Booker {
    row: booking::Model,
    served: bool,
}

/// How a station lends to whoever walks up.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// With the real rules.
    Ours,
    /// Whatever is on the shelf leaves.
    ShelfOnly,
}

/// One station with wheelchairs for 120 days: every other day somebody books one for 1 to 4 hours, half a day to 5 days ahead; 4 or 5
/// a day walk up, for half an hour to 3 hours; 15 % come back late, by 15 minutes to 10 hours. How many bookings found a chair on
/// the shelf, how many did not, how many walk-ups were served, and how many not. Where people book and walk up twice as often, about
/// three times as many bookings are broken: by those who had booked themselves and came back late.
fn world(seed: u64, units: usize, manner: Manner) -> (u32, u32, u32, u32) {
    let terms = preset(Sort::Things("mobility"));
    let calendar = Calendar {
        zone: chrono_tz::Asia::Shanghai,
        hours: Hours::AlwaysOpen,
        follows_public_holidays: false,
        closures: Vec::new(),
    };
    let start: DateTime<Utc> = crate::support::town::MONDAY.parse().unwrap();
    let at = |minute: i64| start + TimeDelta::minutes(minute);
    let mut dice = Dice(seed);
    // When each unit is really back; who holds it knows nothing of what was promised.
    let mut back: Vec<i64> = vec![0; units];
    let mut claims: Vec<claim::Model> = Vec::new();
    let mut bookers: Vec<Booker> = Vec::new();
    let (mut kept, mut broken, mut served, mut sent_away) = (0, 0, 0, 0);
    for minute in (0..120 * 1_440).step_by(15) {
        let now = at(minute);
        // What is back is free; what was not collected is released.
        for claim in &mut claims {
            let returned = claim.item_id.is_some_and(|item| back[usize::try_from(item.0.as_u128()).unwrap()] <= minute);
            claim.live &= !(claim.reason == claim::Reason::Loan && returned);
        }
        claims.retain(|claim| claim.live && (claim.reason == claim::Reason::Loan || claim.e > now.timestamp()));
        let hour = (minute / 60 + 10) % 24;
        let awake = (7..21).contains(&hour);
        let late = |dice: &mut Dice| if dice.below(100) < 15 { 15 + dice.below(586) } else { 0 };
        for booker in &mut bookers {
            if booker.row.starts_at != now || booker.served {
                continue;
            }
            booker.served = true;
            claims.retain(|claim| claim.booking_id != Some(booker.row.id));
            let Some(unit) = back.iter().position(|back| *back <= minute) else {
                broken += 1;
                continue;
            };
            kept += 1;
            let length = booker.row.minutes();
            back[unit] = minute + length + late(&mut dice);
            claims.push(loan(unit, now, at(minute + length), &terms));
        }
        if awake && dice.below(1_000) < 8 {
            let ahead = 15 * (48 + dice.below(4 * 108));
            let (from, length) = (minute + ahead, 60 * (1 + dice.below(4)));
            let line = Timeline::of(i64::try_from(units).unwrap(), &claims, now, &calendar);
            let until = at(from + length).timestamp() + i64::from(terms.turnaround) * 60;
            if (7..21).contains(&((from / 60 + 10) % 24)) && line.free(at(from).timestamp(), until) >= 1 {
                let row = booked(bookers.len(), at(from), at(from + length), &terms);
                claims.push(promise(&row));
                bookers.push(Booker { row, served: false });
            }
        }
        if awake && dice.below(1_000) < 80 {
            let wish = 30 * (1 + dice.below(6));
            let shelf: Vec<usize> = back.iter().enumerate().filter(|(_, back)| **back <= minute).map(|(unit, _)| unit).collect();
            let awaited: Vec<booking::Model> = bookers.iter().filter(|b| !b.served).map(|b| b.row.clone()).collect();
            let line = Timeline::of(i64::try_from(units).unwrap(), &claims, now, &calendar);
            let facts = walk_up::Facts {
                timeline: &line,
                terms: &terms,
                calendar: &calendar,
                on_shelf: i64::try_from(shelf.len()).unwrap(),
                awaited: &awaited,
                set_aside_for: None,
            };
            let due = match manner {
                Manner::Ours => walk_up(&facts, at(minute + wish), false, now).ok().map(|until| until.due_at),
                Manner::ShelfOnly => Some(at(minute + wish)),
            };
            match (shelf.first(), due) {
                (Some(unit), Some(due)) => {
                    served += 1;
                    back[*unit] = (due - start).num_minutes() + late(&mut dice);
                    claims.push(loan(*unit, now, due, &terms));
                }
                _ => sent_away += 1,
            }
        }
    }
    (kept, broken, served, sent_away)
}

fn bare(s: DateTime<Utc>, e: DateTime<Utc>, terms: &Terms) -> claim::Model {
    let turnaround = i64::from(terms.turnaround) * 60;
    claim::Model {
        id: uuid::Uuid::nil().into(),
        pool_id: uuid::Uuid::nil().into(),
        reason: claim::Reason::Loan,
        qty: 1,
        s: s.timestamp(),
        e: e.timestamp() + turnaround,
        turnaround,
        lapses_at: None,
        live: true,
        loan_id: None,
        item_id: None,
        booking_id: None,
        occasion_id: None,
        outage_id: None,
        note: None,
    }
}

fn loan(unit: usize, s: DateTime<Utc>, e: DateTime<Utc>, terms: &Terms) -> claim::Model {
    claim::Model { item_id: Some(uuid::Uuid::from_u128(unit as u128).into()), ..bare(s, e.max(s + TimeDelta::seconds(1)), terms) }
}

fn promise(row: &booking::Model) -> claim::Model {
    let reason = claim::Reason::Booking;
    claim::Model { reason, booking_id: Some(row.id), ..bare(row.starts_at, row.ends_at, &row.terms) }
}

fn booked(n: usize, starts_at: DateTime<Utc>, ends_at: DateTime<Utc>, terms: &Terms) -> booking::Model {
    booking::Model {
        id: uuid::Uuid::from_u128(n as u128 + 1).into(),
        station_id: uuid::Uuid::nil().into(),
        kind_id: Some(uuid::Uuid::nil().into()),
        space_id: None,
        occasion_id: None,
        member_id: uuid::Uuid::nil().into(),
        made_by: None,
        hold_id: None,
        quantity: 1,
        collected: 0,
        starts_at,
        ends_at,
        state: booking::State::Confirmed,
        priority: booking::Priority::Ordinary,
        purpose: None,
        override_reason: None,
        terms: terms.clone(),
        lapses_at: None,
        created_at: starts_at,
        confirmed_at: None,
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
    }
}

fn runs(units: usize, manner: Manner) -> (f64, f64) {
    let (mut kept, mut broken, mut served, mut sent_away) = (0, 0, 0, 0);
    for seed in 0..90 {
        let run = world(seed, units, manner);
        (kept, broken, served, sent_away) = (kept + run.0, broken + run.1, served + run.2, sent_away + run.3);
    }
    assert!(kept + broken > 2_000, "a world in which hardly anybody books proves nothing: {}", kept + broken);
    let share = |some: u32, others: u32| f64::from(some) * 100.0 / f64::from(some + others);
    (share(broken, kept), share(served, sent_away))
}

#[test]
fn hardly_a_booking_is_broken_though_people_walk_up_and_come_back_late() {
    let (broken, served) = runs(2, Manner::Ours);
    println!("two wheelchairs: {broken:.2} % of bookings broken, {served:.0} % of walk-ups served");
    assert!(broken < 0.5, "{broken:.2} %");
    assert!(served > 30.0, "{served:.0} %: a cabinet that refuses everybody breaks nothing either");
}

#[test]
fn in_the_same_world_without_our_rules_many_are_broken() {
    let (broken, _) = runs(2, Manner::ShelfOnly);
    assert!(broken > 10.0, "{broken:.2} %: a world in which nothing breaks proves nothing");
}
