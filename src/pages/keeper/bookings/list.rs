//! Who comes today and tomorrow, what waits for a yes, what does not fit.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use entity::{
    booking::{self, State},
    ids::{MemberId, StationId},
    member,
};
use serde::Deserialize;

use super::{Kept, Notes, keep, masked, queue};
use crate::{
    desk::{
        self, Desk,
        bookings::{
            availability::all_at,
            bookable::{Bookable, Subject},
        },
    },
    pages::{
        booked::{Line, Things, name_of, picture_of},
        frame::Frame,
        visitor::Visitor,
    },
    rules::{availability::Timeline, booking_life},
    speech::{
        self,
        texts::{Around, Calendars, KeeperBookings as T, KeeperQueue, Series},
    },
    store::{
        self,
        bookings::{Wanted, Whose},
    },
};

/// The most bookings on the page.
const MOST: u64 = 300;
/// How far ahead conflicts are looked for.
const AHEAD: TimeDelta = TimeDelta::hours(48);

#[derive(Template)]
#[template(path = "keeper/bookings/list.html")]
struct ListPage {
    frame: Frame,
    station: String,
    notes: Notes,
    /// Today, and tomorrow.
    days: [(&'static str, Vec<Coming>); 2],
    approvals: Vec<Coming>,
    /// Those who wait, the few who came last.
    waiting: Vec<queue::Waiting>,
    at_risk: Vec<Coming>,
    /// Where more is promised than there is: the picture, the name, from when and how much.
    short: Vec<(String, String, String)>,
    /// Sessions of today and tomorrow: the address, the picture, the name, when, how full.
    sessions: Vec<(String, String, String, String, String)>,
}

/// Somebody who comes.
pub(super) struct Coming {
    pub(super) line: Line,
    pub(super) who: String,
    pub(super) purpose: Option<String>,
    /// A thing: it is put aside; else somebody checks in.
    pub(super) thing: bool,
}

impl Coming {
    fn to_prepare(&self) -> bool {
        self.thing && self.line.state != State::Ready
    }
}

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    done: String,
}

/// Shows it.
pub(super) async fn show(visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    let kept = match keep(visitor, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    render(&kept, StatusCode::OK, Notes::done(done(&asked.done).map(|text| kept.frame.say(text)))).await
}

fn done(word: &str) -> Option<T> {
    match word {
        "ready" => Some(T::DoneReady),
        "here" => Some(T::DoneHere),
        "cancelled" => Some(T::DoneCancelled),
        "decided" => Some(T::DoneDecided),
        "booked" | "asked" | "changed" => Some(T::DoneBooked),
        _ => None,
    }
}

/// The page, after something was tried.
pub(super) async fn render(kept: &Kept, status: StatusCode, notes: Notes) -> Response {
    match read(kept).await {
        Ok(page) => kept.frame.page(status, &ListPage { notes, ..page }),
        Err(error) => kept.trouble(&error),
    }
}

async fn read(kept: &Kept) -> desk::Result<ListPage> {
    let (desk, frame, now) = (&kept.desk, &kept.frame, kept.desk.now());
    let today = now.with_timezone(&kept.station.zone()).date_naive();
    let soon = standing(desk, kept.station.id, Wanted { open: Some(true), to: Some(after(kept, today, 2)), ..Wanted::default() })
        .await?;
    let pending = standing(desk, kept.station.id, Wanted { state: Some(State::Pending), ..Wanted::default() }).await?;
    let at_risk = standing(desk, kept.station.id, Wanted { state: Some(State::AtRisk), ..Wanted::default() }).await?;
    let all: Vec<booking::Model> = soon.iter().chain(&pending).chain(&at_risk).cloned().collect();
    let people = People::of(desk, &all).await?;
    let things = Things::of(desk, &all).await?;
    let coming = |row: &booking::Model| people.coming(desk, frame, &things, row);
    let awaited = |row: &&booking::Model| row.state.awaits_collection() && row.occasion_id.is_none();
    let on = |first: Option<DateTime<Utc>>, last| {
        let within = move |row: &&booking::Model| first.is_none_or(|first| row.starts_at >= first) && row.starts_at < last;
        soon.iter().filter(awaited).filter(within).map(coming).collect::<Vec<_>>()
    };
    let tomorrow = after(kept, today, 1);
    let pools = all_at(desk, &kept.station.code, now, now + AHEAD).await?;
    Ok(ListPage {
        days: [(frame.say(T::Today), on(None, tomorrow)), (frame.say(T::Tomorrow), on(Some(tomorrow), after(kept, today, 2)))],
        waiting: queue::few(kept).await?,
        approvals: pending.iter().map(coming).collect(),
        at_risk: at_risk.iter().map(coming).collect(),
        short: pools.iter().flat_map(|(subject, line)| short(kept, subject, line)).collect(),
        sessions: pools.iter().filter_map(|(subject, line)| session(kept, subject, line)).collect(),
        notes: Notes::default(),
        station: kept.station.code.clone(),
        frame: frame.clone(),
    })
}

/// So many midnights after a day.
fn after(kept: &Kept, date: NaiveDate, days: u64) -> DateTime<Utc> {
    let date = date.checked_add_days(chrono::Days::new(days)).unwrap_or(date);
    let midnight = date.and_time(NaiveTime::MIN);
    chrono::TimeZone::from_local_datetime(&kept.station.zone(), &midnight).earliest().map_or(kept.desk.now(), |at| at.to_utc())
}

/// Those that stand, in the order in which they begin.
async fn standing(desk: &Desk, station: StationId, wanted: Wanted) -> desk::Result<Vec<booking::Model>> {
    let mut rows = store::bookings::list_by_start(desk.app.db.read(), &Whose::Stations(vec![station]), wanted, MOST).await?;
    rows.retain(|row| booking_life::stands(row, desk.now()));
    Ok(rows)
}

/// How many are to come today and tomorrow, and how many wait for a yes.
///
/// # Errors
/// The database.
pub(in crate::pages) async fn waiting(desk: &Desk, station: StationId) -> desk::Result<(usize, usize)> {
    let to = desk.now() + AHEAD;
    let rows = standing(desk, station, Wanted { open: Some(true), to: Some(to), ..Wanted::default() }).await?;
    let pending = standing(desk, station, Wanted { state: Some(State::Pending), ..Wanted::default() }).await?.len();
    let comes = |row: &&booking::Model| row.state.awaits_collection() && row.occasion_id.is_none();
    Ok((rows.iter().filter(comes).count(), pending))
}

fn short(kept: &Kept, subject: &Bookable, timeline: &Timeline) -> Vec<(String, String, String)> {
    let (now, frame) = (kept.desk.now(), &kept.frame);
    let deficits = timeline.deficits(now.timestamp(), (now + AHEAD).timestamp());
    let said = deficits.map(|spell| {
        let from = DateTime::from_timestamp(spell.from, 0).unwrap_or(now);
        let words = frame.say2(T::ShortBy, frame.day_and_time(from, kept.station.zone()), -spell.free);
        (picture_of(subject), name_of(frame, subject), words)
    });
    said.collect()
}

fn session(kept: &Kept, subject: &Bookable, timeline: &Timeline) -> Option<(String, String, String, String, String)> {
    let Subject::Occasion(occasion) = &subject.subject else { return None };
    let (from, to) = (occasion.starts_at, occasion.ends_at);
    let taken = timeline.capacity() - timeline.free(from.timestamp(), to.timestamp());
    let full = kept.frame.say2(crate::speech::texts::Spaces::Taken, taken, timeline.capacity());
    let when = kept.frame.words(&speech::span(from, to, kept.station.zone()));
    let address = format!("/staff/{}/sessions/{}", kept.station.code, occasion.id);
    Some((address, picture_of(subject), name_of(&kept.frame, subject), when, full))
}

/// Whoever has booked, as staff see them.
pub(super) struct People(BTreeMap<MemberId, member::Model>);

impl People {
    pub(super) async fn of(desk: &Desk, rows: &[booking::Model]) -> desk::Result<Self> {
        let people = store::members::list_by_ids(desk.app.db.read(), rows.iter().map(|row| row.member_id).collect()).await?;
        Ok(Self(people.into_iter().map(|member| (member.id, member)).collect()))
    }

    pub(super) fn name(&self, desk: &Desk, row: &booking::Model) -> String {
        self.0.get(&row.member_id).map(|member| masked(desk, member)).unwrap_or_default()
    }

    pub(super) fn coming(&self, desk: &Desk, frame: &Frame, things: &Things, row: &booking::Model) -> Coming {
        Coming {
            line: things.line(frame, row, desk.now()),
            who: self.name(desk, row),
            purpose: row.purpose.clone(),
            thing: row.kind_id.is_some(),
        }
    }
}
