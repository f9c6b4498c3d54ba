//! What can be booked at a station: sessions that come, spaces, things.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use chrono::TimeDelta;

use super::chosen::Choice;
use crate::{
    desk::{
        self, Desk,
        bookings::{
            availability::all_at,
            bookable::{Bookable, Subject},
        },
    },
    pages::{
        booked::{address_of, name_of, picture_of},
        frame::Frame,
        trouble,
        visitor::Visitor,
    },
    rules::{availability::Timeline, offered_times::Offer},
    speech::{self, texts::Booking as T},
};

/// How far ahead sessions are shown.
const AHEAD: TimeDelta = TimeDelta::days(30);

#[derive(Template)]
#[template(path = "resident/booking/offers.html")]
struct OffersPage {
    frame: Frame,
    station: String,
    /// A keeper books for somebody.
    for_other: bool,
    sessions: Vec<Line>,
    spaces: Vec<Line>,
    /// Things by category.
    groups: Vec<(String, Vec<Line>)>,
}

/// Something that can be booked.
struct Line {
    to: String,
    picture: String,
    name: String,
    /// When it is, or when it is free next.
    when: String,
    note: String,
    /// What is left of it, with the colour and the sign of that.
    left: Option<(&'static str, String)>,
}

/// Shows it.
pub(super) async fn show(mut visitor: Visitor, Path(code): Path<String>, Query(choice): Query<Choice>) -> Response {
    match read(&mut visitor, &code, &choice).await {
        Ok(page) => visitor.frame.page(StatusCode::OK, &page),
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

async fn read(visitor: &mut Visitor, code: &str, choice: &Choice) -> desk::Result<OffersPage> {
    let now = visitor.desk.now();
    let place = desk::offers::at(&visitor.desk, code).await?;
    visitor.frame.place = Some(place.station.name);
    let all = all_at(&visitor.desk, code, now, now + AHEAD).await?;
    let for_other = choice.whom == "other" && all.first().is_some_and(|(s, _)| visitor.desk.actor.keeper_of(&s.station).is_ok());
    let mut open: Vec<_> = all
        .iter()
        .filter(|(subject, line)| subject.terms.bookable && subject.closed(now).is_empty() && line.capacity() > 0)
        .collect();
    // What is kept for those who have booked is what people come to book: wheelchairs before umbrellas.
    open.sort_by_key(|(subject, _)| subject.terms.protect == 0);
    let frame = &visitor.frame;
    let mut page = OffersPage {
        frame: frame.clone(),
        station: code.to_owned(),
        for_other,
        sessions: Vec::new(),
        spaces: Vec::new(),
        groups: Vec::new(),
    };
    for (subject, timeline) in open {
        let line = line(&visitor.desk, frame, (subject, timeline), for_other);
        match &subject.subject {
            Subject::Occasion(_) => page.sessions.push(line),
            Subject::Space(space) => {
                let whole =
                    space.part_of.and_then(|id| all.iter().find(|(s, _)| matches!(&s.subject, Subject::Space(s) if s.id == id)));
                let note = whole.map(|(whole, _)| frame.say1(T::PartOf, name_of(frame, whole)));
                page.spaces.push(Line { note: note.unwrap_or(line.note), ..line });
            }
            Subject::Things(kind) => {
                let group = frame.words(&speech::category(&kind.category).0);
                match page.groups.iter_mut().find(|(name, _)| *name == group) {
                    Some((_, lines)) => lines.push(line),
                    None => page.groups.push((group, vec![line])),
                }
            }
        }
    }
    Ok(page)
}

fn line(desk: &Desk, frame: &Frame, (subject, timeline): (&Bookable, &Timeline), for_other: bool) -> Line {
    let (now, zone) = (desk.now(), subject.station.zone());
    let offer = Offer { sort: subject.sort(), calendar: &subject.calendar, terms: &subject.terms, timeline, units: 1 };
    let (when, note, left) = match &subject.subject {
        Subject::Occasion(occasion) => {
            let left = timeline.free(occasion.starts_at.timestamp(), occasion.ends_at.timestamp()).max(0);
            let said = if left > 0 {
                ("good", format!("✓ {}", frame.say1(T::SeatsLeft, left)))
            } else {
                ("out", format!("● {}", frame.say(T::FullyBooked)))
            };
            let when = frame.words(&speech::span(occasion.starts_at, occasion.ends_at, zone));
            (when, occasion.note.clone().unwrap_or_default(), Some(said))
        }
        other => {
            let seats = if let Subject::Space(space) = other { space.seats } else { None };
            let next = offer.suggestions(now, 1).pop();
            let when = next.map(|time| frame.words(&speech::span(time.from, time.to, zone))).unwrap_or_default();
            let full = when.is_empty().then(|| ("out", format!("● {}", frame.say(T::FullyBooked))));
            (when, seats.map(|seats| frame.say1(T::Seats, seats)).unwrap_or_default(), full)
        }
    };
    let whom = if for_other { "?whom=other" } else { "" };
    Line {
        to: format!("/stations/{}/book/{}{whom}", subject.station.code, address_of(subject)),
        picture: picture_of(subject),
        name: name_of(frame, subject),
        when,
        note,
        left,
    }
}
