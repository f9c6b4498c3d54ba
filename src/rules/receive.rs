//! May this delivery go on the shelf, and as what?

use chrono::{Datelike, Months, NaiveDate};
use entity::{
    consumable::{self, Class},
    ids::{KindId, LotId, RecallId},
    kind, lot, partner, product_code, recall, station,
};
use serde::{Deserialize, Serialize};

use super::{
    label_date::{Ask, LabelDate, Point},
    pack_code::PackCode,
    recall::means_number,
    refusal::Refusal,
    usability::{self, Ends},
};

/// Where a delivery goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goes {
    /// On the shelf.
    #[default]
    Shelf,
    /// Apart: found while counting, until somebody has looked at it.
    Apart,
    /// Into the red box: past its date, or handed in. Nothing is asked but what it is.
    RedBox,
}

/// What was delivered.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    /// The number of the lot in its form for comparison.
    pub number_key: &'a str,
    /// The date as it was typed from the pack.
    pub typed: Option<&'a LabelDate>,
    /// What the bar code says.
    pub code: Option<&'a PackCode>,
    /// Is there an invoice or a delivery note?
    pub has_proof: bool,
    /// Is there a photo of the label?
    pub has_photo: bool,
    /// Was it given?
    pub donated: bool,
    /// Where does it go? Getting what must go out of the way is never refused for what it is.
    pub goes: Goes,
    /// Somebody has looked twice at an unusual date.
    pub sure: bool,
}

/// What the decision rests on.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// What it is.
    pub kind: &'a kind::Model,
    /// What the law calls it.
    pub profile: &'a consumable::Model,
    /// Who stands behind it.
    pub partner: Option<&'a partner::Model>,
    /// Where it arrives.
    pub station: &'a station::Model,
    /// Lots of the same kind and number, at any station.
    pub namesakes: &'a [lot::Model],
    /// Recalls that were not lifted.
    pub recalls: &'a [recall::Model],
    /// The codes known of the kind.
    pub products: &'a [product_code::Model],
    /// The kind that the bar code is known to belong to.
    pub kind_of_code: Option<KindId>,
    /// The business date.
    pub today: NaiveDate,
}

/// How it goes on the shelf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// What the label says.
    pub label: Option<LabelDate>,
    /// Its ends.
    pub ends: Ends,
    /// The lot that is here already.
    pub into: Option<LotId>,
    /// Lots of the same number with another date: all of them are blocked until somebody has looked.
    pub conflicts: Vec<LotId>,
    /// Recalls that mean it: it is born blocked.
    pub recalled_by: Vec<RecallId>,
    /// A second person must read the label before it is handed out.
    pub unverified: bool,
}

/// The label in one form: lots of one number with different keys contradict each other.
#[must_use]
pub fn label_key(label: Option<&LabelDate>) -> String {
    label.map_or_else(String::new, |label| format!("{}/{}", label.lenient_last_day(), label.strict_last_day()))
}

/// Decides.
///
/// # Errors
/// All reasons why not.
pub fn receive(facts: &Facts<'_>, delivery: &Delivery<'_>) -> Result<Admission, Vec<Refusal>> {
    let mut reasons = Vec::new();
    let drug = facts.profile.class == Class::OtcB;
    if facts.kind.retired_at.is_some() && delivery.goes == Goes::Shelf {
        reasons.push(Refusal::KindRetired);
    }
    if facts.station.closed_at.is_some() {
        reasons.push(Refusal::StationClosedDown);
    }
    if drug && delivery.goes == Goes::Shelf {
        reasons.extend(source_reasons(facts, delivery));
    }
    if drug && delivery.goes != Goes::RedBox && !delivery.has_photo {
        reasons.push(Refusal::PhotoNeeded);
    }
    let known_code = |gtin: &String| facts.products.iter().any(|product| product.code == *gtin);
    let code_is_news = delivery.code.and_then(|code| code.gtin.as_ref()).is_some_and(|gtin| !known_code(gtin));
    if facts.kind_of_code.is_some_and(|kind| kind != facts.kind.id) {
        reasons.push(Refusal::CodeOfOtherKind);
    }
    let (label, agreed) = match label_of(facts.profile.dated, delivery) {
        Ok(label) => label,
        Err(no) => {
            reasons.push(no);
            return Err(reasons);
        }
    };
    let ends = usability::ends(label.as_ref(), None, facts.profile);
    if let Some(label) = label.as_ref().filter(|_| delivery.goes != Goes::RedBox) {
        if delivery.goes == Goes::Shelf {
            reasons.extend(too_late(&ends, facts.today));
        }
        if !delivery.sure && is_unusual(label, drug, facts.today) {
            reasons.push(Refusal::DateUnusual);
        }
    }
    if !reasons.is_empty() {
        return Err(reasons);
    }
    let key = label_key(label.as_ref());
    let (same, mut other): (Vec<_>, Vec<_>) = facts.namesakes.iter().partition(|lot| lot.label_key == key);
    // What was only ever in the red box contradicts nothing.
    other.retain(|lot| lot.source != lot::Source::Found || lot.on_shelf() > 0);
    let contradicts = !delivery.number_key.is_empty() && delivery.goes != Goes::RedBox;
    let mut codes: Vec<String> = facts.products.iter().map(|product| product.code.clone()).collect();
    codes.extend(delivery.code.and_then(|code| code.gtin.clone()));
    codes.extend(delivery.code.and_then(|code| code.drug.clone()));
    let recalled = facts.recalls.iter().filter(|recall| means_number(recall, facts.kind.id, delivery.number_key, &codes));
    Ok(Admission {
        label,
        ends,
        into: same.iter().find(|lot| lot.parent_id.is_none() && lot.station_id == facts.station.id).map(|lot| lot.id),
        conflicts: if contradicts { other.iter().map(|lot| lot.id).collect() } else { Vec::new() },
        recalled_by: recalled.map(|recall| recall.id).collect(),
        // Scanned and typed are two readings; a code that is seen for the first time proves little.
        unverified: drug && delivery.goes != Goes::RedBox && (!agreed || code_is_news),
    })
}

/// Where medicine comes from: from a partner of this community, with a proof, and never as a gift.
fn source_reasons(facts: &Facts<'_>, delivery: &Delivery<'_>) -> Vec<Refusal> {
    let mut reasons = Vec::new();
    match facts.partner {
        Some(partner) if partner.ended_at.is_none() && partner.community_id != facts.station.community_id => {
            reasons.push(Refusal::PartnerElsewhere);
        }
        Some(partner) if partner.ended_at.is_none() => {}
        _ => reasons.push(Refusal::PartnerEnded),
    }
    if delivery.donated {
        reasons.push(Refusal::DonationNotAllowed);
    }
    if !delivery.has_proof {
        reasons.push(Refusal::ProofNeeded);
    }
    reasons
}

/// The label, and whether two independent readings of it agree.
///
/// # Errors
/// Why there is none: it is missing, or typed and scanned contradict each other.
pub fn label_of(dated: bool, delivery: &Delivery<'_>) -> Result<(Option<LabelDate>, bool), Refusal> {
    let scanned = delivery.code.and_then(|code| code.expiry);
    let lot_differs = delivery
        .code
        .and_then(|code| code.lot.as_deref())
        .is_some_and(|lot| super::pack_code::lot_key(lot) != delivery.number_key && !delivery.number_key.is_empty());
    if lot_differs {
        return Err(Refusal::CodeContradictsLabel);
    }
    match (delivery.typed, scanned) {
        (Some(typed), None) => Ok((Some(*typed), false)),
        // A month on the label may be its last day in the bar code: since 2025 no other form is allowed there.
        (Some(typed), Some(scanned)) if typed.lenient_last_day() == scanned.last_day() => Ok((Some(*typed), true)),
        (Some(_), Some(_)) => Err(Refusal::CodeContradictsLabel),
        (None, Some(Point::Day(day))) if Point::Month(first_of(day)).last_day() == day => {
            Err(Refusal::LabelUnclear { ask: Ask::DayOrMonthPrinted })
        }
        (None, Some(scanned)) => Ok((Some(LabelDate::until(scanned)), false)),
        (None, None) if dated && delivery.goes != Goes::RedBox => Err(Refusal::DateNeeded),
        (None, None) => Ok((None, false)),
    }
}

fn first_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

fn too_late(ends: &Ends, today: NaiveDate) -> Option<Refusal> {
    let last_day = ends.last_issue_day?;
    (usability::tier(*ends, today) >= lot::Tier::StopIssue).then_some(Refusal::CutOffAlready { last_day })
}

/// Medicine hardly ever keeps for more than 60 months, and nothing for more than ten years; nothing is made tomorrow.
pub(super) fn is_unusual(label: &LabelDate, drug: bool, today: NaiveDate) -> bool {
    let longest = |from: NaiveDate, months: u32| from + Months::new(months);
    let last = label.lenient_last_day();
    let too_far = last > longest(today, if drug { 60 } else { 120 });
    let kept_too_long = drug && label.made_on().is_some_and(|made| last > longest(made, 60));
    too_far || kept_too_long || label.made_on().is_some_and(|made| made > today)
}

/// What a code teaches about a kind, once a keeper has confirmed both.
#[must_use]
pub fn lessons(code: &PackCode) -> Vec<(product_code::Scheme, String)> {
    let drug = code.drug.clone().map(|drug| (product_code::Scheme::Drug, drug));
    let gtin = code.gtin.clone().map(|gtin| (product_code::Scheme::Gtin, gtin));
    drug.into_iter().chain(gtin).collect()
}
