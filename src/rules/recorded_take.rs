//! What was wrong with a take that is written down afterwards? It has happened: there is no "no" here but that of the ledger.
//!
//! What a paper register says is told truthfully, also of a lot that must not have been handed out; then it is an incident,
//! and somebody hears of it.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    ids::KindId,
    lot, stock_block,
    stock_block::{Cause, Model},
};

use super::{refusal::Refusal, usability, usability::Block};

/// Why it cannot be written into the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoEntry {
    /// The lot is in the books from later on: what was taken before is not in its quantity.
    BeforeItArrived,
    /// A count has found it gone already: the count stands.
    CountedSince,
    /// The books say that there was less.
    MoreThanBooked {
        /// How many base units.
        there: i32,
    },
}

impl NoEntry {
    /// As it is said to whoever writes it down.
    #[must_use]
    pub fn refusal(self, lot: &lot::Model) -> Refusal {
        match self {
            Self::BeforeItArrived => Refusal::BeforeTheList { since: lot.received_at },
            Self::CountedSince => Refusal::CountedSince,
            Self::MoreThanBooked { there } => Refusal::MoreThanBooked { there },
        }
    }
}

/// What stands for the number of a take that has none in the register: what is said of it, and never who took it. No number
/// begins so. `lot_no` and `label` are what the register names the lot by, in the forms for comparison.
#[must_use]
pub fn unnumbered(kind: KindId, lot_no: &str, label: &str, units: i32, taken_at: DateTime<Utc>) -> String {
    format!("={kind}/{lot_no}/{label}/{units}/{}", taken_at.to_rfc3339())
}

/// Can it be written into the ledger?
///
/// # Errors
/// [`NoEntry`].
pub fn enter(lot: &lot::Model, units: i32, taken_at: DateTime<Utc>) -> Result<(), NoEntry> {
    if taken_at < lot.received_at {
        return Err(NoEntry::BeforeItArrived);
    }
    if lot.counted_at.is_some_and(|counted| counted >= taken_at) {
        return Err(NoEntry::CountedSince);
    }
    if units > lot.available {
        return Err(NoEntry::MoreThanBooked { there: lot.available });
    }
    Ok(())
}

/// Everything that stood against handing it out; empty if nothing was wrong. `laid` are the blocks that lie now on the lot and
/// on its station.
///
/// A date counts as of the day of the take. What a block says about the packs themselves was true of them then, too (a recall
/// that came later is what their takers must be told); that nobody had read the label a second time, or that the station was
/// suspended, counts only if it was so already.
#[must_use]
pub fn incident(
    lot: &lot::Model,
    laid: &[stock_block::Model],
    profile: &entity::consumable::Model,
    taken_on: NaiveDate,
    taken_at: DateTime<Utc>,
) -> BTreeSet<Block> {
    let counts = |block: &&Model| !matches!(block.cause, Cause::Unverified | Cause::Suspended) || block.made_at <= taken_at;
    let causes = laid.iter().filter(counts).map(|block| block.cause).collect();
    usability::blocks(lot, &causes, profile, taken_on)
}
