//! The display at the door of a space: what is now and next, until the end of the day. Large, and without anybody's name. It turns
//! itself over, until somebody who reads slowly makes it stand still (WCAG 2.2.2).

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use chrono::{DateTime, Utc};
use entity::{claim::Reason, ids::SpaceId, occasion};

use crate::{
    desk::{
        self, Desk,
        bookings::bookable::{Bookable, Subject, Target},
    },
    pages::{
        booked::{name_of, picture_of},
        frame::Frame,
        trouble,
        visitor::Visitor,
    },
    rules::opening::opening,
    speech::{self, texts::Booking as T},
    store,
};

/// After how many seconds it turns itself over.
const TURNS: u32 = 30;

/// What stands in its address.
#[derive(serde::Deserialize)]
pub(super) struct Wish {
    /// It is to stay as it is.
    still: Option<String>,
}

#[derive(Template)]
#[template(path = "resident/booking/display.html")]
struct DisplayPage {
    frame: Frame,
    still: bool,
    picture: String,
    name: String,
    station: String,
    now: String,
    class: &'static str,
    sign: &'static str,
    state: &'static str,
    until: Option<String>,
    /// Later today: from when until when, what, free or not.
    next: Vec<(String, String, bool)>,
}

/// Shows it.
pub(super) async fn show(visitor: Visitor, Path(space): Path<String>, Query(wish): Query<Wish>) -> Response {
    let id: SpaceId = match space.parse() {
        Ok(id) => id,
        Err(_) => return trouble::page(&visitor.frame, &desk::Error::NotFound("space")),
    };
    match read(&visitor.desk, &visitor.frame, id).await {
        Ok(page) => visitor.frame.page(StatusCode::OK, &DisplayPage { still: wish.still.is_some(), ..page }),
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

async fn read(desk: &Desk, frame: &Frame, id: SpaceId) -> desk::Result<DisplayPage> {
    let (conn, now) = (desk.app.db.read(), desk.now());
    let subject = Bookable::find(conn, &Target::Space(id)).await.map_err(|_| desk::Error::NotFound("space"))?;
    if !matches!(&subject.subject, Subject::Space(space) if space.retired_at.is_none()) {
        return Err(desk::Error::NotFound("space"));
    }
    let zone = subject.station.zone();
    let calendar = &subject.calendar;
    let today = calendar.business_date(now);
    let midnight = calendar.instant(today.succ_opt().unwrap_or(today), chrono::NaiveTime::MIN);
    let close = calendar.sessions_on(today).last().map_or(midnight, |(_, close)| *close);
    let timeline = subject.timeline(conn, midnight.timestamp(), None, now).await?;
    let claims = store::claims::list_live(conn, subject.pool_ids(), midnight.timestamp()).await?;
    let wanted = claims.iter().filter(|claim| claim.reason == Reason::Occasion).filter_map(|claim| claim.occasion_id);
    let occasions = store::spaces::list_occasions_by_ids(conn, wanted.collect()).await?;
    let at = |seconds: i64| DateTime::from_timestamp(seconds, 0).unwrap_or(now);
    let hour = |at: DateTime<Utc>, ends| speech::clock_time(at, zone, ends);
    let spells: Vec<_> = timeline.spells(now.timestamp(), close.timestamp().max(now.timestamp() + 1)).collect();
    let what = |from: i64, free: bool| {
        if free {
            return frame.say(T::DisplayFree).to_owned();
        }
        named(frame, &occasions, at(from)).unwrap_or_else(|| frame.say(T::DisplayBooked).to_owned())
    };
    let open = opening(calendar, now).is_open();
    let first = spells.first().copied();
    let (class, sign, state) = match first {
        _ if !open => ("calm", "🌙", T::DisplayClosed),
        Some(spell) if spell.free < 1 => ("out", "●", T::DisplayTaken),
        _ => ("good", "✓", T::DisplayFree),
    };
    let next = spells.iter().skip(usize::from(open)).map(|spell| {
        let hours = format!("{}–{}", hour(at(spell.from), false), hour(at(spell.to), true));
        (hours, what(spell.from, spell.free >= 1), spell.free >= 1)
    });
    Ok(DisplayPage {
        still: false,
        picture: picture_of(&subject),
        name: name_of(frame, &subject),
        station: subject.station.name.clone(),
        now: frame.say1(T::DisplayNow, hour(now, false)),
        class,
        sign,
        state: frame.say(state),
        until: first.filter(|_| open).map(|spell| frame.say1(T::DisplayUntil, hour(at(spell.to), true))),
        next: if open || now < close { next.collect() } else { Vec::new() },
        frame: frame.clone(),
    })
}

/// A session is announced to everybody; whoever has booked is not.
fn named(frame: &Frame, occasions: &[occasion::Model], at: DateTime<Utc>) -> Option<String> {
    let held = occasions.iter().find(|occasion| occasion.starts_at <= at && at < occasion.ends_at)?;
    Some(frame.name(&held.name, held.name_en.as_deref()).to_owned())
}
