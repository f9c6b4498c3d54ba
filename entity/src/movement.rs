//! A movement 流水: one line of the stock ledger. Lines are added, never changed; the balance is the sum.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{DisposalId, LotId, MemberId, MovementId, StationId, TakeId};

/// One movement, in base units: what each of the four quantities of the lot gains or loses.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "movement")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MovementId,
    /// At which station.
    pub station_id: StationId,
    /// Of which lot.
    pub lot_id: LotId,
    /// The lot's version after it; unique, so that the ledger has no fork.
    pub lot_rev: i64,
    /// Why.
    pub reason: Reason,
    /// On the shelf and free.
    pub available: i32,
    /// Set aside for somebody.
    pub held: i32,
    /// Put apart.
    pub quarantined: i32,
    /// In the red box.
    pub to_dispose: i32,
    /// By which take.
    pub take_id: Option<TakeId>,
    /// By which hand-over.
    pub disposal_id: Option<DisposalId>,
    /// Which movement it undoes; each is undone once.
    pub reversal_of: Option<MovementId>,
    /// From or to which other lot.
    pub other_lot_id: Option<LotId>,
    /// The last day on which the lot could be handed out, as it was known when this was written.
    pub last_issue_day: Option<Date>,
    /// What is worth knowing.
    pub note: Option<String>,
    /// Who; none for a passer-by.
    pub actor_id: Option<MemberId>,
    /// When it happened.
    pub occurred_at: DateTimeUtc,
    /// When it was written down.
    pub recorded_at: DateTimeUtc,
}

/// Why a quantity changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It arrived.
    Received,
    /// Somebody took it.
    Taken,
    /// A take was undone.
    Undone,
    /// Set aside for somebody.
    Held,
    /// No longer set aside.
    Released,
    /// Put apart.
    Quarantined,
    /// Put back on the shelf.
    Cleared,
    /// Put in the red box.
    SetAside,
    /// Handed over for disposal.
    HandedOver,
    /// A count found another number.
    Counted,
    /// Into or out of an opened pack.
    Opened,
    /// To another station, or into the lot that it turned out to be.
    MovedOut,
    /// From another station, or out of a lot that turned out to be this one.
    MovedIn,
    /// A mistake was corrected.
    Reversed,
}

crate::bare_table!();
