//! What one side has written: how many rows, and what is in those about lots.

use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    expiry_check,
    ids::{LotId, TaskId},
    job_run, lot, lot_event, notice, stock_day, task,
};
use sea_orm::{ColumnTrait, Condition, DatabaseConnection, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::bench::NoFigure;

/// Rows, and a digest of their contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Transitions that were noted.
    pub events: usize,
    /// Tasks that were opened.
    pub opened: usize,
    /// Tasks that were closed because a worse one has taken their place.
    pub closed: usize,
    /// Lines of evidence, runs, watermarks and digests.
    pub books: u64,
    /// What the evidence counts: lots on the shelf, and transitions.
    counted: (i64, i64),
    /// Of the events, of those tasks (without their ids), and of the tier of every lot.
    digest: u64,
}

impl Written {
    /// The rows about lots: a transition is noted, and raises the tier of its lot.
    #[must_use]
    pub fn about_lots(&self) -> usize {
        2 * self.events + self.opened + self.closed
    }
}

/// Lots that are read at once.
const PAGE: u64 = 5_000;

/// Reads what was written in a night.
pub(super) async fn read(conn: &DatabaseConnection, today: NaiveDate, now: DateTime<Utc>) -> Result<Written, NoFigure> {
    let mut digest = DefaultHasher::new();
    let events = lot_event::Entity::find().filter(lot_event::Column::SeenOn.eq(today));
    let events = events.order_by_asc(lot_event::Column::LotId).order_by_asc(lot_event::Column::What).all(conn).await?;
    format!("{events:?}").hash(&mut digest);
    let touched = Condition::any().add(task::Column::CreatedAt.eq(now)).add(task::Column::DoneAt.eq(now));
    let tasks = task::Entity::find().filter(touched).filter(task::Column::LotId.is_not_null());
    let tasks = tasks.order_by_asc(task::Column::NaturalKey).order_by_asc(task::Column::CreatedAt).all(conn).await?;
    let closed = tasks.iter().filter(|task| task.done_at.is_some()).count();
    for task in &tasks {
        format!("{:?}", task::Model { id: TaskId(uuid::Uuid::nil()), ..task.clone() }).hash(&mut digest);
    }
    let mut after: Option<LotId> = None;
    loop {
        let page: Vec<(LotId, lot::Tier)> = lot::Entity::find()
            .select_only()
            .columns([lot::Column::Id, lot::Column::Tier])
            .filter(Condition::all().add_option(after.map(|id| lot::Column::Id.gt(id))))
            .order_by_asc(lot::Column::Id)
            .limit(PAGE)
            .into_tuple()
            .all(conn)
            .await?;
        format!("{page:?}").hash(&mut digest);
        let Some((last, _)) = page.last() else { break };
        after = Some(*last);
    }
    let checks = expiry_check::Entity::find().filter(expiry_check::Column::BusinessDate.eq(today)).all(conn).await?;
    let counted = checks.iter().fold((0, 0), |sum, check| (sum.0 + check.checked, sum.1 + check.transitions));
    let runs = job_run::Entity::find().filter(job_run::Column::BusinessDate.eq(today));
    let runs = runs.filter(job_run::Column::FinishedAt.is_not_null()).count(conn).await?;
    let days = stock_day::Entity::find().filter(stock_day::Column::Latest.eq(today)).count(conn).await?;
    let notices = notice::Entity::find().filter(notice::Column::CreatedAt.eq(now)).count(conn).await?;
    let books = checks.len() as u64 + runs + days + notices;
    Ok(Written { books, counted, events: events.len(), opened: tasks.len() - closed, closed, digest: digest.finish() })
}
