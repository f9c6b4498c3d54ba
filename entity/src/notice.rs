//! A row of the outbox: what must be told to whom, written in the transaction of what it tells about.

use sea_orm::entity::prelude::*;

use crate::ids::{MemberId, NoticeId};

/// One notice. It is delivered at least once; the receiver knows duplicates by `id`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "notice")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NoticeId,
    /// What makes it one of a kind: a second notice with this text is not written.
    pub natural_key: String,
    /// To whom; none for a number that is nobody's yet.
    pub member_id: Option<MemberId>,
    /// The number of a person who is no member yet, sealed.
    pub phone_sealed: Option<Vec<u8>>,
    /// What is told: `verification_code`, `due_soon` …
    pub template: String,
    /// What the text needs. A secret in it is sealed.
    pub params: Json,
    /// Not before.
    pub send_after: DateTimeUtc,
    /// Not after: stale news is dropped, not sent at three in the morning.
    pub expires_at: DateTimeUtc,
    /// How often delivery was tried.
    pub attempts: i32,
    /// Until when the process that delivers it has it.
    pub leased_until: Option<DateTimeUtc>,
    /// When it was delivered.
    pub sent_at: Option<DateTimeUtc>,
    /// When it was given up.
    pub dropped_at: Option<DateTimeUtc>,
    /// Why it was given up, or why the last try failed.
    pub trouble: Option<String>,
    /// When it was written.
    pub created_at: DateTimeUtc,
}

crate::bare_table!();
