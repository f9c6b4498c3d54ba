//! The queue 排队: whoever waits has a place in it. When something is free, whose turn it is has it held for them: an offer is a
//! booking that is held, so that nothing is offered twice and nobody takes it in between. Saying yes is confirming that booking
//! (`bookings::confirm`, or coming for the thing), saying no is cancelling it.
//!
//! An offer that passes by without an answer puts its place at the end of the queue, once; the second time it is given up. An offer
//! that was refused is not made again: the place is given up.

pub mod join;
pub mod leave;
pub mod look;
pub mod nearby;
mod promote;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    booking, hold,
    hold::State,
    ids::{HoldId, StationId},
};

use super::{
    About, Desk, Result, Tell,
    bookings::bookable::{Bookable, Subject, Target},
};
use crate::{
    db::WriteTx,
    rules::{queue as rule, waking::next_waking},
    store,
};

pub(crate) use promote::promote;

/// How long after its time a space that could not be had would still do.
const MADE_UP_WITHIN: i32 = 24 * 60;

/// What an offer has become, its place in the queue becomes too.
pub(crate) async fn follow(desk: &Desk, tx: &WriteTx, offer: &booking::Model) -> Result<()> {
    let Some(row) = offered(tx, offer).await? else { return Ok(()) };
    let now = desk.now();
    match offer.state {
        booking::State::Expired => {
            let row = store::holds::change(tx, rule::after_a_missed_offer(&row, now)).await?;
            let subject = Bookable::of(tx.conn(), offer).await?;
            tell(desk, tx, &row, ("queue_missed", &subject), serde_json::json!({ "again": row.state.is_open() })).await?;
            note(desk, tx, &row).await
        }
        booking::State::Cancelled if desk.actor.member() == Some(offer.member_id) => end(desk, tx, row, State::Left).await,
        _ => end(desk, tx, row, State::Over).await,
    }
}

/// Somebody has said yes to what was offered to them.
pub(crate) async fn accepted(desk: &Desk, tx: &WriteTx, offer: &booking::Model) -> Result<()> {
    match offered(tx, offer).await? {
        Some(row) => end(desk, tx, row, State::Met).await,
        None => Ok(()),
    }
}

async fn offered(tx: &WriteTx, offer: &booking::Model) -> Result<Option<hold::Model>> {
    let Some(id) = offer.hold_id else { return Ok(None) };
    Ok(store::holds::lock(tx, id).await?.filter(|row| row.state == State::Offered))
}

/// Somebody who waited has booked it by themselves.
pub(crate) async fn got_it(desk: &Desk, tx: &WriteTx, row: &booking::Model) -> Result<()> {
    for hold in store::holds::list_open_of(tx.conn(), row.member_id).await? {
        let same = (hold.kind_id, hold.space_id, hold.occasion_id) == (row.kind_id, row.space_id, row.occasion_id);
        let tolerance = TimeDelta::minutes(i64::from(hold.flexible_minutes));
        let then = hold
            .starts_at
            .zip(hold.ends_at)
            .is_none_or(|(from, to)| row.starts_at < to + tolerance && from - tolerance < row.ends_at);
        if !(same && then) {
            continue;
        }
        if let Some(hold) = store::holds::lock(tx, hold.id).await?.filter(|hold| hold.state == State::Waiting) {
            end(desk, tx, hold, State::Met).await?;
        }
    }
    Ok(())
}

/// A booking could not be kept: whoever had it is first in the queue, for the next thing there is; for the space, within a day. An
/// occasion cannot be made up for.
pub(crate) async fn make_up(desk: &Desk, tx: &WriteTx, row: &booking::Model) -> Result<()> {
    let (starts_at, ends_at, flexible_minutes) = match (row.kind_id, row.space_id) {
        (Some(_), _) => (None, None, 0),
        (None, Some(_)) => (Some(row.starts_at), Some(row.ends_at), MADE_UP_WITHIN),
        (None, None) => return Ok(()),
    };
    let made_up = hold::Model {
        starts_at,
        ends_at,
        flexible_minutes,
        quantity: row.quantity - row.collected,
        priority: row.priority,
        displaced_id: Some(row.id),
        ..new_hold(desk.app.clock.id(), row, desk.now())
    };
    add(desk, tx, made_up, vec![row.station_id]).await
}

fn new_hold(id: HoldId, like: &booking::Model, now: DateTime<Utc>) -> hold::Model {
    hold::Model {
        id,
        station_id: like.station_id,
        kind_id: like.kind_id,
        space_id: like.space_id,
        occasion_id: like.occasion_id,
        member_id: like.member_id,
        quantity: like.quantity,
        starts_at: None,
        ends_at: None,
        flexible_minutes: 0,
        priority: like.priority,
        displaced_id: None,
        state: State::Waiting,
        missed: 0,
        noted: None,
        queued_at: now,
        created_at: now,
        told_spare_at: None,
        ended_at: None,
        rev: 1,
    }
}

async fn add(desk: &Desk, tx: &WriteTx, row: hold::Model, stations: Vec<StationId>) -> Result<()> {
    store::holds::add(tx, row.clone(), stations).await?;
    note(desk, tx, &row).await
}

/// A place is over.
async fn end(desk: &Desk, tx: &WriteTx, row: hold::Model, state: State) -> Result<()> {
    let row = store::holds::change(tx, hold::Model { state, ended_at: Some(desk.now()), noted: None, ..row }).await?;
    note(desk, tx, &row).await
}

async fn note(desk: &Desk, tx: &WriteTx, row: &hold::Model) -> Result<()> {
    let detail = Some(serde_json::json!({ "hold": row.id, "state": row.state }));
    let about = About { station: Some(row.station_id), member: Some(row.member_id), detail, ..About::default() };
    desk.record(tx, "hold", about).await
}

/// Tells whoever waits, by day; what begins before that, at once.
async fn tell(
    desk: &Desk,
    tx: &WriteTx,
    row: &hold::Model,
    (template, subject): (&str, &Bookable),
    more: serde_json::Value,
) -> Result<()> {
    let now = desk.now();
    let morning = next_waking(now, subject.station.zone());
    let (thing, thing_en) = subject.name_for_others();
    let tell = Tell {
        natural_key: format!("{template}:{}:{}", row.id, row.missed),
        template,
        params: serde_json::json!({
            "thing": thing, "thing_en": thing_en, "station": subject.station.name, "hold": row.id,
            "starts_at": row.starts_at, "again": more["again"],
        }),
        send_after: if row.latest_start().is_some_and(|at| at < morning) { now } else { morning },
        fresh_for: TimeDelta::hours(12),
    };
    desk.tell(tx, row.member_id, tell).await?;
    Ok(())
}

/// Which space or occasion somebody waits for; nothing for a kind, which has several places.
#[must_use]
pub fn target_of(row: &hold::Model) -> Option<Target> {
    row.space_id.map(Target::Space).or_else(|| row.occasion_id.map(Target::Occasion))
}

/// Does a place in the queue mean what a subject is?
fn is_for(row: &hold::Model, subject: &Subject) -> bool {
    match subject {
        Subject::Things(kind) => row.kind_id == Some(kind.id),
        Subject::Space(space) => row.space_id == Some(space.id),
        Subject::Occasion(occasion) => row.occasion_id == Some(occasion.id),
    }
}
