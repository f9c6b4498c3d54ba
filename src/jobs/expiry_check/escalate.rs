//! What nobody does is carried further, hour by hour: seen is not done. After three days the medicine of the station is
//! suspended until two people have looked.

use std::collections::BTreeMap;

use entity::{ids::TaskId, station, stock_block, stock_block::Cause};

use super::{
    super::{JobError, Report, runs::Scope},
    tell,
};
use crate::{
    app::App,
    db::Intent,
    desk::{Desk, Door, stock},
    rules::expiry as rule,
    store,
};

/// Carries the open tasks of a station further.
pub(super) async fn escalate(app: &App, scope: &Scope, station: &station::Model, report: &mut Report) -> Result<(), JobError> {
    let has_keeper = store::roles::has_keeper(app.db.read(), station.id).await?;
    let now = app.clock.now();
    let mut behind: BTreeMap<i32, Vec<TaskId>> = BTreeMap::new();
    for (task, what, opened, carried) in
        store::tasks::list_carried_less(app.db.read(), station.id, &rule::CARRIED, rule::CARRIED_FURTHEST).await?
    {
        let level = rule::escalation(what, opened, now, has_keeper);
        if level > carried {
            behind.entry(level).or_default().push(task);
        }
    }
    if behind.is_empty() {
        return Ok(());
    }
    let desk = Desk::internal(app, Door::Job);
    let tx = app.db.write(Intent::default()).await?;
    let mut suspend = false;
    for (level, tasks) in &behind {
        suspend |= *level >= rule::CARRIED_FURTHEST && has_keeper;
        store::tasks::escalate(&tx, tasks.clone(), *level).await?;
    }
    if suspend && store::stock_blocks::find_suspension(tx.conn(), station.id).await?.is_none() {
        let reason = "到期物品三天无人处理 / what must go was not taken away for three days";
        let row = stock_block::Model { station_id: Some(station.id), ..stock::new_block(&desk, None, Cause::Suspended, reason) };
        store::stock_blocks::suspend(&tx, row).await?;
        report.add("stations suspended", 1);
    }
    for (level, tasks) in &behind {
        report.add("told further up", tell::further(app, &tx, scope, station, (*level, tasks.len())).await?);
        report.add("tasks carried further", tasks.len() as u64);
    }
    tx.commit(()).await?;
    Ok(())
}
