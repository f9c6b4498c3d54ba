//! Runs of jobs: at most one per job, scope and business date, held by a lease with a fence.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    ids::JobRunId,
    job_run::{Column, Entity, Model},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter,
    sea_query::{Expr, OnConflict},
};

use super::{Read, exactly_one};
use crate::db::{Trouble, WriteTx};

/// The run of a job for a scope on a business date.
pub async fn find(conn: &impl ConnectionTrait, job: &str, scope: &str, date: NaiveDate) -> Read<Option<Model>> {
    Entity::find()
        .filter(Column::Job.eq(job))
        .filter(Column::Scope.eq(scope))
        .filter(Column::BusinessDate.eq(date))
        .one(conn)
        .await
}

/// The runs of these jobs for these scopes on some business dates.
pub async fn list_of(conn: &impl ConnectionTrait, scopes: Vec<String>, jobs: &[&str], dates: Vec<NaiveDate>) -> Read<Vec<Model>> {
    Entity::find()
        .filter(Column::Job.is_in(jobs.iter().copied()))
        .filter(Column::Scope.is_in(scopes))
        .filter(Column::BusinessDate.is_in(dates))
        .all(conn)
        .await
}

/// Begins several runs at once, in one statement; some of them may have ended as they began. False: somebody else has begun one
/// of them, and nothing is to be kept of this write.
pub async fn begin_all(tx: &WriteTx, rows: &[Model]) -> Result<bool, Trouble> {
    let begun = Entity::insert_many(rows.iter().cloned().map(IntoActiveModel::into_active_model))
        .on_conflict(OnConflict::columns([Column::Job, Column::Scope, Column::BusinessDate]).do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(tx.conn())
        .await?;
    Ok(matches!(begun, sea_orm::TryInsertResult::Inserted(n) if n == rows.len() as u64))
}

/// Begins a run, or takes over one whose holder let the lease lapse. `None`: it is done, or somebody else is at it.
pub async fn take(
    tx: &WriteTx,
    (job, scope, date): (&str, &str, NaiveDate),
    id: JobRunId,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Option<Model>, Trouble> {
    let fresh = Model {
        id,
        job: job.to_owned(),
        scope: scope.to_owned(),
        business_date: date,
        fence: 1,
        leased_until: until,
        started_at: now,
        finished_at: None,
        effects: None,
        trouble: None,
    };
    let begun = Entity::insert(fresh.clone().into_active_model())
        .on_conflict(OnConflict::columns([Column::Job, Column::Scope, Column::BusinessDate]).do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(tx.conn())
        .await?;
    if matches!(begun, sea_orm::TryInsertResult::Inserted(n) if n > 0) {
        return Ok(Some(fresh));
    }
    let lapsed = Entity::update_many()
        .col_expr(Column::Fence, Expr::col(Column::Fence).add(1))
        .col_expr(Column::LeasedUntil, Expr::value(until))
        .filter(Column::Job.eq(job))
        .filter(Column::Scope.eq(scope))
        .filter(Column::BusinessDate.eq(date))
        .filter(Column::FinishedAt.is_null())
        .filter(Column::LeasedUntil.lt(now))
        .exec(tx.conn())
        .await?;
    if lapsed.rows_affected == 1 { Ok(find(tx.conn(), job, scope, date).await?) } else { Ok(None) }
}

/// Proves inside a chunk's own write that the run is still held by whoever works on it, and prolongs the lease.
pub async fn hold(tx: &WriteTx, run: &Model, until: DateTime<Utc>) -> Result<(), Trouble> {
    let held = Entity::update_many()
        .col_expr(Column::LeasedUntil, Expr::value(until))
        .filter(Column::Id.eq(run.id))
        .filter(Column::Fence.eq(run.fence))
        .filter(Column::FinishedAt.is_null())
        .exec(tx.conn())
        .await?;
    exactly_one(held.rows_affected, "job_run.fence")
}

/// Done.
pub async fn finish(tx: &WriteTx, run: &Model, now: DateTime<Utc>, effects: i64) -> Result<(), Trouble> {
    let finished = Entity::update_many()
        .col_expr(Column::FinishedAt, Expr::value(now))
        .col_expr(Column::Effects, Expr::value(effects))
        .col_expr(Column::Trouble, Expr::value(Option::<String>::None))
        .filter(Column::Id.eq(run.id))
        .filter(Column::Fence.eq(run.fence))
        .exec(tx.conn())
        .await?;
    exactly_one(finished.rows_affected, "job_run.fence")
}

/// Failed; the lease lapses at once, so that the next tick tries again.
pub async fn fail(tx: &WriteTx, run: &Model, now: DateTime<Utc>, why: &str) -> Result<(), Trouble> {
    let failed = Entity::update_many()
        .col_expr(Column::Trouble, Expr::value(why))
        .col_expr(Column::LeasedUntil, Expr::value(now))
        .filter(Column::Id.eq(run.id))
        .filter(Column::Fence.eq(run.fence))
        .exec(tx.conn())
        .await?;
    exactly_one(failed.rows_affected, "job_run.fence")
}
