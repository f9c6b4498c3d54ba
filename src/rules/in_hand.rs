//! Which lots a pack in somebody's hand may belong to. Nobody can tell packs of the same label apart, so it is all of them; a
//! code that says another thing than what is stored is believed as little as what is stored.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::{consumable, ids::LotId, lot, lot::Tier, pack, take::Confirmed};

use super::{
    label_date::{LabelDate, Point},
    pack_code::{PackCode, lot_key},
    receive::label_key,
    refusal::Refusal,
    take::OnShelf,
    usability,
};

/// A pack in somebody's hand, looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InHand {
    /// How it was made sure of.
    pub by: Confirmed,
    /// What it is.
    pub found: Found,
}

/// What a pack in hand is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Of one of these lots; at least one.
    Here(Vec<LotId>),
    /// Nobody knows it here.
    Unknown,
    /// Nobody knows it here, and what is printed on it is past.
    Stray {
        /// The last day on which it could have been handed out.
        last_day: NaiveDate,
    },
    /// This very pack was taken before.
    Taken,
    /// This very pack is in the same hand twice.
    Twice,
    /// Its code says another number or date than what is stored of these lots.
    Contradicts {
        /// Which.
        lots: Vec<LotId>,
        /// The code names a product or a pack that is known here: it was made up by nobody.
        known: bool,
    },
}

/// A code, and what is stored about it.
#[derive(Clone, Copy, Debug)]
pub struct Scanned<'a> {
    /// What it says.
    pub code: &'a PackCode,
    /// Whether its product is of the kind that is wanted; none if nobody knows.
    pub of_kind: Option<bool>,
    /// The packs that are stored under its names, with their lots.
    pub registered: &'a [(pack::Model, lot::Model)],
}

/// What a pack in hand is held against.
#[derive(Clone, Copy, Debug)]
pub struct LookUp<'a> {
    /// All lots of the kind that hold anything at the station.
    pub lots: &'a [OnShelf],
    /// What the law and the leaflet say about the kind.
    pub profile: &'a consumable::Model,
    /// The business date.
    pub today: NaiveDate,
}

impl LookUp<'_> {
    fn of(&self, fits: impl Fn(&lot::Model) -> bool) -> Vec<LotId> {
        self.lots.iter().map(|shelf| &shelf.lot).filter(|lot| fits(lot)).map(|lot| lot.id).collect()
    }

    fn here_or(&self, fits: impl Fn(&lot::Model) -> bool, label: Option<&LabelDate>) -> Found {
        let lots = self.of(fits);
        if lots.is_empty() { self.nobodys(label) } else { Found::Here(lots) }
    }

    fn nobodys(&self, label: Option<&LabelDate>) -> Found {
        let ends = usability::ends(label, None, self.profile);
        match ends.last_issue_day.filter(|_| usability::tier(ends, self.today) >= Tier::StopIssue) {
            Some(last_day) => Found::Stray { last_day },
            None => Found::Unknown,
        }
    }

    /// By the date that is printed on it.
    #[must_use]
    pub fn by_label(&self, label: &LabelDate) -> InHand {
        let key = label_key(Some(label));
        InHand { by: Confirmed::Label, found: self.here_or(|lot| lot.label_key == key, Some(label)) }
    }

    /// By its code; none for a code that says the product and nothing else.
    #[must_use]
    pub fn by_code(&self, scanned: &Scanned<'_>) -> Option<InHand> {
        self.found_by_code(scanned).map(|found| InHand { by: Confirmed::Code, found })
    }

    fn found_by_code(&self, scanned: &Scanned<'_>) -> Option<Found> {
        let code = scanned.code;
        let label = code.expiry.map(LabelDate::until);
        if scanned.of_kind == Some(false) {
            return Some(self.nobodys(label.as_ref()));
        }
        if scanned.registered.iter().any(|(pack, _)| pack.taken_at.is_some()) {
            return Some(Found::Taken);
        }
        if let Some((_, own)) = scanned.registered.first() {
            // Its own lot, or the one its own was carried into; what was opened of it looks the same.
            let same = |lot: &lot::Model| (&lot.number_key, &lot.label_key) == (&own.number_key, &own.label_key);
            let one = scanned.registered.iter().all(|(_, lot)| same(lot));
            return Some(if one && says_the_same(code, own) && own.kind_id == self.profile.kind_id {
                self.here_or(same, label.as_ref())
            } else {
                Found::Contradicts { lots: self.of(same), known: true }
            });
        }
        let Some(number) = &code.lot else {
            let nobodys = self.nobodys(label.as_ref());
            let says_more = code.serial.is_some() || code.trace.is_some() || nobodys != Found::Unknown;
            return says_more.then_some(nobodys);
        };
        let key = lot_key(number);
        let namesakes = self.of(|lot| lot.number_key == key);
        let found = self.here_or(|lot| lot.number_key == key && says_the_same(code, lot), label.as_ref());
        Some(match found {
            Found::Unknown | Found::Stray { .. } if !namesakes.is_empty() => {
                Found::Contradicts { lots: namesakes, known: scanned.of_kind == Some(true) }
            }
            found => found,
        })
    }
}

/// What a code does not say contradicts nothing, and neither does what is not stored.
fn says_the_same(code: &PackCode, lot: &lot::Model) -> bool {
    let number = code.lot.as_ref().is_none_or(|number| lot.number_key.is_empty() || lot_key(number) == lot.number_key);
    let day = code.expiry.map(Point::last_day);
    number && (day.is_none() || lot.lenient_last_day.is_none() || day == lot.lenient_last_day)
}

/// May this pack be written down as one of this lot? `registered` are the packs that are stored under its names.
///
/// # Errors
/// All reasons why not.
pub fn belongs_to(lot: &lot::Model, scanned: &Scanned<'_>) -> Result<(), Vec<Refusal>> {
    let mut reasons = Vec::new();
    if scanned.of_kind == Some(false) {
        reasons.push(Refusal::CodeOfOtherKind);
    }
    if !says_the_same(scanned.code, lot) {
        reasons.push(Refusal::CodeContradictsLabel);
    }
    if scanned.registered.iter().any(|(pack, _)| pack.taken_at.is_some()) {
        reasons.push(Refusal::PackTaken);
    } else if scanned.registered.iter().any(|(pack, _)| pack.lot_id != lot.id) {
        reasons.push(Refusal::Taken { field: "packs".to_owned() });
    }
    if reasons.is_empty() { Ok(()) } else { Err(reasons) }
}

/// One pack counts once: whoever holds the same one up a second time has one pack. Each comes with its names, if it has any.
#[must_use]
pub fn each_once(packs: Vec<(InHand, Vec<String>)>) -> Vec<InHand> {
    let mut seen = BTreeSet::new();
    let once = |(pack, names): (InHand, Vec<String>)| {
        let again = names.iter().any(|name| seen.contains(name));
        seen.extend(names);
        if again { InHand { found: Found::Twice, ..pack } } else { pack }
    };
    packs.into_iter().map(once).collect()
}
