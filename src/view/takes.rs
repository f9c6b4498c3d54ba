//! What may be taken, and what was.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    consumable::{self, Caution},
    kind, lot, take,
    values::Language,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::rules::{
    choices,
    label_date::LabelDate,
    take::{Known, OnShelf, Outlook, Plan, needs_confirmation},
    usability::Block,
};

/// What was taken. Whoever has this id can undo it for some minutes.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TakenView {
    /// Its id.
    pub id: Uuid,
    /// How many base units.
    pub units: i32,
    /// Out of which lots.
    pub lines: Vec<TakenLineView>,
    /// What was passed over, and why.
    pub skipped: Vec<SkippedView>,
    /// Was it looked up what this person took before?
    pub limits_known: bool,
    /// By what it was known what was taken before: `person`; `device` where nobody says who they are, then it is what was taken
    /// with this phone or from this network; `nobody`.
    #[schema(value_type = String)]
    pub limits_by: Known,
    /// When.
    pub taken_at: DateTime<Utc>,
}

/// What one lot gave.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TakenLineView {
    /// Which lot.
    pub lot_id: Uuid,
    /// Its number.
    pub number: String,
    /// Its last day.
    pub last_day: Option<NaiveDate>,
    /// How many base units.
    pub units: i32,
    /// The version of the lot after it.
    pub lot_rev: i64,
}

/// A lot that was passed over.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SkippedView {
    /// Which lot.
    pub lot_id: Uuid,
    /// Why.
    #[schema(value_type = Vec<String>)]
    pub blocks: BTreeSet<Block>,
}

fn skipped(all: &[(entity::ids::LotId, BTreeSet<Block>)]) -> Vec<SkippedView> {
    all.iter().map(|(id, blocks)| SkippedView { lot_id: id.0, blocks: blocks.clone() }).collect()
}

impl TakenView {
    /// From a take, what its lots gave, and how it was decided.
    #[must_use]
    pub fn new(row: &take::Model, lines: &[(lot::Model, i32)], plan: &Plan) -> Self {
        let line = |(lot, units): &(lot::Model, i32)| TakenLineView {
            lot_id: lot.id.0,
            number: lot.number.clone(),
            last_day: lot.last_day,
            units: *units,
            lot_rev: lot.rev,
        };
        Self {
            id: row.id.0,
            units: row.units,
            lines: lines.iter().map(line).collect(),
            skipped: skipped(&plan.skipped),
            limits_known: plan.known == Known::Person,
            limits_by: plan.known,
            taken_at: row.taken_at,
        }
    }
}

/// The packs of a lot that are known by their own codes.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PacksView {
    /// Of which lot.
    pub lot_id: Uuid,
    /// How many of their codes are known; a pack may have two.
    pub known: u64,
}

/// A take.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TakeView {
    /// Its id.
    pub id: Uuid,
    /// How many base units.
    pub units: i32,
    /// When.
    pub taken_at: DateTime<Utc>,
    /// When it was undone.
    pub undone_at: Option<DateTime<Utc>>,
}

impl From<&take::Model> for TakeView {
    fn from(row: &take::Model) -> Self {
        Self { id: row.id.0, units: row.units, taken_at: row.taken_at, undone_at: row.undone_at }
    }
}

/// A take that happened outside the house, as it is in the books now.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RecordedTakeView {
    /// Its id.
    pub id: Uuid,
    /// Out of which lot.
    pub lot_id: Uuid,
    /// The version of the lot after it.
    pub lot_rev: i64,
    /// How many base units.
    pub units: i32,
    /// When.
    pub taken_at: DateTime<Utc>,
    /// What stood against handing it out: where that is anything, a keeper is told of the incident.
    #[schema(value_type = Vec<String>)]
    pub against: BTreeSet<Block>,
}

impl RecordedTakeView {
    /// From a take, the lot after it, and what stood against it.
    #[must_use]
    pub fn new(row: &take::Model, lot: &lot::Model, against: BTreeSet<Block>) -> Self {
        Self { id: row.id.0, lot_id: lot.id.0, lot_rev: lot.rev, units: row.units, taken_at: row.taken_at, against }
    }
}

fn printed(labels: &[LabelDate]) -> Vec<String> {
    labels.iter().map(|label| label.written(Language::Chinese)).collect()
}

/// What may be taken of a kind at a station now.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ShelfView {
    /// Which kind.
    pub kind_id: Uuid,
    /// Its name.
    pub name: String,
    /// Its name in English.
    pub name_en: Option<String>,
    /// How many base units may be taken.
    pub available: i32,
    /// What is counted.
    pub base_unit: String,
    /// Base units in a pack.
    pub pack_size: i32,
    /// The lots, in the order in which they leave.
    pub lots: Vec<ShelfLotView>,
    /// What is passed over, and why.
    pub skipped: Vec<SkippedView>,
    /// A pack that must go is still there: only packs whose bar code was scanned leave.
    pub frozen: bool,
    /// Must the pack in hand be made sure of?
    pub needs_confirmation: bool,
    /// Where it must: printed dates to choose from, in a form that `in_hand` understands. Some are on no pack.
    pub choices: Vec<String>,
    /// What must be asked, and what then.
    #[schema(value_type = Vec<Object>)]
    pub cautions: Vec<Caution>,
    /// The version of the warnings.
    pub warning_version: i64,
}

/// A lot that may be taken from.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ShelfLotView {
    /// Which lot.
    pub lot_id: Uuid,
    /// The date, as printed.
    pub label: Option<String>,
    /// The last day on which it is good.
    pub last_day: Option<NaiveDate>,
    /// How many base units.
    pub available: i32,
}

impl ShelfView {
    /// From a look at the shelf.
    #[must_use]
    pub fn new(kind: &kind::Model, profile: &consumable::Model, outlook: &Outlook, lots: &[OnShelf]) -> Self {
        let usable = outlook.usable.iter().filter_map(|id| lots.iter().find(|shelf| shelf.lot.id == *id));
        let lot = |shelf: &OnShelf| ShelfLotView {
            lot_id: shelf.lot.id.0,
            label: shelf.lot.label_text.clone(),
            last_day: shelf.lot.last_day,
            available: shelf.lot.available,
        };
        Self {
            kind_id: kind.id.0,
            name: kind.name.clone(),
            name_en: kind.name_en.clone(),
            available: outlook.available,
            base_unit: profile.base_unit.clone(),
            pack_size: profile.pack_size,
            lots: usable.map(lot).collect(),
            skipped: skipped(&outlook.skipped),
            frozen: outlook.frozen,
            needs_confirmation: needs_confirmation(profile),
            choices: if needs_confirmation(profile) {
                printed(&choices::choices(profile, lots, outlook.today))
            } else {
                Vec::new()
            },
            cautions: profile.cautions.0.clone(),
            warning_version: profile.rev,
        }
    }
}
