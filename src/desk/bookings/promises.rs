//! What is promised from the pool of a thing that somebody wants to take now: the lending desk asks here before it lends, before
//! it prolongs, and when the scan page says what may be done.

use chrono::{DateTime, Utc};
use entity::{
    booking::{self, State},
    ids::MemberId,
    item, kind, loan,
    pool::{self, Terms},
};
use sea_orm::ConnectionTrait;

use super::{ladder, lapse};
use crate::{
    db::WriteTx,
    desk::{Desk, Result, queue},
    rules::{
        availability::Timeline,
        booking_life,
        calendar::Calendar,
        refusal::Refusal,
        terms::{Sort, preset},
        walk_up::{self, Until},
    },
    store,
};

/// What is promised from a pool of things.
pub struct Promises {
    pool: pool::Model,
    terms: Terms,
    ahead: Option<Ahead>,
}

/// Somebody has booked ahead.
struct Ahead {
    timeline: Timeline,
    on_shelf: i64,
    awaited: Vec<booking::Model>,
    /// For which booking this very thing stands ready.
    set_aside_for: Option<booking::Model>,
}

impl Promises {
    /// Reads them for a thing at its station, under the lock of the pool; what has lapsed is written down on the way. `None` where
    /// the place of the thing is not known.
    ///
    /// # Errors
    /// [`crate::desk::Error`] of the database.
    pub async fn lock(
        desk: &Desk,
        tx: &WriteTx,
        item: &item::Model,
        kind: &kind::Model,
        calendar: &Calendar,
    ) -> Result<Option<Self>> {
        let Some(station) = item.station_id else { return Ok(None) };
        let Some(pool) = store::claims::lock_pool(tx, station, item.kind_id).await? else { return Ok(None) };
        let booked = store::claims::is_booked(tx.conn(), pool.id).await?;
        if booked {
            lapse::tidy(desk, tx, &[pool.id]).await?;
        }
        Ok(Some(Self::read(tx.conn(), (pool, booked), item, kind, calendar, desk.now()).await?))
    }

    /// Reads them without a lock, for whoever only asks.
    ///
    /// # Errors
    /// [`crate::desk::Error`] of the database.
    pub async fn look(
        conn: &impl ConnectionTrait,
        item: &item::Model,
        kind: &kind::Model,
        calendar: &Calendar,
        now: DateTime<Utc>,
    ) -> Result<Option<Self>> {
        let Some(station) = item.station_id else { return Ok(None) };
        let Some(pool) = store::claims::find_pool(conn, station, item.kind_id).await? else { return Ok(None) };
        let booked = store::claims::is_booked(conn, pool.id).await?;
        Ok(Some(Self::read(conn, (pool, booked), item, kind, calendar, now).await?))
    }

    async fn read(
        conn: &impl ConnectionTrait,
        (pool, booked): (pool::Model, bool),
        item: &item::Model,
        kind: &kind::Model,
        calendar: &Calendar,
        now: DateTime<Utc>,
    ) -> Result<Self> {
        let terms = pool.terms.clone().unwrap_or_else(|| preset(Sort::Things(&kind.category)));
        if !booked {
            return Ok(Self { pool, terms, ahead: None });
        }
        let mut claims = store::claims::list_live(conn, vec![pool.id], i64::MAX).await?;
        // A loan of this very thing is what is prolonged, or what stands in the way by itself.
        claims.retain(|claim| claim.item_id != Some(item.id));
        let units = store::items::count_units(conn, pool.station_id, Some(kind.id)).await?;
        let (in_service, on_shelf) = units.first().map_or((0, 0), |units| (units.in_service, units.on_shelf));
        let set_aside_for = match store::bookings::find_set_aside(conn, item.id).await? {
            Some(kept) => store::bookings::find(conn, kept.booking_id).await?,
            None => None,
        };
        let set_aside_for = set_aside_for.filter(|booking| booking_life::stands(booking, now));
        let ready = i64::from(set_aside_for.is_some());
        let standing = store::bookings::list_on_pools(conn, vec![pool.id]).await?;
        let awaited = standing.into_iter().filter(|b| is_awaited(b, now)).collect();
        let timeline = Timeline::of(in_service, &claims, now, calendar);
        // What stands ready is no longer counted on the shelf; whoever asks holds this one in hand.
        Ok(Self { pool, terms, ahead: Some(Ahead { timeline, on_shelf: on_shelf + ready, awaited, set_aside_for }) })
    }

    /// The booking of this member that can be collected with the thing now: the one for which it stands ready, else the first.
    #[must_use]
    pub fn to_collect(&self, member: Option<MemberId>, now: DateTime<Utc>) -> Option<booking::Model> {
        let (ahead, member) = (self.ahead.as_ref()?, member?);
        let mine = |booking: &&booking::Model| booking.member_id == member && booking_life::can_be_collected(booking, now);
        let ready = ahead.set_aside_for.as_ref().filter(mine);
        ready.or_else(|| ahead.awaited.iter().find(mine)).cloned()
    }

    /// Until when the thing may be lent, wished until `due_at`; whoever collects a booking has it until the booking ends.
    ///
    /// # Errors
    /// All reasons at once.
    pub fn until(
        &self,
        (due_at, collects): (DateTime<Utc>, Option<&booking::Model>),
        calendar: &Calendar,
        overridden: bool,
        now: DateTime<Utc>,
    ) -> std::result::Result<Until, Vec<Refusal>> {
        let Some(ahead) = &self.ahead else { return Ok(Until { due_at, booked_from: None }) };
        let theirs = |booking: &booking::Model| collects.is_some_and(|mine| mine.id == booking.id);
        if let Some(booking) = collects {
            let kept = ahead.set_aside_for.as_ref().filter(|kept| !theirs(kept));
            // Before its time it is a walk-up like any other, until the booking itself begins.
            let early = booking.starts_at > now && ahead.timeline.free(now.timestamp(), booking.starts_at.timestamp()) < 1;
            let mut reasons: Vec<_> = kept.map(|kept| Refusal::SetAside { from: kept.starts_at }).into_iter().collect();
            if early {
                reasons.push(Refusal::BookedSoon { from: now, free_from: Some(booking.starts_at) });
            }
            return if reasons.is_empty() { Ok(Until { due_at: booking.ends_at, booked_from: None }) } else { Err(reasons) };
        }
        let facts = walk_up::Facts {
            timeline: &ahead.timeline,
            terms: &self.terms,
            calendar,
            on_shelf: ahead.on_shelf,
            awaited: &ahead.awaited,
            set_aside_for: ahead.set_aside_for.as_ref(),
        };
        walk_up::walk_up(&facts, due_at, overridden, now)
    }

    /// Until when an open loan may be prolonged, wished until `due_at`: as far as nobody else was promised it.
    ///
    /// # Errors
    /// All reasons at once.
    pub fn prolonged(
        &self,
        loan: &loan::Model,
        due_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> std::result::Result<DateTime<Utc>, Vec<Refusal>> {
        let Some(ahead) = &self.ahead else { return Ok(due_at) };
        let from = loan.due_at.max(now);
        let turnaround = chrono::TimeDelta::minutes(i64::from(self.terms.turnaround));
        let short = ahead.timeline.short_from(from.timestamp(), 1).and_then(|at| DateTime::from_timestamp(at, 0));
        let latest = short.map_or(due_at, |short| (short - turnaround).min(due_at));
        match short {
            Some(from) if latest <= loan.due_at.max(now) => Err(vec![Refusal::BookedSoon { from, free_from: None }]),
            _ => Ok(latest),
        }
    }

    /// Writes down that a thing has left: its loan occupies the pool, and what it was collected for no longer does.
    ///
    /// # Errors
    /// [`crate::desk::Error`] of the database.
    pub async fn occupy(&self, desk: &Desk, tx: &WriteTx, loan: &loan::Model, collects: Option<booking::Model>) -> Result<()> {
        let now = desk.now();
        let turnaround = i64::from(self.terms.turnaround) * 60;
        let booking = collects.as_ref().map(|booking| booking.id);
        if let Some(booking) = collects {
            let collected = booking.collected + 1;
            let all = collected == booking.quantity;
            ladder::out_of_risk(desk, tx, &booking).await?;
            if booking.is_offer() {
                queue::accepted(desk, tx, &booking).await?;
            }
            let row = booking::Model {
                collected,
                state: State::Collected,
                collected_at: booking.collected_at.or(Some(now)),
                lapses_at: if all { None } else { booking.lapses_at },
                ..booking
            };
            let row = store::bookings::change(tx, row).await?;
            store::claims::follow_booking(tx, &row, row.ends_at).await?;
            lapse::note(desk, tx, &row).await?;
        }
        if self.ahead.is_some() {
            store::bookings::take_set_aside(tx, loan.item_id, now).await?;
        }
        store::claims::occupy(tx, desk.app.clock.id(), self.pool.id, loan, (turnaround, booking)).await?;
        Ok(())
    }
}

/// Is somebody still to come for it?
fn is_awaited(booking: &booking::Model, now: DateTime<Utc>) -> bool {
    let waits = booking.is_offer()
        || booking.state.awaits_collection()
        || (booking.state == State::Collected && booking.lapses_at.is_some());
    waits && booking.collected < booking.quantity && booking_life::stands(booking, now)
}
