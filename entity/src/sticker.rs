//! A sticker 二维码贴: a QR code, bound to an item, a station, a shelf, a member card, or to nothing yet.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{ItemId, KindId, MemberId, StationId};

/// One sticker. Codes are not secrets: they name a thing, they prove neither presence nor identity.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sticker")]
pub struct Model {
    /// The nine characters printed under the QR code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// What it is stuck on; none while it is blank.
    pub stuck_on: Option<StuckOn>,
    /// The item.
    pub item_id: Option<ItemId>,
    /// The station, or the station of the shelf.
    pub station_id: Option<StationId>,
    /// The kind on the shelf.
    pub kind_id: Option<KindId>,
    /// The holder of the card.
    pub member_id: Option<MemberId>,
    /// When it was stuck on.
    pub bound_at: Option<DateTimeUtc>,
    /// When it was torn off or given up.
    pub retired_at: Option<DateTimeUtc>,
    /// What became of it.
    pub retired_reason: Option<String>,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

/// What a sticker is stuck on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(8))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum StuckOn {
    /// A single thing.
    Item,
    /// The door of a station.
    Station,
    /// A shelf: one kind at one station.
    Shelf,
    /// A paper card of a member without a phone.
    Card,
}

crate::bare_table!();
