//! P13: whatever happens in whatever order, nobody is overtaken by somebody who wants the same time, an offer is a claim, nothing is
//! offered after its beginning, and nothing is left free that would suit somebody who waits. An oracle that knows only rows and
//! minutes watches after every step.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    booking, claim,
    hold::{self, State},
    ids::{BookingId, HoldId, KindId, MemberId},
};
use sea_orm::EntityTrait;
use yizhan::desk::{
    self,
    bookings::{
        cancel::{Cancel, cancel},
        confirm::confirm,
    },
    queue::{join::Join, leave::leave},
};

use crate::{
    bookings::{Chairs, ask, chairs, order, terms_at},
    both,
    queue::{run, then, wait},
    support::town::{MONDAY, Town},
};

both!(whatever_happens_nobody_is_overtaken_and_nothing_is_left_over);

const UNITS: i64 = 2;

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % n as u64).unwrap()
    }

    fn whole(&mut self, n: usize) -> i64 {
        i64::try_from(self.below(n)).unwrap()
    }
}

/// What the database holds.
struct World {
    holds: Vec<hold::Model>,
    bookings: Vec<booking::Model>,
    claims: Vec<claim::Model>,
}

impl World {
    async fn of(town: &Town) -> Self {
        let conn = town.app.db.read();
        Self {
            holds: hold::Entity::find().all(conn).await.unwrap(),
            bookings: booking::Entity::find().all(conn).await.unwrap(),
            claims: claim::Entity::find().all(conn).await.unwrap(),
        }
    }

    /// Would it fit, if these bookings were not?
    fn fits(&self, wish: &hold::Model, without: &[BookingId], now: DateTime<Utc>) -> bool {
        let minute = |at: DateTime<Utc>| at.timestamp() / 60;
        let (from, to) = (minute(wish.starts_at.unwrap()), minute(wish.ends_at.unwrap()));
        let counts = |claim: &&claim::Model| {
            claim.live
                && claim.lapses_at.is_none_or(|at| at > now.timestamp())
                && !claim.booking_id.is_some_and(|id| without.contains(&id))
        };
        let claims: Vec<_> = self.claims.iter().filter(counts).collect();
        (from..to).all(|at| {
            let depth: i32 = claims.iter().filter(|c| c.s <= at * 60 && at * 60 < c.e).map(|c| c.qty).sum();
            i64::from(depth + wish.quantity) <= UNITS
        })
    }

    fn offer(&self, id: HoldId) -> Option<&booking::Model> {
        self.bookings.iter().find(|row| row.hold_id == Some(id) && row.state == booking::State::Held)
    }
}

/// Since when somebody has their place.
fn place(row: &hold::Model) -> (DateTime<Utc>, HoldId) {
    (row.queued_at, row.id)
}

fn overlap(one: &hold::Model, other: &hold::Model) -> bool {
    one.starts_at < other.ends_at && other.starts_at < one.ends_at
}

/// Holds what is there against what was known before the step. How many offers were made in it.
fn watch(world: &World, known: &mut BTreeSet<BookingId>, now: DateTime<Utc>, step: usize) -> usize {
    let still = |row: &&hold::Model| row.state == State::Waiting && row.starts_at.unwrap() - now > TimeDelta::minutes(30);
    let waiting: Vec<_> = world.holds.iter().filter(still).collect();
    for row in &waiting {
        assert!(!world.fits(row, &[], now), "step {step}: something is free that suits {row:?}");
    }
    let offered: Vec<_> = world.holds.iter().filter(|row| row.state == State::Offered).collect();
    let mut new = Vec::new();
    for row in &offered {
        let offer = world.offer(row.id).unwrap_or_else(|| panic!("step {step}: nothing is held for {row:?}"));
        assert!(offer.created_at < offer.starts_at, "step {step}: offered after its beginning: {offer:?}");
        assert!(offer.lapses_at.unwrap() <= offer.starts_at, "step {step}: {offer:?}");
        let claimed =
            world.claims.iter().any(|claim| claim.booking_id == Some(offer.id) && claim.live && claim.qty == row.quantity);
        assert!(claimed, "step {step}: an offer that occupies nothing: {offer:?}");
        if known.insert(offer.id) {
            new.push((*row, offer.id));
        }
    }
    for row in &waiting {
        // What went to those behind is taken away again: then it is as it was when this one was asked.
        let behind: Vec<BookingId> = new.iter().filter(|(other, _)| place(row) < place(other)).map(|(_, id)| *id).collect();
        let rivals = new.iter().any(|(other, _)| place(row) < place(other) && overlap(row, other));
        assert!(!rivals || !world.fits(row, &behind, now), "step {step}: {row:?} was overtaken");
    }
    new.len()
}

async fn somebody(town: &Town) -> Vec<MemberId> {
    let mut members = Vec::new();
    for n in 0..9 {
        members.push(town.member(&format!("1380013900{n}")).await);
    }
    members
}

async fn whatever_happens_nobody_is_overtaken_and_nothing_is_left_over(town: Town) {
    let Chairs { kind, .. } = chairs(&town, u32::try_from(UNITS).unwrap()).await;
    // Nobody is late here, and nobody is punished: that is told elsewhere.
    terms_at(&town, "WH01", kind, |terms| (terms.no_show_after, terms.strikes) = (None, 0)).await;
    let members = somebody(&town).await;
    let (mut dice, mut known) = (Dice(20_261_125), BTreeSet::new());
    let (mut offers, mut passed) = (0, 0);
    for step in 0..400 {
        let member = members[dice.below(members.len())];
        act(&town, kind, member, &mut dice).await;
        let world = World::of(&town).await;
        offers += watch(&world, &mut known, town.now(), step);
        passed = world.holds.iter().filter(|row| row.missed > 0).count();
    }
    assert!(offers > 25 && passed > 2, "{offers} offers, {passed} passed by: the dice are loaded");
    town.verified().await;
}

/// One of the things that happen; refused or not.
async fn act(town: &Town, kind: KindId, member: MemberId, dice: &mut Dice) {
    let monday: DateTime<Utc> = MONDAY.parse().unwrap();
    let now = (town.now() - monday).num_minutes();
    let (after, length) = (now + 10 * (1 + dice.whole(40)), 30 + 10 * dice.whole(12));
    let desk = town.resident(member);
    let mine = World::of(town).await;
    match dice.below(14) {
        0..3 => {
            let _ = ask(desk, order(kind, after, length)).await;
        }
        3..6 => {
            let quantity = 1 + u32::try_from(dice.below(2)).unwrap();
            let _ = wait(desk, Join { quantity, ..then(kind, after, length) }).await;
        }
        6..9 => {
            let firm: Vec<_> = mine.bookings.iter().filter(|row| row.state == booking::State::Confirmed).collect();
            if !firm.is_empty() {
                let row = firm[dice.below(firm.len())];
                let give_up = Cancel { booking: row.id, reason: None };
                let _ = desk::answer(town.resident(row.member_id), give_up, cancel).await;
            }
        }
        9 => {
            if let Some(row) = mine.bookings.iter().find(|row| row.is_offer()) {
                let _ = desk::answer(town.resident(row.member_id), row.id, confirm).await;
            }
        }
        10 => {
            if let Some(row) = mine.holds.iter().rev().find(|row| row.state.is_open()) {
                let _ = desk::answer(town.resident(row.member_id), row.id, leave).await;
            }
        }
        _ => {
            town.advance(TimeDelta::minutes(10 * (1 + dice.whole(7))));
            run(town).await;
        }
    }
}
