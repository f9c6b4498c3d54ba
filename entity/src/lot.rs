//! A lot 批次: consumables of one kind at one station with one label date.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{KindId, LotId, MemberId, StationId};

/// One lot. An opened pack is a lot of its own, with a parent: its units have another last day.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lot")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LotId,
    /// Where it is.
    pub station_id: StationId,
    /// What it is.
    pub kind_id: KindId,
    /// 批号, as printed.
    pub number: String,
    /// The number for comparison: half-width, upper case, without spaces.
    pub number_key: String,
    /// The date as printed or typed; none where none is needed.
    pub label_text: Option<String>,
    /// What the label says about the end.
    pub label_kind: Option<LabelKind>,
    /// To the day, or to the month.
    pub label_precision: Option<Precision>,
    /// The label in one form: two lots of one number with different keys contradict each other.
    pub label_key: String,
    /// When it was made, where that is known.
    pub made_on: Option<Date>,
    /// The last day at the label's word.
    pub lenient_last_day: Option<Date>,
    /// The last day under every reading.
    pub strict_last_day: Option<Date>,
    /// The last day that counts: by the reading of its kind, and never later than opening allows. None only where no date
    /// is needed.
    pub last_day: Option<Date>,
    /// The last day on which it is handed out: early enough for whoever takes it to use it up.
    pub last_issue_day: Option<Date>,
    /// When it was opened.
    pub opened_on: Option<Date>,
    /// The lot it was opened out of.
    pub parent_id: Option<LotId>,
    /// In which place: 3号格.
    pub shelf: Option<String>,
    /// Where it came from.
    pub source: Source,
    /// Invoice or delivery note.
    pub proof: Option<String>,
    /// On the shelf and free, in base units.
    pub available: i32,
    /// On the shelf and set aside for somebody.
    pub held: i32,
    /// Put apart until somebody decides.
    pub quarantined: i32,
    /// In the red box.
    pub to_dispose: i32,
    /// How many blocks lie on it; see `stock_block`. It is handed out only at 0.
    pub blocks: i32,
    /// How near its end the last check saw it. Nothing is decided by it.
    pub tier: Tier,
    /// When it arrived.
    pub received_at: DateTimeUtc,
    /// Who took it in.
    pub received_by: Option<MemberId>,
    /// Who has read the label a second time.
    pub verified_by: Option<MemberId>,
    /// When it was last counted.
    pub counted_at: Option<DateTimeUtc>,
    /// When somebody last looked at all its packs and found them closed.
    pub seen_closed_at: Option<DateTimeUtc>,
    /// Counts its changes; with every movement and block. The `ETag`.
    pub rev: i64,
}

/// What a label says about the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum LabelKind {
    /// 有效期至: good until and including.
    ValidUntil,
    /// 失效期: no longer good from then on.
    ExpiresOn,
    /// 生产日期 and 有效期 N 个月.
    ShelfLife,
}

/// How exact a label is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// To the day.
    Day,
    /// To the month.
    Month,
}

/// Where a lot came from. Residents' leftover medicine has no variant: it is never stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Bought, with a proof.
    Purchase,
    /// Given, sealed, by somebody who may hand it on.
    Donation,
    /// From another station.
    Transfer,
    /// Out of a lot here, opened.
    Opened,
    /// From the paper list.
    Import,
    /// Found while counting, or handed in: it goes apart or into the red box, never straight on the shelf.
    Found,
}

/// How near its end a lot is. Later variants are nearer; the numbers are those in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "i32", db_type = "Integer")]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// More than ninety days left, or no date at all.
    Fresh = 0,
    /// Ninety days or less.
    T90 = 1,
    /// Thirty days or less.
    T30 = 2,
    /// A week or less: to be taken out this week.
    T7 = 3,
    /// Too little left to use it up: no longer handed out.
    StopIssue = 4,
    /// Past its last day.
    Expired = 5,
}

impl Model {
    /// Units that are physically on the shelf or put apart, and not in the red box.
    #[must_use]
    pub fn on_shelf(&self) -> i32 {
        self.available + self.held + self.quarantined
    }

    /// All units that are physically there.
    #[must_use]
    pub fn on_hand(&self) -> i32 {
        self.on_shelf() + self.to_dispose
    }
}

crate::bare_table!();
