//! A one-time code on its way to a phone.

use sea_orm::entity::prelude::*;

use crate::ids::VerificationId;

/// One code. Only its HMAC is kept.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "verification")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VerificationId,
    /// Blind index of the phone it was sent to.
    pub phone_index: Vec<u8>,
    /// HMAC of the code.
    pub code_hash: Vec<u8>,
    /// How often it was tried.
    pub attempts: i32,
    /// When it was asked for.
    pub created_at: DateTimeUtc,
    /// When it stops working.
    pub expires_at: DateTimeUtc,
    /// When it was used.
    pub used_at: Option<DateTimeUtc>,
}

crate::bare_table!();
