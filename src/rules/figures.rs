//! What the figures of a report mean: which days a period has, on which of a station's days and hours something happened, what
//! counts as missed, empty, neglected.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use entity::{lot, lot::Tier};

use super::{
    calendar::{Calendar, Hours},
    usability::{self, Ends},
};

/// A station at which nobody has borrowed, given back or taken anything for longer is neglected.
pub const NEGLECTED_AFTER: TimeDelta = TimeDelta::days(14);
/// How many weeks ahead the ends of lots are shown: ninety days.
pub const WEEKS_AHEAD: usize = 13;

/// Which days a figure is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Period {
    /// The month until today.
    #[default]
    ThisMonth,
    /// The month before.
    LastMonth,
    /// Ninety days until today.
    Ninety,
    /// A year until today.
    Year,
}

impl Period {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::ThisMonth, Self::LastMonth, Self::Ninety, Self::Year];

    /// Its name in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ThisMonth => "month",
            Self::LastMonth => "last",
            Self::Ninety => "90",
            Self::Year => "year",
        }
    }

    /// The period of that name; this month for any other.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|period| period.as_str() == name).unwrap_or_default()
    }

    /// Its first day, and the day after its last.
    #[must_use]
    pub fn days(self, today: NaiveDate) -> (NaiveDate, NaiveDate) {
        let tomorrow = today + Days::new(1);
        match self {
            Self::ThisMonth => (month_of(today), tomorrow),
            Self::LastMonth => (month_of(today) - Months::new(1), month_of(today)),
            Self::Ninety => (tomorrow - Days::new(90), tomorrow),
            Self::Year => (tomorrow - Months::new(12), tomorrow),
        }
    }
}

/// The first day of the month of a day.
#[must_use]
pub fn month_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// The month that a report is about: the one that was asked for (`2026-11`), never a coming one. If none was, the one before in
/// the first week of a month, this one later on.
#[must_use]
pub fn report_month(asked: &str, today: NaiveDate) -> NaiveDate {
    let this = month_of(today);
    let usual = if today.day() <= 7 { this - Months::new(1) } else { this };
    let earliest = this - Months::new(120);
    format!("{asked}-01").parse().ok().filter(|month| (earliest..=this).contains(month)).unwrap_or(usual)
}

/// The first days of `n` months of which `last` is the last, and of the month after.
#[must_use]
pub fn months(last: NaiveDate, n: u32) -> Vec<NaiveDate> {
    let first = last + Months::new(1) - Months::new(n);
    (0..=n).map(|month| first + Months::new(month)).collect()
}

/// When a day begins in a zone.
#[must_use]
pub fn start_of(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let always = Calendar { zone, hours: Hours::AlwaysOpen, follows_public_holidays: false, closures: Vec::new() };
    always.instant(day, chrono::NaiveTime::MIN)
}

/// The day, the weekday (0 is Monday) and the hour, in a zone, of a quarter of an hour since 1970.
#[must_use]
pub fn local(quarter: i64, zone: Tz) -> (NaiveDate, usize, usize) {
    let local = DateTime::from_timestamp(quarter * 900, 0).unwrap_or_default().with_timezone(&zone);
    (local.date_naive(), local.weekday().num_days_from_monday() as usize, local.hour() as usize)
}

/// How many nightly checks there should have been on the days `[from, until)`: one a day since the day after the first lot
/// came, up to today.
#[must_use]
pub fn checks_due(first_lot: Option<NaiveDate>, (from, until): (NaiveDate, NaiveDate), today: NaiveDate) -> i64 {
    let Some(first) = first_lot else { return 0 };
    let from = from.max(first + Days::new(1));
    let until = until.min(today + Days::new(1));
    (until - from).num_days().max(0)
}

/// On how many of the days `[from, until)` a shelf was empty when the day ended: `before` is what it held before, `changes` what
/// it gained on each day.
#[must_use]
pub fn empty_days(before: i64, changes: &BTreeMap<NaiveDate, i64>, (from, until): (NaiveDate, NaiveDate)) -> i64 {
    let mut held = before;
    let mut empty = 0;
    for day in from.iter_days().take_while(|day| *day < until) {
        held += changes.get(&day).copied().unwrap_or_default();
        empty += i64::from(held <= 0);
    }
    empty
}

/// For how many days nothing has happened at a station, if that is too long.
#[must_use]
pub fn neglected_for(last_activity: Option<DateTime<Utc>>, opened: DateTime<Utc>, now: DateTime<Utc>) -> Option<i64> {
    let quiet = now - last_activity.unwrap_or(opened);
    (quiet > NEGLECTED_AFTER).then(|| quiet.num_days())
}

/// In which week from today a lot ends, and how near its end it is; none if that is not within ninety days, or was before.
#[must_use]
pub fn ending(lot: &lot::Model, today: NaiveDate) -> Option<(usize, Tier)> {
    let tier = usability::tier(Ends::from(lot), today);
    let days = (lot.last_day? - today).num_days();
    match tier {
        Tier::Fresh | Tier::Expired => None,
        Tier::T90 | Tier::T30 | Tier::T7 | Tier::StopIssue => {
            usize::try_from(days / 7).ok().filter(|week| *week < WEEKS_AHEAD).map(|week| (week, tier))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn periods_are_whole_days_of_the_station() {
        let today = day("2026-03-31");
        let days = Period::ALL.map(|period| period.days(today));
        assert_eq!(days[0], (day("2026-03-01"), day("2026-04-01")));
        assert_eq!(days[1], (day("2026-02-01"), day("2026-03-01")));
        assert_eq!((days[2].1 - days[2].0).num_days(), 90);
        assert_eq!(days[3], (day("2025-04-01"), day("2026-04-01")));
        assert!(Period::ALL.into_iter().all(|period| Period::named(period.as_str()) == period));
        assert_eq!(Period::named("' OR 1=1"), Period::ThisMonth);
    }

    #[test]
    fn a_report_is_of_a_month_that_was() {
        assert_eq!(report_month("", day("2026-11-24")), day("2026-11-01"));
        assert_eq!(report_month("", day("2026-11-02")), day("2026-10-01"), "the report that is due");
        assert_eq!(report_month("2026-02", day("2026-11-24")), day("2026-02-01"));
        for wrong in ["2026-12", "1999-01", "x", "2026-13"] {
            assert_eq!(report_month(wrong, day("2026-11-24")), day("2026-11-01"), "{wrong}");
        }
        let twelve = months(day("2026-02-01"), 12);
        assert_eq!((twelve.len(), twelve[0], twelve[12]), (13, day("2025-03-01"), day("2026-03-01")));
    }

    #[test]
    fn an_hour_is_an_hour_of_the_station() {
        // 20:45 UTC on a Monday: Tuesday 04:45 in Shanghai, 02:30 in Kathmandu.
        let quarter = "2026-11-23T20:45:00Z".parse::<DateTime<Utc>>().unwrap().timestamp() / 900;
        assert_eq!(local(quarter, chrono_tz::Asia::Shanghai), (day("2026-11-24"), 1, 4));
        assert_eq!(local(quarter, chrono_tz::Asia::Kathmandu), (day("2026-11-24"), 1, 2));
        assert_eq!(
            start_of(day("2026-11-24"), chrono_tz::Asia::Shanghai),
            "2026-11-23T16:00:00Z".parse::<DateTime<Utc>>().unwrap()
        );
    }

    #[test]
    fn checks_are_due_from_the_day_after_the_first_lot_until_today() {
        let november = (day("2026-11-01"), day("2026-12-01"));
        assert_eq!(checks_due(None, november, day("2026-11-24")), 0);
        assert_eq!(checks_due(Some(day("2026-01-01")), november, day("2026-11-24")), 24);
        assert_eq!(checks_due(Some(day("2026-11-20")), november, day("2026-11-24")), 4);
        assert_eq!(checks_due(Some(day("2026-11-24")), november, day("2026-11-24")), 0);
        assert_eq!(checks_due(Some(day("2026-01-01")), november, day("2027-01-24")), 30);
    }

    #[test]
    fn a_shelf_is_empty_on_the_days_on_which_it_ends_empty() {
        let changes = BTreeMap::from([(day("2026-11-02"), -5), (day("2026-11-05"), 7)]);
        assert_eq!(empty_days(5, &changes, (day("2026-11-01"), day("2026-11-08"))), 3);
        assert_eq!(empty_days(0, &BTreeMap::new(), (day("2026-11-01"), day("2026-11-03"))), 2);
    }

    #[test]
    fn a_station_is_neglected_after_two_weeks_of_silence() {
        let now: DateTime<Utc> = "2026-11-24T04:00:00Z".parse().unwrap();
        let ago = |days| now - TimeDelta::days(days);
        assert_eq!(neglected_for(Some(ago(14)), ago(300), now), None);
        assert_eq!(neglected_for(Some(ago(15)), ago(300), now), Some(15));
        assert_eq!(neglected_for(None, ago(3), now), None);
        assert_eq!(neglected_for(None, ago(30), now), Some(30));
    }
}
