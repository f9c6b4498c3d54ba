//! What every way to a booking has in common: the facts a wish is weighed by, and the row with what it occupies.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    booking::{self, Priority},
    ids::BookingId,
    member,
};
use sea_orm::ConnectionTrait;

use super::{
    bookable::{Bookable, Subject},
    lapse,
};
use crate::{
    db::WriteTx,
    desk::{Desk, Result},
    rules::{
        booking::{self as rule, Booked, Facts, Wish},
        refusal::Refusal,
    },
    store,
};

/// How far ahead of a wish its surroundings are read, to name what is free.
const SURROUNDINGS: TimeDelta = TimeDelta::days(8);

/// How something is asked for.
#[derive(Clone, Copy, Default)]
pub(crate) struct Asked {
    /// By a keeper of the station.
    pub(crate) by_keeper: bool,
    /// Who takes it on themselves.
    pub(crate) overridden: bool,
    /// Only until somebody confirms.
    pub(crate) only_held: bool,
    /// They have proved who they are before: when they joined the queue.
    pub(crate) proven: bool,
    /// The booking that is being changed: it does not stand in its own way.
    pub(crate) changed: Option<BookingId>,
}

/// Asks the rule about a wish. Under the locks of member and pools the answer is final; without them it is how things stood.
pub(super) async fn decide(
    desk: &Desk,
    conn: &impl ConnectionTrait,
    (subject, member): (&Bookable, &member::Model),
    asked: Asked,
    wish: Wish,
) -> Result<std::result::Result<Booked, Vec<Refusal>>> {
    let now = desk.now();
    let closed = subject.closed(now);
    if !closed.is_empty() {
        return Ok(Err(closed));
    }
    weigh(desk, conn, (subject, member), asked, wish.ends_at, |facts| {
        if has_booked(subject, facts) { Err(vec![Refusal::AlreadyBooked]) } else { rule::book(facts, &wish, now) }
    })
    .await
}

/// Asks the rule about one wish after the other: the first that is granted, or why the first was not.
pub(crate) async fn decide_first(
    desk: &Desk,
    tx: &WriteTx,
    (subject, member): (&Bookable, &member::Model),
    asked: Asked,
    wishes: &[Wish],
) -> Result<std::result::Result<(Wish, Booked), Vec<Refusal>>> {
    let now = desk.now();
    let until = wishes.iter().map(|wish| wish.ends_at).max().unwrap_or(now);
    weigh(desk, tx.conn(), (subject, member), asked, until, |facts| {
        if has_booked(subject, facts) {
            return Err(vec![Refusal::AlreadyBooked]);
        }
        let mut no = None;
        for wish in wishes {
            match rule::book(facts, wish, now) {
                Ok(booked) => return Ok((*wish, booked)),
                Err(reasons) => no = no.or(Some(reasons)),
            }
        }
        Err(no.unwrap_or_default())
    })
    .await
}

/// May they still have what was offered to them: nothing that was booked in between stands against it?
pub(super) async fn still_allowed(
    desk: &Desk,
    tx: &WriteTx,
    (subject, member): (&Bookable, &member::Model),
    row: &booking::Model,
) -> Result<Vec<Refusal>> {
    let asked = Asked { proven: true, changed: Some(row.id), ..Asked::default() };
    let quantity = u32::try_from(row.quantity).unwrap_or(1);
    let wish = Wish { starts_at: row.starts_at, ends_at: row.ends_at, quantity };
    weigh(desk, tx.conn(), (subject, member), asked, wish.ends_at, |facts| rule::of_the_person(facts, &wish, desk.now())).await
}

/// What stands against a time, and not against whoever wants it.
pub(crate) async fn time_reasons(
    desk: &Desk,
    tx: &WriteTx,
    (subject, member): (&Bookable, &member::Model),
    wish: Wish,
) -> Result<Vec<Refusal>> {
    weigh(desk, tx.conn(), (subject, member), Asked::default(), wish.ends_at, |facts| rule::of_the_time(facts, &wish, desk.now()))
        .await
}

fn has_booked(subject: &Bookable, facts: &Facts<'_>) -> bool {
    let Subject::Occasion(occasion) = &subject.subject else { return false };
    facts.own.iter().any(|booking| booking.occasion_id == Some(occasion.id) && booking.state.is_open())
}

/// Reads what a decision rests on, and asks.
async fn weigh<T>(
    desk: &Desk,
    conn: &impl ConnectionTrait,
    (subject, member): (&Bookable, &member::Model),
    asked: Asked,
    until: DateTime<Utc>,
    ask: impl FnOnce(&Facts<'_>) -> T,
) -> Result<T> {
    let now = desk.now();
    let since = TimeDelta::days(i64::from(subject.terms.strike_days + subject.terms.pause_days).max(62));
    let mut own = store::bookings::list_own(conn, member.id, subject.counted(), now - since).await?;
    own.retain(|booking| Some(booking.id) != asked.changed);
    let blocks = store::blocks::list_of(conn, member.id, now).await?;
    let timeline = subject.timeline(conn, (until + SURROUNDINGS).timestamp(), asked.changed, now).await?;
    let facts = Facts {
        sort: subject.sort(),
        calendar: &subject.calendar,
        terms: &subject.terms,
        identity: subject.identity(conn, &member.member_group).await?,
        timeline: &timeline,
        member,
        proven: asked.proven || asked.by_keeper || desk.actor.member() == Some(member.id),
        blocks: &blocks,
        own: &own,
        by_keeper: asked.by_keeper,
        overridden: asked.overridden,
        only_held: asked.only_held,
    };
    Ok(ask(&facts))
}

/// Writes a booking down, with what it occupies.
pub(crate) async fn put(desk: &Desk, tx: &WriteTx, subject: &Bookable, row: &booking::Model) -> Result<()> {
    store::bookings::add(tx, row.clone()).await?;
    for pool in &subject.pools {
        store::claims::promise(tx, desk.app.clock.id(), pool.id, row).await?;
    }
    store::claims::touch_pools(tx, subject.pool_ids()).await?;
    lapse::note(desk, tx, row).await
}

/// A booking with the terms that apply copied into it; by whom, what for and how urgent is left to the caller.
pub(crate) fn new_booking(
    id: BookingId,
    subject: &Bookable,
    member: &member::Model,
    wish: &Wish,
    booked: Booked,
    now: DateTime<Utc>,
) -> booking::Model {
    let (kind_id, space_id, occasion_id) = match &subject.subject {
        Subject::Things(kind) => (Some(kind.id), None, None),
        Subject::Space(space) => (None, Some(space.id), None),
        Subject::Occasion(occasion) => (None, None, Some(occasion.id)),
    };
    booking::Model {
        id,
        station_id: subject.station.id,
        kind_id,
        space_id,
        occasion_id,
        member_id: member.id,
        made_by: None,
        hold_id: None,
        quantity: i32::try_from(wish.quantity).unwrap_or(i32::MAX),
        collected: 0,
        starts_at: wish.starts_at,
        ends_at: wish.ends_at,
        state: booked.state,
        priority: Priority::Ordinary,
        purpose: None,
        override_reason: None,
        terms: subject.terms.clone(),
        lapses_at: booked.lapses_at,
        created_at: now,
        confirmed_at: (booked.state == booking::State::Confirmed).then_some(now),
        decided_by: None,
        ready_at: None,
        collected_at: None,
        ended_at: None,
        ended_by: None,
        end_reason: None,
        pardoned_at: None,
        pardoned_by: None,
        sequence: 0,
        rev: 1,
    }
}
