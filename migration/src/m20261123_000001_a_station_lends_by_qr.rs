//! The lending desk: communities, stations, kinds, items, stickers, members, loans, and what surrounds them.

use sea_orm_migration::prelude::*;

use crate::ddl;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// A migration that fails half-way leaves nothing behind; SQLite would not do so by default.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::run(manager, include_str!("m20261123_000001_a_station_lends_by_qr.sql")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "photo",
            "task",
            "notice",
            "event",
            "claim",
            "pool",
            "renewal",
            "block",
            "loan",
            "sticker",
            "item",
            "policy",
            "kind",
            "closure",
            "grant_of_role",
            "session",
            "verification",
            "member",
            "station",
            "community",
            "answered_request",
            "job_run",
            "app_secret",
        ] {
            manager.get_connection().execute_unprepared(&format!("DROP TABLE {table}")).await?;
        }
        Ok(())
    }
}
