//! Series: those there are, and one with its report: which days were made, which were skipped and why; a day is tried again, the rest
//! is ended.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use chrono::NaiveDate;
use entity::{ids::SeriesId, series};
use serde::Deserialize;

use super::{Kept, Notes, given, keep, keep_sent, to};
use crate::{
    desk::{self, series as verbs},
    pages::{booked::Things, frame::Frame, sent::Sent, visitor::Visitor},
    speech::{
        self,
        texts::{KeeperBookings, Series as T},
    },
    store,
    view::SeriesDayView,
};

/// So many on one page.
const PAGE: u64 = 30;

#[derive(Template)]
#[template(path = "keeper/bookings/series.html")]
struct SeriesPage {
    frame: Frame,
    station: String,
    rows: Vec<Row>,
    /// The last one shown, if there may be more.
    more: Option<SeriesId>,
}

/// One series in words.
struct Row {
    id: SeriesId,
    picture: &'static str,
    name: String,
    rhythm: String,
    ended: bool,
}

#[derive(Template)]
#[template(path = "keeper/bookings/series_one.html")]
struct OnePage {
    frame: Frame,
    station: String,
    notes: Notes,
    row: Row,
    report: Report,
}

/// Which days were made and which were skipped.
pub(super) struct Report {
    /// The day, and where it is looked at.
    pub(super) made: Vec<(String, Option<String>)>,
    /// The day as it is sent, in words, and why.
    pub(super) skipped: Vec<(NaiveDate, String, Vec<String>)>,
}

impl Report {
    pub(super) fn of(frame: &Frame, station: &str, days: &[SeriesDayView]) -> Self {
        let mut report = Self { made: Vec::new(), skipped: Vec::new() };
        for day in days {
            let said = frame.words(&speech::day(day.day));
            match (day.session_id, day.booking_id) {
                (Some(id), _) => report.made.push((said, Some(format!("/staff/{station}/sessions/{id}")))),
                (None, Some(id)) => report.made.push((said, Some(format!("/staff/{station}/bookings/{id}")))),
                (None, None) => {
                    let why = day.reasons.iter().map(|no| frame.words(&speech::Words::new(&no.zh, &no.en)));
                    report.skipped.push((day.day, said, why.collect()));
                }
            }
        }
        report
    }

    /// Of what was only tried: there is nothing to look at yet.
    pub(super) fn tried(frame: &Frame, station: &str, days: &[SeriesDayView]) -> Self {
        let mut report = Self::of(frame, station, days);
        report.made.iter_mut().for_each(|(_, to)| *to = None);
        report
    }
}

/// From where on, and what has just been done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    after: Option<SeriesId>,
    done: String,
}

/// Shows them.
pub(super) async fn list(visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    let kept = match keep(visitor, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    match read(&kept, asked.after).await {
        Ok((rows, more)) => {
            let (frame, station) = (kept.frame.clone(), kept.station.code.clone());
            kept.frame.page(StatusCode::OK, &SeriesPage { frame, station, rows, more })
        }
        Err(error) => kept.trouble(&error),
    }
}

async fn read(kept: &Kept, after: Option<SeriesId>) -> desk::Result<(Vec<Row>, Option<SeriesId>)> {
    let all = store::series::list(kept.desk.app.db.read(), (None, Some(kept.station.id)), after, PAGE).await?;
    let more = all.last().map(|row| row.id).filter(|_| all.len() as u64 == PAGE);
    let things = Things::repeated(&kept.desk, &all).await?;
    Ok((all.iter().map(|row| line(kept, &things, row)).collect(), more))
}

fn line(kept: &Kept, things: &Things, row: &series::Model) -> Row {
    let (_, of) = things.named(&kept.frame, row.wish.kind_id, row.wish.space_id, None);
    Row {
        id: row.id,
        picture: if row.name.is_some() { "🩺" } else { "🔁" },
        name: match (&row.name, of.is_empty(), &row.wish.purpose) {
            (Some(name), ..) => name.clone(),
            (None, false, Some(purpose)) => format!("{of} · {purpose}"),
            (None, ..) => of,
        },
        rhythm: rhythm(&kept.frame, row),
        ended: row.ended_at.is_some(),
    }
}

/// 每周二 09:00–10:30，11月24日 到 12月29日.
fn rhythm(frame: &Frame, row: &series::Model) -> String {
    let (first, last) = (frame.words(&speech::day(row.rule.first_day)), frame.words(&speech::day(row.rule.last_day)));
    let until = row.wish.from + chrono::TimeDelta::minutes(row.wish.minutes.into());
    let hours = format!("{}–{}", row.wish.from.format("%H:%M"), until.format("%H:%M"));
    format!("{} {hours} · {}", frame.words(&speech::rhythm(&row.rule.every)), frame.say2(T::Between, first, last))
}

/// Shows one.
pub(super) async fn show(visitor: Visitor, Path((code, id)): Path<(String, String)>, Query(asked): Query<Asked>) -> Response {
    let kept = match keep(visitor, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let done = match asked.done.as_str() {
        "made" => Some(kept.frame.say(T::DoneMade)),
        "day" => Some(kept.frame.say(T::DoneDay)),
        "ended" => Some(kept.frame.say(T::DoneEnded)),
        _ => None,
    };
    render(&kept, &id, StatusCode::OK, Notes::done(done)).await
}

async fn render(kept: &Kept, id: &str, status: StatusCode, notes: Notes) -> Response {
    match read_one(kept, id).await {
        Ok((row, report)) => {
            let (frame, station) = (kept.frame.clone(), kept.station.code.clone());
            kept.frame.page(status, &OnePage { frame, station, notes, row, report })
        }
        Err(error) => kept.trouble(&error),
    }
}

/// The series, where it is one of this station.
async fn find(kept: &Kept, id: &str) -> desk::Result<series::Model> {
    let id: SeriesId = id.parse().map_err(|_| desk::Error::NotFound("series"))?;
    let row = store::series::find(kept.desk.app.db.read(), id).await?;
    row.filter(|row| row.station_id == kept.station.id).ok_or(desk::Error::NotFound("series"))
}

async fn read_one(kept: &Kept, id: &str) -> desk::Result<(Row, Report)> {
    let row = find(kept, id).await?;
    let days = store::series::list_days(kept.desk.app.db.read(), row.id).await?;
    let days: Vec<SeriesDayView> = days.iter().map(verbs::shown).collect();
    let things = Things::repeated(&kept.desk, std::slice::from_ref(&row)).await?;
    Ok((line(kept, &things, &row), Report::of(&kept.frame, &kept.station.code, &days)))
}

/// A day that was skipped.
#[derive(Debug, Deserialize)]
pub(super) struct DayForm {
    day: NaiveDate,
}

/// Tries it again.
pub(super) async fn try_day(Path((code, id)): Path<(String, String)>, sent: Sent<DayForm>) -> Response {
    let (kept, desk, form) = match keep_sent(sent, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let ended = match find(&kept, &id).await {
        Ok(row) => desk::answer(desk, (row.id, form.day), verbs::try_again).await,
        Err(error) => Err(error),
    };
    match ended {
        Ok(_) => to(&kept.station, &format!("series/{id}?done=day")),
        Err(error) => not_done(&kept, &id, &error).await,
    }
}

/// Why.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WhyForm {
    reason: String,
}

/// Ends what is left of it.
pub(super) async fn end(Path((code, id)): Path<(String, String)>, sent: Sent<WhyForm>) -> Response {
    let (kept, desk, form) = match keep_sent(sent, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let ended = match find(&kept, &id).await {
        Ok(row) => desk::answer(desk, (row.id, given(&form.reason)), verbs::cancel).await,
        Err(error) => Err(error),
    };
    match ended {
        Ok(_) => to(&kept.station, &format!("series/{id}?done=ended")),
        Err(error) => not_done(&kept, &id, &error).await,
    }
}

async fn not_done(kept: &Kept, id: &str, error: &desk::Error) -> Response {
    let (status, reasons) = kept.frame.said(error);
    render(kept, id, status, Notes::no(reasons)).await
}
