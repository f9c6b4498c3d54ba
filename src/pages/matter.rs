//! How it is said what is the matter, and how a ticket ended.

use entity::{
    item::Lifecycle,
    ticket::{Matter, Outcome},
};

use crate::speech::texts::Fault as T;

/// What can be said of a thing.
pub(super) const OF_A_THING: [Matter; 5] =
    [Matter::Broken, Matter::PartMissing, Matter::Dirty, Matter::WrongSticker, Matter::Other];
/// What can be said of a station.
pub(super) const OF_A_STATION: [Matter; 3] = [Matter::Place, Matter::Wish, Matter::Other];

/// Its picture, its value in a form, and its words.
pub(super) fn matter(what: Matter) -> (&'static str, &'static str, T) {
    match what {
        Matter::Broken => ("🔨", "broken", T::Broken),
        Matter::PartMissing => ("🧩", "part_missing", T::PartMissing),
        Matter::Dirty => ("💧", "dirty", T::Dirty),
        Matter::WrongSticker => ("🏷️", "wrong_sticker", T::WrongSticker),
        Matter::Place => ("🚪", "place", T::Place),
        Matter::Wish => ("💡", "wish", T::Wish),
        Matter::Other => ("💬", "other", T::OtherMatter),
    }
}

/// The value in a form, and the words.
pub(super) fn outcome(outcome: Outcome) -> (&'static str, T) {
    match outcome {
        Outcome::Repaired => ("repaired", T::Repaired),
        Outcome::Replaced => ("replaced", T::Replaced),
        Outcome::NoFault => ("no_fault", T::NoFault),
        Outcome::Retired => ("retired", T::Retired),
        Outcome::Answered => ("answered", T::Answered),
    }
}

/// What a thing is now.
pub(super) fn lifecycle(lifecycle: Lifecycle, out: bool) -> T {
    match lifecycle {
        _ if out => T::OutNow,
        Lifecycle::Active | Lifecycle::Pending => T::InService,
        Lifecycle::Maintenance => T::BeingRepaired,
        Lifecycle::Missing => T::Missing,
        Lifecycle::Retired => T::GivenUp,
    }
}
