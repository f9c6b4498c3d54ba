//! A kind 物品种类: what a thing is, how it is tracked, and how well we must know who takes it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{CommunityId, KindId};

/// One kind.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "kind")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: KindId,
    /// The community that keeps it; none for a kind that all share.
    pub community_id: Option<CommunityId>,
    /// What people call it, in Chinese; unique within its community.
    pub name: String,
    /// What people call it, in English.
    pub name_en: Option<String>,
    /// A slug of the catalogue: `umbrella`, `mobility`, `tool` …
    pub category: String,
    /// The picture that always loads.
    pub emoji: Option<String>,
    /// Numbered things, or lots of consumables.
    pub tracked: Tracked,
    /// How well we must know who borrows.
    pub identity: Identity,
    /// Tells about somebody's health: its name is left out of lists and messages that others may see (PIPL Art. 28).
    pub sensitive: bool,
    /// Its items must be inspected or calibrated so often, in days; one that never was is not lent.
    pub inspect_every_days: Option<i32>,
    /// When it was given up; what is out may still come back.
    pub retired_at: Option<DateTimeUtc>,
    /// When it was entered.
    pub created_at: DateTimeUtc,
    /// Counts its changes; the `ETag`.
    pub rev: i64,
}

/// How a kind is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(8))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Tracked {
    /// Numbered, returnable things.
    Item,
    /// Consumables with a label date.
    Lot,
}

/// How well we must know who borrows; friction follows value. Later variants ask for more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(12))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    /// Counted, nobody named.
    Anonymous,
    /// A phone number, given once, not checked.
    Phone,
    /// A phone number that has received a code.
    Verified,
    /// A person whom a keeper has approved.
    Approved,
}

crate::bare_table!();
