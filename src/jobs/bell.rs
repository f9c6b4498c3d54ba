//! The bell: tokio-cron-scheduler rings, and knows nothing else. A ring that finds its job still at work is not heard.

use std::sync::Arc;

use tokio::sync::Mutex;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};
use tokio_util::task::TaskTracker;

use super::{Entry, TIMETABLE};
use crate::app::App;

/// The bells of a process.
pub struct Bells {
    scheduler: JobScheduler,
    at_work: TaskTracker,
}

/// Hangs up the bells, and runs every job once: whatever should have happened while the process was down happens now.
///
/// # Errors
/// [`JobSchedulerError`] of a timetable that cannot be read.
pub async fn start(app: &App) -> Result<Bells, JobSchedulerError> {
    let scheduler = JobScheduler::new().await?;
    let at_work = TaskTracker::new();
    for entry in &TIMETABLE {
        let turn = Arc::new(Mutex::new(()));
        ring(app.clone(), entry, &turn, &at_work);
        let (app, at_work) = (app.clone(), at_work.clone());
        let bell = Job::new_async(entry.cron, move |_, _| {
            let (app, turn, at_work) = (app.clone(), Arc::clone(&turn), at_work.clone());
            // Nothing is done outside of the task: a panic here would silence the bell for ever.
            Box::pin(async move { ring(app, entry, &turn, &at_work) })
        })?;
        scheduler.add(bell).await?;
    }
    scheduler.start().await?;
    Ok(Bells { scheduler, at_work })
}

fn ring(app: App, entry: &'static Entry, turn: &Arc<Mutex<()>>, at_work: &TaskTracker) {
    let Ok(turn) = Arc::clone(turn).try_lock_owned() else { return };
    if at_work.is_closed() {
        return;
    }
    at_work.spawn(async move {
        match super::run(&app, entry.name).await {
            Ok(report) if report.done.iter().all(|(_, count)| *count == 0) => tracing::debug!(job = entry.name, "nothing to do"),
            Ok(report) => tracing::info!(job = entry.name, "{report}"),
            Err(error) => {
                metrics::counter!("yizhan_job_failures_total", "job" => entry.name).increment(1);
                tracing::error!(job = entry.name, %error, "a job was not done; the next ring tries again");
            }
        }
        drop(turn);
    });
}

impl Bells {
    /// Takes the bells down and awaits the jobs that are at work.
    pub async fn stop(mut self) {
        if let Err(error) = self.scheduler.shutdown().await {
            tracing::warn!(%error, "the bells were not taken down");
        }
        self.at_work.close();
        self.at_work.wait().await;
    }
}
