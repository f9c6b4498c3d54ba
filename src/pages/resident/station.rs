//! A station, seen by a resident: is it open, what is here now, how does one borrow.

use std::collections::BTreeSet;

use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use chrono::Weekday;
use entity::{ids::KindId, station::Hours};

use super::booking;
use crate::{
    desk::{self, Desk},
    pages::{booked, frame::Frame, trouble, visitor::Visitor},
    speech::{
        self, Words,
        texts::{Booking, Find as T, Queue},
    },
    view::PlaceView,
};

#[derive(Template)]
#[template(path = "resident/station.html")]
struct StationPage {
    frame: Frame,
    place: PlaceView,
    opening: String,
    hours: Vec<(String, String)>,
    groups: Vec<Group>,
    /// It has something to take for good.
    takes: bool,
    /// What whoever looks has booked here, and can check in to now.
    booked: Vec<booked::Line>,
}

/// What is here of a category.
struct Group {
    name: String,
    lines: Vec<Line>,
}

/// What is here of a kind.
struct Line {
    name: String,
    picture: String,
    on_shelf: i64,
    /// Where it is booked ahead.
    to_book: Option<String>,
}

/// Shows a station.
pub(super) async fn show(visitor: Visitor, Path(code): Path<String>) -> Response {
    let Visitor { desk, frame } = visitor;
    match read(&desk, &frame, &code).await {
        Ok(page) => frame.page(StatusCode::OK, &page),
        Err(error) => trouble::page(&frame, &error),
    }
}

async fn read(desk: &Desk, frame: &Frame, code: &str) -> desk::Result<StationPage> {
    let place = desk::offers::at(desk, code).await?;
    let takes = !desk::stock::shelf::shelf(desk, desk.app.db.read(), code).await?.is_empty();
    let kinds: Vec<KindId> = place.offers.iter().map(|offer| offer.kind.id.into()).collect();
    let bookable = desk::bookings::availability::bookable_kinds(desk, place.station.id.into(), &kinds).await?;
    Ok(StationPage {
        opening: opening(frame, desk, &place),
        hours: hours(frame, &place.station.hours),
        groups: groups(frame, &place, &bookable),
        booked: booking::mine::here_now(desk, frame, place.station.id).await?,
        takes,
        frame: frame.clone(),
        place,
    })
}

/// Whether a station is open, and when that changes.
pub(super) fn opening(frame: &Frame, desk: &Desk, place: &PlaceView) -> String {
    let zone = place.station.time_zone.parse().unwrap_or(chrono_tz::Asia::Shanghai);
    frame.words(&speech::opening(place.open, place.until, desk.now(), zone))
}

fn groups(frame: &Frame, place: &PlaceView, bookable: &BTreeSet<KindId>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for offer in &place.offers {
        let (name, picture) = speech::category(&offer.kind.category);
        let name = frame.words(&name);
        let line = Line {
            name: frame.name(&offer.kind.name, offer.kind.name_en.as_deref()).to_owned(),
            picture: offer.kind.emoji.clone().unwrap_or_else(|| picture.to_owned()),
            on_shelf: offer.on_shelf,
            to_book: bookable
                .contains(&offer.kind.id.into())
                .then(|| format!("/stations/{}/book/thing/{}", place.station.code, offer.kind.id)),
        };
        match groups.iter_mut().find(|group| group.name == name) {
            Some(group) => group.lines.push(line),
            None => groups.push(Group { name, lines: vec![line] }),
        }
    }
    groups
}

/// The hours of the week, days with the same hours together.
fn hours(frame: &Frame, hours: &Hours) -> Vec<(String, String)> {
    let Hours::Weekly(week) = hours else { return Vec::new() };
    let days = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
    let said = |day: Weekday| {
        let spans = week.on(day).iter().map(|session| {
            let to = session.to().map_or_else(|| "24:00".to_owned(), |to| to.format("%H:%M").to_string());
            format!("{}–{to}", session.from().format("%H:%M"))
        });
        spans.collect::<Vec<_>>().join(" ")
    };
    let mut runs: Vec<(Weekday, Weekday, String)> = Vec::new();
    for day in days {
        match runs.last_mut() {
            Some((_, last, hours)) if *hours == said(day) => *last = day,
            _ => runs.push((day, day, said(day))),
        }
    }
    let named = |first: Weekday, last: Weekday| match (first, last) {
        (Weekday::Mon, Weekday::Sun) => frame.say(T::Every).to_owned(),
        (first, last) if first == last => frame.words(&weekday(first)),
        (first, last) => format!("{}–{}", frame.words(&weekday(first)), frame.words(&weekday(last))),
    };
    runs.into_iter().filter(|(_, _, hours)| !hours.is_empty()).map(|(first, last, hours)| (named(first, last), hours)).collect()
}

fn weekday(day: Weekday) -> Words {
    let zh = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"][day.num_days_from_monday() as usize];
    Words::new(zh, day.to_string())
}
