//! What follows when a ticket is closed: what the thing is from now on, and what is no longer to be done.

use entity::{
    item::Lifecycle,
    task::What,
    ticket::{Matter, Outcome},
};

use super::refusal::Refusal;

/// What follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// What the thing is from now on.
    pub lifecycle: Lifecycle,
    /// What the keeper need not do any more.
    pub settled: &'static [What],
}

/// How the ticket of a thing may end. A report alone never takes a thing out of service; a keeper's end of it puts the thing
/// where it belongs.
///
/// # Errors
/// What was given up for good does not come back by being repaired.
pub fn close(outcome: Outcome, lifecycle: Lifecycle) -> Result<Ending, Refusal> {
    let repair = &[What::Repair];
    let ending = |lifecycle| Ok(Ending { lifecycle, settled: repair });
    match outcome {
        Outcome::Repaired | Outcome::Replaced => match lifecycle {
            Lifecycle::Retired => Err(Refusal::ItemRetired),
            _ => Ok(Ending { lifecycle: Lifecycle::Active, settled: &[What::Repair, What::Decide] }),
        },
        Outcome::NoFault if lifecycle == Lifecycle::Maintenance => ending(Lifecycle::Active),
        Outcome::NoFault | Outcome::Answered => ending(lifecycle),
        Outcome::Retired => {
            Ok(Ending { lifecycle: Lifecycle::Retired, settled: &[What::Repair, What::Decide, What::CarryHome, What::Inspect] })
        }
    }
}

/// Can a ticket about a station end so? A station is not given up by a ticket.
#[must_use]
pub fn fits_a_station(outcome: Outcome) -> bool {
    outcome != Outcome::Retired
}

/// Can this be said of a thing, or of a station?
#[must_use]
pub fn fits(what: Matter, about_a_thing: bool) -> bool {
    match what {
        Matter::Broken | Matter::PartMissing | Matter::Dirty | Matter::WrongSticker => about_a_thing,
        Matter::Place | Matter::Wish => !about_a_thing,
        Matter::Other => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repaired_thing_is_lent_again_and_a_retired_one_never() {
        let after = |outcome, before| close(outcome, before).map(|ending| ending.lifecycle);
        for before in [Lifecycle::Active, Lifecycle::Maintenance, Lifecycle::Missing, Lifecycle::Pending] {
            assert_eq!(after(Outcome::Repaired, before), Ok(Lifecycle::Active));
            assert_eq!(after(Outcome::Retired, before), Ok(Lifecycle::Retired));
            assert_eq!(after(Outcome::Answered, before), Ok(before));
        }
        assert_eq!(after(Outcome::Repaired, Lifecycle::Retired), Err(Refusal::ItemRetired));
        assert_eq!(after(Outcome::NoFault, Lifecycle::Maintenance), Ok(Lifecycle::Active));
        assert_eq!(after(Outcome::NoFault, Lifecycle::Missing), Ok(Lifecycle::Missing));
    }
}
