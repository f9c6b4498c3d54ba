//! May a lot be handed out? The one definition of "expired" in the house: the store's predicate is tested against it, and
//! nothing else compares a day with the last day of a lot (`tests/it/tidy.rs` looks).

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::{
    consumable::{self, Reading},
    lot::{self, Tier},
    stock_block::Cause,
};
use serde::{Deserialize, Serialize};

use super::label_date::LabelDate;

/// The business date: the day in the station's zone, and never one before the latest it has seen. A clock that goes backwards
/// releases nothing.
#[must_use]
pub fn business_day(now: DateTime<Utc>, zone: Tz, latest_seen: Option<NaiveDate>) -> NaiveDate {
    let today = now.with_timezone(&zone).date_naive();
    latest_seen.map_or(today, |seen| seen.max(today))
}

/// Is a business date the one after the latest that was seen? Then whoever hands something out on it has seen it. A date further ahead
/// may be that of a clock that has leapt, and a station that has seen none has nothing to hold its clock against: with both, the
/// clocks are looked at first, as by the check.
#[must_use]
pub fn is_the_next_day(latest_seen: Option<NaiveDate>, day: NaiveDate) -> bool {
    latest_seen.and_then(|seen| seen.succ_opt()) == Some(day)
}

/// The ends of a lot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    /// The last day on which it is good; none where no date is needed.
    pub last_day: Option<NaiveDate>,
    /// The last day on which it is handed out.
    pub last_issue_day: Option<NaiveDate>,
}

/// The ends of a lot: by the reading of its kind, never later than opening allows, and so early that whoever takes it can use
/// it up.
#[must_use]
pub fn ends(label: Option<&LabelDate>, opened_on: Option<NaiveDate>, profile: &consumable::Model) -> Ends {
    let readings = label.map(|label| (label.lenient_last_day(), label.strict_last_day()));
    ends_of_readings(readings, opened_on, profile)
}

/// As [`ends`], from the two last days of a label that was read before.
#[must_use]
pub fn ends_of_readings(
    readings: Option<(NaiveDate, NaiveDate)>,
    opened_on: Option<NaiveDate>,
    profile: &consumable::Model,
) -> Ends {
    let labelled = readings.map(|(lenient, strict)| if profile.reading == Reading::Strict { strict } else { lenient });
    let days = |n: i32| Days::new(u64::try_from(n).unwrap_or_default());
    // "Within n days of opening": the day of opening counts as none.
    let opened = opened_on.zip(profile.open_days).map(|(on, n)| on + days(n));
    let last_day = match (labelled, opened) {
        (Some(labelled), Some(opened)) => Some(labelled.min(opened)),
        (labelled, opened) => labelled.or(opened),
    };
    Ends { last_day, last_issue_day: last_day.map(|last| last - days(profile.course_days)) }
}

/// Why a lot is not handed out. A lot may be handed out if the set of these is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// Past its last day.
    Expired,
    /// Past what opening allows.
    OpenedExpired,
    /// Good, but not for long enough to use it up.
    StopIssue,
    /// Its kind needs a date, and it has none.
    NoDate,
    /// The label has been read by one person only.
    Unverified,
    /// Another lot of the same number has another date.
    Conflict,
    /// Recalled.
    Recalled,
    /// What is stored about it cannot be true.
    DataError,
    /// A keeper said so.
    Manual,
    /// The medicine of the station is suspended.
    Suspended,
    /// Nobody with a licence stands behind it any more.
    PartnerEnded,
    /// It is open, and of a kind that is not shared: what touches eyes, nose or mouth.
    NotShared,
}

impl Block {
    /// Must packs with this block be taken off the shelf?
    #[must_use]
    pub fn must_go(self) -> bool {
        matches!(self, Self::Expired | Self::OpenedExpired | Self::StopIssue | Self::Recalled | Self::NoDate | Self::NotShared)
    }
}

impl From<Cause> for Block {
    fn from(cause: Cause) -> Self {
        match cause {
            Cause::Unverified => Self::Unverified,
            Cause::Conflict => Self::Conflict,
            Cause::Recalled => Self::Recalled,
            Cause::DataError => Self::DataError,
            Cause::Manual => Self::Manual,
            Cause::Suspended => Self::Suspended,
            Cause::PartnerEnded => Self::PartnerEnded,
        }
    }
}

/// Everything that stands against handing a lot out on a business date. `causes` are the blocks that lie on it and on its
/// station.
#[must_use]
pub fn blocks(lot: &lot::Model, causes: &BTreeSet<Cause>, profile: &consumable::Model, today: NaiveDate) -> BTreeSet<Block> {
    let mut blocks: BTreeSet<Block> = causes.iter().copied().map(Block::from).collect();
    if lot.opened_on.is_some() && !profile.shareable {
        blocks.insert(Block::NotShared);
    }
    match (lot.last_day, lot.last_issue_day) {
        (Some(last), _) if last < today => {
            let by_opening = lot.opened_on.is_some() && lot.strict_last_day.is_none_or(|labelled| labelled >= today);
            blocks.insert(if by_opening { Block::OpenedExpired } else { Block::Expired });
        }
        (_, Some(last)) if last < today => {
            blocks.insert(Block::StopIssue);
        }
        (None, _) | (_, None) if profile.dated => {
            blocks.insert(Block::NoDate);
        }
        _ => {}
    }
    blocks
}

/// How near its end a lot is on a business date.
#[must_use]
pub fn tier(ends: Ends, today: NaiveDate) -> Tier {
    let (Some(last), Some(last_issue)) = (ends.last_day, ends.last_issue_day) else { return Tier::Fresh };
    match (last - today).num_days() {
        ..0 => Tier::Expired,
        _ if last_issue < today => Tier::StopIssue,
        0..=7 => Tier::T7,
        8..=30 => Tier::T30,
        31..=90 => Tier::T90,
        _ => Tier::Fresh,
    }
}

impl From<&lot::Model> for Ends {
    fn from(lot: &lot::Model) -> Self {
        Self { last_day: lot.last_day, last_issue_day: lot.last_issue_day }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_last_day_ends_at_midnight_of_the_station_wherever_the_server_stands() {
        for zone in [chrono_tz::Asia::Shanghai, chrono_tz::America::New_York, chrono_tz::Pacific::Kiritimati, chrono_tz::UTC] {
            use chrono::TimeZone;
            let midnight = zone.with_ymd_and_hms(2028, 2, 29, 0, 0, 0).unwrap().with_timezone(&Utc);
            let before = midnight - chrono::TimeDelta::microseconds(1);
            assert_eq!(business_day(before, zone, None), day("2028-02-28"), "{zone}");
            assert_eq!(business_day(midnight, zone, None), day("2028-02-29"), "{zone}");
        }
    }

    #[test]
    fn a_clock_that_goes_backwards_releases_nothing() {
        let now: DateTime<Utc> = "2026-11-20T04:00:00Z".parse().unwrap();
        assert_eq!(business_day(now, chrono_tz::Asia::Shanghai, Some(day("2026-12-01"))), day("2026-12-01"));
        assert_eq!(business_day(now, chrono_tz::Asia::Shanghai, Some(day("2026-11-19"))), day("2026-11-20"));
    }

    #[test]
    fn only_the_day_after_the_latest_seen_is_the_next_one() {
        let next = |seen: Option<&str>, today: &str| is_the_next_day(seen.map(day), day(today));
        assert!(next(Some("2028-02-28"), "2028-02-29"));
        assert!(next(Some("2026-12-31"), "2027-01-01"));
        assert!(!next(Some("2026-11-23"), "2026-11-23"), "it was seen");
        assert!(!next(Some("2026-11-23"), "2026-11-25"), "a clock may have leapt");
        assert!(!next(Some("2026-11-23"), "2026-11-22"));
        assert!(!next(None, "2026-11-23"));
    }

    #[test]
    fn tiers_are_ranges_without_a_gap_and_never_go_back_as_days_pass() {
        let ends = Ends { last_day: Some(day("2026-11-30")), last_issue_day: Some(day("2026-11-27")) };
        let on = |text: &str| tier(ends, day(text));
        assert_eq!(
            [on("2026-08-31"), on("2026-09-01"), on("2026-10-30"), on("2026-10-31"), on("2026-11-22"), on("2026-11-23")],
            [Tier::Fresh, Tier::T90, Tier::T90, Tier::T30, Tier::T30, Tier::T7]
        );
        assert_eq!(
            [on("2026-11-27"), on("2026-11-28"), on("2026-11-30"), on("2026-12-01")],
            [Tier::T7, Tier::StopIssue, Tier::StopIssue, Tier::Expired]
        );
        let mut today = day("2026-01-01");
        while today < day("2027-06-01") {
            assert!(tier(ends, today) <= tier(ends, today.succ_opt().unwrap()), "{today}");
            today = today.succ_opt().unwrap();
        }
    }
}
