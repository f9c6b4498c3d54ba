//! What an unsafe request was answered, so that the same request is answered the same and done once.

use sea_orm::entity::prelude::*;

/// One answered request, written in the transaction of its effect.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "answered_request")]
pub struct Model {
    /// Who asked: a member's id, or `visitor`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub principal: String,
    /// The `Idempotency-Key`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// SHA-256 of method, path and body: the same key on another request is refused.
    pub fingerprint: Vec<u8>,
    /// The HTTP status of the answer.
    pub status: i32,
    /// The receipt, or the reasons of the refusal, as JSON.
    pub body: String,
    /// When it was answered.
    pub created_at: DateTimeUtc,
}

crate::bare_table!();
