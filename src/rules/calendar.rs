//! When a station is open, and when a loan falls due.
//!
//! Days are days of the station's zone. Instants are UTC. Intervals are half-open.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Tz;
use entity::{opening_hours::OpeningHours, policy::DayEnd};

use super::holidays::{PublicDay, public_day};

/// When a station is open.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// The station's time zone.
    pub zone: Tz,
    /// Its regular hours.
    pub hours: Hours,
    /// Closed on Chinese public holidays; on weekends worked in exchange it has the hours of a Monday. Does not touch a station
    /// that is always open.
    pub follows_public_holidays: bool,
    /// Spells of closed days; they win over everything.
    pub closures: Vec<Closure>,
}

/// Regular hours.
#[derive(Clone, Debug)]
pub enum Hours {
    /// A cabinet in the open.
    AlwaysOpen,
    /// These hours of the week.
    Weekly(OpeningHours),
}

/// A spell of closed days; both days belong to it.
#[derive(Clone, Copy, Debug)]
pub struct Closure {
    /// The first closed day.
    pub first_day: NaiveDate,
    /// The last closed day.
    pub last_day: NaiveDate,
}

/// How long a loan lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoanLength {
    /// To the minute.
    Minutes(u32),
    /// Calendar days after the day of lending.
    Days {
        /// How many; 0 is the same day.
        days: u16,
        /// Where on the last day it ends.
        until: DayEnd,
    },
}

/// When a loan falls due, and why then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The instant, in whole seconds, always after the lending.
    pub at: DateTime<Utc>,
    /// The instant before it was moved off closed time; `None` if it was not moved.
    pub moved_from: Option<DateTime<Utc>>,
    /// There is no open day within a year: the instant stands where it was, and somebody should enter the opening hours.
    pub no_open_day: bool,
}

/// How far ahead an open day is looked for.
const HORIZON_DAYS: u64 = 366;
/// How long after opening a loan of minutes is due that would have ended in closed time.
const TIME_TO_RETURN: TimeDelta = TimeDelta::hours(1);

impl Calendar {
    /// The day in the station's zone.
    #[must_use]
    pub fn business_date(&self, instant: DateTime<Utc>) -> NaiveDate {
        instant.with_timezone(&self.zone).date_naive()
    }

    /// The instant of a wall-clock time. One that a change of clocks skips is the first instant after the gap; of one that
    /// occurs twice it is the first.
    #[must_use]
    pub fn instant(&self, date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        let wall = date.and_time(time);
        // Gaps are at most a day long (a zone that changed sides of the date line), and in steps of a quarter of an hour.
        (0..=96)
            .filter_map(|quarters| wall.checked_add_signed(TimeDelta::minutes(15 * quarters)))
            .find_map(|wall| self.zone.from_local_datetime(&wall).earliest())
            .map_or_else(|| wall.and_utc(), |local| local.with_timezone(&Utc))
    }

    fn start_of(&self, date: NaiveDate) -> DateTime<Utc> {
        self.instant(date, NaiveTime::MIN)
    }

    fn end_of(&self, date: NaiveDate) -> DateTime<Utc> {
        self.start_of(date.checked_add_days(Days::new(1)).unwrap_or(date))
    }

    /// The sessions of a day as `[from, to)`, in order. A day that is always open is one session.
    #[must_use]
    pub fn sessions_on(&self, date: NaiveDate) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
        if self.closures.iter().any(|c| (c.first_day..=c.last_day).contains(&date)) {
            return Vec::new();
        }
        let Hours::Weekly(hours) = &self.hours else { return vec![(self.start_of(date), self.end_of(date))] };
        let public = if self.follows_public_holidays { public_day(date) } else { None };
        let weekday = match public {
            Some(PublicDay::Holiday(_)) => return Vec::new(),
            Some(PublicDay::WorkingWeekend(_)) => Weekday::Mon,
            None => chrono::Datelike::weekday(&date),
        };
        let session = |s: &entity::opening_hours::Session| {
            (self.instant(date, s.from()), s.to().map_or_else(|| self.end_of(date), |to| self.instant(date, to)))
        };
        hours.on(weekday).iter().map(session).filter(|(from, to)| from < to).collect()
    }

    /// Open at any time of that day?
    #[must_use]
    pub fn is_open_on(&self, date: NaiveDate) -> bool {
        !self.sessions_on(date).is_empty()
    }

    /// Open at that instant?
    #[must_use]
    pub fn is_open_at(&self, instant: DateTime<Utc>) -> bool {
        self.sessions_on(self.business_date(instant)).iter().any(|(from, to)| (*from..*to).contains(&instant))
    }

    /// The first open day on or after a day, within a year.
    #[must_use]
    pub fn next_open_day(&self, from: NaiveDate) -> Option<NaiveDate> {
        (0..=HORIZON_DAYS).filter_map(|n| from.checked_add_days(Days::new(n))).find(|date| self.is_open_on(*date))
    }

    /// When a loan of this length falls due.
    ///
    /// A loan of days falls due on a day; if that is closed, on the next open one. A loan of minutes falls due at the minute;
    /// if the station is closed then, an hour after it opens again (or when it closes, if that is sooner).
    #[must_use]
    pub fn due(&self, lent_at: DateTime<Utc>, length: LoanLength) -> Due {
        match length {
            LoanLength::Minutes(minutes) => self.due_in_minutes(lent_at, minutes),
            LoanLength::Days { days, until } => self.due_in_days(lent_at, days, until),
        }
    }

    fn due_in_minutes(&self, lent_at: DateTime<Utc>, minutes: u32) -> Due {
        let at = after(lent_at, lent_at.checked_add_signed(TimeDelta::minutes(i64::from(minutes.max(1)))).unwrap_or(lent_at));
        // Its last minute may be the closing minute: the end of a session is still a good time to come.
        if self.is_open_at(at) || self.is_open_at(at - TimeDelta::seconds(1)) {
            return Due { at, moved_from: None, no_open_day: false };
        }
        let next = self.next_session(at);
        next.map_or(Due { at, moved_from: None, no_open_day: true }, |(from, to)| Due {
            at: after(lent_at, (from + TIME_TO_RETURN).min(to)),
            moved_from: Some(at),
            no_open_day: false,
        })
    }

    /// The first session that begins after an instant.
    fn next_session(&self, instant: DateTime<Utc>) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let mut day = self.next_open_day(self.business_date(instant))?;
        loop {
            if let Some(session) = self.sessions_on(day).into_iter().find(|(from, _)| *from > instant) {
                return Some(session);
            }
            day = self.next_open_day(day.checked_add_days(Days::new(1))?)?;
        }
    }

    fn due_in_days(&self, lent_at: DateTime<Utc>, days: u16, until: DayEnd) -> Due {
        let lent_on = self.business_date(lent_at);
        let wanted = lent_on.checked_add_days(Days::new(u64::from(days))).unwrap_or(lent_on);
        let unmoved = self.regular_end(wanted, until);
        // A loan of no days that is made after closing time would be due before it began: it is due the next open day.
        let mut candidate = self.next_open_day(wanted);
        while let Some(day) = candidate {
            let at = self.closing(day, until);
            if at > lent_at {
                let moved = day != wanted;
                return Due { at: after(lent_at, at), moved_from: moved.then_some(unmoved), no_open_day: false };
            }
            candidate = day.checked_add_days(Days::new(1)).and_then(|next| self.next_open_day(next));
        }
        Due { at: after(lent_at, unmoved), moved_from: None, no_open_day: true }
    }

    /// The end of an open day.
    fn closing(&self, date: NaiveDate, until: DayEnd) -> DateTime<Utc> {
        match until {
            DayEnd::EndOfDay => self.end_of(date),
            DayEnd::ClosingTime => self.sessions_on(date).last().map_or_else(|| self.end_of(date), |(_, to)| *to),
        }
    }

    /// The end a day would have by its regular hours, were it not closed: what a moved due time was moved from.
    fn regular_end(&self, date: NaiveDate, until: DayEnd) -> DateTime<Utc> {
        let regular = Self { follows_public_holidays: false, closures: Vec::new(), ..self.clone() };
        regular.closing(date, until)
    }
}

/// Whole seconds, rounded up, and at least one second after the lending.
fn after(lent_at: DateTime<Utc>, at: DateTime<Utc>) -> DateTime<Utc> {
    let least = lent_at.checked_add_signed(TimeDelta::seconds(1)).unwrap_or(lent_at);
    let at = at.max(least);
    let up = i64::from(at.timestamp_subsec_nanos() > 0);
    Utc.timestamp_opt(at.timestamp() + up, 0).single().unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn date(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn weekly(json: &str) -> Hours {
        Hours::Weekly(serde_json::from_str(json).unwrap())
    }

    fn office() -> Hours {
        weekly(
            r#"{"mon":[["08:00","12:00"],["13:00","20:00"]],"tue":[["08:00","20:00"]],"wed":[["08:00","20:00"]],
                "thu":[["08:00","20:00"]],"fri":[["08:00","20:00"]]}"#,
        )
    }

    fn calendar(zone: Tz, hours: Hours) -> Calendar {
        Calendar { zone, hours, follows_public_holidays: true, closures: Vec::new() }
    }

    fn shanghai(hours: Hours) -> Calendar {
        calendar(chrono_tz::Asia::Shanghai, hours)
    }

    const THREE_DAYS: LoanLength = LoanLength::Days { days: 3, until: DayEnd::ClosingTime };

    #[test]
    fn a_loan_of_days_is_due_when_the_station_closes_on_the_last_day() {
        // Lent on Monday 23 November 2026, 10:00 in Shanghai.
        let due = shanghai(office()).due(utc("2026-11-23T02:00:00Z"), THREE_DAYS);
        assert_eq!(due, Due { at: utc("2026-11-26T12:00:00Z"), moved_from: None, no_open_day: false });
    }

    #[test]
    fn a_due_day_on_a_weekend_moves_to_monday() {
        let due = shanghai(office()).due(utc("2026-11-26T02:00:00Z"), THREE_DAYS);
        assert_eq!(due.at, utc("2026-11-30T12:00:00Z"));
        assert!(due.moved_from.is_some());
    }

    #[test]
    fn a_due_day_in_the_spring_festival_moves_behind_it_but_a_worked_saturday_counts() {
        // 15 to 23 February 2026 are off; Saturday the 14th and the 28th are worked.
        assert_eq!(shanghai(office()).due(utc("2026-02-12T02:00:00Z"), THREE_DAYS).at, utc("2026-02-24T12:00:00Z"));
        let saturday = shanghai(office()).due(utc("2026-02-25T02:00:00Z"), THREE_DAYS);
        assert_eq!((saturday.at, saturday.moved_from), (utc("2026-02-28T12:00:00Z"), None));
    }

    #[test]
    fn an_open_cabinet_knows_no_holidays_but_does_know_closures() {
        let mut cabinet = shanghai(Hours::AlwaysOpen);
        assert!(cabinet.is_open_on(date(2026, 10, 1)));
        cabinet.closures.push(Closure { first_day: date(2026, 10, 1), last_day: date(2026, 10, 3) });
        assert!(!cabinet.is_open_on(date(2026, 10, 1)));
        assert!(!cabinet.is_open_on(date(2026, 10, 3)));
        assert!(cabinet.is_open_on(date(2026, 10, 4)));
    }

    #[test]
    fn a_station_without_any_open_day_falls_back_and_says_so() {
        let due = shanghai(weekly("{}")).due(utc("2026-11-23T02:00:00Z"), THREE_DAYS);
        assert_eq!(due, Due { at: utc("2026-11-26T16:00:00Z"), moved_from: None, no_open_day: true });
        let due = shanghai(weekly("{}")).due(utc("2026-11-23T02:00:00Z"), LoanLength::Minutes(30));
        assert_eq!(due, Due { at: utc("2026-11-23T02:30:00Z"), moved_from: None, no_open_day: true });
    }

    #[test]
    fn a_loan_of_minutes_that_would_end_at_night_ends_an_hour_after_opening() {
        let calendar = shanghai(office());
        assert_eq!(calendar.due(utc("2026-11-23T11:30:00Z"), LoanLength::Minutes(30)).at, utc("2026-11-23T12:00:00Z"));
        let night = calendar.due(utc("2026-11-23T11:30:00Z"), LoanLength::Minutes(120));
        assert_eq!((night.at, night.moved_from), (utc("2026-11-24T01:00:00Z"), Some(utc("2026-11-23T13:30:00Z"))));
        // In the lunch break: an hour after one o'clock.
        assert_eq!(calendar.due(utc("2026-11-23T03:50:00Z"), LoanLength::Minutes(30)).at, utc("2026-11-23T06:00:00Z"));
    }

    #[test]
    fn the_day_changes_at_midnight_in_the_stations_zone() {
        let calendar = shanghai(Hours::AlwaysOpen);
        assert_eq!(calendar.business_date(utc("2026-11-23T15:59:59Z")), date(2026, 11, 23));
        assert_eq!(calendar.business_date(utc("2026-11-23T16:00:00Z")), date(2026, 11, 24));
        let today = LoanLength::Days { days: 0, until: DayEnd::EndOfDay };
        assert_eq!(calendar.due(utc("2026-11-23T15:59:59Z"), today).at, utc("2026-11-23T16:00:00Z"));
        assert_eq!(calendar.due(utc("2026-11-23T16:00:00Z"), today).at, utc("2026-11-24T16:00:00Z"));
    }

    #[test]
    fn a_loan_for_the_day_made_after_closing_time_is_due_the_next_open_day() {
        let today = LoanLength::Days { days: 0, until: DayEnd::ClosingTime };
        assert_eq!(shanghai(office()).due(utc("2026-11-23T13:00:00Z"), today).at, utc("2026-11-24T12:00:00Z"));
    }

    #[test]
    fn hours_that_a_change_of_clocks_skips_or_repeats_are_still_hours() {
        let new_york = calendar(chrono_tz::America::New_York, weekly(r#"{"sun":[["02:30","03:30"],["22:00","24:00"]]}"#));
        // 8 March 2026: 02:00 to 03:00 does not exist. 1 November 2026: 01:00 to 02:00 happens twice.
        assert_eq!(
            new_york.sessions_on(date(2026, 3, 8)),
            [
                (utc("2026-03-08T07:00:00Z"), utc("2026-03-08T07:30:00Z")),
                (utc("2026-03-09T02:00:00Z"), utc("2026-03-09T04:00:00Z"))
            ]
        );
        assert_eq!(new_york.sessions_on(date(2026, 11, 1))[1], (utc("2026-11-02T03:00:00Z"), utc("2026-11-02T05:00:00Z")));
    }

    fn any_hours() -> impl Strategy<Value = Hours> {
        prop_oneof![Just(Hours::AlwaysOpen), Just(office()), Just(weekly("{}")), Just(weekly(r#"{"sun":[["02:30","03:30"]]}"#))]
    }

    fn any_zone() -> impl Strategy<Value = Tz> {
        use chrono_tz::{America::New_York, Asia::Shanghai, Australia::Lord_Howe, Pacific::Apia, UTC};
        prop_oneof![Just(Shanghai), Just(New_York), Just(UTC), Just(Apia), Just(Lord_Howe)]
    }

    fn any_length() -> impl Strategy<Value = LoanLength> {
        prop_oneof![
            (0_u32..200_000).prop_map(LoanLength::Minutes),
            (0_u16..400, any::<bool>()).prop_map(|(days, closing)| LoanLength::Days {
                days,
                until: if closing { DayEnd::ClosingTime } else { DayEnd::EndOfDay }
            }),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn every_loan_is_due_after_it_was_made_in_whole_seconds_and_in_open_time(
            (zone, hours, length, seconds, millis) in (any_zone(), any_hours(), any_length(), 1_300_000_000_i64..1_900_000_000, 0_u32..1000)
        ) {
            let calendar = calendar(zone, hours);
            let lent_at = Utc.timestamp_opt(seconds, millis * 1_000_000).unwrap();
            let due = calendar.due(lent_at, length);
            prop_assert!(due.at > lent_at);
            prop_assert_eq!(due.at.timestamp_subsec_nanos(), 0);
            let last_second = due.at - TimeDelta::seconds(1);
            prop_assert!(due.no_open_day || calendar.is_open_on(calendar.business_date(last_second)) || calendar.is_open_on(calendar.business_date(due.at)));
            prop_assert_eq!(due.no_open_day, calendar.next_open_day(calendar.business_date(lent_at)).is_none());
        }

        #[test]
        fn whoever_borrows_later_never_has_to_return_earlier_but_for_the_hour_after_opening(
            (zone, hours, length, seconds, wait) in (any_zone(), any_hours(), any_length(), 1_300_000_000_i64..1_900_000_000, 0_i64..200_000)
        ) {
            let calendar = calendar(zone, hours);
            let lent_at = Utc.timestamp_opt(seconds, 0).unwrap();
            // A loan of minutes that would end in closed time gets an hour after opening; one that ends within that hour does not.
            let favour = if matches!(length, LoanLength::Minutes(_)) { TIME_TO_RETURN } else { TimeDelta::zero() };
            let later = calendar.due(lent_at + TimeDelta::seconds(wait), length).at;
            prop_assert!(calendar.due(lent_at, length).at <= later + favour);
        }

        #[test]
        fn a_station_is_open_at_an_instant_exactly_when_a_session_of_that_day_holds_it(
            (zone, hours, seconds) in (any_zone(), any_hours(), 1_700_000_000_i64..1_800_000_000)
        ) {
            let calendar = calendar(zone, hours);
            let instant = Utc.timestamp_opt(seconds, 0).unwrap();
            let today = calendar.business_date(instant);
            let around = [today.pred_opt().unwrap(), today, today.succ_opt().unwrap()];
            let held = around.iter().flat_map(|d| calendar.sessions_on(*d)).any(|(from, to)| (from..to).contains(&instant));
            prop_assert_eq!(calendar.is_open_at(instant), held);
        }
    }
}
