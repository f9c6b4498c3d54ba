//! What nobody does is carried further, hour by hour: seen is not done. After three days the medicine of the station is
//! suspended until two people have looked.

use std::collections::BTreeSet;

use entity::{ids::StationId, station, stock_block, stock_block::Cause};

use super::{
    super::{JobError, Report, runs::Scope},
    Shared,
    sight::Something,
    tell,
    watch::Watch,
};
use crate::{
    app::App,
    db::Intent,
    desk::{Desk, Door, stock},
    rules::expiry::{self as rule, MUST_GO},
    store,
};

/// Carries the open tasks of these stations further: one statement for all of them says where there are any.
pub(super) async fn escalate_all(shared: &Shared, looked: Vec<(Scope, Watch)>, report: &mut Report) -> Result<(), JobError> {
    let Shared { app, sight, .. } = shared;
    let mut failed = None;
    for has_keeper in [true, false] {
        let is_one = |scope: &&(Scope, Watch)| scope.0.station.is_some_and(|id| sight.has(Something::Keeper, id) == has_keeper);
        let some: Vec<_> = looked.iter().filter(is_one).collect();
        let ids: Vec<StationId> = some.iter().filter_map(|(scope, _)| scope.station).collect();
        if ids.is_empty() {
            continue;
        }
        let mut behind = BTreeSet::new();
        for step in rule::escalation(sight.now, has_keeper) {
            let which = (step.what.as_slice(), step.opened_by, step.level);
            behind.extend(store::nights::with_tasks_behind(app.db.read(), &ids, which).await?);
        }
        for (scope, watch) in some {
            let station = scope.station.filter(|id| behind.contains(id)).and_then(|id| sight.stations.get(&id));
            if let Some(station) = station
                && let Err(error) = escalate(app, scope, station, (watch, has_keeper), report).await
            {
                failed = Some(error);
            }
        }
    }
    failed.map_or(Ok(()), Err)
}

/// Carries the open tasks of a station further. By a clock that is not trusted no time has passed.
async fn escalate(
    app: &App,
    scope: &Scope,
    station: &station::Model,
    (watch, has_keeper): (&Watch, bool),
    report: &mut Report,
) -> Result<(), JobError> {
    let mut steps = rule::escalation(watch.now, has_keeper);
    if !watch.is_trusted() {
        steps.truncate(1);
    }
    let mut behind = Vec::new();
    for step in steps {
        if store::tasks::is_behind(app.db.read(), station.id, &step.what, step.opened_by, step.level).await? {
            behind.push(step);
        }
    }
    if behind.is_empty() {
        return Ok(());
    }
    let desk = Desk::internal(app, Door::Job);
    let tx = app.db.write(Intent::default()).await?;
    let mut told = [0_u64; 3];
    let mut suspend = false;
    for step in &behind {
        let carried = store::tasks::escalate(&tx, station.id, &step.what, step.opened_by, step.level).await?;
        told[usize::try_from(step.level).unwrap_or_default().min(2)] += carried;
        suspend |= carried > 0 && has_keeper && step.level == 2 && step.what.contains(&MUST_GO[0]);
    }
    if suspend && store::stock_blocks::find_suspension(tx.conn(), station.id).await?.is_none() {
        let reason = "到期物品三天无人处理 / what must go was not taken away for three days";
        let row = stock_block::Model { station_id: Some(station.id), ..stock::new_block(&desk, None, Cause::Suspended, reason) };
        store::stock_blocks::suspend(&tx, row).await?;
        report.add("stations suspended", 1);
    }
    for (level, count) in [(1, told[1]), (2, told[2])] {
        if count > 0 {
            report.add("told further up", tell::further(app, &tx, scope, station, (level, count)).await?);
        }
    }
    report.add("tasks carried further", told.iter().sum());
    tx.commit(()).await?;
    Ok(())
}
