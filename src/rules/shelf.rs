//! A shelf: the lots of a kind in the order in which they leave, what stands against each, and which of them a take comes out of.

use std::collections::{BTreeMap, BTreeSet};

use entity::{ids::LotId, lot, take::Confirmed};

use super::{
    in_hand::{Found, InHand},
    refusal::Refusal,
    take::{Facts, Plan, Wanted, needs_confirmation},
    usability::{self, Block},
};

/// The lots in the order in which they leave, and what stands against each.
pub(super) struct Shelf<'a> {
    lots: Vec<(&'a lot::Model, BTreeSet<Block>)>,
    stray: bool,
}

impl<'a> Shelf<'a> {
    pub(super) fn of(facts: &Facts<'a>) -> Self {
        let mut lots: Vec<_> = facts
            .lots
            .iter()
            .map(|shelf| (&shelf.lot, usability::blocks(&shelf.lot, &shelf.causes, facts.profile, facts.today)))
            .collect();
        let shared = facts.profile.shareable;
        lots.sort_by_key(|(lot, _)| {
            let opened_later = !(shared && lot.opened_on.is_some());
            (opened_later, lot.last_day.is_none(), lot.last_day, lot.received_at, lot.id)
        });
        Self { lots, stray: facts.stray }
    }

    pub(super) fn usable(&self) -> impl Iterator<Item = &'a lot::Model> {
        self.lots.iter().filter(|(lot, blocks)| blocks.is_empty() && lot.available > 0).map(|(lot, _)| *lot)
    }

    /// What is passed over, and why.
    pub(super) fn skipped(&self) -> Vec<(LotId, BTreeSet<Block>)> {
        self.lots.iter().filter(|(_, blocks)| !blocks.is_empty()).map(|(lot, blocks)| (lot.id, blocks.clone())).collect()
    }

    /// A pack that must go, and that nobody has taken off the shelf yet.
    pub(super) fn is_frozen(&self) -> bool {
        let must_go = |(lot, blocks): &(&lot::Model, BTreeSet<Block>)| lot.on_shelf() > 0 && blocks.iter().any(|b| b.must_go());
        self.stray || self.lots.iter().any(must_go)
    }

    pub(super) fn plan(&self, facts: &Facts<'_>, wanted: &Wanted) -> Result<Plan, Vec<Refusal>> {
        let profile = facts.profile;
        let available: i32 = self.usable().map(|lot| lot.available).sum();
        let mut wrong = self.wrong_packs(wanted);
        if available == 0 {
            // What is in hand is told about all the same: it is there, and must not be used.
            wrong.push(Refusal::NoneUsable);
        }
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
        let lines = self.allocate(profile.pack_size, wanted).ok_or_else(|| vec![Refusal::NotEnough { available }])?;
        Ok(Plan {
            lines,
            skipped: self.skipped(),
            confirmed: wanted.in_hand.iter().map(|pack| pack.by).min().unwrap_or(Confirmed::None),
            known: facts.counted.by,
        })
    }

    /// The lots that a pack in hand may come out of: those of its lots that are on the shelf. What is in the red box only is
    /// nobody's to take out, unless nothing else looks like it.
    fn may_be_of(&self, lots: &[LotId]) -> Vec<&(&'a lot::Model, BTreeSet<Block>)> {
        let all = || self.lots.iter().filter(|(lot, _)| lots.contains(&lot.id));
        let there: Vec<_> = all().filter(|(lot, _)| lot.on_shelf() > 0).collect();
        if there.is_empty() { all().collect() } else { there }
    }

    /// Of lots that look alike one that may not leave is enough: nobody can tell them apart.
    fn wrong_packs(&self, wanted: &Wanted) -> Vec<Refusal> {
        let late = [Block::Expired, Block::OpenedExpired, Block::StopIssue];
        let wrong = |pack: &InHand| match &pack.found {
            Found::Unknown => Some(Refusal::PackNotOurs),
            Found::Stray { last_day } => Some(Refusal::PackPastDate { last_day: *last_day }),
            Found::Taken => Some(Refusal::PackTaken),
            Found::Twice => Some(Refusal::PackTwice),
            Found::Contradicts { .. } => Some(Refusal::PackContradicts),
            Found::Here(lots) => {
                let may_be = self.may_be_of(lots);
                let past = may_be.iter().filter(|(_, blocks)| late.iter().any(|block| blocks.contains(block)));
                match past.filter_map(|(lot, _)| lot.last_issue_day).min() {
                    Some(last_day) => Some(Refusal::PackPastDate { last_day }),
                    None => may_be.iter().any(|(_, blocks)| !blocks.is_empty()).then_some(Refusal::PackBlocked),
                }
            }
        };
        wanted.in_hand.iter().filter_map(wrong).collect()
    }

    /// Out of the packs in hand; where none had to be named, first out what ends first.
    fn allocate(&self, pack_size: i32, wanted: &Wanted) -> Option<Vec<(LotId, i32)>> {
        let mut left = wanted.units;
        let mut lines: BTreeMap<LotId, i32> = BTreeMap::new();
        let mut order = Vec::new();
        let mut give = |lot: &lot::Model, most: i32| {
            let given = lines.entry(lot.id).or_default();
            let units = left.min(most).min(lot.available - *given);
            if units <= 0 {
                return 0;
            }
            if *given == 0 {
                order.push(lot.id);
            }
            *given += units;
            left -= units;
            units
        };
        // A pack that can be of one lot only comes before one that can be of two.
        let mut packs: Vec<&[LotId]> = wanted.in_hand.iter().map(lots_of).collect();
        packs.sort_by_key(|lots| lots.len());
        for lots in packs {
            let mut in_pack = pack_size;
            for lot in self.usable().filter(|lot| lots.contains(&lot.id)) {
                in_pack -= give(lot, in_pack);
            }
        }
        if wanted.in_hand.is_empty() {
            let set_aside = self.usable().filter(|lot| Some(lot.id) == wanted.set_aside);
            for lot in set_aside.chain(self.usable()) {
                give(lot, i32::MAX);
            }
        }
        (left == 0).then(|| order.into_iter().map(|id| (id, lines[&id])).collect())
    }
}

fn lots_of(pack: &InHand) -> &[LotId] {
    match &pack.found {
        Found::Here(lots) => lots,
        _ => &[],
    }
}

/// What a keeper must hear of, when somebody holds a pack in hand and may not take it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Heard {
    /// It must go.
    MustGo(LotId),
    /// A second person has not read its label yet.
    Unverified(LotId),
    /// Two dates of it are stored.
    InConflict(LotId),
    /// Its code says another number or date than what is stored.
    Contradicted(LotId),
    /// There are more of it than is written down.
    MoreThanWritten(LotId),
    /// There is one that is past its date, or made up, and of no lot.
    Stray,
}

/// What keepers must hear of after a take was refused. What is good makes nobody run.
#[must_use]
pub fn heard(facts: &Facts<'_>, wanted: &Wanted, reasons: &[Refusal]) -> BTreeSet<Heard> {
    let shelf = Shelf::of(facts);
    let too_few = reasons.iter().any(|no| matches!(no, Refusal::NotEnough { .. }));
    let of_lot = |(lot, blocks): &(&lot::Model, BTreeSet<Block>)| -> Vec<Heard> {
        let mut all = Vec::new();
        if blocks.iter().any(|block| block.must_go()) {
            all.push(Heard::MustGo(lot.id));
        }
        if blocks.contains(&Block::Unverified) {
            all.push(Heard::Unverified(lot.id));
        }
        if blocks.contains(&Block::Conflict) {
            all.push(Heard::InConflict(lot.id));
        }
        if too_few || (lot.on_shelf() == 0 && !all.is_empty()) {
            all.push(Heard::MoreThanWritten(lot.id));
        }
        all
    };
    let of_pack = |pack: &InHand| -> Vec<Heard> {
        match &pack.found {
            Found::Here(lots) => shelf.may_be_of(lots).into_iter().flat_map(of_lot).collect(),
            Found::Contradicts { lots, known: true } if !lots.is_empty() => {
                lots.iter().map(|id| Heard::Contradicted(*id)).collect()
            }
            Found::Stray { .. } | Found::Contradicts { .. } => vec![Heard::Stray],
            Found::Unknown | Found::Taken | Found::Twice => Vec::new(),
        }
    };
    wanted.in_hand.iter().flat_map(of_pack).collect()
}
