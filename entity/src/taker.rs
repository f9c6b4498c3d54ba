//! Somebody who has taken something with a limit: the row that is locked while the limit is looked at.

use sea_orm::entity::prelude::*;

/// One taker.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "taker")]
pub struct Model {
    /// The HMAC of the phone number.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_key: Vec<u8>,
    /// When they last took something.
    pub last_at: DateTimeUtc,
    /// Counts their takes.
    pub rev: i64,
}

crate::bare_table!();
