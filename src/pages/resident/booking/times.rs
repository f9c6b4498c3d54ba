//! Which day, and what time of it.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use chrono::{Days, NaiveDate};

use super::{
    chosen::{Choice, Chosen, open},
    sure,
};
use crate::{
    pages::{
        booked::{name_of, picture_of},
        frame::Frame,
        trouble,
        visitor::Visitor,
    },
    rules::{
        offered_times::{Freeness, Part, Time, lengths, usual_length},
        terms::Sort,
    },
    speech::{
        self,
        texts::{Booking as T, Queue},
    },
};

/// How many days are shown.
const DAYS: u64 = 14;

#[derive(Template)]
#[template(path = "resident/booking/days.html")]
struct DaysPage {
    frame: Frame,
    back: String,
    picture: String,
    name: String,
    changing: bool,
    reasons: Vec<String>,
    /// The next free times: where they lead, the day, the time of day.
    soonest: Vec<(String, String, String)>,
    days: Vec<Day>,
    /// Where one waits for the next one, if there is none now.
    wait: Option<String>,
    own: OwnTime,
}

/// A day to choose.
struct Day {
    /// Where it leads; nowhere if there is nothing to choose on it.
    to: Option<String>,
    name: String,
    date: String,
    class: &'static str,
    words: String,
}

#[derive(Template)]
#[template(path = "resident/booking/times.html")]
struct TimesPage {
    frame: Frame,
    back: String,
    picture: String,
    name: String,
    day: String,
    changing: bool,
    /// Parts of the day: where they lead, what they are called, from when until when.
    parts: Vec<(String, &'static str, String)>,
    /// Lengths: where they lead, in words, and whether it is the chosen one.
    lengths: Vec<(String, String, bool)>,
    /// Beginnings: where they lead, and from when until when.
    starts: Vec<(String, String)>,
    /// Those that are taken: where one waits for them, and from when until when.
    taken: Vec<(String, String)>,
    /// The hours are what is chosen from, or were asked for.
    hours_open: bool,
    before: Option<String>,
    after: String,
    own: OwnTime,
}

/// A form for a time that is not offered.
pub(super) struct OwnTime {
    pub(super) path: String,
    pub(super) units: u32,
    pub(super) change: Option<String>,
    pub(super) whom: bool,
    pub(super) from: String,
    pub(super) to: String,
}

impl OwnTime {
    pub(super) fn of(chosen: &Chosen, time: Option<Time>) -> Self {
        Self {
            path: chosen.path(),
            units: chosen.units,
            change: chosen.changes.as_ref().map(|row| row.id.to_string()),
            whom: chosen.for_other,
            from: time.map(|time| chosen.stamp(time.from)).unwrap_or_default(),
            to: time.map(|time| chosen.stamp(time.to)).unwrap_or_default(),
        }
    }
}

/// Shows what is to be chosen next: the day, the time, or the last look.
pub(super) async fn show(
    mut visitor: Visitor,
    Path((code, sort, id)): Path<(String, String, String)>,
    Query(choice): Query<Choice>,
) -> Response {
    let chosen = match open(&mut visitor, (&code, &sort, &id), &choice).await {
        Ok(chosen) => chosen,
        Err(error) => return trouble::page(&visitor.frame, &error),
    };
    let frame = &visitor.frame;
    match (chosen.time(&choice.from, &choice.to), choice.day) {
        (Ok(Some(time)), _) => sure::render(&visitor, &chosen, time, StatusCode::OK, sure::Typed::default(), sure::No::default()),
        (Ok(None), Some(day)) => frame.page(StatusCode::OK, &times(frame, &chosen, day, choice.length)),
        (Ok(None), None) => frame.page(StatusCode::OK, &days(frame, &chosen, Vec::new())),
        (Err(()), _) => bad_time(frame, &chosen),
    }
}

/// The days again, with what was wrong about the time.
pub(super) fn bad_time(frame: &Frame, chosen: &Chosen) -> Response {
    frame.page(StatusCode::UNPROCESSABLE_ENTITY, &days(frame, chosen, vec![frame.say(T::BadTime).to_owned()]))
}

fn days(frame: &Frame, chosen: &Chosen, mut reasons: Vec<String>) -> DaysPage {
    let (subject, offer, now) = (&chosen.subject, chosen.offer(), chosen.now);
    let today = subject.calendar.business_date(now);
    reasons.extend(subject.closed(now).iter().map(|no| frame.words(&speech::refusal(no))));
    if !subject.terms.bookable {
        reasons.push(frame.say(T::NotOpen).to_owned());
    }
    let soonest = offer.suggestions(now, 3).into_iter().map(|time| {
        let date = subject.calendar.business_date(time.from);
        (chosen.way_to(time), said_day(frame, date, today), hours(chosen, time))
    });
    DaysPage {
        frame: frame.clone(),
        back: format!("/stations/{}/book{}", subject.station.code, if chosen.for_other { "?whom=other" } else { "" }),
        picture: picture_of(subject),
        name: name_of(frame, subject),
        changing: chosen.changes.is_some(),
        soonest: soonest.collect(),
        days: today.iter_days().take(usize::try_from(DAYS).unwrap_or(14)).map(|date| day(frame, chosen, date, today)).collect(),
        wait: chosen.way_to_wait(None).filter(|_| chosen.none_now()),
        own: OwnTime::of(chosen, None),
        reasons,
    }
}

fn said_day(frame: &Frame, date: NaiveDate, today: NaiveDate) -> String {
    format!("{} {}", frame.words(&speech::day_after(date, today)), date.format("%-m/%-d"))
}

fn hours(chosen: &Chosen, time: Time) -> String {
    format!("{}–{}", speech::clock_time(time.from, chosen.zone, false), speech::clock_time(time.to, chosen.zone, true))
}

fn day(frame: &Frame, chosen: &Chosen, date: NaiveDate, today: NaiveDate) -> Day {
    let (class, sign, words, leads) = match chosen.offer().freeness(date, chosen.now) {
        Freeness::Free => ("good", "✓", T::IsFree, true),
        Freeness::Few => ("out", "◐", T::IsFew, true),
        Freeness::Full => ("bad", "✕", T::IsFull, chosen.way_to_wait(None).is_some()),
        Freeness::Closed => ("calm", "–", T::IsClosed, false),
    };
    Day {
        to: leads.then(|| chosen.way(&format!("day={date}"))),
        name: frame.words(&speech::day_after(date, today)),
        date: date.format("%-m/%-d").to_string(),
        class,
        words: format!("{sign} {}", frame.say(words)),
    }
}

fn times(frame: &Frame, chosen: &Chosen, date: NaiveDate, length: Option<u32>) -> TimesPage {
    let (subject, offer, now) = (&chosen.subject, chosen.offer(), chosen.now);
    let all = lengths(subject.sort(), &subject.terms);
    let picked = length.filter(|minutes| all.contains(minutes)).unwrap_or_else(|| usual_length(subject.sort(), &subject.terms));
    let things = matches!(subject.sort(), Sort::Things(_));
    let parts: Vec<_> = if things { offer.parts(date, now) } else { Vec::new() };
    let parts: Vec<_> =
        parts.into_iter().map(|(part, time)| (chosen.way_to(time), frame.say(called(part)), hours(chosen, time))).collect();
    let today = subject.calendar.business_date(now);
    let before = date.pred_opt().filter(|before| *before >= today);
    let wait = |time| Some((chosen.way_to_wait(Some(time))?, hours(chosen, time)));
    let said = |minutes: u32| frame.words(&speech::length(minutes)).trim().to_owned();
    TimesPage {
        frame: frame.clone(),
        back: chosen.way(""),
        picture: picture_of(subject),
        name: name_of(frame, subject),
        day: frame.words(&speech::day(date)),
        changing: chosen.changes.is_some(),
        hours_open: parts.is_empty() || length.is_some(),
        parts,
        lengths: all.iter().map(|m| (chosen.way(&format!("day={date}&length={m}")), said(*m), *m == picked)).collect(),
        starts: offer.starts(date, picked, now).into_iter().map(|time| (chosen.way_to(time), hours(chosen, time))).collect(),
        taken: offer.taken(date, picked, now).into_iter().filter_map(wait).collect(),
        before: before.map(|day| chosen.way(&format!("day={day}"))),
        after: chosen.way(&format!("day={}", date.checked_add_days(Days::new(1)).unwrap_or(date))),
        own: OwnTime::of(chosen, None),
    }
}

fn called(part: Part) -> T {
    match part {
        Part::Morning => T::Morning,
        Part::Afternoon => T::Afternoon,
        Part::Evening => T::Evening,
        Part::WholeDay => T::WholeDay,
    }
}
