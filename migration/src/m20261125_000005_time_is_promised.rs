//! Time is promised: spaces and occasions beside kinds as pools, bookings as claims, and a guard in the database itself.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::ddl;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::run(manager, include_str!("m20261125_000005_time_is_promised.sql")).await?;
        let guard = match manager.get_database_backend() {
            DbBackend::Sqlite => include_str!("m20261125_000005_guard_sqlite.sql"),
            _ => include_str!("m20261125_000005_guard_postgres.sql"),
        };
        manager.get_connection().execute_unprepared(guard).await?;
        Ok(())
    }
}
