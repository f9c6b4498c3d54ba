//! Join: somebody takes a place in the queue. If something suits them at once, it is offered to them at once.

use chrono::{DateTime, Utc};
use entity::{hold, hold::State, ids::StationId, member};

use super::{add, is_for, look};
use crate::{
    db::{Done, WriteTx},
    desk::{
        Desk, Error, Problem, Result,
        bookings::{
            book::priority_of,
            bookable::{Bookable, Subject, Target},
            lapse, place,
        },
    },
    rules::{
        booking::Wish,
        queue::{self as rule, MOST_FLEXIBLE, MOST_OPEN},
        refusal::Refusal,
    },
    store,
    view::QueueView,
};

/// The most stations at which somebody waits for the same.
pub(super) const MOST_STATIONS: usize = 10;

/// What is waited for.
#[derive(Clone, Debug)]
pub struct Join {
    /// Things of a kind at any of these stations, or one space, or one occasion.
    pub targets: Vec<Target>,
    /// From when; without it, as soon as possible. Of an occasion that is known.
    pub starts_at: Option<DateTime<Utc>>,
    /// Until when.
    pub ends_at: Option<DateTime<Utc>>,
    /// So many minutes earlier or later would do as well.
    pub flexible_minutes: i32,
    /// How many units.
    pub quantity: u32,
}

/// Takes a place. Whoever is signed in, for themselves.
///
/// # Errors
/// [`Error::Refused`] with all reasons; [`Error::NotSignedIn`]; [`Error::Invalid`].
pub async fn join(desk: Desk, order: Join) -> Result<Done<QueueView>> {
    let me = desk.actor.resident()?.id();
    let tx = desk.open().await?;
    // Lock order: member, then pools, then holds.
    let member = store::members::lock(&tx, me).await?.ok_or(Error::NotFound("member"))?;
    let subjects = subjects(&desk, &tx, &order).await?;
    let first = subjects.first().ok_or(Error::Invalid { field: "station_codes", problem: Problem::Missing })?;
    let row = row_of(&desk, &order, &member, first)?;
    let reasons = reasons(&desk, &tx, (first, &member), &row).await?;
    if !reasons.is_empty() {
        return desk.refuse(tx, reasons).await;
    }
    let mut pools: Vec<_> = subjects.iter().flat_map(|subject| subject.family.clone()).collect();
    pools.sort_unstable();
    pools.dedup();
    store::claims::lock_pools(&tx, pools.clone()).await?;
    let stations: Vec<StationId> = subjects.iter().map(|subject| subject.station.id).collect();
    add(&desk, &tx, row.clone(), stations).await?;
    lapse::tidy(&desk, &tx, &pools).await?;
    let row = store::holds::find(tx.conn(), row.id).await?.ok_or(Error::NotFound("hold"))?;
    let receipt = look::view(&desk, tx.conn(), &row).await?;
    desk.commit(tx, receipt).await
}

/// What is waited for, each with its pools; a kind has one also where there is no such thing yet.
async fn subjects(desk: &Desk, tx: &WriteTx, order: &Join) -> Result<Vec<Bookable>> {
    let mut subjects: Vec<Bookable> = Vec::new();
    if order.targets.len() > MOST_STATIONS {
        return Err(Error::Invalid { field: "station_codes", problem: Problem::OutOfRange });
    }
    for target in &order.targets {
        let mut subject = Bookable::find(tx.conn(), target).await?;
        if let (Subject::Things(kind), true) = (&subject.subject, subject.pools.is_empty()) {
            store::claims::ensure_pool(tx, desk.app.clock.id(), subject.station.id, kind.id).await?;
            subject = Bookable::find(tx.conn(), target).await?;
        }
        if subjects.iter().all(|other| other.station.id != subject.station.id) {
            subjects.push(subject);
        }
    }
    Ok(subjects)
}

fn row_of(desk: &Desk, order: &Join, member: &member::Model, subject: &Bookable) -> Result<hold::Model> {
    let out_of_range = |field| Error::Invalid { field, problem: Problem::OutOfRange };
    let now = desk.now();
    let whole = |at: DateTime<Utc>| DateTime::from_timestamp(at.timestamp(), 0).unwrap_or(at);
    let (kind_id, space_id, occasion_id) = match &subject.subject {
        Subject::Things(kind) => (Some(kind.id), None, None),
        Subject::Space(space) => (None, Some(space.id), None),
        Subject::Occasion(occasion) => (None, None, Some(occasion.id)),
    };
    let times = match (&subject.subject, order.starts_at, order.ends_at) {
        (Subject::Occasion(occasion), ..) => Some((occasion.starts_at, occasion.ends_at)),
        (_, Some(from), Some(to)) => Some((whole(from), whole(to))),
        (Subject::Things(_), None, None) => None,
        (_, None, _) => return Err(Error::Invalid { field: "starts_at", problem: Problem::Missing }),
        (_, _, None) => return Err(Error::Invalid { field: "ends_at", problem: Problem::Missing }),
    };
    let is_rigid = times.is_none() || occasion_id.is_some();
    if !(0..=MOST_FLEXIBLE).contains(&order.flexible_minutes) || (is_rigid && order.flexible_minutes != 0) {
        return Err(out_of_range("flexible_minutes"));
    }
    // Who waits for the next one, waits for one: whoever needs several says when, so that it ends.
    if !(1..=1_000).contains(&order.quantity) || (times.is_none() && order.quantity != 1) {
        return Err(out_of_range("quantity"));
    }
    let row = hold::Model {
        id: desk.app.clock.id(),
        station_id: subject.station.id,
        kind_id,
        space_id,
        occasion_id,
        member_id: member.id,
        quantity: i32::try_from(order.quantity).unwrap_or(i32::MAX),
        starts_at: times.map(|(from, _)| from),
        ends_at: times.map(|(_, to)| to),
        flexible_minutes: order.flexible_minutes,
        priority: priority_of(&member.member_group),
        displaced_id: None,
        state: State::Waiting,
        missed: 0,
        noted: None,
        queued_at: now,
        created_at: now,
        told_spare_at: None,
        ended_at: None,
        rev: 1,
    };
    if times.is_some_and(|(from, to)| to <= from) {
        return Err(out_of_range("ends_at"));
    }
    Ok(row)
}

/// What stands against a place in the queue. Limits and pauses of the person are asked when their turn comes.
async fn reasons(
    desk: &Desk,
    tx: &WriteTx,
    (subject, member): (&Bookable, &member::Model),
    row: &hold::Model,
) -> Result<Vec<Refusal>> {
    let now = desk.now();
    let mut reasons = subject.closed(now);
    if member.erased_at.is_some() {
        reasons.push(Refusal::MemberErased);
    }
    let own = store::holds::list_open_of(tx.conn(), member.id).await?;
    if own.iter().any(|other| is_for(other, &subject.subject)) {
        reasons.push(Refusal::AlreadyWaiting);
    }
    if own.len() >= MOST_OPEN {
        reasons.push(Refusal::TooManyWaits { most: u32::try_from(MOST_OPEN).unwrap_or(u32::MAX) });
    }
    if rule::is_over(row, now) {
        reasons.push(Refusal::TooSoon { earliest: now });
    }
    let Some((starts_at, ends_at)) = row.starts_at.zip(row.ends_at) else {
        if !subject.terms.bookable {
            reasons.push(Refusal::NotBookable);
        }
        return Ok(reasons);
    };
    let wish = Wish { starts_at, ends_at, quantity: u32::try_from(row.quantity).unwrap_or(1) };
    let at_no_time = |reason: &Refusal| {
        let never = matches!(
            reason,
            Refusal::NotBookable
                | Refusal::TooManyUnits { .. }
                | Refusal::TooFarAhead { .. }
                | Refusal::TooShort { .. }
                | Refusal::TooLong { .. }
                | Refusal::OffGrid { .. }
        );
        never || row.flexible_minutes == 0
    };
    let about_time = place::time_reasons(desk, tx, (subject, member), wish).await?;
    for reason in about_time.into_iter().filter(at_no_time) {
        if !reasons.iter().any(|other| other.code() == reason.code()) {
            reasons.push(reason);
        }
    }
    Ok(reasons)
}
