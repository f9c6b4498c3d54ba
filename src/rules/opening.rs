//! Is a place open, and when does that change? For people who stand before it, or think of going there.

use chrono::{DateTime, Days, Utc};

use super::calendar::{Calendar, Hours};

/// How far ahead anybody wants to know, in days.
const AHEAD: u64 = 14;

/// What is told of a place at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// It never closes.
    Always,
    /// Open, until then.
    OpenUntil(DateTime<Utc>),
    /// Closed, until then; `None` if nobody knows when it opens again.
    ClosedUntil(Option<DateTime<Utc>>),
}

impl Opening {
    /// Can one go there now?
    #[must_use]
    pub fn is_open(self) -> bool {
        !matches!(self, Self::ClosedUntil(_))
    }
}

/// The opening of a place at an instant. Sessions that touch are one.
#[must_use]
pub fn opening(calendar: &Calendar, now: DateTime<Utc>) -> Opening {
    let today = calendar.business_date(now);
    let days = || (0..AHEAD).filter_map(|n| today.checked_add_days(Days::new(n)));
    if matches!(calendar.hours, Hours::AlwaysOpen) && days().all(|day| calendar.is_open_on(day)) {
        return Opening::Always;
    }
    let mut coming: Vec<_> = days().flat_map(|day| calendar.sessions_on(day)).collect();
    coming.sort_unstable();
    let Some(end) = coming.iter().find(|(from, to)| (*from..*to).contains(&now)).map(|(_, to)| *to) else {
        return Opening::ClosedUntil(coming.iter().map(|(from, _)| *from).find(|from| *from > now));
    };
    Opening::OpenUntil(coming.iter().fold(end, |end, (from, to)| if *from == end { *to } else { end }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::calendar::Closure;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    fn calendar(hours: &str) -> Calendar {
        Calendar {
            zone: chrono_tz::Asia::Shanghai,
            hours: Hours::Weekly(serde_json::from_str(hours).unwrap()),
            follows_public_holidays: false,
            closures: Vec::new(),
        }
    }

    #[test]
    fn an_open_place_says_until_when_and_a_closed_one_when_it_opens() {
        let place = calendar(r#"{"mon": [["08:00", "12:00"], ["14:00", "20:00"]], "wed": [["09:00", "10:00"]]}"#);
        assert_eq!(opening(&place, at("2026-11-23T09:00:00+08:00")), Opening::OpenUntil(at("2026-11-23T12:00:00+08:00")));
        assert_eq!(opening(&place, at("2026-11-23T12:00:00+08:00")), Opening::ClosedUntil(Some(at("2026-11-23T14:00:00+08:00"))));
        assert_eq!(opening(&place, at("2026-11-23T20:00:00+08:00")), Opening::ClosedUntil(Some(at("2026-11-25T09:00:00+08:00"))));
    }

    #[test]
    fn sessions_that_touch_at_midnight_are_one() {
        let place = calendar(r#"{"mon": [["20:00", "24:00"]], "tue": [["00:00", "02:00"]]}"#);
        assert_eq!(opening(&place, at("2026-11-23T21:00:00+08:00")), Opening::OpenUntil(at("2026-11-24T02:00:00+08:00")));
    }

    #[test]
    fn a_cabinet_in_the_open_never_closes_but_for_a_closure() {
        let mut place = calendar("{}");
        assert_eq!(opening(&place, at("2026-11-23T09:00:00+08:00")), Opening::ClosedUntil(None));
        place.hours = Hours::AlwaysOpen;
        assert_eq!(opening(&place, at("2026-11-23T09:00:00+08:00")), Opening::Always);
        let day = |text: &str| text.parse().unwrap();
        place.closures = vec![Closure { first_day: day("2026-11-23"), last_day: day("2026-11-24") }];
        assert_eq!(opening(&place, at("2026-11-23T09:00:00+08:00")), Opening::ClosedUntil(Some(at("2026-11-25T00:00:00+08:00"))));
    }
}
