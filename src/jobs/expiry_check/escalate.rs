//! What nobody does is carried further, hour by hour: seen is not done. After three days the medicine of the station is
//! suspended until two people have looked.

use entity::{station, stock_block, stock_block::Cause};

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
    let behind: Vec<_> = store::tasks::list_open_about_lots(app.db.read(), station.id)
        .await?
        .into_iter()
        .map(|task| (rule::escalation(task.what, task.created_at, now, has_keeper), task))
        .filter(|(level, task)| *level > task.escalated)
        .collect();
    if behind.is_empty() {
        return Ok(());
    }
    let desk = Desk::internal(app, Door::Job);
    let tx = app.db.write(Intent::default()).await?;
    let mut suspend = false;
    for (level, task) in &behind {
        suspend |= *level >= 2 && has_keeper;
        store::tasks::escalate(&tx, task.id, *level).await?;
    }
    if suspend && store::stock_blocks::find_suspension(tx.conn(), station.id).await?.is_none() {
        let reason = "到期物品三天无人处理 / what must go was not taken away for three days";
        let row = stock_block::Model { station_id: Some(station.id), ..stock::new_block(&desk, None, Cause::Suspended, reason) };
        store::stock_blocks::suspend(&tx, row).await?;
        report.add("stations suspended", 1);
    }
    for wanted in [1, 2] {
        let count = behind.iter().filter(|(level, _)| *level == wanted).count();
        if count > 0 {
            report.add("told further up", tell::further(app, &tx, scope, station, (wanted, count)).await?);
        }
    }
    report.add("tasks carried further", behind.len() as u64);
    tx.commit(()).await?;
    Ok(())
}
