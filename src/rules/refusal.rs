//! Every "no" we can say: a closed list, each with a stable code, its data, and a sample.
//!
//! How a "no" sounds in Chinese and English is in `speech`; which HTTP status it has is in `api::problem`.

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use entity::{consumable::About, item::Lifecycle, kind::Identity};
use serde::{Deserialize, Serialize};

use super::{label_date::Ask, legal::Declared};

/// One entry is one "no": what it means, its name, its stable code (part of the API), its data, and a sample of them.
macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident $code:literal
        $({ $($(#[$field_doc:meta])* $field:ident: $type:ty = $sample:expr,)* })?,)*) => {
        /// One reason why something is refused.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "code")]
        pub enum Refusal {
            $($(#[$doc])* #[serde(rename = $code)] $name $({ $($(#[$field_doc])* $field: $type,)* })?,)*
        }

        impl Refusal {
            /// The stable code: part of the API.
            #[must_use]
            pub fn code(&self) -> &'static str {
                match self {
                    $(Self::$name $({ $($field: _,)* })? => $code,)*
                }
            }

            /// One of each, for the catalogue of problems and for the tests of what is said.
            #[must_use]
            pub fn samples() -> Vec<Self> {
                vec![$(Self::$name $({ $($field: $sample,)* })?,)*]
            }
        }
    };
}

fn at() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 25, 12, 0, 0).single().unwrap_or_default()
}

fn day() -> NaiveDate {
    at().date_naive()
}

refusals! {
    /// Somebody has it. When it should be back, nobody's name.
    ItemOut "item-out" {
        /// When it should be back.
        due_at: DateTime<Utc> = at(),
    },
    /// It is not in service.
    ItemNotInService "item-not-in-service" {
        /// What it is instead.
        lifecycle: Lifecycle = Lifecycle::Maintenance,
    },
    /// It is taken, not borrowed: a consumable.
    KindNotLent "kind-not-lent",
    /// The kind is no longer lent.
    KindRetired "kind-retired",
    /// The station was given up.
    StationClosedDown "station-closed-down",
    /// We must know better who borrows.
    IdentityNeeded "identity-needed" {
        /// What the kind asks for.
        needed: Identity = Identity::Verified,
    },
    /// The member is suspended.
    MemberSuspended "member-suspended" {
        /// Until when; open-ended if none.
        until: Option<DateTime<Utc>> = Some(at()),
        /// Why.
        reason: String = "逾期 2 天归还".to_owned(),
    },
    /// The member has as many things as anybody may have.
    LimitReached "limit-reached" {
        /// How many that is.
        limit: u32 = 5,
    },
    /// The member has as many of this kind as anybody may have.
    KindLimitReached "kind-limit-reached" {
        /// How many that is.
        limit: u32 = 2,
    },
    /// The member has been erased.
    MemberErased "member-erased",
    /// It is back already.
    LoanClosed "loan-closed",
    /// It was reported lost, or as given back.
    LoanDisputed "loan-disputed",
    /// It was renewed as often as it may be.
    NoRenewalsLeft "no-renewals-left" {
        /// How often that is.
        allowed: u32 = 1,
    },
    /// Renewing now would not give a later due time.
    NotLater "not-later" {
        /// When it is due now.
        due_at: DateTime<Utc> = at(),
    },
    /// The item is out: it must come back first.
    ItemStillOut "item-still-out",
    /// It is not out, so it can be neither lost nor claimed returned by a borrower.
    ItemNotOut "item-not-out",
    /// It is retired already.
    ItemRetired "item-retired",
    /// A name or code that must be unique is taken.
    Taken "taken" {
        /// Which field.
        field: String = "code".to_owned(),
    },
    /// The sticker sticks on something else already.
    StickerInUse "sticker-in-use",
    /// The sticker was given up.
    StickerRetired "sticker-retired",
    /// The item would belong to a kind that is counted in lots.
    KindCountedInLots "kind-counted-in-lots",
    /// There is an admin already.
    AlreadySetUp "already-set-up",
    /// The code is wrong, too old, used, or was tried too often. Which of these is nobody's business.
    WrongCode "wrong-code",
    /// The phone number and the password do not belong together.
    WrongCredentials "wrong-credentials",
    /// Too many codes were sent to this number.
    TooManyCodes "too-many-codes" {
        /// When the next one may be asked for.
        retry_at: DateTime<Utc> = at(),
    },
    /// The member has this role already.
    RoleHeld "role-held",
    /// The last admin cannot be taken away.
    LastAdmin "last-admin",
    /// It was lifted already.
    BlockOver "block-over",
    /// The task was done already.
    TaskDone "task-done",
    /// The ticket is closed already.
    TicketClosed "ticket-closed",
    /// It is done when its ticket is closed.
    TicketStillOpen "ticket-still-open",
    /// A loan length is given both in minutes and in days.
    TwoLengths "two-lengths",
    /// A limit over all kinds was set on a row for one kind.
    LimitNeedsAllKinds "limit-needs-all-kinds",
    /// The kind cannot change between items and lots while there are things of it.
    KindInUse "kind-in-use",
    /// It is lent, not taken.
    KindNotTaken "kind-not-taken",
    /// Nobody has said yet what the law calls it.
    NoProfile "no-profile",
    /// Nothing of it may be handed out here now.
    NoneUsable "none-usable",
    /// There is less of it.
    NotEnough "not-enough" {
        /// How many base units may be handed out.
        available: i32 = 6,
    },
    /// Only whole labelled units leave: no loose tablets.
    NotAWholeUnit "not-a-whole-unit" {
        /// How many base units one is.
        smallest: i32 = 10,
    },
    /// More than anybody may take at once.
    TakeLimit "take-limit" {
        /// How many base units that is.
        most: i32 = 10,
    },
    /// More than the station hands out on one day.
    DayLimit "day-limit" {
        /// How many base units are left today.
        left: i32 = 0,
    },
    /// More of an active ingredient than the leaflet allows, together with what was taken before.
    DoseLimit "dose-limit" {
        /// Which ingredient.
        ingredient: String = "对乙酰氨基酚".to_owned(),
        /// In how many hours.
        hours: u32 = 24,
        /// When it may be taken again.
        retry_at: Option<DateTime<Utc>> = Some(at()),
    },
    /// Nobody says who takes it, and with this phone or from this network as much was taken as may be. With a number it is
    /// counted by person.
    DeviceLimit "device-limit" {
        /// How many base units are left.
        left: i32 = 2,
        /// When there is more again; none for tomorrow.
        retry_at: Option<DateTime<Utc>> = Some(at()),
    },
    /// Which pack is in hand must be said: by its bar code, or by the date printed on it.
    PackUnconfirmed "pack-unconfirmed",
    /// No pack with this code or date was ever registered here.
    PackNotOurs "pack-not-ours",
    /// The pack in hand is past its date.
    PackPastDate "pack-past-date" {
        /// The last day on which it could be handed out.
        last_day: NaiveDate = day(),
    },
    /// The pack in hand is blocked.
    PackBlocked "pack-blocked",
    /// This very pack was taken before.
    PackTaken "pack-taken",
    /// This very pack was held up twice.
    PackTwice "pack-twice",
    /// The code on the pack says another number or date than what is stored.
    PackContradicts "pack-contradicts",
    /// A pack that must go is still on the shelf: only packs whose bar code was scanned leave.
    ShelfFrozen "shelf-frozen",
    /// The questions must be answered first.
    AnswersNeeded "answers-needed",
    /// Not for that age.
    AgeNotAllowed "age-not-allowed",
    /// A guardian must be there.
    GuardianNeeded "guardian-needed",
    /// An answer stands against it.
    CautionStops "caution-stops" {
        /// Which.
        about: About = About::Allergy,
    },
    /// The warnings must be read and accepted, in the version that is shown.
    WarningsNotAccepted "warnings-not-accepted" {
        /// Which version that is.
        version: i64 = 3,
    },
    /// A take can be undone for some minutes only.
    UndoTooLate "undo-too-late",
    /// It was undone already.
    AlreadyUndone "already-undone",
    /// This may not be stocked at a station.
    ClassNotAllowed "class-not-allowed" {
        /// What it is.
        class: Declared = Declared::Prescription,
    },
    /// Class-B OTC medicine needs a licensed partner.
    PartnerNeeded "partner-needed",
    /// The partner is one no longer.
    PartnerEnded "partner-ended",
    /// The partner stands behind medicine in another community.
    PartnerElsewhere "partner-elsewhere",
    /// Medicine is bought or comes from the partner: nobody gives it.
    DonationNotAllowed "donation-not-allowed",
    /// Medicine needs what its leaflet says, and who has compared it.
    LeafletIncomplete "leaflet-incomplete" {
        /// What is missing, or what the leaflet does not allow.
        field: String = "leaflet".to_owned(),
    },
    /// What the law calls a kind does not change while there is any of it.
    ClassHasStock "class-has-stock",
    /// A recall in force names this code: it stays known.
    CodeRecalled "code-recalled",
    /// Medicine needs the number of its invoice or delivery note.
    ProofNeeded "proof-needed",
    /// A photo of the label is needed.
    PhotoNeeded "photo-needed",
    /// Medicine without a date is no medicine (药品管理法 Art. 98).
    DateNeeded "date-needed",
    /// The date cannot be read in one way only.
    LabelUnclear "label-unclear" {
        /// What must be asked back.
        ask: Ask = Ask::YearWidthMissing,
    },
    /// It is too late for it already.
    CutOffAlready "cut-off-already" {
        /// The last day on which it could have been handed out.
        last_day: NaiveDate = day(),
    },
    /// A date that is hardly ever true: look again, and say that it is so.
    DateUnusual "date-unusual",
    /// The bar code belongs to another kind.
    CodeOfOtherKind "code-of-other-kind",
    /// The bar code says another lot or date than what was typed.
    CodeContradictsLabel "code-contradicts-label",
    /// Somebody else must do this: two people, not one twice.
    SecondPersonNeeded "second-person-needed",
    /// The second reading of the label differs from the first.
    LabelsDiffer "labels-differ",
    /// It is not blocked, or no longer.
    NotBlocked "not-blocked",
    /// There are not so many in that place.
    NotSoMany "not-so-many" {
        /// How many base units there are.
        there: i32 = 2,
    },
    /// A mistake is corrected once.
    AlreadyReversed "already-reversed",
    /// The lot was counted since: the count stands.
    CountedSince "counted-since",
    /// It has not happened yet.
    InTheFuture "in-the-future",
    /// The lot is in the books from later on: what was taken before is not in its quantity.
    BeforeTheList "before-the-list" {
        /// Since when it is in them.
        since: DateTime<Utc> = at(),
    },
    /// The books say that there was less than was taken: a keeper counts.
    MoreThanBooked "more-than-booked" {
        /// How many base units the books say.
        there: i32 = 2,
    },
    /// A take with this number of the paper register is in the books.
    NumberInBooks "number-in-books" {
        /// When that was.
        taken_at: DateTime<Utc> = at(),
        /// How many base units that was.
        units: i32 = 2,
    },
    /// This sort of movement has its own way back.
    NotReversible "not-reversible",
    /// Opening it changes nothing.
    OpeningChangesNothing "opening-changes-nothing",
    /// It cannot have been opened in the future, nor before it arrived.
    OpenedInFuture "opened-in-future",
    /// The pack was opened: it is not seen closed.
    OpenedAlready "opened-already",
    /// It is no longer set aside.
    HoldOver "hold-over",
    /// Seen is not done: the packs are still there.
    LotStillThere "lot-still-there" {
        /// How many base units.
        units: i32 = 2,
    },
    /// A count that differs needs a reason. By how much it differs is not said: whoever counts, counts blind.
    CountNeedsReason "count-needs-reason",
    /// It was lifted already.
    RecallOver "recall-over",
    /// It must be inspected or calibrated before it is lent again.
    InspectionDue "inspection-due" {
        /// The last day of the last inspection; none if there never was one.
        last_day: Option<NaiveDate> = Some(day()),
    },
    /// It is there already.
    SameStation "same-station",
    /// There is nothing in the red box.
    NothingToHandOver "nothing-to-hand-over",
    /// It is not booked ahead.
    NotBookable "not-bookable",
    /// More units than anybody may book at once.
    TooManyUnits "too-many-units" {
        /// How many that is.
        most: u32 = 2,
    },
    /// It would begin too soon, or has begun.
    TooSoon "too-soon" {
        /// The earliest beginning.
        earliest: DateTime<Utc> = at(),
    },
    /// It would begin too far ahead.
    TooFarAhead "too-far-ahead" {
        /// The latest beginning.
        latest: DateTime<Utc> = at(),
    },
    /// For too short a time.
    TooShort "too-short" {
        /// The shortest, in minutes.
        least_minutes: u32 = 15,
    },
    /// For too long a time.
    TooLong "too-long" {
        /// The longest, in minutes.
        most_minutes: u32 = 480,
    },
    /// Beginnings and ends lie on a grid.
    OffGrid "off-grid" {
        /// How wide it is, in minutes.
        grid_minutes: u32 = 30,
    },
    /// The station is closed then.
    ClosedThen "closed-then",
    /// Whoever did not come several times pauses for a while.
    BookingPaused "booking-paused" {
        /// Until when.
        until: DateTime<Utc> = at(),
        /// How often nobody came.
        missed: u32 = 3,
    },
    /// As much is booked as one person may.
    QuotaReached "quota-reached" {
        /// What is counted.
        limit: Limit = Limit::Bookings,
        /// Over which time.
        per: Per = Per::Week,
        /// How much that is.
        most: u32 = 2,
    },
    /// Between two bookings of one person others come in.
    ChainedBooking "chained-booking" {
        /// How long the pause is, in minutes.
        pause_minutes: u32 = 60,
        /// When the other one ends.
        other_ends_at: DateTime<Utc> = at(),
    },
    /// Nothing is free then. The free intervals nearest to the wish.
    NoneFree "none-free" {
        /// Them, in order of time.
        free: Vec<Free> = vec![Free { from: at(), to: at() + chrono::TimeDelta::hours(3) }],
    },
    /// It is booked already, by the same person.
    AlreadyBooked "already-booked",
    /// This very thing stands ready for somebody else.
    SetAside "set-aside" {
        /// Who comes then.
        from: DateTime<Utc> = at(),
    },
    /// All of them are booked, or will be in a moment.
    BookedSoon "booked-soon" {
        /// From when.
        from: DateTime<Utc> = at(),
        /// When there is one again for a useful time, if that is known.
        free_from: Option<DateTime<Utc>> = Some(at()),
    },
    /// What is on the shelf is needed for somebody who has booked.
    KeptForBooking "kept-for-booking" {
        /// Who comes then.
        from: DateTime<Utc> = at(),
    },
    /// The booking is over.
    BookingOver "booking-over",
    /// It is too late to cancel it.
    CancelTooLate "cancel-too-late" {
        /// Until when it was possible.
        until: DateTime<Utc> = at(),
    },
    /// It cannot be collected or checked in yet.
    NotYetOpen "not-yet-open" {
        /// From when it can.
        opens_at: DateTime<Utc> = at(),
    },
    /// It waits for nobody's yes.
    NotPending "not-pending",
    /// Things are collected by scanning them.
    CollectByScan "collect-by-scan",
    /// Nobody has come yet, or it is no space.
    NotCollected "not-collected",
    /// Nobody has failed to come, or it was pardoned.
    NothingToPardon "nothing-to-pardon",
    /// It was called off, or is over.
    OccasionOver "occasion-over",
    /// It is no longer booked.
    SpaceRetired "space-retired",
    /// There are bookings from it still.
    HasBookings "has-bookings",
    /// It stands ready for somebody already, or is not on this shelf.
    NotOnShelf "not-on-shelf",
    /// They wait for it already.
    AlreadyWaiting "already-waiting",
    /// They wait for as many things as anybody may.
    TooManyWaits "too-many-waits" {
        /// How many that is.
        most: u32 = 5,
    },
}

/// A free interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Free {
    /// From.
    pub from: DateTime<Utc>,
    /// Until.
    pub to: DateTime<Utc>,
}

/// What of a person's bookings is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// How many.
    Bookings,
    /// How long together.
    Minutes,
}

/// Over which time it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// All that are not over.
    AtOnce,
    /// A day of the station.
    Day,
    /// From Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
}

impl Refusal {
    /// May a keeper lend all the same, with a reason? Never against the database: what is out stays out.
    #[must_use]
    pub fn can_be_overridden(&self) -> bool {
        matches!(
            self,
            Self::MemberSuspended { .. }
                | Self::LimitReached { .. }
                | Self::KindLimitReached { .. }
                | Self::IdentityNeeded { needed: Identity::Verified | Identity::Approved }
                | Self::NoRenewalsLeft { .. }
                | Self::TooManyUnits { .. }
                | Self::TooSoon { .. }
                | Self::TooFarAhead { .. }
                | Self::TooShort { .. }
                | Self::TooLong { .. }
                | Self::OffGrid { .. }
                | Self::ClosedThen
                | Self::BookingPaused { .. }
                | Self::QuotaReached { .. }
                | Self::ChainedBooking { .. }
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_sample_says_its_own_code_on_the_wire_and_no_two_share_one() {
        let samples = Refusal::samples();
        let codes: HashSet<_> = samples.iter().map(Refusal::code).collect();
        assert_eq!(codes.len(), samples.len());
        for sample in samples {
            assert_eq!(serde_json::to_value(&sample).unwrap()["code"], sample.code());
        }
    }
}
