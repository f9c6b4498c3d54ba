//! The ladder: what is overdue or out of use may eat a booking. It is never cancelled silently: the booking is at risk, a keeper is
//! asked to find another, whoever keeps the thing too long hears that somebody waits, whoever has booked hears of it two hours before,
//! and hears too when all is well again. Only what is at risk at its time lapses (`lapse`).

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    booking::{self, State},
    claim::{self, Reason},
    ids::{BookingId, LoanId, PoolId},
    task::What,
};
use sea_orm::ConnectionTrait;

use super::{bookable::Bookable, lapse};
use crate::{
    db::WriteTx,
    desk::{Desk, Result, Tell, borrow::new_task},
    rules::{
        booking_life,
        deficit::{Standing, at_risk},
        waking::next_waking,
    },
    speech, store,
};

/// How far ahead bookings are looked at: what is late today may be back by then.
const AHEAD: TimeDelta = TimeDelta::hours(48);
/// How long before the beginning whoever has booked is told.
const TOLD: TimeDelta = TimeDelta::hours(2);

/// What is to be done on the ladder.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    /// Bookings that may not be kept, and were safe until now.
    newly: Vec<booking::Model>,
    /// Bookings that are safe again.
    safe: Vec<booking::Model>,
    /// Bookings at risk that begin soon, and nobody has told it.
    untold: Vec<booking::Model>,
    /// Loans that are overdue where somebody waits, and nobody has told it.
    overdue: Vec<LoanId>,
}

impl Steps {
    /// Is there nothing to do?
    pub(crate) fn is_empty(&self) -> bool {
        self.newly.is_empty() && self.safe.is_empty() && self.untold.is_empty() && self.overdue.is_empty()
    }

    fn count(&self) -> u64 {
        u64::try_from(self.newly.len() + self.safe.len() + self.untold.len() + self.overdue.len()).unwrap_or(u64::MAX)
    }
}

/// Looks what is to be done for pools.
pub(crate) async fn look(conn: &impl ConnectionTrait, pools: &[PoolId], now: DateTime<Utc>) -> Result<Steps> {
    let mut standing = store::bookings::list_on_pools(conn, pools.to_vec()).await?;
    standing.retain(|row| booking_life::stands(row, now));
    if !standing.iter().any(is_firm) {
        return Ok(Steps::default());
    }
    let until = now + AHEAD;
    let mut claims = store::claims::list_live(conn, pools.to_vec(), until.timestamp()).await?;
    let (mut risk, mut overdue) = (BTreeSet::new(), BTreeSet::new());
    for pool in store::claims::list_pools(conn, pools.to_vec()).await? {
        let (of_pool, others): (Vec<_>, Vec<_>) = claims.into_iter().partition(|claim| claim.pool_id == pool.id);
        claims = others;
        let subject = Bookable::of_pool(conn, &pool).await?;
        let in_service = match pool.kind_id {
            Some(kind) => {
                store::items::count_units(conn, pool.station_id, Some(kind)).await?.first().map_or(0, |units| units.in_service)
            }
            None => 0,
        };
        let alone = Bookable::joined(subject.station, subject.calendar, subject.subject, vec![pool]);
        let timeline = alone.timeline_of(in_service, of_pool.clone(), now);
        let those = at_risk(&timeline, &promises(&of_pool, &standing), (now.timestamp(), until.timestamp()));
        if !those.is_empty() {
            overdue.extend(of_pool.iter().filter(|claim| is_overdue(claim, now)).filter_map(|claim| claim.loan_id));
        }
        risk.extend(those);
    }
    steps(conn, standing, (&risk, overdue), now).await
}

async fn steps(
    conn: &impl ConnectionTrait,
    standing: Vec<booking::Model>,
    (risk, overdue): (&BTreeSet<BookingId>, BTreeSet<LoanId>),
    now: DateTime<Utc>,
) -> Result<Steps> {
    let mut steps = Steps::default();
    for row in standing {
        let at_risk = risk.contains(&row.id);
        let soon = row.state == State::AtRisk && at_risk && row.starts_at - TOLD <= now;
        let untold = soon && !store::notices::is_written(conn, &super::key_of("booking_at_risk", &row)).await?;
        match (row.state, at_risk) {
            (State::Confirmed, true) => steps.newly.push(row),
            (State::AtRisk, false) => steps.safe.push(row),
            (State::AtRisk, true) if untold => steps.untold.push(row),
            _ => {}
        }
    }
    for loan in overdue {
        if !store::notices::is_written(conn, &somebody_waits(loan)).await? {
            steps.overdue.push(loan);
        }
    }
    Ok(steps)
}

fn is_firm(row: &booking::Model) -> bool {
    matches!(row.state, State::Confirmed | State::AtRisk)
}

fn is_overdue(claim: &claim::Model, now: DateTime<Utc>) -> bool {
    claim.reason == Reason::Loan && claim.e - claim.turnaround <= now.timestamp()
}

/// What can give way: not what stands ready or is in hand.
fn promises(claims: &[claim::Model], standing: &[booking::Model]) -> Vec<Standing> {
    let of_booking = |claim: &claim::Model| {
        let row = standing.iter().find(|row| claim.reason == Reason::Booking && Some(row.id) == claim.booking_id)?;
        let yields = is_firm(row) || matches!(row.state, State::Held | State::Pending);
        yields.then_some(Standing {
            booking: row.id,
            units: i64::from(row.quantity - row.collected),
            from: claim.s,
            to: claim.e,
            priority: row.priority,
            confirmed_at: row.confirmed_at,
        })
    };
    claims.iter().filter_map(of_booking).collect()
}

fn somebody_waits(loan: LoanId) -> String {
    format!("somebody_waits:{loan}")
}

fn task_of(booking: BookingId) -> String {
    format!("{:?}:{booking}", What::MindBooking)
}

/// Does what is to be done for pools that are locked. How many steps.
pub(crate) async fn climb(desk: &Desk, tx: &WriteTx, pools: &[PoolId]) -> Result<u64> {
    let steps = look(tx.conn(), pools, desk.now()).await?;
    let count = steps.count();
    for row in steps.newly {
        let row = store::bookings::change(tx, booking::Model { state: State::AtRisk, ..row }).await?;
        ask_keeper(desk, tx, &row).await?;
        lapse::note(desk, tx, &row).await?;
        tell_if_soon(desk, tx, &row).await?;
    }
    for row in steps.untold {
        tell_if_soon(desk, tx, &row).await?;
    }
    for row in steps.safe {
        out_of_risk(desk, tx, &row).await?;
        let told = store::notices::is_written(tx.conn(), &super::key_of("booking_at_risk", &row)).await?;
        let row = store::bookings::change(tx, booking::Model { state: State::Confirmed, ..row }).await?;
        if told {
            let subject = Bookable::of(tx.conn(), &row).await?;
            super::tell(desk, tx, &row, "booking_safe", &subject).await?;
        }
        lapse::note(desk, tx, &row).await?;
    }
    for loan in steps.overdue {
        tell_borrower(desk, tx, loan).await?;
    }
    Ok(count)
}

/// A booking is no longer at risk, in whatever way: nobody has to look for another.
pub(super) async fn out_of_risk(desk: &Desk, tx: &WriteTx, before: &booking::Model) -> Result<()> {
    if before.state == State::AtRisk {
        store::tasks::settle_key(tx, &task_of(before.id), desk.now()).await?;
    }
    Ok(())
}

async fn tell_if_soon(desk: &Desk, tx: &WriteTx, row: &booking::Model) -> Result<()> {
    if row.starts_at - TOLD <= desk.now() {
        let subject = Bookable::of(tx.conn(), row).await?;
        super::tell(desk, tx, row, "booking_at_risk", &subject).await?;
    }
    Ok(())
}

async fn ask_keeper(desk: &Desk, tx: &WriteTx, row: &booking::Model) -> Result<()> {
    let from = speech::day_and_time(row.starts_at, chrono_tz::Asia::Shanghai);
    let task = entity::task::Model {
        natural_key: task_of(row.id),
        station_id: Some(row.station_id),
        kind_id: row.kind_id,
        note: Some(format!("{} 起的预约 / the booking from {}", from.zh, from.en)),
        ..new_task(desk, What::MindBooking)
    };
    Ok(store::tasks::open(tx, task).await?)
}

/// Whoever keeps a thing too long hears that somebody waits for it; not who.
async fn tell_borrower(desk: &Desk, tx: &WriteTx, loan: LoanId) -> Result<()> {
    let Some(loan) = store::loans::find(tx.conn(), loan).await? else { return Ok(()) };
    let (Some(member), Some(station)) = (loan.member_id, loan.station_id) else { return Ok(()) };
    let kind = store::kinds::find(tx.conn(), loan.kind_id).await?.filter(|kind| !kind.sensitive);
    let zone = store::stations::find(tx.conn(), station).await?.map_or(chrono_tz::Asia::Shanghai, |station| station.zone());
    let (thing, thing_en) = kind.map_or(("物品".to_owned(), Some("the thing".to_owned())), |kind| (kind.name, kind.name_en));
    let tell = Tell {
        natural_key: somebody_waits(loan.id),
        template: "somebody_waits",
        params: serde_json::json!({ "loan": loan.id, "thing": thing, "thing_en": thing_en }),
        send_after: next_waking(desk.now(), zone),
        fresh_for: TimeDelta::hours(12),
    };
    desk.tell(tx, member, tell).await?;
    Ok(())
}
