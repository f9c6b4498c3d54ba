//! On which days is a series?

use chrono::{Datelike, NaiveDate, Weekday};
use entity::series::{Every, Rule};

/// The most days a series has.
pub const MOST: usize = 60;

/// Its days, in order, exceptions left out; at most [`MOST`].
#[must_use]
pub fn days(rule: &Rule) -> Vec<NaiveDate> {
    let all = rule.first_day.iter_days().take_while(|day| *day <= rule.last_day);
    all.filter(|day| is_on(rule, *day) && !rule.except.contains(day)).take(MOST).collect()
}

/// Can a series be like this? `None`: yes; else the field that is wrong.
#[must_use]
pub fn impossible(rule: &Rule) -> Option<&'static str> {
    let rhythm = match &rule.every {
        Every::Weeks { every, on } => (1..=8).contains(every) && (1..=7).contains(&on.len()),
        Every::Month { nth, .. } => *nth == -1 || (1..=4).contains(nth),
    };
    if !rhythm {
        return Some("every");
    }
    let span = (rule.last_day - rule.first_day).num_days();
    (!(0..=731).contains(&span)).then_some("last_day")
}

fn is_on(rule: &Rule, day: NaiveDate) -> bool {
    match &rule.every {
        Every::Weeks { every, on } => {
            let weeks = (monday_of(day) - monday_of(rule.first_day)).num_weeks();
            on.contains(&day.weekday()) && weeks % i64::from((*every).max(1)) == 0
        }
        Every::Month { nth, weekday } => day.weekday() == *weekday && is_nth(day, *nth),
    }
}

fn monday_of(day: NaiveDate) -> NaiveDate {
    day.week(Weekday::Mon).first_day()
}

fn is_nth(day: NaiveDate, nth: i8) -> bool {
    if nth < 0 {
        return (day + chrono::Days::new(7)).month() != day.month();
    }
    i64::from((day.day() - 1) / 7 + 1) == i64::from(nth)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn rule(every: Every, first: &str, last: &str) -> Rule {
        Rule { every, first_day: day(first), last_day: day(last), except: Vec::new() }
    }

    #[test]
    fn every_second_tuesday_and_friday_is_counted_from_the_week_of_the_first_day() {
        let every = Every::Weeks { every: 2, on: vec![Weekday::Tue, Weekday::Fri] };
        let rule = rule(every, "2026-11-25", "2026-12-15");
        assert_eq!(days(&rule), [day("2026-11-27"), day("2026-12-08"), day("2026-12-11")]);
    }

    #[test]
    fn the_first_and_the_last_saturday_of_a_month_and_an_exception() {
        let first = rule(Every::Month { nth: 1, weekday: Weekday::Sat }, "2026-11-01", "2027-02-28");
        assert_eq!(days(&first), [day("2026-11-07"), day("2026-12-05"), day("2027-01-02"), day("2027-02-06")]);
        let last = Rule { every: Every::Month { nth: -1, weekday: Weekday::Sat }, except: vec![day("2026-12-26")], ..first };
        assert_eq!(days(&last), [day("2026-11-28"), day("2027-01-30"), day("2027-02-27")]);
    }

    #[test]
    fn a_series_has_an_end_and_a_rhythm() {
        let weekly = |every| rule(Every::Weeks { every, on: vec![Weekday::Mon] }, "2026-11-23", "2028-11-20");
        assert_eq!(days(&weekly(1)).len(), MOST);
        assert_eq!((impossible(&weekly(1)), impossible(&weekly(0))), (None, Some("every")));
        assert_eq!(impossible(&Rule { last_day: day("2026-11-22"), ..weekly(1) }), Some("last_day"));
        let fifth = Every::Month { nth: 5, weekday: Weekday::Mon };
        assert_eq!(impossible(&rule(fifth, "2026-11-23", "2026-12-23")), Some("every"));
    }
}
