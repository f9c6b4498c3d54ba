//! May this be taken, and out of which lots? First out is what ends first; what is blocked is passed over, and said why.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{
    consumable::{self, About, Class, Then, Under14},
    ids::{IngredientId, LotId},
    ingredient, kind,
    kind::Tracked,
    lot, station,
    stock_block::Cause,
    take::Confirmed,
};
use serde::{Deserialize, Serialize};

use super::{
    refusal::Refusal,
    usability::{self, Block},
};

/// A lot, with the causes of the blocks that lie on it.
#[derive(Clone, Debug)]
pub struct OnShelf {
    /// The lot.
    pub lot: lot::Model,
    /// Why it is blocked besides its date.
    pub causes: BTreeSet<Cause>,
}

/// How much of an ingredient is in a base unit.
#[derive(Clone, Debug)]
pub struct Content {
    /// Which.
    pub ingredient: ingredient::Model,
    /// How much.
    pub micrograms_per_unit: i64,
}

/// What somebody took before.
#[derive(Clone, Copy, Debug)]
pub struct Dose {
    /// Of which ingredient.
    pub ingredient: IngredientId,
    /// How much.
    pub micrograms: i64,
    /// When.
    pub at: DateTime<Utc>,
}

/// What the decision rests on.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// What is wanted.
    pub kind: &'a kind::Model,
    /// What the law and the leaflet say about it.
    pub profile: &'a consumable::Model,
    /// Where.
    pub station: &'a station::Model,
    /// All lots of it there that hold anything.
    pub lots: &'a [OnShelf],
    /// How many base units were taken there today.
    pub taken_today: i32,
    /// What is in it.
    pub contents: &'a [Content],
    /// What this person took within 72 hours; none for somebody who does not say who they are.
    pub doses: Option<&'a [Dose]>,
    /// The business date.
    pub today: NaiveDate,
}

/// How old somebody is; a band, never a date of birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Age {
    /// Under 14.
    Under14,
    /// 14 to 17.
    From14,
    /// 18 to 59.
    From18,
    /// 60 or older.
    From60,
}

/// A pack in somebody's hand, looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InHand {
    /// The lot it belongs to; none if nobody knows it here.
    pub lot: Option<LotId>,
    /// How it was made sure of.
    pub by: Confirmed,
    /// This very pack was taken before.
    pub taken: bool,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// How many base units.
    pub units: i32,
    /// The packs in hand.
    pub in_hand: Vec<InHand>,
    /// The lot of which some was set aside for whoever takes it.
    pub set_aside: Option<LotId>,
    /// How old whoever will use it is.
    pub age: Option<Age>,
    /// A guardian is there.
    pub guardian: bool,
    /// The questions that were answered with yes; none if nobody answered.
    pub yes: Option<BTreeSet<About>>,
    /// The version of the warnings that was accepted.
    pub accepted: Option<i64>,
}

/// Out of which lots it is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Which lot gives how many.
    pub lines: Vec<(LotId, i32)>,
    /// What was passed over, and why.
    pub skipped: Vec<(LotId, BTreeSet<Block>)>,
    /// How the packs were made sure of.
    pub confirmed: Confirmed,
    /// Was it looked up what this person took before?
    pub limits_known: bool,
}

/// Decides.
///
/// # Errors
/// All reasons why not.
pub fn take(facts: &Facts<'_>, wanted: &Wanted, now: DateTime<Utc>) -> Result<Plan, Vec<Refusal>> {
    let mut reasons = place_reasons(facts);
    reasons.extend(amount_reasons(facts, wanted));
    reasons.extend(person_reasons(facts.profile, wanted));
    reasons.extend(dose_reasons(facts, wanted.units, now));
    let shelf = Shelf::of(facts);
    match shelf.plan(facts.profile, wanted, facts.doses.is_some()) {
        Ok(plan) if reasons.is_empty() => Ok(plan),
        Ok(_) => Err(reasons),
        Err(no) => {
            reasons.extend(no);
            Err(reasons)
        }
    }
}

fn place_reasons(facts: &Facts<'_>) -> Vec<Refusal> {
    let mut reasons = Vec::new();
    if facts.kind.tracked != Tracked::Lot {
        reasons.push(Refusal::KindNotTaken);
    }
    if facts.kind.retired_at.is_some() {
        reasons.push(Refusal::KindRetired);
    }
    if facts.station.closed_at.is_some() {
        reasons.push(Refusal::StationClosedDown);
    }
    reasons
}

fn amount_reasons(facts: &Facts<'_>, wanted: &Wanted) -> Vec<Refusal> {
    let profile = facts.profile;
    let mut reasons = Vec::new();
    if wanted.units % profile.smallest_unit != 0 {
        reasons.push(Refusal::NotAWholeUnit { smallest: profile.smallest_unit });
    }
    if let Some(most) = profile.most_per_take.filter(|most| wanted.units > *most) {
        reasons.push(Refusal::TakeLimit { most });
    }
    if let Some(most) = profile.most_per_day.filter(|most| wanted.units > most - facts.taken_today) {
        reasons.push(Refusal::DayLimit { left: (most - facts.taken_today).max(0) });
    }
    reasons
}

/// Does a page have to ask before it is taken?
#[must_use]
pub fn asks(profile: &consumable::Model) -> bool {
    profile.class == Class::OtcB || !profile.cautions.0.is_empty() || profile.under_14 != Under14::Yes || !profile.under_18
}

/// Must the pack in hand be made sure of?
#[must_use]
pub fn needs_confirmation(profile: &consumable::Model) -> bool {
    profile.class == Class::OtcB
}

fn person_reasons(profile: &consumable::Model, wanted: &Wanted) -> Vec<Refusal> {
    let mut reasons = Vec::new();
    if !asks(profile) {
        return reasons;
    }
    match wanted.age {
        None => reasons.push(Refusal::AnswersNeeded),
        Some(Age::Under14) if profile.under_14 == Under14::No => reasons.push(Refusal::AgeNotAllowed),
        Some(Age::Under14) if profile.under_14 == Under14::WithGuardian && !wanted.guardian => {
            reasons.push(Refusal::GuardianNeeded);
        }
        Some(Age::Under14 | Age::From14) if !profile.under_18 => reasons.push(Refusal::AgeNotAllowed),
        Some(_) => {}
    }
    match &wanted.yes {
        None if !profile.cautions.0.is_empty() && wanted.age.is_some() => reasons.push(Refusal::AnswersNeeded),
        None => {}
        Some(yes) => {
            let stops = profile.cautions.0.iter().filter(|caution| caution.then == Then::Refuse && yes.contains(&caution.about));
            reasons.extend(stops.map(|caution| Refusal::CautionStops { about: caution.about }));
        }
    }
    if wanted.accepted != Some(profile.rev) {
        reasons.push(Refusal::WarningsNotAccepted { version: profile.rev });
    }
    reasons
}

/// Limits are kept per active ingredient over rolling hours: the same one hides in many products.
fn dose_reasons(facts: &Facts<'_>, units: i32, now: DateTime<Utc>) -> Vec<Refusal> {
    let mut reasons = Vec::new();
    for content in facts.contents {
        let ingredient = &content.ingredient;
        let more = content.micrograms_per_unit.saturating_mul(units.into());
        let before: Vec<&Dose> = facts.doses.unwrap_or_default().iter().filter(|dose| dose.ingredient == ingredient.id).collect();
        for (hours, most) in [(24_u32, ingredient.most_in_24_hours), (72, ingredient.most_in_72_hours)] {
            let window = TimeDelta::hours(hours.into());
            let mut within: Vec<&Dose> = before.iter().copied().filter(|dose| dose.at > now - window).collect();
            within.sort_by_key(|dose| dose.at);
            let mut sum = within.iter().fold(more, |sum, dose| sum.saturating_add(dose.micrograms));
            if sum <= most {
                continue;
            }
            // When enough of what was taken before is out of the window.
            let mut retry_at = None;
            for dose in within {
                sum -= dose.micrograms;
                if sum <= most {
                    retry_at = Some(dose.at + window);
                    break;
                }
            }
            reasons.push(Refusal::DoseLimit { ingredient: ingredient.name.clone(), hours, retry_at });
        }
    }
    reasons
}

/// The lots in the order in which they leave, and what stands against each.
struct Shelf<'a> {
    lots: Vec<(&'a lot::Model, BTreeSet<Block>)>,
}

impl<'a> Shelf<'a> {
    fn of(facts: &Facts<'a>) -> Self {
        let mut lots: Vec<_> = facts
            .lots
            .iter()
            .map(|shelf| (&shelf.lot, usability::blocks(&shelf.lot, &shelf.causes, facts.profile.dated, facts.today)))
            .collect();
        let shared = facts.profile.shareable;
        lots.sort_by_key(|(lot, _)| {
            let opened_later = !(shared && lot.opened_on.is_some());
            (opened_later, lot.last_day.is_none(), lot.last_day, lot.received_at, lot.id)
        });
        Self { lots }
    }

    fn usable(&self) -> impl Iterator<Item = &'a lot::Model> {
        self.lots.iter().filter(|(lot, blocks)| blocks.is_empty() && lot.available > 0).map(|(lot, _)| *lot)
    }

    /// A pack that must go, and that nobody has taken off the shelf yet.
    fn is_frozen(&self) -> bool {
        self.lots.iter().any(|(lot, blocks)| lot.on_shelf() > 0 && blocks.iter().any(|block| block.must_go()))
    }

    fn plan(&self, profile: &consumable::Model, wanted: &Wanted, limits_known: bool) -> Result<Plan, Vec<Refusal>> {
        let available: i32 = self.usable().map(|lot| lot.available).sum();
        if available == 0 {
            // What is in hand is told about all the same: it is there, and must not be used.
            let mut reasons = self.wrong_packs(wanted);
            reasons.push(Refusal::NoneUsable);
            return Err(reasons);
        }
        let wrong = self.wrong_packs(wanted);
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let covered = i64::from(profile.pack_size) * i64::try_from(wanted.in_hand.len()).unwrap_or(i64::MAX);
        let all_covered = covered >= i64::from(wanted.units);
        if self.is_frozen() && !(all_covered && wanted.in_hand.iter().all(|pack| pack.by == Confirmed::Code)) {
            return Err(vec![Refusal::ShelfFrozen]);
        }
        if needs_confirmation(profile) && !all_covered {
            return Err(vec![Refusal::PackUnconfirmed]);
        }
        let lines = self.allocate(profile, wanted).ok_or_else(|| vec![Refusal::NotEnough { available }])?;
        let skipped = self.lots.iter().filter(|(_, blocks)| !blocks.is_empty());
        Ok(Plan {
            lines,
            skipped: skipped.map(|(lot, blocks)| (lot.id, blocks.clone())).collect(),
            confirmed: wanted.in_hand.iter().map(|pack| pack.by).min().unwrap_or(Confirmed::None),
            limits_known,
        })
    }

    fn wrong_packs(&self, wanted: &Wanted) -> Vec<Refusal> {
        let mut reasons = Vec::new();
        for pack in &wanted.in_hand {
            let known = pack.lot.and_then(|id| self.lots.iter().find(|(lot, _)| lot.id == id));
            match known {
                _ if pack.taken => reasons.push(Refusal::PackTaken),
                None => reasons.push(Refusal::PackNotOurs),
                Some((lot, blocks)) => {
                    let late = [Block::Expired, Block::OpenedExpired, Block::StopIssue];
                    match lot.last_issue_day.filter(|_| late.iter().any(|block| blocks.contains(block))) {
                        Some(last_day) => reasons.push(Refusal::PackPastDate { last_day }),
                        None if !blocks.is_empty() => reasons.push(Refusal::PackBlocked),
                        None => {}
                    }
                }
            }
        }
        reasons
    }

    /// Out of the packs in hand; where none had to be named, first out what ends first.
    fn allocate(&self, profile: &consumable::Model, wanted: &Wanted) -> Option<Vec<(LotId, i32)>> {
        let mut left = wanted.units;
        let mut lines: BTreeMap<LotId, i32> = BTreeMap::new();
        let mut order = Vec::new();
        let mut give = |lot: &lot::Model, most: i32, left: &mut i32| {
            let given = lines.entry(lot.id).or_default();
            let units = (*left).min(most).min(lot.available - *given);
            if units > 0 {
                if *given == 0 {
                    order.push(lot.id);
                }
                *given += units;
                *left -= units;
            }
        };
        for pack in &wanted.in_hand {
            if let Some(lot) = self.usable().find(|lot| Some(lot.id) == pack.lot) {
                give(lot, profile.pack_size, &mut left);
            }
        }
        if wanted.in_hand.is_empty() {
            if let Some(lot) = self.usable().find(|lot| Some(lot.id) == wanted.set_aside) {
                give(lot, i32::MAX, &mut left);
            }
            for lot in self.usable() {
                give(lot, i32::MAX, &mut left);
            }
        }
        (left == 0).then(|| order.into_iter().map(|id| (id, lines[&id])).collect())
    }
}

/// What a page shows before anything is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// The lots that may be handed out, in the order in which they leave.
    pub usable: Vec<LotId>,
    /// How many base units of them there are.
    pub available: i32,
    /// What is passed over, and why.
    pub skipped: Vec<(LotId, BTreeSet<Block>)>,
    /// Only packs whose bar code was scanned leave.
    pub frozen: bool,
}

/// Looks at a shelf.
#[must_use]
pub fn outlook(facts: &Facts<'_>) -> Outlook {
    let shelf = Shelf::of(facts);
    Outlook {
        usable: shelf.usable().map(|lot| lot.id).collect(),
        available: shelf.usable().map(|lot| lot.available).sum(),
        skipped: shelf.lots.iter().filter(|(_, b)| !b.is_empty()).map(|(lot, b)| (lot.id, b.clone())).collect(),
        frozen: shelf.is_frozen(),
    }
}
