//! Occasions 场次: a clinic, a class, a market with so many seats. Announce, edit, call off.

use chrono::{DateTime, Utc};
use entity::{
    booking::State,
    claim,
    ids::{OccasionId, PoolId, SpaceId, StationId},
    occasion, pool,
};

use super::{
    About, Desk, Error, Problem, Result,
    bookings::{
        bookable::{Bookable, Target},
        lapse,
    },
    invalid,
};
use crate::{
    db::{Done, WriteTx},
    rules::refusal::Refusal,
    store,
    view::OccasionView,
};

/// What is announced.
#[derive(Clone, Debug)]
pub struct Announce {
    /// Where.
    pub station: StationId,
    /// In which space, if in one that is booked.
    pub space: Option<SpaceId>,
    /// What people call it.
    pub name: String,
    /// In English.
    pub name_en: Option<String>,
    /// Its picture.
    pub emoji: Option<String>,
    /// What people should know or bring.
    pub note: Option<String>,
    /// How many may come.
    pub seats: i32,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
}

/// Announces it; the space is taken for it. Keepers of the station.
///
/// # Errors
/// [`Error::Refused`] when the space is taken then; [`Error::Invalid`]; [`Error::Forbidden`].
pub async fn announce(desk: Desk, order: Announce) -> Result<Done<OccasionView>> {
    let tx = desk.open().await?;
    match announce_in(&desk, &tx, &order).await? {
        Ok(row) => desk.commit(tx, OccasionView::from(&row)).await,
        Err(reasons) => desk.refuse(tx, reasons).await,
    }
}

/// Announces inside a write that is open: one of a series. Refused, nothing is written.
pub(crate) async fn announce_in(
    desk: &Desk,
    tx: &WriteTx,
    order: &Announce,
) -> Result<std::result::Result<occasion::Model, Vec<Refusal>>> {
    let station = store::stations::find(tx.conn(), order.station).await?;
    let station = station.ok_or(Error::Invalid { field: "station_id", problem: Problem::Unknown })?;
    desk.actor.keeper_of(&station)?;
    let row = row_of(desk, order)?;
    if row.ends_at <= desk.now() {
        return Ok(Err(vec![Refusal::TooSoon { earliest: desk.now() }]));
    }
    let space = match order.space {
        None => None,
        Some(id) => {
            let subject = Bookable::find(tx.conn(), &Target::Space(id)).await?;
            if subject.station.id != station.id {
                return Err(Error::Invalid { field: "space_id", problem: Problem::Unknown });
            }
            let subject = subject.lock(tx).await?;
            lapse::tidy(desk, tx, &subject.family).await?;
            let timeline = subject.timeline(tx.conn(), row.ends_at.timestamp(), None, desk.now()).await?;
            if timeline.free(row.starts_at.timestamp(), row.ends_at.timestamp()) < 1 {
                return Ok(Err(vec![Refusal::NoneFree { free: Vec::new() }]));
            }
            Some(subject)
        }
    };
    store::spaces::add_occasion(tx, row.clone()).await?;
    let id: PoolId = desk.app.clock.id();
    let pool = pool::Model {
        id,
        station_id: station.id,
        kind_id: None,
        space_id: None,
        occasion_id: Some(row.id),
        capacity: Some(row.seats),
        terms: None,
        rev: 1,
    };
    store::claims::add_pool(tx, pool).await?;
    if let Some(subject) = &space {
        take_space(desk, tx, subject, &row).await?;
    }
    record(desk, tx, "occasion_announced", &row).await?;
    Ok(Ok(row))
}

async fn take_space(desk: &Desk, tx: &WriteTx, space: &Bookable, row: &occasion::Model) -> Result<()> {
    let turnaround = i64::from(space.terms.turnaround) * 60;
    let timeline = space.timeline(tx.conn(), row.ends_at.timestamp() + turnaround, None, desk.now()).await?;
    // The cleaning time gives way where the next one has come in before.
    let free = timeline.free(row.starts_at.timestamp(), row.ends_at.timestamp() + turnaround) >= 1;
    let turnaround = if free { turnaround } else { 0 };
    for pool in &space.pools {
        let claim = claim::Model {
            id: desk.app.clock.id(),
            pool_id: pool.id,
            reason: claim::Reason::Occasion,
            qty: 1,
            s: row.starts_at.timestamp(),
            e: row.ends_at.timestamp() + turnaround,
            turnaround,
            lapses_at: None,
            live: true,
            loan_id: None,
            item_id: None,
            booking_id: None,
            occasion_id: Some(row.id),
            outage_id: None,
            note: None,
        };
        store::claims::add(tx, claim).await?;
    }
    Ok(store::claims::touch_pools(tx, space.pool_ids()).await?)
}

fn row_of(desk: &Desk, order: &Announce) -> Result<occasion::Model> {
    let text = |field, most, value: &str| entity::values::text(value, most).map_err(invalid(field));
    let whole = |at: DateTime<Utc>| DateTime::from_timestamp(at.timestamp(), 0).unwrap_or(at);
    if order.ends_at <= order.starts_at || (order.ends_at - order.starts_at).num_days() > 31 {
        return Err(Error::Invalid { field: "ends_at", problem: Problem::OutOfRange });
    }
    Ok(occasion::Model {
        id: desk.app.clock.id(),
        station_id: order.station,
        space_id: order.space,
        name: text("name", 60, &order.name)?,
        name_en: order.name_en.as_deref().map(|name| text("name_en", 60, name)).transpose()?,
        emoji: order.emoji.as_deref().map(|emoji| text("emoji", 16, emoji)).transpose()?,
        note: order.note.as_deref().map(|note| text("note", 500, note)).transpose()?,
        seats: seats(order.seats)?,
        starts_at: whole(order.starts_at),
        ends_at: whole(order.ends_at),
        cancelled_at: None,
        cancel_reason: None,
        created_at: desk.now(),
        sequence: 0,
        rev: 1,
    })
}

fn seats(seats: i32) -> Result<i32> {
    if (1..=100_000).contains(&seats) { Ok(seats) } else { Err(Error::Invalid { field: "seats", problem: Problem::OutOfRange }) }
}

/// What is changed; what is `None` stays. Another time is another occasion: people have come for this one.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    /// What people call it.
    pub name: Option<String>,
    /// In English.
    pub name_en: Option<Option<String>>,
    /// What people should know or bring.
    pub note: Option<Option<String>>,
    /// How many may come. Fewer than have booked is a fact: it shows as a deficit, and nobody is put out silently.
    pub seats: Option<i32>,
}

/// Edits. Keepers of the station.
///
/// # Errors
/// [`Error::Stale`], [`Error::VersionNeeded`], [`Error::NotFound`], [`Error::Forbidden`].
pub async fn edit(desk: Desk, (id, what): (OccasionId, Edit)) -> Result<Done<OccasionView>> {
    let text = |field, most, value: String| entity::values::text(&value, most).map_err(invalid(field));
    let tx = desk.open().await?;
    let (mut row, subject) = kept(&desk, &tx, id).await?;
    desk.expect_version(row.rev)?;
    if let Some(name) = what.name {
        row.name = text("name", 60, name)?;
    }
    if let Some(name_en) = what.name_en {
        row.name_en = name_en.map(|name| text("name_en", 60, name)).transpose()?;
    }
    if let Some(note) = what.note {
        row.note = note.map(|note| text("note", 500, note)).transpose()?;
    }
    if let Some(more) = what.seats {
        row.seats = seats(more)?;
        for pool in subject.pool_ids() {
            store::claims::set_capacity(&tx, pool, row.seats).await?;
        }
    }
    let row = store::spaces::change_occasion(&tx, row).await?;
    lapse::freed(&desk, &tx, &subject.family).await?;
    record(&desk, &tx, "occasion_edited", &row).await?;
    desk.commit(tx, OccasionView::from(&row)).await
}

/// Calls it off: its space is free, and everybody who has booked is told why. Keepers of the station. A second time it answers the
/// same.
///
/// # Errors
/// [`Error::Refused`] when it is over; [`Error::NotFound`], [`Error::Forbidden`].
pub async fn call_off(desk: Desk, (id, reason): (OccasionId, String)) -> Result<Done<OccasionView>> {
    let reason = entity::values::text(&reason, 200).map_err(invalid("reason"))?;
    let tx = desk.open().await?;
    match call_off_in(&desk, &tx, id, &reason).await? {
        Some(row) => desk.commit(tx, OccasionView::from(&row)).await,
        None => desk.refuse(tx, vec![Refusal::OccasionOver]).await,
    }
}

/// Calls it off inside a write that is open. `None`: it is over.
pub(crate) async fn call_off_in(desk: &Desk, tx: &WriteTx, id: OccasionId, reason: &str) -> Result<Option<occasion::Model>> {
    let (mut row, subject) = kept(desk, tx, id).await?;
    if row.cancelled_at.is_some() {
        return Ok(Some(row));
    }
    if row.ends_at <= desk.now() {
        return Ok(None);
    }
    row.cancelled_at = Some(desk.now());
    row.cancel_reason = Some(reason.to_owned());
    let row = store::spaces::change_occasion(tx, row).await?;
    for booking in store::bookings::list_of_occasion(tx.conn(), id).await? {
        lapse::end(desk, tx, booking, State::Cancelled, Some(reason.to_owned())).await?;
    }
    store::claims::release_occasion(tx, id).await?;
    // Nobody waits for it any more.
    lapse::freed(desk, tx, &subject.family).await?;
    record(desk, tx, "occasion_called_off", &row).await?;
    Ok(Some(row))
}

async fn kept(desk: &Desk, tx: &WriteTx, id: OccasionId) -> Result<(occasion::Model, Bookable)> {
    let row = store::spaces::find_occasion(tx.conn(), id).await?.ok_or(Error::NotFound("occasion"))?;
    let subject = Bookable::find(tx.conn(), &Target::Occasion(id)).await?;
    desk.actor.keeper_of(&subject.station)?;
    let subject = subject.lock(tx).await?;
    Ok((row, subject))
}

async fn record(desk: &Desk, tx: &WriteTx, action: &str, row: &occasion::Model) -> Result<()> {
    let detail = Some(serde_json::json!({ "occasion": row.id, "name": row.name }));
    desk.record(tx, action, About { station: Some(row.station_id), detail, ..About::default() }).await
}
