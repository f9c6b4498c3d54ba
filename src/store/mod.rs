//! LOOK IT UP / WRITE IT DOWN: all SQL. Reading functions take any connection, writing functions demand a [`WriteTx`].
//!
//! Names: `find_` gives an `Option`, `list_` a `Vec`, `lock_` reads a row and holds it until the end of the write (on SQLite
//! the gate itself is the lock). A guard that matters stands in the WHERE, and the number of rows is checked.
//!
//! What is deliberately absent: decisions (see `rules`), and the time.

pub mod app_secrets;
pub mod blocks;
pub mod bookings;
pub mod check_records;
pub mod checks;
pub mod claims;
pub mod communities;
pub mod consumables;
pub mod events;
pub mod expiry_checks;
pub mod feeds;
pub mod holds;
pub mod inspections;
pub mod invariants;
pub mod items;
pub mod job_runs;
pub mod kinds;
pub mod loans;
pub mod lot_holds;
pub mod lot_labels;
pub mod lots;
pub mod members;
pub mod movements;
pub mod nights;
pub mod notices;
pub mod packs;
pub mod photos;
pub mod policies;
pub mod reports;
pub mod roles;
pub mod series;
pub mod sessions;
pub mod spaces;
pub mod stations;
pub mod stickers;
pub mod stock_blocks;
pub mod stock_counts;
pub mod stock_days;
pub mod stock_levels;
pub mod takes;
pub mod tasks;
pub mod tickets;
pub mod todo;
pub mod verifications;

use sea_orm::{ActiveModelTrait, Condition, DbErr, EntityTrait, IntoActiveModel, QueryFilter};

use crate::db::{Trouble, WriteTx};

/// What a read may say.
pub type Read<T> = Result<T, DbErr>;

/// Adds a row.
async fn insert<E>(tx: &WriteTx, row: E::Model) -> Result<(), Trouble>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    E::insert(row.into_active_model()).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Adds many rows, as many in one statement as both engines bind.
async fn insert_all<E>(tx: &WriteTx, rows: Vec<E::Model>) -> Result<(), Trouble>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel> + Clone,
{
    // SQLite binds 32,766 values, and no table has more than forty columns.
    for rows in rows.chunks(500) {
        let rows = rows.iter().cloned().map(IntoActiveModel::into_active_model);
        E::insert_many(rows).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}

/// Writes all values of a row over the one row that the guard matches: the version the rule had read.
async fn overwrite<E>(tx: &WriteTx, row: E::Model, guard: Condition, what: &'static str) -> Result<(), Trouble>
where
    E: EntityTrait,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    let written = E::update_many().set(row.into_active_model().reset_all()).filter(guard).exec(tx.conn()).await?;
    exactly_one(written.rows_affected, what)
}

/// What a write says when its guard did not match: the rule had read something else under the same lock.
fn exactly_one(rows: u64, guard: &'static str) -> Result<(), Trouble> {
    if rows == 1 { Ok(()) } else { Err(Trouble::GuardFailed(guard)) }
}
