//! Lot by lot: raise the tier, note the transition, open the task. In chunks, each a write of its own that proves the lease; a
//! lot that cannot be written is blocked, and stops no other.

use std::collections::BTreeMap;

use entity::{
    expiry_check::Status,
    ids::LotId,
    lot::{self, Tier},
    lot_event,
    stock_block::Cause,
    task,
};

use super::{Line, Night, sight::Something};
use crate::{
    db::{Trouble, WriteTx},
    desk::{Desk, Door, stock},
    jobs::JobError,
    rules::expiry::{self as rule, LOT_TASKS},
    store,
};

/// How many lots are written at once.
const CHUNK: u64 = 500;
/// What must have a task while it is on the shelf.
pub(super) const ASKED: [(Tier, task::What); 3] = [
    (Tier::T7, task::What::TakeOutThisWeek),
    (Tier::StopIssue, task::What::TakeOutToday),
    (Tier::Expired, task::What::PutInRedBox),
];

/// Blocks what cannot be true.
pub(super) async fn block_implausible(night: &mut Night<'_>) -> Result<u64, JobError> {
    let mut blocked = 0;
    if !night.sight.has(Something::Implausible, night.station.id) {
        return Ok(0);
    }
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
                night.errors.push((lot.id, why.to_owned()));
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

/// Blocks what is recalled and is not blocked for it yet, whatever the reason.
pub(super) async fn apply_recalls(night: &Night<'_>) -> Result<u64, JobError> {
    if !night.sight.recalls {
        return Ok(0);
    }
    let tx = night.held.write().await?;
    let laid = stock::recall::apply_registry(&Desk::internal(night.app, Door::Job), &tx, night.station.id).await?;
    tx.commit(()).await?;
    Ok(laid)
}

/// Raises what is behind the date.
pub(super) async fn raise_tiers(night: &mut Night<'_>) -> Result<u64, JobError> {
    let (mut raised, mut after) = (0, None);
    loop {
        let ids = store::expiry_checks::list_behind(night.app.db.read(), night.station.id, night.today, after, CHUNK).await?;
        let Some(last) = ids.last().copied() else { return Ok(raised) };
        after = Some(last);
        let whole = ids.len() as u64;
        raised += raise_or_block(night, ids).await?;
        if whole < CHUNK {
            return Ok(raised);
        }
    }
}

/// A chunk that cannot be written is halved until the lot is found that is the reason; that one is blocked.
async fn raise_or_block(night: &mut Night<'_>, ids: Vec<LotId>) -> Result<u64, JobError> {
    let (mut raised, mut chunks) = (0, vec![ids]);
    while let Some(mut chunk) = chunks.pop() {
        match (raise(night, chunk.clone()).await, chunk.as_slice()) {
            (Ok(count), _) => raised += count,
            // Somebody else holds one of them, or the run: no fault of a lot. The next ring begins again.
            (Err(error @ JobError::Trouble(Trouble::Contention(_) | Trouble::Busy | Trouble::GuardFailed(_))), _) => {
                return Err(error);
            }
            (Err(error), [lot]) => block_unwritable(night, *lot, &error).await?,
            (Err(_), _) => {
                chunks.push(chunk.split_off(chunk.len() / 2));
                chunks.push(chunk);
            }
        }
    }
    Ok(raised)
}

async fn block_unwritable(night: &mut Night<'_>, id: LotId, error: &JobError) -> Result<(), JobError> {
    tracing::error!(lot = %id, %error, "a lot could not be checked; it is blocked");
    night.status = Status::Partial;
    night.errors.push((id, error.to_string()));
    let tx = night.held.write().await?;
    if let Some(lot) = store::lots::lock(&tx, id).await? {
        block(night, &tx, &lot, "检查时出错 / it could not be checked").await?;
    }
    tx.commit(()).await?;
    Ok(())
}

/// Writes a chunk with as many statements as there are tiers and sorts of tasks in it, however many lots it holds.
async fn raise(night: &mut Night<'_>, ids: Vec<LotId>) -> Result<u64, JobError> {
    let tx = night.held.write().await?;
    let desk = Desk::internal(night.app, Door::Job);
    let mut events = Vec::new();
    let mut tiers: BTreeMap<Tier, Vec<LotId>> = BTreeMap::new();
    let mut superseded: Vec<Vec<LotId>> = vec![Vec::new(); LOT_TASKS.len()];
    let (mut tasks, mut moved, mut lines) = (Vec::new(), Vec::new(), Vec::new());
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
        moved.push((lot.tier, seen.tier));
        lines.push((lot.id, Line::from(&lot)));
        tiers.entry(seen.tier).or_default().push(lot.id);
        if let Some(what) = seen.task {
            let urgency = LOT_TASKS.iter().take_while(|other| **other != what).count();
            if let Some(lots) = superseded.get_mut(urgency) {
                lots.push(lot.id);
            }
            tasks.push(stock::task_about(&desk, &lot, what, None));
        }
    }
    let count = events.len() as u64;
    store::expiry_checks::note_events(&tx, events).await?;
    for (tier, lots) in tiers {
        store::expiry_checks::raise(&tx, lots, tier).await?;
    }
    let worse = tasks.iter().filter(|task: &&task::Model| rule::MUST_GO.contains(&task.what)).filter_map(|task| task.lot_id);
    let before = store::tasks::list_open_on(tx.conn(), worse.collect(), &rule::MUST_GO).await?;
    for task in &mut tasks {
        stock::must_go::carry_on(task, &before);
    }
    for (urgency, lots) in superseded.into_iter().enumerate() {
        // The worse takes the place of the milder; whoever has seen the milder has not seen this.
        if let (Some(milder @ [_, ..]), [_, ..]) = (LOT_TASKS.get(..urgency), lots.as_slice()) {
            store::tasks::settle_lots(&tx, lots, milder, desk.now()).await?;
        }
    }
    store::tasks::open_all(&tx, tasks).await?;
    tx.commit(()).await?;
    for step in moved {
        *night.moved.entry(step).or_default() += 1;
    }
    if night.lines.len() < Line::KEPT {
        night.lines.extend(lines);
    }
    Ok(count)
}

/// Asks again for what is on the shelf and nobody is asked for, whatever has closed the task.
pub(super) async fn ask_again(night: &Night<'_>) -> Result<u64, JobError> {
    if !night.sight.has(Something::Unasked, night.station.id) {
        return Ok(0);
    }
    let desk = Desk::internal(night.app, Door::Job);
    let mut asked = 0;
    for (tier, what) in ASKED {
        let mut after = None;
        loop {
            let conn = night.app.db.read();
            let ids = store::expiry_checks::list_unasked(conn, night.station.id, (tier, what), after, CHUNK).await?;
            let Some(last) = ids.last().copied() else { break };
            after = Some(last);
            let tx = night.held.write().await?;
            let lots = store::lots::lock_all(&tx, ids).await?.into_iter().filter(|lot| lot.tier == tier && lot.on_shelf() > 0);
            let tasks: Vec<_> = lots.map(|lot| stock::task_about(&desk, &lot, what, None)).collect();
            asked += tasks.len() as u64;
            store::tasks::open_all(&tx, tasks).await?;
            tx.commit(()).await?;
        }
    }
    Ok(asked)
}
