//! A block 封存 on a lot, or on all medicine of a station. Blocks are a set: each has its own cause and its own end.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{LotId, MemberId, RecallId, StationId, StockBlockId};

/// One block.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stock_block")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StockBlockId,
    /// Why.
    pub cause: Cause,
    /// On which lot.
    pub lot_id: Option<LotId>,
    /// At which station.
    pub station_id: Option<StationId>,
    /// By which recall.
    pub recall_id: Option<RecallId>,
    /// Why, in words.
    pub reason: String,
    /// Who; none for the check.
    pub made_by: Option<MemberId>,
    /// When.
    pub made_at: DateTimeUtc,
    /// Who says that it may be lifted: what the check has laid is lifted by two.
    pub lift_proposed_by: Option<MemberId>,
    /// When.
    pub lift_proposed_at: Option<DateTimeUtc>,
    /// Who lifted it.
    pub lifted_by: Option<MemberId>,
    /// When.
    pub lifted_at: Option<DateTimeUtc>,
    /// Why it could be lifted.
    pub lift_reason: Option<String>,
}

/// Why something is blocked besides its date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The label has been read by one person only.
    Unverified,
    /// Another lot of the same number has another date.
    Conflict,
    /// A recall.
    Recalled,
    /// What is stored about it cannot be true.
    DataError,
    /// A keeper said so.
    Manual,
    /// Nobody took out what is past its date: the medicine of the station is suspended.
    Suspended,
    /// The partner behind the kind is one no longer. Never laid: it follows from the partner.
    PartnerEnded,
}

crate::bare_table!();
