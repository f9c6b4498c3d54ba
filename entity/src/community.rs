//! A community 社区: owns stations, has managers.

use sea_orm::entity::prelude::*;

use crate::ids::CommunityId;

/// One community.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "community")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CommunityId,
    /// What people call it; unique.
    pub name: String,
    /// When it was entered.
    pub created_at: DateTimeUtc,
    /// Counts its changes; the `ETag`.
    pub rev: i64,
}

crate::bare_table!();
