//! What a keeper is asked to do first, whether the nightly check may be relied on, and what a code on a round tells.

use chrono::{DateTime, Datelike, TimeDelta, TimeZone, Utc};
use entity::{
    expiry_check::{Mode, Status},
    ids::{ItemId, StationId},
    item::{self, Lifecycle},
    task::What,
};

/// How soon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Before anything else.
    Now,
    /// In the course of the day.
    Today,
    /// In the course of the week.
    ThisWeek,
}

/// How soon something must be done. What was carried further because nobody did it comes first.
#[must_use]
pub fn urgency(what: What, escalated: i32) -> Urgency {
    match what {
        _ if escalated > 0 => Urgency::Now,
        What::PutInRedBox | What::PullRecalled | What::FindStray | What::Incident | What::CheckClock | What::MindBooking => {
            Urgency::Now
        }
        What::TakeOutToday
        | What::VerifyLabel
        | What::ReadLabelAgain
        | What::SettleConflict
        | What::CountAgain
        | What::LookFor
        | What::Decide
        | What::Chase
        | What::Repair
        | What::Answer => Urgency::Today,
        What::EnterOpeningHours
        | What::CarryHome
        | What::TakeOutThisWeek
        | What::Restock
        | What::UseUpElsewhere
        | What::HandOver
        | What::Inspect => Urgency::ThisWeek,
    }
}

/// The light of the nightly check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Light {
    /// All is well.
    Green,
    /// It is late, or could not do everything.
    Amber,
    /// It has not run for two days: nobody is looking.
    Red,
}

/// The light of a check that ended at this time.
#[must_use]
pub fn light(finished_at: DateTime<Utc>, mode: Mode, status: Status, now: DateTime<Utc>) -> Light {
    let ago = now - finished_at;
    if ago > TimeDelta::hours(50) {
        Light::Red
    } else if ago > TimeDelta::hours(26) || mode != Mode::Normal || status != Status::Done {
        Light::Amber
    } else {
        Light::Green
    }
}

/// What a code that is scanned on a round tells of the sticker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scanned {
    /// It belongs here, and to the thing it was expected on.
    Fits,
    /// Not one of ours: somebody may have stuck another code over it.
    NotOurs,
    /// It was given up.
    GivenUp,
    /// It is on no thing.
    NoThing,
    /// It is another thing's than the one that is looked at: two stickers may have been exchanged.
    OfAnother,
    /// Its thing is written down at another station.
    FromElsewhere,
    /// Its thing is out, as far as anybody knows.
    WrittenAsOut,
    /// Its thing was given up.
    OfRetired,
}

impl Scanned {
    /// All is as it should be?
    #[must_use]
    pub fn is_good(self) -> bool {
        self == Self::Fits
    }
}

/// What was found behind a code.
#[derive(Clone, Copy, Debug)]
pub enum Behind<'a> {
    /// Nothing of ours.
    Nothing,
    /// A sticker that was given up.
    GivenUp,
    /// Something else than a thing.
    NoThing,
    /// A thing.
    Thing(&'a item::Model),
}

/// Weighs a code that was scanned at a station, on the thing that was expected (none if any will do).
#[must_use]
pub fn scanned(behind: Behind<'_>, station: StationId, expected: Option<ItemId>) -> Scanned {
    match behind {
        Behind::Nothing => Scanned::NotOurs,
        Behind::GivenUp => Scanned::GivenUp,
        Behind::NoThing => Scanned::NoThing,
        Behind::Thing(item) if expected.is_some_and(|id| id != item.id) => Scanned::OfAnother,
        Behind::Thing(item) if item.lifecycle == Lifecycle::Retired => Scanned::OfRetired,
        Behind::Thing(item) if item.is_out() => Scanned::WrittenAsOut,
        Behind::Thing(item) if item.station_id != Some(station) => Scanned::FromElsewhere,
        Behind::Thing(_) => Scanned::Fits,
    }
}

/// The code that a scanner has read: as it is printed under the QR, or in an address of ours. An address of another house is no
/// code of ours, whatever stands at its end.
#[must_use]
pub fn code_in<'a>(read: &'a str, our_address: &str) -> Option<&'a str> {
    let read = read.trim();
    let path = match read.contains("://") {
        true => read.strip_prefix(our_address.trim_end_matches('/')).and_then(|path| path.strip_prefix("/q/"))?,
        false => read,
    };
    path.split(['?', '#']).next().filter(|code| !code.is_empty())
}

/// When the round of this week began: a round is made once a week, and goes on where it was left.
#[must_use]
pub fn round_began(now: DateTime<Utc>, zone: chrono_tz::Tz) -> DateTime<Utc> {
    let today = now.with_timezone(&zone).date_naive();
    let monday = today - chrono::Days::new(u64::from(today.weekday().num_days_from_monday()));
    let midnight = monday.and_time(chrono::NaiveTime::MIN);
    zone.from_local_datetime(&midnight).earliest().map_or(now, |local| local.with_timezone(&Utc))
}

/// What a thing is after a keeper has had it in hand and found it good: what was missing is there again.
#[must_use]
pub fn seen(lifecycle: Lifecycle) -> Lifecycle {
    if lifecycle == Lifecycle::Missing { Lifecycle::Active } else { lifecycle }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_light_turns_after_26_and_50_hours() {
        let done = "2026-11-23T16:05:00Z".parse().unwrap();
        let after = |hours| light(done, Mode::Normal, Status::Done, done + TimeDelta::hours(hours));
        assert_eq!(
            [after(0), after(26), after(27), after(50), after(51)],
            [Light::Green, Light::Green, Light::Amber, Light::Amber, Light::Red]
        );
        assert_eq!(light(done, Mode::TightenOnly, Status::Done, done), Light::Amber);
        assert_eq!(light(done, Mode::Normal, Status::Partial, done), Light::Amber);
    }

    #[test]
    fn an_address_of_another_house_is_no_code_of_ours() {
        let read = |text| code_in(text, "https://yz.example/");
        assert_eq!(read(" 37C1Q5ZN4 "), Some("37C1Q5ZN4"));
        assert_eq!(read("https://yz.example/q/37C1Q5ZN4?x=1"), Some("37C1Q5ZN4"));
        assert_eq!(read("https://yz.example.evil/q/37C1Q5ZN4"), None);
        assert_eq!(read("https://evil.example/q/37C1Q5ZN4"), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn a_round_begins_on_monday_of_the_place() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let began = |now| round_began(at(now), chrono_tz::Asia::Shanghai);
        assert_eq!(began("2026-11-23T02:00:00Z"), at("2026-11-22T16:00:00Z"));
        assert_eq!(began("2026-11-29T15:59:00Z"), at("2026-11-22T16:00:00Z"));
        assert_eq!(began("2026-11-29T16:00:00Z"), at("2026-11-29T16:00:00Z"));
    }

    #[test]
    fn what_nobody_did_comes_first() {
        assert_eq!(urgency(What::Inspect, 0), Urgency::ThisWeek);
        assert_eq!(urgency(What::Inspect, 1), Urgency::Now);
        assert!(urgency(What::PutInRedBox, 0) < urgency(What::TakeOutToday, 0));
    }
}
