//! The last look before it is booked: what, where, from when until when, and the rules that matter.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use serde::Deserialize;

use super::{chosen::Chosen, times::OwnTime};
use crate::{
    desk::bookings::bookable::Subject,
    pages::{
        booked::{name_of, picture_of},
        frame::Frame,
        visitor::Visitor,
    },
    rules::{
        booking::released_at,
        offered_times::Time,
        refusal::{Free, Refusal},
    },
    speech::{
        self,
        texts::{Booking as T, Queue},
    },
};

/// How many other times are offered.
const OTHERS: usize = 4;

#[derive(Template)]
#[template(path = "resident/booking/sure.html")]
struct SurePage {
    frame: Frame,
    picture: String,
    name: String,
    place: String,
    when: String,
    lasts: String,
    note: Option<String>,
    rules: Vec<String>,
    reasons: Vec<String>,
    free: bool,
    /// Other times: from, until, and how that is said.
    instead: Vec<(String, String, String)>,
    path: String,
    back: String,
    /// Where one signs in, if one must.
    sign_in: Option<String>,
    /// From and until, as they are sent; none for an occasion, which has its own.
    time: Option<(String, String)>,
    units: u32,
    most_units: u32,
    /// Where one waits for it.
    wait: Option<String>,
    change: Option<String>,
    approval: bool,
    for_other: bool,
    typed: Typed,
    own: OwnTime,
}

/// What was typed beyond the time.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    pub(super) purpose: String,
    pub(super) phone: String,
    pub(super) name: String,
    pub(super) reason: String,
}

/// Why it was not done.
#[derive(Default)]
pub(super) struct No {
    pub(super) reasons: Vec<String>,
    /// What is free instead, where that was the reason.
    pub(super) free: Option<Vec<Free>>,
}

impl No {
    /// The reasons of the desk.
    pub(super) fn of(frame: &Frame, refusals: &[Refusal]) -> Self {
        let free = refusals.iter().find_map(|no| if let Refusal::NoneFree { free } = no { Some(free.clone()) } else { None });
        Self { reasons: refusals.iter().map(|no| frame.words(&speech::refusal(no))).collect(), free }
    }
}

/// Shows it.
pub(super) fn render(visitor: &Visitor, chosen: &Chosen, time: Time, status: StatusCode, typed: Typed, no: No) -> Response {
    let (frame, subject) = (&visitor.frame, &chosen.subject);
    let occasion = if let Subject::Occasion(occasion) = &subject.subject { Some(occasion) } else { None };
    let free = no.free.is_none() && chosen.offer().is_free(time);
    let mut reasons = no.reasons;
    reasons.extend(subject.closed(chosen.now).iter().map(|no| frame.words(&speech::refusal(no))));
    reasons.dedup();
    let page = SurePage {
        picture: picture_of(subject),
        name: name_of(frame, subject),
        place: place(chosen),
        when: frame.words(&speech::span(time.from, time.to, chosen.zone)),
        lasts: frame.words(&speech::lasting(time.from, time.to)),
        note: occasion.and_then(|occasion| occasion.note.clone()),
        rules: rules(frame, chosen, time),
        instead: if free || occasion.is_some() {
            Vec::new()
        } else {
            instead(frame, chosen, time, no.free.as_deref().unwrap_or_default())
        },
        wait: chosen.way_to_wait(Some(time)).filter(|_| !free),
        free,
        reasons,
        path: chosen.path(),
        back: if occasion.is_some() { format!("/stations/{}/book", subject.station.code) } else { chosen.way("") },
        sign_in: (!frame.signed_in).then(|| chosen.way_to_sign_in(occasion.is_none().then_some(time))),
        time: occasion.is_none().then(|| (chosen.stamp(time.from), chosen.stamp(time.to))),
        units: chosen.units,
        most_units: subject.terms.most_units.min(u32::try_from(chosen.timeline.capacity()).unwrap_or(1)).max(1),
        change: chosen.changes.as_ref().map(|row| row.id.to_string()),
        approval: subject.terms.approval,
        for_other: chosen.for_other,
        own: OwnTime::of(chosen, Some(time)),
        frame: frame.clone(),
        typed,
    };
    frame.page(status, &page)
}

fn place(chosen: &Chosen) -> String {
    let station = &chosen.subject.station;
    station.place.as_ref().map_or_else(|| station.name.clone(), |place| format!("{}（{place}）", station.name))
}

fn instead(frame: &Frame, chosen: &Chosen, time: Time, free: &[Free]) -> Vec<(String, String, String)> {
    let offer = chosen.offer();
    let mut times = offer.inside(free, time, chosen.now);
    if times.is_empty() {
        times = offer.nearby(time, OTHERS, chosen.now);
    }
    times.truncate(OTHERS);
    let said = |time: Time| frame.words(&speech::span(time.from, time.to, chosen.zone));
    times.into_iter().map(|time| (chosen.stamp(time.from), chosen.stamp(time.to), said(time))).collect()
}

/// The rules that matter to whoever comes.
fn rules(frame: &Frame, chosen: &Chosen, time: Time) -> Vec<String> {
    let terms = &chosen.subject.terms;
    let minutes = |n: u32| chrono::TimeDelta::minutes(i64::from(n));
    let said = |at| frame.day_and_time(at, chosen.zone);
    let mut lines = Vec::new();
    if terms.approval && !chosen.for_other {
        lines.push(frame.say(T::ApprovalNeeded).to_owned());
    }
    lines.push(frame.say1(T::EarlyFrom, said(time.from - minutes(terms.early))));
    if let Some(released) = released_at(terms, (time.from, time.to), &chosen.subject.calendar, chosen.now) {
        lines.push(frame.say1(T::ReleasedAt, said(released)));
    }
    lines.push(match terms.cancel_until {
        0 => frame.say(T::CancelAny).to_owned(),
        until => frame.say1(T::CancelUntil, said(time.from - minutes(until))),
    });
    if terms.strikes > 0 && terms.no_show_after.is_some() {
        lines.push(frame.say1(T::MissedPause, terms.strikes));
    }
    lines
}
