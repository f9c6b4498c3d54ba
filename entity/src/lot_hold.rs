//! Units of a lot that are set aside for somebody 留存, until a time.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{LotHoldId, LotId, MemberId, StationId};

/// One hold.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lot_hold")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LotHoldId,
    /// Of which lot.
    pub lot_id: LotId,
    /// At which station.
    pub station_id: StationId,
    /// For whom.
    pub member_id: Option<MemberId>,
    /// How many base units.
    pub units: i32,
    /// What is worth knowing.
    pub note: Option<String>,
    /// By whom.
    pub made_by: Option<MemberId>,
    /// When.
    pub made_at: DateTimeUtc,
    /// Until when.
    pub until: DateTimeUtc,
    /// When it ended.
    pub ended_at: Option<DateTimeUtc>,
    /// How it ended.
    pub ended_how: Option<Ended>,
}

/// How a hold ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// It was fetched.
    Collected,
    /// It was given up.
    Released,
    /// Its time was over.
    Lapsed,
    /// The lot may no longer be handed out.
    CutOff,
}

crate::bare_table!();
