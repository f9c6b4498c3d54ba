//! What somebody is about to book, with everything its pages rest on.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::{booking, ids::BookingId};
use serde::Deserialize;

use crate::{
    desk::{
        self, Desk,
        bookings::bookable::{Bookable, Subject},
    },
    pages::{
        booked::{address_of, in_address, target_of},
        trouble::encoded,
        visitor::Visitor,
    },
    rules::{
        availability::Timeline,
        offered_times::{Offer, Time},
    },
    store,
};

/// What was chosen so far; all of it stands in the address, so that nothing is lost on the way through the sign-in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Choice {
    /// The day.
    pub(super) day: Option<NaiveDate>,
    /// For how long, in minutes.
    pub(super) length: Option<u32>,
    /// From, by the clock of the station.
    pub(super) from: String,
    /// Until.
    pub(super) to: String,
    /// How many.
    pub(super) units: Option<u32>,
    /// The booking that is being changed.
    pub(super) change: Option<BookingId>,
    /// `other`: a keeper books for somebody.
    pub(super) whom: String,
}

/// It.
pub(super) struct Chosen {
    pub(super) subject: Bookable,
    pub(super) timeline: Timeline,
    pub(super) units: u32,
    /// What is being changed.
    pub(super) changes: Option<booking::Model>,
    /// A keeper of the station books for somebody.
    pub(super) for_other: bool,
    pub(super) zone: Tz,
    pub(super) now: DateTime<Utc>,
}

/// Looks it up.
///
/// # Errors
/// [`desk::Error::NotFound`]; the database.
pub(super) async fn open(visitor: &mut Visitor, (code, sort, id): (&str, &str, &str), choice: &Choice) -> desk::Result<Chosen> {
    let desk = &visitor.desk;
    let (conn, now) = (desk.app.db.read(), desk.now());
    let found = Bookable::find(conn, &target_of(code, sort, id)?).await;
    let subject = found.map_err(|error| match error {
        desk::Error::Invalid { .. } => desk::Error::NotFound("bookable"),
        error => error,
    })?;
    if subject.station.code != code {
        return Err(desk::Error::NotFound("bookable"));
    }
    let by_keeper = desk.actor.keeper_of(&subject.station).is_ok();
    let changes = changed(desk, choice.change, by_keeper).await?;
    let before = now + TimeDelta::days(i64::from(subject.terms.horizon_days) + 31);
    let timeline = subject.timeline(conn, before.timestamp(), changes.as_ref().map(|row| row.id), now).await?;
    let kept = changes.as_ref().and_then(|row| u32::try_from(row.quantity).ok());
    visitor.frame.place = Some(subject.station.name.clone());
    Ok(Chosen {
        units: choice.units.or(kept).unwrap_or(1).clamp(1, subject.terms.most_units.max(1)),
        for_other: by_keeper && choice.whom == "other",
        zone: subject.station.zone(),
        subject,
        timeline,
        changes,
        now,
    })
}

async fn changed(desk: &Desk, id: Option<BookingId>, by_keeper: bool) -> desk::Result<Option<booking::Model>> {
    let Some(id) = id else { return Ok(None) };
    let row = store::bookings::find(desk.app.db.read(), id).await?;
    let row = row.filter(|row| by_keeper || desk.actor.member() == Some(row.member_id));
    row.map(Some).ok_or(desk::Error::NotFound("booking"))
}

impl Chosen {
    /// What can be offered of it.
    pub(super) fn offer(&self) -> Offer<'_> {
        Offer {
            sort: self.subject.sort(),
            calendar: &self.subject.calendar,
            terms: &self.subject.terms,
            timeline: &self.timeline,
            units: self.units,
        }
    }

    /// The address of its pages.
    pub(super) fn path(&self) -> String {
        format!("/stations/{}/book/{}", self.subject.station.code, address_of(&self.subject))
    }

    /// The same with what is chosen next, and what was chosen before and stays.
    pub(super) fn way(&self, next: &str) -> String {
        let mut query = next.to_owned();
        if self.units > 1 {
            query += &format!("&units={}", self.units);
        }
        if let Some(row) = &self.changes {
            query += &format!("&change={}", row.id);
        }
        if self.for_other {
            query += "&whom=other";
        }
        let query = query.trim_start_matches('&');
        if query.is_empty() { self.path() } else { format!("{}?{query}", self.path()) }
    }

    /// The way to the last look at a time.
    pub(super) fn way_to(&self, time: Time) -> String {
        self.way(&format!("from={}&to={}", self.stamp(time.from), self.stamp(time.to)))
    }

    /// The way to the sign-in, and back to here.
    pub(super) fn way_to_sign_in(&self, time: Option<Time>) -> String {
        let back = time.map_or_else(|| self.way(""), |time| self.way_to(time));
        format!("/sign-in?next={}", encoded(&back))
    }

    /// The way to the queue for a time, or for the next one there is: for whoever books for themselves what is booked at all.
    pub(super) fn way_to_wait(&self, time: Option<Time>) -> Option<String> {
        let waited_for = self.subject.terms.bookable && self.subject.closed(self.now).is_empty();
        let past = time.is_some_and(|time| time.from <= self.now);
        if !waited_for || past || self.for_other || self.changes.is_some() {
            return None;
        }
        let mut query = Vec::new();
        if let Some(time) = time.filter(|_| !matches!(self.subject.subject, Subject::Occasion(_))) {
            query.push(format!("from={}&to={}", self.stamp(time.from), self.stamp(time.to)));
        }
        if self.units > 1 && time.is_some() {
            query.push(format!("units={}", self.units));
        }
        let path = format!("/stations/{}/wait/{}", self.subject.station.code, address_of(&self.subject));
        Some(if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) })
    }

    /// Are there things of this kind, but none on the shelf that nobody has been promised?
    pub(super) fn none_now(&self) -> bool {
        let now = self.now.timestamp();
        matches!(self.subject.subject, Subject::Things(_)) && self.timeline.free(now, now + 60) < 1
    }

    /// An instant as it stands in an address.
    pub(super) fn stamp(&self, at: DateTime<Utc>) -> String {
        in_address(at, self.zone)
    }

    /// The time that was chosen, if one was: `Err` where it cannot be read. An occasion has its own.
    pub(super) fn time(&self, from: &str, to: &str) -> Result<Option<Time>, ()> {
        if let Subject::Occasion(occasion) = &self.subject.subject {
            return Ok(Some(Time { from: occasion.starts_at, to: occasion.ends_at }));
        }
        if from.is_empty() && to.is_empty() {
            return Ok(None);
        }
        let read = |text: &str| {
            let wall = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok()?;
            Some(self.subject.calendar.instant(wall.date(), wall.time()))
        };
        match (read(from), read(to)) {
            (Some(from), Some(to)) if from < to => Ok(Some(Time { from, to })),
            _ => Err(()),
        }
    }
}
