//! Which times are offered to somebody who wants to book: lengths, beginnings on a day, how free a day is, and what lies nearest.
//! What is offered passes every rule about time and is free; whether this person may have it is for `rules/booking`.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use entity::pool::Terms;

use super::{
    availability::Timeline,
    booking::{Wish, time_reasons},
    calendar::{Calendar, Hours},
    refusal::Free,
    terms::Sort,
};

/// What times are offered of.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'a> {
    /// What sort of thing it is.
    pub sort: Sort<'a>,
    /// When its station is open.
    pub calendar: &'a Calendar,
    /// On which terms.
    pub terms: &'a Terms,
    /// What is occupied.
    pub timeline: &'a Timeline,
    /// How many units are wanted.
    pub units: u32,
}

/// A time that can be booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    /// From.
    pub from: DateTime<Utc>,
    /// Until.
    pub to: DateTime<Utc>,
}

/// How free a day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freeness {
    /// There is plenty.
    Free,
    /// Less than half of its times are left.
    Few,
    /// Nothing is left.
    Full,
    /// The place is closed, or the day is over, or too far ahead.
    Closed,
}

/// Parts of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// 8 to 12.
    Morning,
    /// 13 to 17.
    Afternoon,
    /// 18 to 21.
    Evening,
    /// 8 to 18.
    WholeDay,
}

impl Part {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Morning, Self::Afternoon, Self::Evening, Self::WholeDay];

    fn hours(self) -> (u32, u32) {
        match self {
            Self::Morning => (8, 12),
            Self::Afternoon => (13, 17),
            Self::Evening => (18, 21),
            Self::WholeDay => (8, 18),
        }
    }
}

const HOUR: u32 = 60;
/// Lengths that people think in, in minutes.
const LENGTHS: [u32; 7] = [30, HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR, 8 * HOUR, 24 * HOUR];
/// A cabinet that never closes is still not offered at three in the night.
const WAKING: (u32, u32) = (6, 22);

/// The lengths that are offered, in minutes.
#[must_use]
pub fn lengths(sort: Sort<'_>, terms: &Terms) -> Vec<u32> {
    let fits = |minutes: &u32| (terms.least..=terms.most).contains(minutes) && minutes.is_multiple_of(terms.grid.max(1));
    let longest = if matches!(sort, Sort::Things(_)) { 24 * HOUR } else { 8 * HOUR };
    let lengths: Vec<u32> = LENGTHS.into_iter().filter(|minutes| *minutes <= longest).filter(fits).collect();
    if lengths.is_empty() { vec![terms.least.max(terms.grid).clamp(1, terms.most)] } else { lengths }
}

/// The length that is offered first: things for half a day, spaces for an hour.
#[must_use]
pub fn usual_length(sort: Sort<'_>, terms: &Terms) -> u32 {
    let usual = if matches!(sort, Sort::Things(_)) { 4 * HOUR } else { HOUR };
    let lengths = lengths(sort, terms);
    lengths.iter().copied().find(|minutes| *minutes == usual).or(lengths.first().copied()).unwrap_or(usual)
}

impl Offer<'_> {
    /// The times of this length that can begin on a day, in order.
    #[must_use]
    pub fn starts(&self, date: NaiveDate, minutes: u32, now: DateTime<Utc>) -> Vec<Time> {
        self.candidates(date, minutes, now).into_iter().filter(|time| self.is_free(*time)).collect()
    }

    /// Those of this length that somebody else has, in order: they can be waited for.
    #[must_use]
    pub fn taken(&self, date: NaiveDate, minutes: u32, now: DateTime<Utc>) -> Vec<Time> {
        self.candidates(date, minutes, now).into_iter().filter(|time| !self.is_free(*time)).collect()
    }

    /// Those that would be offered if nothing was occupied.
    fn candidates(&self, date: NaiveDate, minutes: u32, now: DateTime<Utc>) -> Vec<Time> {
        let step = self.step();
        let length = TimeDelta::minutes(i64::from(minutes));
        let from = |minute: u32| NaiveTime::from_num_seconds_from_midnight_opt(minute * 60, 0);
        let begins = (0..24 * HOUR).step_by(step as usize).filter(|minute| self.is_waking(*minute)).filter_map(from);
        let mut times: Vec<Time> =
            begins.map(|time| self.calendar.instant(date, time)).map(|from| Time { from, to: from + length }).collect();
        // Hours that a change of clocks skips would come twice.
        times.dedup();
        times.retain(|time| self.fits(*time, now));
        times
    }

    /// Things from hour to hour, spaces from half hour to half hour; or as the terms say.
    fn step(&self) -> u32 {
        let usual = if matches!(self.sort, Sort::Things(_)) { HOUR } else { HOUR / 2 };
        let grid = self.terms.grid.clamp(1, 24 * HOUR);
        usual.div_ceil(grid) * grid
    }

    fn is_waking(&self, minute: u32) -> bool {
        !matches!(self.calendar.hours, Hours::AlwaysOpen) || (WAKING.0 * HOUR..=WAKING.1 * HOUR).contains(&minute)
    }

    fn fits(&self, time: Time, now: DateTime<Utc>) -> bool {
        let wish = Wish { starts_at: time.from, ends_at: time.to, quantity: self.units };
        time.from >= now && time_reasons((self.sort, self.calendar, self.terms), &wish, now).is_empty()
    }

    /// Is it free, with what has to follow it?
    #[must_use]
    pub fn is_free(&self, time: Time) -> bool {
        let turnaround = i64::from(self.terms.turnaround) * 60;
        self.timeline.free(time.from.timestamp(), time.to.timestamp() + turnaround) >= i64::from(self.units)
    }

    /// The parts of a day that can be booked whole; of one that has begun, what is left of it from the next full hour.
    #[must_use]
    pub fn parts(&self, date: NaiveDate, now: DateTime<Utc>) -> Vec<(Part, Time)> {
        let at = |hour: u32| NaiveTime::from_hms_opt(hour, 0, 0).map(|time| self.calendar.instant(date, time));
        let sessions = self.calendar.sessions_on(date);
        let within = |part: Part| {
            let (from, to) = part.hours();
            let (from, to) = (at(from)?, at(to)?);
            // A thing is fetched and brought back in opening hours; what closes in between does not matter.
            let open = sessions.iter().map(|(open, _)| *open).find(|open| *open >= from).filter(|_| !self.is_open(from));
            let close = sessions.iter().rev().map(|(_, close)| *close).find(|close| *close <= to && *close > from);
            let close = close.filter(|_| !self.is_open(to - TimeDelta::seconds(1)));
            let time = Time { from: open.unwrap_or(from).max(self.next_hour(now)), to: close.unwrap_or(to) };
            let least = if part == Part::WholeDay { 6 } else { 1 };
            (time.to - time.from >= TimeDelta::hours(least)).then_some((part, time))
        };
        Part::ALL.into_iter().filter_map(within).filter(|(_, time)| self.fits(*time, now) && self.is_free(*time)).collect()
    }

    fn is_open(&self, at: DateTime<Utc>) -> bool {
        self.calendar.is_open_at(at)
    }

    fn next_hour(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let past = now.timestamp().rem_euclid(3_600);
        DateTime::from_timestamp(now.timestamp() + if past == 0 { 0 } else { 3_600 - past }, 0).unwrap_or(now)
    }

    /// How free a day is, for the length that is usual.
    #[must_use]
    pub fn freeness(&self, date: NaiveDate, now: DateTime<Utc>) -> Freeness {
        let all = self.candidates(date, usual_length(self.sort, self.terms), now);
        let free = all.iter().filter(|time| self.is_free(**time)).count();
        match (all.len(), free) {
            (0, _) => Freeness::Closed,
            (_, 0) => Freeness::Full,
            (all, free) if free * 2 < all => Freeness::Few,
            _ => Freeness::Free,
        }
    }

    /// The times that most people come for, from now on: of things the next parts of days, of spaces the first free time in each part of a day.
    #[must_use]
    pub fn suggestions(&self, now: DateTime<Utc>, most: usize) -> Vec<Time> {
        let today = self.calendar.business_date(now);
        let days = (0..14).filter_map(|n| today.checked_add_days(Days::new(n)));
        days.flat_map(|day| self.suggested_on(day, now)).take(most).collect()
    }

    fn suggested_on(&self, date: NaiveDate, now: DateTime<Utc>) -> Vec<Time> {
        if matches!(self.sort, Sort::Things(_)) {
            let parts = self.parts(date, now).into_iter().filter(|(part, _)| matches!(part, Part::Morning | Part::Afternoon));
            return parts.map(|(_, time)| time).collect();
        }
        let starts = self.starts(date, usual_length(self.sort, self.terms), now);
        let hour = |time: &Time| chrono::Timelike::hour(&time.from.with_timezone(&self.calendar.zone));
        let in_part = |from: u32, to: u32| starts.iter().find(|time| (from..to).contains(&hour(time))).copied();
        [(0, 12), (12, 18), (18, 24)].into_iter().filter_map(|(from, to)| in_part(from, to)).collect()
    }

    /// The times of the same length that lie nearest to one that cannot be had, in order.
    #[must_use]
    pub fn nearby(&self, wished: Time, most: usize, now: DateTime<Utc>) -> Vec<Time> {
        let date = self.calendar.business_date(wished.from.max(now));
        let minutes = u32::try_from((wished.to - wished.from).num_minutes()).unwrap_or_default();
        let first = date.pred_opt().unwrap_or(date);
        let mut times: Vec<Time> = first.iter_days().take(9).flat_map(|day| self.starts(day, minutes, now)).collect();
        times.sort_by_key(|time| (time.from - wished.from).num_seconds().abs());
        times.truncate(most);
        times.sort_by_key(|time| time.from);
        times
    }

    /// Times of this length inside free intervals, as near as they come to a wish.
    #[must_use]
    pub fn inside(&self, free: &[Free], wished: Time, now: DateTime<Utc>) -> Vec<Time> {
        let length = wished.to - wished.from;
        let step = i64::from(self.step()) * 60;
        let fit = |free: &Free| {
            let latest = free.to - length;
            let near = wished.from.clamp(free.from, latest.max(free.from));
            let midnight = self.calendar.instant(self.calendar.business_date(near), NaiveTime::MIN);
            let past = (near - midnight).num_seconds() % step;
            let down = near - TimeDelta::seconds(past);
            let up = if past == 0 { near } else { down + TimeDelta::seconds(step) };
            let candidates = [up, down, near].map(|from| Time { from, to: from + length });
            candidates
                .into_iter()
                .find(|time| time.from >= free.from && time.to <= free.to && self.fits(*time, now) && self.is_free(*time))
        };
        let mut times: Vec<Time> = free.iter().filter_map(fit).collect();
        times.dedup();
        times
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::terms::preset;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(&format!("{text}:00+08:00")).unwrap().to_utc()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn calendar(hours: Option<&str>) -> Calendar {
        Calendar {
            zone: chrono_tz::Asia::Shanghai,
            hours: hours.map_or(Hours::AlwaysOpen, |hours| Hours::Weekly(serde_json::from_str(hours).unwrap())),
            follows_public_holidays: false,
            closures: Vec::new(),
        }
    }

    const OFFICE: &str = r#"{"mon":[["09:00","12:00"],["14:00","18:00"]],"tue":[["09:00","17:00"]]}"#;

    fn times(times: &[Time]) -> Vec<(String, String)> {
        let said = |at: DateTime<Utc>| at.with_timezone(&chrono_tz::Asia::Shanghai).format("%d %H:%M").to_string();
        times.iter().map(|time| (said(time.from), said(time.to))).collect()
    }

    #[test]
    fn a_room_is_offered_while_its_place_is_open_and_it_is_free_with_its_turnaround() {
        let (calendar, terms) = (calendar(Some(OFFICE)), preset(Sort::Space));
        // Taken from ten to half past ten; ten minutes to air it.
        let busy = (at("2026-11-23T10:00").timestamp(), at("2026-11-23T10:40").timestamp(), 1);
        let timeline = Timeline::from_spans(1, [busy]);
        let offer = Offer { sort: Sort::Space, calendar: &calendar, terms: &terms, timeline: &timeline, units: 1 };
        let starts = offer.starts(day("2026-11-23"), 60, at("2026-11-23T08:10"));
        let starts: Vec<_> = times(&starts).into_iter().map(|(from, _)| from).collect();
        assert_eq!(starts, ["23 11:00", "23 14:00", "23 14:30", "23 15:00", "23 15:30", "23 16:00", "23 16:30", "23 17:00"]);
        assert!(offer.starts(day("2026-11-25"), 60, at("2026-11-23T08:10")).is_empty(), "closed on Wednesdays");
        assert_eq!(offer.freeness(day("2026-11-23"), at("2026-11-23T08:10")), Freeness::Free);
        assert_eq!(offer.freeness(day("2026-11-25"), at("2026-11-23T08:10")), Freeness::Closed);
        assert_eq!(offer.freeness(day("2026-11-23"), at("2026-11-23T19:00")), Freeness::Closed);
    }

    #[test]
    fn a_day_fills_up() {
        let (calendar, terms) = (calendar(Some(OFFICE)), preset(Sort::Space));
        let now = at("2026-11-23T08:00");
        let freeness = |from: &str, to: &str| {
            let timeline = Timeline::from_spans(1, [(at(from).timestamp(), at(to).timestamp(), 1)]);
            let offer = Offer { sort: Sort::Space, calendar: &calendar, terms: &terms, timeline: &timeline, units: 1 };
            offer.freeness(day("2026-11-24"), now)
        };
        assert_eq!(freeness("2026-11-24T09:00", "2026-11-24T10:00"), Freeness::Free);
        assert_eq!(freeness("2026-11-24T09:00", "2026-11-24T15:00"), Freeness::Few);
        assert_eq!(freeness("2026-11-24T09:00", "2026-11-24T17:00"), Freeness::Full);
    }

    #[test]
    fn a_wheelchair_is_offered_by_parts_of_the_day() {
        let (always, sort) = (calendar(None), Sort::Things("mobility"));
        let (terms, timeline) = (preset(sort), Timeline::from_spans(1, []));
        let offer = Offer { sort, calendar: &always, terms: &terms, timeline: &timeline, units: 1 };
        let today = offer.parts(day("2026-11-23"), at("2026-11-23T14:20"));
        assert_eq!(today.iter().map(|(part, _)| *part).collect::<Vec<_>>(), [Part::Afternoon, Part::Evening]);
        let suggested = times(&offer.suggestions(at("2026-11-23T14:20"), 3));
        let expected = [("23 15:00", "23 17:00"), ("24 08:00", "24 12:00"), ("24 13:00", "24 17:00")];
        assert_eq!(suggested, expected.map(|(from, to)| (from.to_owned(), to.to_owned())));
        // Where the station keeps hours, a part is what lies between fetching and bringing back.
        let office = calendar(Some(OFFICE));
        let offer = Offer { calendar: &office, ..offer };
        let monday: Vec<_> = offer.parts(day("2026-11-23"), at("2026-11-23T07:00"));
        assert_eq!(monday[0].1, Time { from: at("2026-11-23T09:00"), to: at("2026-11-23T12:00") });
        assert_eq!(monday[1].1, Time { from: at("2026-11-23T14:00"), to: at("2026-11-23T17:00") });
        assert_eq!(monday[2], (Part::WholeDay, Time { from: at("2026-11-23T09:00"), to: at("2026-11-23T18:00") }));
    }

    #[test]
    fn what_is_offered_instead_lies_in_what_is_free_and_on_the_hour() {
        let (always, sort) = (calendar(None), Sort::Things("tool"));
        let (terms, timeline) = (preset(sort), Timeline::from_spans(1, []));
        let offer = Offer { sort, calendar: &always, terms: &terms, timeline: &timeline, units: 1 };
        let wished = Time { from: at("2026-11-24T10:00"), to: at("2026-11-24T12:00") };
        let free = [
            Free { from: at("2026-11-23T08:00"), to: at("2026-11-24T09:10") },
            Free { from: at("2026-11-24T13:15"), to: at("2026-11-26T00:00") },
            Free { from: at("2026-11-27T10:15"), to: at("2026-11-27T12:20") },
        ];
        let expected = [("24 07:00", "24 09:00"), ("24 14:00", "24 16:00"), ("27 10:15", "27 12:15")];
        let got = times(&offer.inside(&free, wished, at("2026-11-23T07:00")));
        assert_eq!(got, expected.map(|(from, to)| (from.to_owned(), to.to_owned())));
    }

    #[test]
    fn what_lies_nearest_is_offered_in_order() {
        let (always, terms) = (calendar(None), preset(Sort::Space));
        let busy = (at("2026-11-24T09:00").timestamp(), at("2026-11-24T11:00").timestamp(), 1);
        let timeline = Timeline::from_spans(1, [busy]);
        let offer = Offer { sort: Sort::Space, calendar: &always, terms: &terms, timeline: &timeline, units: 1 };
        let wished = Time { from: at("2026-11-24T10:00"), to: at("2026-11-24T11:00") };
        let near = times(&offer.nearby(wished, 3, at("2026-11-23T07:00")));
        let expected = [("24 11:00", "24 12:00"), ("24 11:30", "24 12:30"), ("24 12:00", "24 13:00")];
        assert_eq!(near, expected.map(|(from, to)| (from.to_owned(), to.to_owned())));
    }

    #[test]
    fn lengths_keep_to_the_terms() {
        let space = preset(Sort::Space);
        assert_eq!(lengths(Sort::Space, &space), [30, 60, 120, 180, 240, 480]);
        assert_eq!(lengths(Sort::Space, &Terms { least: 60, most: 120, grid: 60, ..space.clone() }), [60, 120]);
        assert_eq!(lengths(Sort::Space, &Terms { least: 45, most: 50, grid: 45, ..space.clone() }), [45]);
        assert_eq!(usual_length(Sort::Space, &space), 60);
        assert_eq!(usual_length(Sort::Things("tool"), &preset(Sort::Things("tool"))), 240);
    }
}
