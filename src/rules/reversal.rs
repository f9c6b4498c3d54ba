//! May a line of the ledger be taken back by another? Once, with a reason, and not across a later count.

use entity::{
    lot,
    movement::{self, Reason},
    take,
};

use super::{ledger::Change, refusal::Refusal};

/// What taking it back does to the lot. `take` is the take that a line belongs to; `reversed` says that it was taken back before.
///
/// # Errors
/// All reasons why not. Whether there are still so many is for the ledger to say.
pub fn reverse(
    line: &movement::Model,
    take: Option<&take::Model>,
    reversed: bool,
    lot: &lot::Model,
) -> Result<Change, Vec<Refusal>> {
    let mut reasons = Vec::new();
    if !is_reversible(line.reason, take) {
        reasons.push(Refusal::NotReversible);
    }
    if reversed {
        reasons.push(Refusal::AlreadyReversed);
    }
    if lot.counted_at.is_some_and(|counted| counted >= line.occurred_at) && line.reason != Reason::Counted {
        reasons.push(Refusal::CountedSince);
    }
    if reasons.is_empty() { Ok(change_of(line).undone()) } else { Err(reasons) }
}

/// What a line did.
#[must_use]
pub fn change_of(line: &movement::Model) -> Change {
    Change { available: line.available, held: line.held, quarantined: line.quarantined, to_dispose: line.to_dispose }
}

/// A take is undone by who took it, a hold released, a transfer sent back, an opening stands: these have their own way back, or
/// none. What a keeper wrote down out of a paper register is hers to take back.
fn is_reversible(reason: Reason, take: Option<&take::Model>) -> bool {
    match reason {
        Reason::Received | Reason::Quarantined | Reason::Cleared | Reason::SetAside | Reason::HandedOver => true,
        Reason::Taken => take.is_some_and(|take| take.external_no.is_some()),
        _ => false,
    }
}
