//! Calendars to subscribe to: one's own bookings, what is on at a station, when a space is taken. Whoever has the address reads it,
//! so that of others it names nobody; it can be revoked.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    booking::{self, State},
    feed,
    ids::{BookingId, FeedId, SpaceId, StationId},
    occasion, station,
    values::Language,
};
use sea_orm::ConnectionTrait;

use super::{About, Desk, Error, Problem, Result, bookings::bookable::Bookable, language_of};
use crate::{
    app::App,
    db::Done,
    ical::{self, Entry, Standing},
    rules::booking_life,
    speech, store,
    vault::sha256,
    view::{FeedView, NewFeedView},
};

/// Of what.
#[derive(Clone, Copy, Debug)]
pub enum Of {
    /// My own bookings.
    Mine,
    /// What is on at a station; its keepers make it.
    Station(StationId),
    /// When a space is taken; its keepers make it.
    Space(SpaceId),
}

/// Makes a calendar. Its address is told once and is not stored.
///
/// # Errors
/// [`Error::NotSignedIn`]; [`Error::Forbidden`]; [`Error::Invalid`].
pub async fn make(desk: Desk, (of, language): (Of, Language)) -> Result<Done<NewFeedView>> {
    let tx = desk.open().await?;
    let me = desk.actor.resident()?.id();
    let token = desk.app.vault.new_secret();
    let mut row = feed::Model {
        id: desk.app.clock.id(),
        token_hash: sha256(token.as_bytes()),
        member_id: None,
        station_id: None,
        space_id: None,
        made_by: me,
        language: language.tag().to_owned(),
        created_at: desk.now(),
        revoked_at: None,
    };
    let unknown = |field| Error::Invalid { field, problem: Problem::Unknown };
    let station = match of {
        Of::Mine => {
            row.member_id = Some(me);
            None
        }
        Of::Station(id) => {
            row.station_id = Some(id);
            Some(id)
        }
        Of::Space(id) => {
            row.space_id = Some(id);
            Some(store::spaces::find(tx.conn(), id).await?.ok_or(unknown("space_id"))?.station_id)
        }
    };
    if let Some(id) = station {
        let station = store::stations::find(tx.conn(), id).await?.ok_or(unknown("station_id"))?;
        desk.actor.keeper_of(&station)?;
    }
    store::feeds::add(&tx, row.clone()).await?;
    desk.record(&tx, "calendar_made", About { station, member: row.member_id, ..About::default() }).await?;
    let address = format!("{}/calendars/{token}.ics", desk.app.config.base_url.trim_end_matches('/'));
    desk.commit(tx, NewFeedView { feed: FeedView::from(&row), address }).await
}

/// Revokes a calendar. Whoever has made it, and keepers of its station.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn revoke(desk: Desk, id: FeedId) -> Result<Done<FeedView>> {
    let tx = desk.open().await?;
    let row = store::feeds::find(tx.conn(), id).await?.ok_or(Error::NotFound("calendar"))?;
    let me = desk.actor.resident()?.id();
    if row.made_by != me {
        let station = match (row.station_id, row.space_id) {
            (Some(id), _) => Some(id),
            (None, Some(space)) => store::spaces::find(tx.conn(), space).await?.map(|space| space.station_id),
            (None, None) => None,
        };
        let station = match station {
            Some(id) => store::stations::find(tx.conn(), id).await?,
            None => return Err(Error::NotFound("calendar")),
        };
        super::authority::hide(desk.actor.keeper_where(station.as_ref()), "calendar")?;
    }
    store::feeds::revoke(&tx, id, desk.now()).await?;
    let row = feed::Model { revoked_at: row.revoked_at.or(Some(desk.now())), ..row };
    desk.record(&tx, "calendar_revoked", About { station: row.station_id, member: row.member_id, ..About::default() }).await?;
    desk.commit(tx, FeedView::from(&row)).await
}

/// How long what is over stays in a calendar.
const KEPT: TimeDelta = TimeDelta::days(30);

/// The calendar behind an address, as RFC 5545 says it.
///
/// # Errors
/// [`Error::NotFound`] for one that never was, or was revoked.
pub async fn read(app: &App, token: &str) -> Result<String> {
    let conn = app.db.read();
    let feed = store::feeds::find_by_token(conn, &sha256(token.as_bytes())).await?.ok_or(Error::NotFound("calendar"))?;
    let (now, language) = (app.clock.now(), language_of(&feed.language));
    let rows = store::feeds::list_bookings(conn, (feed.member_id, feed.station_id, feed.space_id), now - KEPT).await?;
    let own = feed.member_id.is_some();
    let mut entries = bookings(conn, &rows, own, language, now).await?;
    let mut name = speech::calendar_of(speech::CalendarOf::Mine).in_language(language).to_owned();
    let station = match (feed.station_id, feed.space_id) {
        (Some(id), _) => store::stations::find(conn, id).await?,
        (None, Some(id)) => match store::spaces::find(conn, id).await? {
            Some(space) => {
                name.clone_from(&space.name);
                store::stations::find(conn, space.station_id).await?
            }
            None => None,
        },
        (None, None) => None,
    };
    if let Some(station) = station {
        let until = now + TimeDelta::days(366);
        let there = store::spaces::list_occasions(conn, station.id, (now - KEPT, until), 1_000).await?;
        let shown = there.iter().filter(|occasion| feed.space_id.is_none() || occasion.space_id == feed.space_id);
        entries.extend(shown.map(|occasion| of_occasion(occasion, &station, language)));
        if feed.station_id.is_some() {
            name.clone_from(&station.name);
        }
    }
    Ok(ical::calendar(&name, &entries))
}

/// One booking as a calendar of its own, for whoever has it.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::NotSignedIn`].
pub async fn of_booking(desk: &Desk, id: BookingId, language: Language) -> Result<String> {
    let conn = desk.app.db.read();
    let me = desk.actor.resident()?.id();
    let row = store::bookings::find(conn, id).await?.filter(|row| row.member_id == me).ok_or(Error::NotFound("booking"))?;
    let entries = bookings(conn, std::slice::from_ref(&row), true, language, desk.now()).await?;
    Ok(ical::calendar(speech::calendar_of(speech::CalendarOf::Mine).in_language(language), &entries))
}

async fn bookings(
    conn: &impl ConnectionTrait,
    rows: &[booking::Model],
    own: bool,
    language: Language,
    now: DateTime<Utc>,
) -> Result<Vec<Entry>> {
    let mut entries = Vec::with_capacity(rows.len());
    let mut known: Vec<(booking::Model, Bookable)> = Vec::new();
    for row in rows {
        let same = |(other, _): &&(booking::Model, Bookable)| {
            (other.station_id, other.kind_id, other.space_id, other.occasion_id)
                == (row.station_id, row.kind_id, row.space_id, row.occasion_id)
        };
        let subject = match known.iter().find(same) {
            Some((_, subject)) => subject.clone(),
            None => {
                let subject = Bookable::of(conn, row).await?;
                known.push((row.clone(), subject.clone()));
                subject
            }
        };
        entries.push(of_one(row, &subject, own, language, now));
    }
    Ok(entries)
}

fn of_one(row: &booking::Model, subject: &Bookable, own: bool, language: Language, now: DateTime<Utc>) -> Entry {
    let (zh, en) = subject.name_for_others();
    let thing = if language == Language::English { en.unwrap_or(zh) } else { zh };
    let taken = speech::calendar_of(speech::CalendarOf::Taken).in_language(language).to_owned();
    let state = booking_life::lapsed(row, now).unwrap_or(row.state);
    Entry {
        uid: format!("{}@booking.yizhan", row.id),
        sequence: u32::try_from(row.sequence).unwrap_or_default() + u32::from(state != row.state),
        changed_at: row.ended_at.or(row.confirmed_at).unwrap_or(row.created_at),
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        summary: if own { thing } else { format!("{taken}: {thing}") },
        place: place_of(&subject.station),
        about: row.purpose.clone().filter(|_| own),
        standing: match state {
            State::Held | State::Pending => Standing::Tentative,
            State::Confirmed | State::AtRisk | State::Ready | State::Collected | State::Ended => Standing::Firm,
            State::Cancelled | State::Rejected | State::Expired | State::NoShow | State::Displaced => Standing::Off,
        },
    }
}

fn of_occasion(row: &occasion::Model, station: &station::Model, language: Language) -> Entry {
    let english = row.name_en.clone().filter(|_| language == Language::English);
    Entry {
        uid: format!("{}@session.yizhan", row.id),
        sequence: u32::try_from(row.sequence).unwrap_or_default(),
        changed_at: row.cancelled_at.unwrap_or(row.created_at),
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        summary: english.unwrap_or_else(|| row.name.clone()),
        place: place_of(station),
        about: row.cancel_reason.clone().or_else(|| row.note.clone()),
        standing: if row.cancelled_at.is_some() { Standing::Off } else { Standing::Firm },
    }
}

fn place_of(station: &station::Model) -> String {
    station.place.as_ref().map_or_else(|| station.name.clone(), |place| format!("{}, {place}", station.name))
}
