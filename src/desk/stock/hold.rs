//! Set units aside for somebody, for hours and not for days. What is set aside still ends with its lot.

use chrono::{DateTime, Utc};
use entity::{
    ids::{LotHoldId, LotId, MemberId},
    lot, lot_hold,
    lot_hold::Ended,
    movement::Reason,
};

use super::{Entry, lock_kept, move_units, optional, profile_of, today, with_causes};
use crate::{
    db::{Done, Trouble, WriteTx},
    desk::{About, Desk, Error, Problem, Result, Tell, authority::hide},
    rules::{
        handling::{self as rule, USUAL_HOLD},
        ledger::{Change, Place},
        refusal::Refusal,
        usability,
        waking::next_waking,
    },
    store,
    view::HoldView,
};

/// What is set aside.
#[derive(Clone, Debug)]
pub struct Hold {
    /// Of which lot.
    pub lot: LotId,
    /// How many base units.
    pub units: i32,
    /// For whom, if they are known here.
    pub member: Option<MemberId>,
    /// Until when; two hours if nobody says, a day at most.
    pub until: Option<DateTime<Utc>>,
    /// What is worth knowing.
    pub note: Option<String>,
}

/// Sets it aside.
///
/// # Errors
/// [`Error::Refused`] when it may not be handed out, or there are not so many; [`Error::Invalid`], [`Error::NotFound`].
pub async fn hold(desk: Desk, order: Hold) -> Result<Done<HoldView>> {
    if order.units <= 0 {
        return Err(Error::Invalid { field: "units", problem: Problem::OutOfRange });
    }
    let note = optional("note", order.note.as_deref(), 200)?;
    let until = order.until.unwrap_or_else(|| desk.now() + USUAL_HOLD);
    if !rule::may_be_held_until(until, desk.now()) {
        return Err(Error::Invalid { field: "until", problem: Problem::OutOfRange });
    }
    let tx = desk.open().await?;
    let (lot, station) = lock_kept(&desk, &tx, order.lot).await?;
    if let Some(member) = order.member
        && store::members::find(tx.conn(), member).await?.is_none()
    {
        return Err(Error::Invalid { field: "member_id", problem: Problem::Unknown });
    }
    let profile = profile_of(tx.conn(), lot.kind_id).await?;
    let day = today(&desk, tx.conn(), &station).await?;
    for shelf in with_causes(tx.conn(), station.id, &profile, vec![lot.clone()]).await? {
        let blocks = usability::blocks(&shelf.lot, &shelf.causes, &profile, day);
        if let Err(no) = rule::may_be_passed_on(&shelf.lot, blocks) {
            return desk.refuse(tx, vec![no]).await;
        }
    }
    let change = Change::moving(order.units, Place::Available, Place::Held);
    let lot = match move_units(&desk, &tx, &lot, change, Entry::new(&desk, Reason::Held)).await? {
        Ok(lot) => lot,
        Err(no) => return desk.refuse(tx, vec![no]).await,
    };
    let row = lot_hold::Model {
        id: desk.app.clock.id(),
        lot_id: lot.id,
        station_id: lot.station_id,
        member_id: order.member,
        units: order.units,
        note,
        made_by: desk.actor.member(),
        made_at: desk.now(),
        until,
        ended_at: None,
        ended_how: None,
    };
    store::lot_holds::add(&tx, row.clone()).await?;
    let detail = Some(serde_json::json!({ "hold": row.id, "lot": lot.id, "units": row.units }));
    desk.record(&tx, "set_aside", About { station: Some(lot.station_id), detail, ..About::default() }).await?;
    desk.commit(tx, HoldView::from(&row)).await
}

/// Gives up what was set aside. Keepers, and whoever it was set aside for.
///
/// # Errors
/// [`Error::Refused`] when it has ended; [`Error::NotFound`].
pub async fn release(desk: Desk, id: LotHoldId) -> Result<Done<HoldView>> {
    desk.actor.staff().map(|_| ()).or_else(|_| desk.actor.resident().map(|_| ()))?;
    let tx = desk.open().await?;
    let mut row = yours(&desk, &tx, id).await?;
    let Some(lot) = store::lots::lock(&tx, row.lot_id).await? else { return Err(Error::NotFound("hold")) };
    if row.ended_at.is_some() {
        return desk.refuse(tx, vec![Refusal::HoldOver]).await;
    }
    end(&desk, &tx, &lot, &row, Ended::Released).await?;
    (row.ended_at, row.ended_how) = (Some(desk.now()), Some(Ended::Released));
    let detail = Some(serde_json::json!({ "hold": row.id, "lot": row.lot_id }));
    desk.record(&tx, "hold_released", About { station: Some(row.station_id), detail, ..About::default() }).await?;
    desk.commit(tx, HoldView::from(&row)).await
}

/// A hold that the actor may end: it is theirs, or at a station they keep.
pub(super) async fn yours(desk: &Desk, tx: &WriteTx, id: LotHoldId) -> Result<lot_hold::Model> {
    let row = store::lot_holds::find(tx.conn(), id).await?.ok_or(Error::NotFound("hold"))?;
    if row.member_id.is_some() && row.member_id == desk.actor.member() {
        return Ok(row);
    }
    let station = store::stations::find(tx.conn(), row.station_id).await?.ok_or(Error::NotFound("hold"))?;
    hide(desk.actor.keeper_of(&station), "hold")?;
    Ok(row)
}

/// Ends a hold on a lot that is locked: its units are free again. The lot at its next version.
pub(super) async fn end(desk: &Desk, tx: &WriteTx, lot: &lot::Model, hold: &lot_hold::Model, how: Ended) -> Result<lot::Model> {
    store::lot_holds::end(tx, hold.id, how, desk.now()).await?;
    let change = Change::moving(hold.units, Place::Held, Place::Available);
    let freed = move_units(desk, tx, lot, change, Entry::new(desk, Reason::Released)).await?;
    freed.map_err(|no| Trouble::Fault(format!("the lot {} holds less than its holds say: {no:?}", lot.id)).into())
}

/// Ends all holds on a lot that may no longer be handed out, and tells those they were for. Says how many.
pub(crate) async fn cut_off(desk: &Desk, tx: &WriteTx, lot: &lot::Model) -> Result<u64> {
    let (mut lot, mut ended) = (lot.clone(), 0);
    for hold in store::lot_holds::list_open_on(tx.conn(), vec![lot.id]).await? {
        lot = end(desk, tx, &lot, &hold, Ended::CutOff).await?;
        ended += 1;
        let Some(member) = hold.member_id else { continue };
        let station = store::stations::find(tx.conn(), hold.station_id).await?;
        let by_day = station.as_ref().map_or(desk.now(), |station| next_waking(desk.now(), station.zone()));
        let what = Tell {
            natural_key: format!("hold-cut-off:{}", hold.id),
            template: "hold_cut_off",
            params: serde_json::json!({ "station": station.map(|station| station.name) }),
            send_after: by_day,
            fresh_for: chrono::TimeDelta::hours(24),
        };
        desk.tell(tx, member, what).await?;
    }
    Ok(ended)
}

/// Ends the holds of a station whose time is over, and those on lots that may no longer be handed out. Level-triggered: it may
/// run at any time, and any number of times. Says how many.
///
/// # Errors
/// The database.
pub async fn tidy(desk: &Desk, station: &entity::station::Model) -> Result<u64> {
    let app = &desk.app;
    if store::lot_holds::list_open_at(app.db.read(), station.id, None, 1).await?.is_empty() {
        return Ok(0);
    }
    let tx = desk.open().await?;
    let some = store::lot_holds::list_open_at(tx.conn(), station.id, None, 500).await?;
    let lots = store::lots::lock_all(&tx, some.iter().map(|hold| hold.lot_id).collect()).await?;
    // Whoever was there first may have ended some while we waited for the lots.
    let open = store::lot_holds::list_open_on(tx.conn(), lots.iter().map(|lot| lot.id).collect()).await?;
    let blocks = super::blocks_of(app, tx.conn(), &lots).await?;
    let mut ended = 0;
    for lot in lots {
        if blocks.get(&lot.id).is_some_and(|blocks| !blocks.is_empty()) {
            ended += cut_off(desk, &tx, &lot).await?;
            continue;
        }
        let mut after = lot.clone();
        for hold in open.iter().filter(|hold| hold.lot_id == lot.id && hold.until <= desk.now()) {
            after = end(desk, &tx, &after, hold, Ended::Lapsed).await?;
            ended += 1;
        }
    }
    tx.commit(()).await?;
    Ok(ended)
}
