//! Promote: something may be free, and those who wait are asked in their order whether it suits them. The first whom it suits has it
//! offered; so it goes on, until nothing is left that would suit anybody. Who is not suited keeps their place.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::{
    booking, hold,
    hold::State,
    ids::{HoldId, PoolId, SpaceId, StationId},
    member, policy, pool,
};

use super::{end, note, tell};
use crate::{
    db::WriteTx,
    desk::{
        Desk, Result,
        bookings::{
            self,
            bookable::{Bookable, Subject, Target},
            place::{self, Asked, decide_first, new_booking},
        },
    },
    rules::{
        availability::Timeline,
        policy::{Scope, resolve},
        queue::{self as rule, Place, Turn},
        refusal::Refusal,
    },
    store,
};

/// Where something may be free: a pool, or a space with the pools of all its parts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Where {
    Pool(PoolId),
    Space(SpaceId),
}

/// What is found there. The timeline is read again after each offer from one of its pools.
struct Found {
    subject: Bookable,
    policies: Vec<policy::Model>,
    timeline: Option<Timeline>,
}

/// What has come of asking somebody.
enum Asking {
    Offered,
    Over,
    Spare,
    No(Vec<Refusal>),
}

/// Goes through the queue of pools that are locked. How many offers were made.
pub(crate) async fn promote(desk: &Desk, tx: &WriteTx, pools: &[PoolId]) -> Result<u64> {
    let mut waiting = store::holds::list_waiting_on(tx.conn(), pools.to_vec()).await?;
    if waiting.is_empty() {
        return Ok(0);
    }
    // Whoever has set something free offers it to nobody: the house does.
    let (desk, now) = (&desk.unnamed(), desk.now());
    waiting.sort_by_key(|row| rule::order(row, now));
    let mut places: BTreeMap<HoldId, Vec<StationId>> = BTreeMap::new();
    for place in store::holds::list_places(tx.conn(), waiting.iter().map(|row| row.id).collect()).await? {
        places.entry(place.hold_id).or_default().push(place.station_id);
    }
    let members = store::members::list_by_ids(tx.conn(), waiting.iter().map(|row| row.member_id).collect()).await?;
    let pools = store::claims::list_pools(tx.conn(), pools.to_vec()).await?;
    let mut found: BTreeMap<Where, Found> = BTreeMap::new();
    let mut offers = 0;
    for row in waiting {
        let Some(member) = members.iter().find(|member| member.id == row.member_id) else { continue };
        let mut no = Vec::new();
        for at in where_of(&row, places.get(&row.id).map_or(&[][..], Vec::as_slice), &pools) {
            let Some(here) = look(tx, at, &pools, &mut found).await? else { continue };
            match ask(desk, tx, (&row, member), here).await? {
                Asking::Offered => {
                    offers += 1;
                    let used = here.subject.pool_ids();
                    let stale = found.values_mut().filter(|other| other.subject.pools.iter().any(|pool| used.contains(&pool.id)));
                    stale.for_each(|other| other.timeline = None);
                    no.clear();
                    break;
                }
                Asking::Over | Asking::Spare => {
                    no.clear();
                    break;
                }
                Asking::No(reasons) => no.extend(reasons),
            }
        }
        remember(tx, &row, no).await?;
    }
    Ok(offers)
}

/// Where somebody waits, of what is locked.
fn where_of(row: &hold::Model, stations: &[StationId], pools: &[pool::Model]) -> Vec<Where> {
    if let Some(space) = row.space_id {
        return vec![Where::Space(space)];
    }
    let theirs = pools.iter().filter(|pool| match row.kind_id {
        Some(kind) => pool.kind_id == Some(kind) && stations.contains(&pool.station_id),
        None => row.occasion_id.is_some() && pool.occasion_id == row.occasion_id,
    });
    theirs.map(|pool| Where::Pool(pool.id)).collect()
}

/// What is there, with a timeline of now; nothing where not all of it is locked.
async fn look<'a>(
    tx: &WriteTx,
    at: Where,
    pools: &[pool::Model],
    found: &'a mut BTreeMap<Where, Found>,
) -> Result<Option<&'a mut Found>> {
    if let std::collections::btree_map::Entry::Vacant(entry) = found.entry(at) {
        let subject = match at {
            Where::Space(space) => Bookable::find(tx.conn(), &Target::Space(space)).await?,
            Where::Pool(id) => match pools.iter().find(|pool| pool.id == id) {
                Some(pool) => Bookable::of_pool(tx.conn(), pool).await?,
                None => return Ok(None),
            },
        };
        let policies = match &subject.subject {
            Subject::Things(kind) => store::policies::list_for(tx.conn(), Some(subject.station.id), kind.id).await?,
            _ => Vec::new(),
        };
        entry.insert(Found { subject, policies, timeline: None });
    }
    let locked = |id: &PoolId| pools.iter().any(|pool| pool.id == *id);
    Ok(found.get_mut(&at).filter(|here| here.subject.pool_ids().iter().all(locked)))
}

/// Asks one of those who wait whether what is there suits them, and offers it if it does.
async fn ask(desk: &Desk, tx: &WriteTx, (row, member): (&hold::Model, &member::Model), here: &mut Found) -> Result<Asking> {
    let now = desk.now();
    let closed = here.subject.closed(now);
    // A station that was given up is one of several.
    let nowhere = closed.iter().any(|reason| !matches!(reason, Refusal::StationClosedDown));
    if rule::is_over(row, now) || nowhere || member.erased_at.is_some() {
        return over(desk, tx, row, &here.subject).await;
    }
    if !closed.is_empty() {
        return Ok(Asking::No(closed));
    }
    let timeline = match here.timeline.take() {
        Some(timeline) => timeline,
        None => here.subject.timeline(tx.conn(), i64::MAX, None, now).await?,
    };
    let due = |from: DateTime<Utc>| match &here.subject.subject {
        Subject::Things(kind) => {
            let scope = Scope { station: Some(here.subject.station.id), group: Some(&member.member_group), kind: kind.id };
            here.subject.calendar.due(from, resolve(&here.policies, scope, kind.identity).length).at
        }
        _ => from,
    };
    let place = Place { timeline: &timeline, terms: &here.subject.terms, calendar: &here.subject.calendar };
    let turn = rule::turn(row, place, due, now);
    here.timeline = Some(timeline);
    match turn {
        Turn::Nothing => Ok(Asking::No(Vec::new())),
        Turn::Spare(_) => spare(desk, tx, row, &here.subject).await,
        Turn::Offer(wishes) => {
            if row.starts_at.is_none() && has_got_one(tx, row).await? {
                end(desk, tx, row.clone(), State::Met).await?;
                return Ok(Asking::Over);
            }
            let asked = Asked { only_held: true, proven: true, ..Asked::default() };
            match decide_first(desk, tx, (&here.subject, member), asked, &wishes).await? {
                Err(reasons) => Ok(Asking::No(reasons)),
                Ok((wish, booked)) => {
                    let until = rule::offered_until(row, &wish, &here.subject.calendar, now);
                    let offer = booking::Model {
                        hold_id: Some(row.id),
                        priority: row.priority,
                        lapses_at: Some(until),
                        ..new_booking(desk.app.clock.id(), &here.subject, member, &wish, booked, now)
                    };
                    offer_it(desk, tx, row, (&offer, &here.subject)).await
                }
            }
        }
    }
}

async fn offer_it(
    desk: &Desk,
    tx: &WriteTx,
    row: &hold::Model,
    (offer, subject): (&booking::Model, &Bookable),
) -> Result<Asking> {
    // Somebody at another of its stations may have been quicker.
    let Some(row) = still_waiting(tx, row).await? else { return Ok(Asking::Over) };
    let row = store::holds::change(tx, hold::Model { state: State::Offered, noted: None, ..row }).await?;
    note(desk, tx, &row).await?;
    place::put(desk, tx, subject, offer).await?;
    bookings::tell(desk, tx, offer, "booking_offer", subject).await?;
    Ok(Asking::Offered)
}

async fn over(desk: &Desk, tx: &WriteTx, row: &hold::Model, subject: &Bookable) -> Result<Asking> {
    let Some(row) = still_waiting(tx, row).await? else { return Ok(Asking::Over) };
    tell(desk, tx, &row, ("queue_over", subject), serde_json::Value::Null).await?;
    end(desk, tx, row, State::Over).await?;
    Ok(Asking::Over)
}

/// Something that begins very soon is held for nobody: all whom it would suit are told, once.
async fn spare(desk: &Desk, tx: &WriteTx, row: &hold::Model, subject: &Bookable) -> Result<Asking> {
    if row.told_spare_at.is_none()
        && let Some(row) = still_waiting(tx, row).await?
    {
        let row = store::holds::change(tx, hold::Model { told_spare_at: Some(desk.now()), noted: None, ..row }).await?;
        tell(desk, tx, &row, ("queue_spare", subject), serde_json::Value::Null).await?;
    }
    Ok(Asking::Spare)
}

/// It is locked, unless it waits no longer. Lock order: pools, then holds.
async fn still_waiting(tx: &WriteTx, row: &hold::Model) -> Result<Option<hold::Model>> {
    Ok(store::holds::lock(tx, row.id).await?.filter(|row| row.state == State::Waiting))
}

/// Has somebody who waits for the next one borrowed one since?
async fn has_got_one(tx: &WriteTx, row: &hold::Model) -> Result<bool> {
    let loans = store::loans::list_open_of(tx.conn(), row.member_id).await?;
    Ok(loans.iter().any(|loan| Some(loan.kind_id) == row.kind_id && loan.lent_at >= row.created_at))
}

/// Writes down why somebody was passed over, if that is news.
async fn remember(tx: &WriteTx, row: &hold::Model, reasons: Vec<Refusal>) -> Result<()> {
    let noted = if reasons.is_empty() { None } else { serde_json::to_value(&reasons).ok() };
    if noted == row.noted {
        return Ok(());
    }
    if let Some(row) = still_waiting(tx, row).await? {
        store::holds::note(tx, &row, noted).await?;
    }
    Ok(())
}
