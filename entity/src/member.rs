//! A member 居民/成员: a person known to the system. Keepers and managers are members with a role.

use sea_orm::entity::prelude::*;

use crate::ids::MemberId;

/// One member. Name and phone number are sealed (see `vault`): the row alone tells nobody who it is.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "member")]
pub struct Model {
    /// Their id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MemberId,
    /// The name, sealed.
    pub name_sealed: Option<Vec<u8>>,
    /// The phone number, sealed.
    pub phone_sealed: Option<Vec<u8>>,
    /// The blind index of the phone number; unique. An elder without a phone has none.
    pub phone_index: Option<Vec<u8>>,
    /// The group that policies speak of: `resident`, `volunteer` …
    pub member_group: String,
    /// When the phone last received a code and it was typed in.
    pub verified_at: Option<DateTimeUtc>,
    /// When a keeper said yes to things worth more.
    pub approved_at: Option<DateTimeUtc>,
    /// The keeper who did.
    pub approved_by: Option<MemberId>,
    /// argon2id of the password, in PHC form; staff only.
    pub password_hash: Option<String>,
    /// BCP 47 tag of the language they read.
    pub language: String,
    /// When the person was erased; the row stays so that counts stay true.
    pub erased_at: Option<DateTimeUtc>,
    /// When they were first known.
    pub created_at: DateTimeUtc,
    /// Counts changes and serialises what counts against a limit; the `ETag`.
    pub rev: i64,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("member").field("id", &self.id).field("rev", &self.rev).finish_non_exhaustive()
    }
}

crate::bare_table!();
