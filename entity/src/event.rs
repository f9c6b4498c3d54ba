//! One line of the audit trail: who did what, on which thing, when, from where. Lines are added, never changed.

use sea_orm::entity::prelude::*;

use crate::ids::{EventId, ItemId, LoanId, MemberId, StationId};

/// One event.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    /// Its id; ids sort by time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EventId,
    /// When.
    pub at: DateTimeUtc,
    /// Who; none for a passer-by and for the clock.
    pub actor_id: Option<MemberId>,
    /// Through which door: `api`, `page`, `job`, `cli`.
    pub door: String,
    /// From which network address, if any.
    pub address: Option<String>,
    /// What: a verb, as in `lent`, `returned`, `renewed`.
    pub action: String,
    /// At which station.
    pub station_id: Option<StationId>,
    /// On which item.
    pub item_id: Option<ItemId>,
    /// The item's version after it; `(item_id, item_rev)` is unique, so that the history of an item has no gap and no fork.
    pub item_rev: Option<i64>,
    /// On which loan.
    pub loan_id: Option<LoanId>,
    /// About which member.
    pub member_id: Option<MemberId>,
    /// What else is worth knowing. Never a name, a phone number or a secret.
    pub detail: Option<Json>,
}

crate::bare_table!();
