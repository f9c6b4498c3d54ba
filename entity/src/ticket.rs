//! A ticket 报修/问题单: a fault of a thing, or something wrong or wished for at a station, from report to closure.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{ItemId, MemberId, StationId, TicketId};

/// One ticket. While a thing has an open one there is no second: later reports join it, each with a line in `ticket_note`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TicketId,
    /// Where: at which station, or where the thing is.
    pub station_id: Option<StationId>,
    /// What it is about; none for the station itself.
    pub item_id: Option<ItemId>,
    /// What was said first.
    pub what: Matter,
    /// How many reports it has gathered.
    pub reports: i32,
    /// When it was opened.
    pub opened_at: DateTimeUtc,
    /// When the last report came.
    pub reported_at: DateTimeUtc,
    /// When a keeper has seen all of it; a new report takes that away.
    pub seen_at: Option<DateTimeUtc>,
    /// Who.
    pub seen_by: Option<MemberId>,
    /// When it was closed.
    pub closed_at: Option<DateTimeUtc>,
    /// By whom.
    pub closed_by: Option<MemberId>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// What was said about the end.
    pub answer: Option<String>,
}

/// What is the matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    /// Broken, or does not work.
    Broken,
    /// A part is missing.
    PartMissing,
    /// Dirty, wet, smells.
    Dirty,
    /// The sticker is another thing's, or torn.
    WrongSticker,
    /// Something is wrong with the place.
    Place,
    /// Something is wished for.
    Wish,
    /// Anything else.
    Other,
}

/// How a ticket ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(12))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is whole again.
    Repaired,
    /// A part, or all of it, is new; it goes on under the same number.
    Replaced,
    /// Somebody has looked: nothing is wrong.
    NoFault,
    /// It was given up for good.
    Retired,
    /// There was nothing to do but to answer.
    Answered,
}

impl Model {
    /// Not closed yet?
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.closed_at.is_none()
    }
}

crate::bare_table!();
