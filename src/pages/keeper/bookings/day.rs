//! A day of the station: what is taken when, as a picture, and as a table behind it.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use chrono::{DateTime, NaiveDate, NaiveTime, Timelike};
use serde::Deserialize;

use super::{
    Kept, keep,
    list::{Coming, People},
};
use crate::{
    desk::{
        self,
        bookings::{
            availability::all_at,
            bookable::{Bookable, Subject},
        },
    },
    pages::{
        booked::{Things, name_of, picture_of},
        frame::Frame,
        plot::{Stretch, day},
        visitor::Visitor,
    },
    rules::availability::{Spell, Timeline},
    speech::{self, texts::KeeperBookings as T},
    store::{
        self,
        bookings::{Wanted, Whose},
    },
};

/// The most bookings on the page.
const MOST: u64 = 300;

#[derive(Template)]
#[template(path = "keeper/bookings/day.html")]
struct DayPage {
    frame: Frame,
    station: String,
    date: String,
    before: NaiveDate,
    after: NaiveDate,
    plot: Option<String>,
    rows: Vec<Row>,
    bookings: Vec<Coming>,
}

/// What is free of one thing over the day.
struct Row {
    name: String,
    /// From when until when, how many are free, of how many.
    spells: Vec<(String, i64, i64)>,
    stretches: Vec<Stretch>,
}

/// Which day.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    day: Option<NaiveDate>,
}

/// Shows it.
pub(super) async fn show(visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    let kept = match keep(visitor, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    match read(&kept, asked.day).await {
        Ok(page) => kept.frame.page(StatusCode::OK, &page),
        Err(error) => kept.trouble(&error),
    }
}

async fn read(kept: &Kept, asked: Option<NaiveDate>) -> desk::Result<DayPage> {
    let (desk, frame, zone) = (&kept.desk, &kept.frame, kept.station.zone());
    let today = desk.now().with_timezone(&zone).date_naive();
    let date = asked.unwrap_or(today);
    let (before, after) = (date.pred_opt().unwrap_or(date), date.succ_opt().unwrap_or(date));
    let midnight = |day: NaiveDate| {
        let local = chrono::TimeZone::from_local_datetime(&zone, &day.and_time(NaiveTime::MIN)).earliest();
        local.map_or(desk.now(), |at| at.to_utc())
    };
    let (from, to) = (midnight(date), midnight(after));
    let all = all_at(desk, &kept.station.code, from, to).await?;
    let rows: Vec<Row> =
        all.iter().filter_map(|(subject, line)| row(kept, subject, line, (from.timestamp(), to.timestamp()))).collect();
    let said = frame.words(&speech::day(date));
    let drawn: Vec<(String, Vec<Stretch>)> = rows.iter().map(|row| (row.name.clone(), row.stretches.clone())).collect();
    let plot = (!drawn.is_empty()).then(|| day(frame.say1(T::PlotLabel, &said), hours(&drawn), &drawn).svg());
    let wanted = Wanted { open: Some(true), from: Some(from), to: Some(to), ..Wanted::default() };
    let booked =
        store::bookings::list_by_start(desk.app.db.read(), &Whose::Stations(vec![kept.station.id]), wanted, MOST).await?;
    let (people, things) = (People::of(desk, &booked).await?, Things::of(desk, &booked).await?);
    let bookings = booked.iter().map(|row| people.coming(desk, frame, &things, row)).filter(|coming| coming.line.open).collect();
    Ok(DayPage { frame: frame.clone(), station: kept.station.code.clone(), date: said, before, after, plot, rows, bookings })
}

/// A thing of which something is taken that day; spaces always.
fn row(kept: &Kept, subject: &Bookable, timeline: &Timeline, (from, to): (i64, i64)) -> Option<Row> {
    let capacity = timeline.capacity();
    let spells: Vec<Spell> = timeline.spells(from, to).collect();
    let taken = spells.iter().any(|spell| spell.free < capacity);
    let shown = match &subject.subject {
        Subject::Things(_) => taken,
        Subject::Space(_) => true,
        // Its own time says when it is; its seats are on its own page.
        Subject::Occasion(_) => false,
    };
    let minute = |at: i64| (at - from) / 60;
    let class = |spell: &Spell| match spell.free {
        free if free < 0 => "mark bad",
        0 => "mark full",
        _ => "mark some",
    };
    let hour = |at: i64, ends| {
        let at = DateTime::from_timestamp(at, 0).unwrap_or_default();
        if ends && at.timestamp() == to { "24:00".to_owned() } else { speech::clock_time(at, kept.station.zone(), ends) }
    };
    shown.then(|| Row {
        name: format!("{} {}", picture_of(subject), name_of(&kept.frame, subject)),
        stretches: spells.iter().filter(|s| s.free < capacity).map(|s| (minute(s.from), minute(s.to), class(s))).collect(),
        spells: if taken {
            spells.iter().map(|s| (format!("{}–{}", hour(s.from, false), hour(s.to, true)), s.free, capacity)).collect()
        } else {
            Vec::new()
        },
    })
}

/// From the first hour that matters to the last.
fn hours(rows: &[(String, Vec<Stretch>)]) -> (i64, i64) {
    let all = rows.iter().flat_map(|(_, stretches)| stretches).filter(|(from, to, _)| to - from < 24 * 60);
    let (first, last) = all.fold((8 * 60, 20 * 60), |(first, last), (from, to, _)| (first.min(*from), last.max(*to)));
    (first / 60, i64::from(NaiveTime::MIN.hour()) + (last + 59) / 60)
}
