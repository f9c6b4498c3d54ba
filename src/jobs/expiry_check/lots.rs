//! Lot by lot: raise the tier, note the transition, open the task. In chunks, each a write of its own that proves the lease; a
//! lot that cannot be written is blocked, and stops no other.

use std::collections::BTreeMap;

use entity::{
    expiry_check::Status,
    ids::LotId,
    lot::{self, Tier},
    lot_event,
    stock_block::Cause,
};

use super::Night;
use crate::{
    db::{Trouble, WriteTx},
    desk::{Desk, Door, stock},
    jobs::JobError,
    rules::expiry::{self as rule, LOT_TASKS},
    store,
};

/// How many lots are written at once.
const CHUNK: u64 = 100;

/// Blocks what cannot be true.
pub(super) async fn block_implausible(night: &mut Night<'_>) -> Result<u64, JobError> {
    let mut blocked = 0;
    loop {
        let ids = store::expiry_checks::list_implausible(night.app.db.read(), night.station.id, CHUNK).await?;
        if ids.is_empty() {
            return Ok(blocked);
        }
        let tx = night.held.write().await?;
        let mut laid = 0;
        for lot in store::lots::lock_all(&tx, ids).await? {
            if let Some(why) = rule::data_error(&lot, false) {
                block(night, &tx, &lot, why).await?;
                laid += 1;
            }
        }
        tx.commit(()).await?;
        blocked += laid;
        if laid == 0 {
            return Ok(blocked);
        }
        night.status = Status::Partial;
    }
}

async fn block(night: &Night<'_>, tx: &WriteTx, lot: &lot::Model, why: &str) -> Result<(), JobError> {
    let desk = Desk::internal(night.app, Door::Job);
    stock::lay_block(&desk, tx, lot, Cause::DataError, why).await?;
    stock::open_task(&desk, tx, lot, entity::task::What::ReadLabelAgain, Some(why.to_owned())).await?;
    Ok(())
}

/// Raises what is behind the date.
pub(super) async fn raise_tiers(night: &mut Night<'_>) -> Result<u64, JobError> {
    let (mut raised, mut after) = (0, None);
    loop {
        let ids = store::expiry_checks::list_behind(night.app.db.read(), night.station.id, night.today, after, CHUNK).await?;
        let Some(last) = ids.last().copied() else { return Ok(raised) };
        after = Some(last);
        night.checked += i64::try_from(ids.len()).unwrap_or(i64::MAX);
        match raise(night, ids.clone()).await {
            Ok(count) => raised += count,
            Err(_) if ids.len() > 1 => {
                for id in ids {
                    raised += one_alone(night, id).await?;
                }
            }
            Err(_) => raised += one_alone(night, last).await?,
        }
    }
}

/// A chunk has failed: each of its lots by itself, so that only the one that cannot be written is left, and blocked.
async fn one_alone(night: &mut Night<'_>, id: LotId) -> Result<u64, JobError> {
    match raise(night, vec![id]).await {
        Ok(count) => Ok(count),
        // Somebody else holds it, or the run: no fault of the lot. The next ring begins again.
        Err(error @ JobError::Trouble(Trouble::Contention(_) | Trouble::Busy | Trouble::GuardFailed(_))) => Err(error),
        Err(error) => {
            tracing::error!(lot = %id, %error, "a lot could not be checked; it is blocked");
            night.status = Status::Partial;
            let tx = night.held.write().await?;
            if let Some(lot) = store::lots::lock(&tx, id).await? {
                block(night, &tx, &lot, "检查时出错 / it could not be checked").await?;
            }
            tx.commit(()).await?;
            Ok(0)
        }
    }
}

async fn raise(night: &Night<'_>, ids: Vec<LotId>) -> Result<u64, JobError> {
    let tx = night.held.write().await?;
    let desk = Desk::internal(night.app, Door::Job);
    let mut events = Vec::new();
    let mut tiers: BTreeMap<Tier, Vec<LotId>> = BTreeMap::new();
    let mut todo = Vec::new();
    for lot in store::lots::lock_all(&tx, ids).await? {
        let Some(seen) = rule::transition(&lot, night.today).filter(|_| lot.on_shelf() > 0) else { continue };
        events.push(lot_event::Model {
            lot_id: lot.id,
            what: seen.what.to_owned(),
            facts: rule::facts_of(&lot),
            station_id: lot.station_id,
            units: lot.on_shelf(),
            since: seen.since,
            seen_on: night.today,
        });
        tiers.entry(seen.tier).or_default().push(lot.id);
        todo.extend(seen.task.map(|what| (lot, what)));
    }
    let count = events.len() as u64;
    store::expiry_checks::note_events(&tx, events).await?;
    for (tier, lots) in tiers {
        store::expiry_checks::raise(&tx, lots, tier).await?;
    }
    for (lot, what) in todo {
        // The worse takes the place of the milder; whoever has seen the milder has not seen this.
        let milder: Vec<_> = LOT_TASKS.iter().copied().take_while(|other| *other != what).collect();
        store::tasks::settle_lot(&tx, lot.id, &milder, desk.now()).await?;
        stock::open_task(&desk, &tx, &lot, what, None).await?;
    }
    tx.commit(()).await?;
    Ok(count)
}
