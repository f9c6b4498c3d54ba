//! What a verb writes beside its facts: a line of the audit trail, a notice to somebody.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    ids::{MemberId, StationId},
    item, loan,
};

/// What a line of the audit trail is about.
#[derive(Default)]
pub(crate) struct About<'a> {
    pub(crate) station: Option<StationId>,
    /// The item at its new version.
    pub(crate) item: Option<&'a item::Model>,
    pub(crate) loan: Option<&'a loan::Model>,
    pub(crate) member: Option<MemberId>,
    pub(crate) detail: Option<serde_json::Value>,
}

/// What is told.
pub(crate) struct Tell<'a> {
    pub(crate) natural_key: String,
    pub(crate) template: &'a str,
    pub(crate) params: serde_json::Value,
    pub(crate) send_after: DateTime<Utc>,
    /// After that it is stale, and not sent.
    pub(crate) fresh_for: TimeDelta,
}
