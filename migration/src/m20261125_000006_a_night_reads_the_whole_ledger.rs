//! The nightly check adds up the ledger of every lot: from an index that holds the lines, so that no line is fetched by itself. And
//! it says when it began to look, so that the next one need not read the whole evidence to know.

use sea_orm_migration::prelude::*;

use crate::ddl;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::run(manager, include_str!("m20261125_000006_a_night_reads_the_whole_ledger.sql")).await
    }
}
