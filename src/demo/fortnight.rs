//! A fortnight of a station's life: people come by day, rain brings more of them, most bring things back in time, some late,
//! one broken. The same fortnight every time.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
};

use chrono::{DateTime, TimeDelta, Utc};
use entity::{kind::Identity, loan::Condition};

use super::{NoDemo, phone, stock::Thing};
use crate::{
    app::App,
    desk::{self, Actor, Desk, Door, borrow::Borrow, give_back::GiveBack},
};

/// Numbers that look like chance and are the same every time (a linear congruential generator, Knuth's constants).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// How many residents of the demo have given a number.
const RESIDENTS: u64 = 24;

/// Lives through the time up to `now`. Gives back how many loans were made.
pub(super) async fn live(
    app: &App,
    things: &[Thing],
    now: DateTime<Utc>,
    progress: &mut impl FnMut(u64, u64),
) -> Result<usize, NoDemo> {
    let mut dice = Dice(20_261_123);
    let begin = app.clock.now();
    let mut coming_back: BinaryHeap<Reverse<(DateTime<Utc>, usize)>> = BinaryHeap::new();
    let mut in_hand: HashMap<u64, u32> = HashMap::new();
    let mut holder: HashMap<usize, u64> = HashMap::new();
    let mut loans = 0;
    let total = u64::try_from((now - begin).num_minutes()).unwrap_or_default();
    let mut at = begin;
    loop {
        // A wet day every third one.
        let wet = (at - begin).num_days() % 3 == 1;
        at += TimeDelta::minutes(i64::try_from(20 + dice.below(if wet { 50 } else { 110 })).unwrap_or(60));
        while let Some(Reverse((when, index))) = coming_back.peek().copied().filter(|Reverse((when, _))| *when <= at.min(now)) {
            coming_back.pop();
            app.clock.set(when);
            give_back(app, &things[index], &mut dice).await?;
            if let Some(who) = holder.remove(&index) {
                in_hand.entry(who).and_modify(|n| *n -= 1);
            }
        }
        if at >= now {
            return Ok(loans + take_one_more(app, things, now).await?);
        }
        progress(u64::try_from((at - begin).num_minutes()).unwrap_or_default().min(total), total);
        if !is_daytime(at) {
            continue;
        }
        let index = if wet && dice.below(3) > 0 { dice.below(12) } else { dice.below(things.len() as u64) };
        let index = usize::try_from(index).unwrap_or_default();
        let who = dice.below(RESIDENTS);
        if things[index].out.get() || in_hand.get(&who).is_some_and(|n| *n >= 2) {
            continue;
        }
        app.clock.set(at);
        if borrow(app, &things[index], who).await? {
            loans += 1;
            if things[index].identity != Identity::Anonymous {
                *in_hand.entry(who).or_default() += 1;
                holder.insert(index, who);
            }
            // Most come back within some hours, one in twelve only days later.
            let hours = if dice.below(12) == 0 { 60 + dice.below(60) } else { 1 + dice.below(9) };
            coming_back.push(Reverse((at + TimeDelta::minutes(i64::try_from(hours * 60 + dice.below(60)).unwrap_or(60)), index)));
        }
    }
}

/// Whatever the hour, a newcomer finds an umbrella that is out.
async fn take_one_more(app: &App, things: &[Thing], now: DateTime<Utc>) -> Result<usize, NoDemo> {
    let on_shelf = things.iter().rev().find(|thing| thing.category == "umbrella" && !thing.out.get());
    app.clock.set(now - TimeDelta::minutes(30));
    match on_shelf {
        Some(thing) => Ok(usize::from(borrow(app, thing, 0).await?)),
        None => Ok(0),
    }
}

/// Between seven and nine in Shanghai.
fn is_daytime(at: DateTime<Utc>) -> bool {
    use chrono::Timelike;
    (7..21).contains(&at.with_timezone(&chrono_tz::Asia::Shanghai).hour())
}

/// Things worth more are lent by the keeper here, who knows the resident.
async fn borrow(app: &App, thing: &Thing, who: u64) -> Result<bool, NoDemo> {
    let number = phone(&format!("138001381{who:02}"));
    let known = thing.identity != Identity::Anonymous;
    let vouched = thing.identity >= Identity::Verified;
    let order = Borrow {
        code: thing.code.clone(),
        phone: known.then_some(number),
        name: known.then(|| format!("居民{who:02}")),
        override_reason: vouched.then(|| "站长当面核实".to_owned()),
        ..Borrow::default()
    };
    let desk = Desk { actor: if vouched { Actor::process() } else { Actor::visitor() }, ..Desk::internal(app, Door::Page) };
    match desk::borrow::borrow(desk, order).await {
        Ok(_) => {
            thing.out.set(true);
            Ok(true)
        }
        // Someone who is suspended after bringing a thing back late, or a thing under repair: that happens too.
        Err(desk::Error::Refused(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

async fn give_back(app: &App, thing: &Thing, dice: &mut Dice) -> Result<(), NoDemo> {
    let broken = dice.below(60) == 0;
    let order = GiveBack {
        code: thing.code.clone(),
        condition: if broken { Condition::Damaged } else { Condition::Good },
        note: broken.then(|| "用的时候坏了，不好意思".to_owned()),
        ..GiveBack::default()
    };
    let desk = Desk { actor: Actor::visitor(), ..Desk::internal(app, Door::Page) };
    desk::give_back::give_back(desk, order).await?;
    thing.out.set(false);
    Ok(())
}
