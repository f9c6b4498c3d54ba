//! May this be taken, and out of which lots? First out is what ends first; what is blocked is passed over, and said why.

use std::collections::BTreeSet;

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

use super::{in_hand::InHand, refusal::Refusal, shelf::Shelf, usability::Block};

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
    /// Whose takes are counted together with this one.
    pub counted: Counted<'a>,
    /// A keeper hands it out.
    pub attended: bool,
    /// Somebody had a pack in hand that is past its date and of no lot; no keeper has looked for more of them yet.
    pub stray: bool,
    /// The business date.
    pub today: NaiveDate,
}

/// By what it is known what somebody took before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// By their number.
    Person,
    /// They do not say who they are: by the phone, the tablet or the network they use.
    Device,
    /// By nothing.
    Nobody,
}

/// What was taken before by whoever takes now.
#[derive(Clone, Copy, Debug)]
pub struct Counted<'a> {
    /// By what it is known.
    pub by: Known,
    /// What they took within 72 hours.
    pub doses: &'a [Dose],
    /// How many base units of the kind they took today.
    pub units_today: i32,
}

impl Counted<'_> {
    /// Nobody's.
    pub const NOBODY: Self = Self { by: Known::Nobody, doses: &[], units_today: 0 };
}

/// Where a leaflet sets no limit for a day at a station: so many packs of a medicine leave on one day for people who do not say
/// who they are, while nobody is there to look. No medical advice; it keeps one visitor from emptying the box.
const UNATTENDED_PACKS_A_DAY: i32 = 6;

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
    /// By what it was known what was taken before.
    pub known: Known,
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
    match Shelf::of(facts).plan(facts, wanted) {
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
    if let Some(most) = most_per_day(facts).filter(|most| wanted.units > most - facts.taken_today) {
        reasons.push(Refusal::DayLimit { left: (most - facts.taken_today).max(0) });
    }
    let left = profile.most_per_take.map_or(i32::MAX, |most| (most - facts.counted.units_today).max(0));
    if facts.counted.by == Known::Device && needs_confirmation(profile) && wanted.units > left && facts.counted.units_today > 0 {
        reasons.push(Refusal::DeviceLimit { left, retry_at: None });
    }
    reasons
}

fn most_per_day(facts: &Facts<'_>) -> Option<i32> {
    let unattended = !facts.attended && facts.counted.by != Known::Person && needs_confirmation(facts.profile);
    let packs = unattended.then(|| facts.profile.pack_size.saturating_mul(UNATTENDED_PACKS_A_DAY));
    facts.profile.most_per_day.or(packs)
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
        let before: Vec<&Dose> = facts.counted.doses.iter().filter(|dose| dose.ingredient == ingredient.id).collect();
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
            reasons.push(if facts.counted.by == Known::Device && more <= most {
                let before = sum_of(&before, now - window);
                let left = most.saturating_sub(before).max(0) / content.micrograms_per_unit;
                Refusal::DeviceLimit { left: i32::try_from(left).unwrap_or(i32::MAX), retry_at }
            } else {
                Refusal::DoseLimit { ingredient: ingredient.name.clone(), hours, retry_at }
            });
        }
    }
    reasons
}

fn sum_of(doses: &[&Dose], since: DateTime<Utc>) -> i64 {
    doses.iter().filter(|dose| dose.at > since).fold(0, |sum, dose| sum.saturating_add(dose.micrograms))
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
    /// The business date.
    pub today: NaiveDate,
}

/// Looks at a shelf.
#[must_use]
pub fn outlook(facts: &Facts<'_>) -> Outlook {
    let shelf = Shelf::of(facts);
    Outlook {
        usable: shelf.usable().map(|lot| lot.id).collect(),
        available: shelf.usable().map(|lot| lot.available).sum(),
        skipped: shelf.skipped(),
        frozen: shelf.is_frozen(),
        today: facts.today,
    }
}
