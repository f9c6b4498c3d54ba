//! A take 取用: consumables leaving for good. Pseudonymous: no member, no name, no number.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{KindId, StationId, TakeId};

/// One take.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "take")]
pub struct Model {
    /// Its id; whoever knows it may undo it for some minutes.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TakeId,
    /// Where.
    pub station_id: StationId,
    /// What.
    pub kind_id: KindId,
    /// How many base units.
    pub units: i32,
    /// Who, as an HMAC of the phone number under a key of its own; none for an anonymous take. Forgotten after three days.
    pub person_key: Option<Vec<u8>>,
    /// Which version of the warnings was shown and accepted.
    pub warning_version: i64,
    /// How the pack in hand was made sure of.
    pub confirmed: Confirmed,
    /// When.
    pub taken_at: DateTimeUtc,
    /// On which day, in station time.
    pub taken_on: Date,
    /// When it was undone.
    pub undone_at: Option<DateTimeUtc>,
    /// Its number in a paper register, or what stands for one: it was written down afterwards. None for a take that was asked
    /// for here.
    pub external_no: Option<String>,
}

/// How it was made sure which pack is in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Confirmed {
    /// Not at all.
    None,
    /// By the date printed on it.
    Label,
    /// By its bar code.
    Code,
}

crate::bare_table!();
