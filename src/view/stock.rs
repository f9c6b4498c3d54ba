//! The medicine box on the wire.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{kind, lot, lot_hold, lot_label, movement, stock_block, stock_count, stock_level};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::rules::{handling::Outlook, usability::Block};

/// How many base units of a lot are where.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct QuantitiesView {
    /// On the shelf and free.
    pub available: i32,
    /// On the shelf and set aside for somebody.
    pub held: i32,
    /// Put apart.
    pub quarantined: i32,
    /// In the red box.
    pub to_dispose: i32,
}

impl From<&lot::Model> for QuantitiesView {
    fn from(row: &lot::Model) -> Self {
        Self { available: row.available, held: row.held, quarantined: row.quarantined, to_dispose: row.to_dispose }
    }
}

/// A lot.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LotView {
    /// Its id.
    pub id: Uuid,
    /// Where.
    pub station_id: Uuid,
    /// Of what.
    pub kind_id: Uuid,
    /// Its number, as printed.
    pub number: String,
    /// The date, as printed.
    pub label: Option<String>,
    /// `valid_until`, `expires_on` or `shelf_life`.
    #[schema(value_type = Option<String>)]
    pub label_kind: Option<lot::LabelKind>,
    /// `day` or `month`.
    #[schema(value_type = Option<String>)]
    pub label_precision: Option<lot::Precision>,
    /// The last day if the label is taken at its word.
    pub lenient_last_day: Option<NaiveDate>,
    /// The last day under every reading.
    pub strict_last_day: Option<NaiveDate>,
    /// The last day on which it is good.
    pub last_day: Option<NaiveDate>,
    /// The last day on which it is handed out.
    pub last_issue_day: Option<NaiveDate>,
    /// Which shelf.
    pub shelf: Option<String>,
    /// Where it comes from.
    #[schema(value_type = String)]
    pub source: lot::Source,
    /// How near its end the last check found it.
    #[schema(value_type = String)]
    pub tier: lot::Tier,
    /// Why it is not handed out; empty if it may be.
    #[schema(value_type = Vec<String>)]
    pub blocks: BTreeSet<Block>,
    /// How many are where.
    pub quantities: QuantitiesView,
    /// When it arrived.
    pub received_at: DateTime<Utc>,
    /// In the answer to a delivery: it ends sooner than what was there before, so it was old already when it came.
    #[serde(default)]
    pub ends_before_stock: bool,
    /// The version.
    pub rev: i64,
}

impl LotView {
    /// From a lot and what stands against it.
    #[must_use]
    pub fn new(row: &lot::Model, blocks: &BTreeSet<Block>) -> Self {
        Self {
            id: row.id.0,
            station_id: row.station_id.0,
            kind_id: row.kind_id.0,
            number: row.number.clone(),
            label: row.label_text.clone(),
            label_kind: row.label_kind,
            label_precision: row.label_precision,
            lenient_last_day: row.lenient_last_day,
            strict_last_day: row.strict_last_day,
            last_day: row.last_day,
            last_issue_day: row.last_issue_day,
            shelf: row.shelf.clone(),
            source: row.source,
            tier: row.tier,
            blocks: blocks.clone(),
            quantities: row.into(),
            received_at: row.received_at,
            ends_before_stock: false,
            rev: row.rev,
        }
    }
}

/// A lot after its units have moved.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LotMovedView {
    /// Which lot.
    pub id: Uuid,
    /// How many are where now.
    pub quantities: QuantitiesView,
    /// The version.
    pub rev: i64,
}

impl From<&lot::Model> for LotMovedView {
    fn from(row: &lot::Model) -> Self {
        Self { id: row.id.0, quantities: row.into(), rev: row.rev }
    }
}

/// What a transfer did: the two lots after it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TransferView {
    /// The lot it came from.
    pub from: LotMovedView,
    /// The lot it went into.
    pub to: LotMovedView,
}

/// Units that are set aside for somebody.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct HoldView {
    /// Its id.
    pub id: Uuid,
    /// Of which lot.
    pub lot_id: Uuid,
    /// How many base units.
    pub units: i32,
    /// For whom, if they are known here.
    pub member_id: Option<Uuid>,
    /// What is worth knowing.
    pub note: Option<String>,
    /// Until when.
    pub until: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// `collected`, `released`, `lapsed` or `cut_off`.
    #[schema(value_type = Option<String>)]
    pub ended_how: Option<lot_hold::Ended>,
}

impl From<&lot_hold::Model> for HoldView {
    fn from(row: &lot_hold::Model) -> Self {
        Self {
            id: row.id.0,
            lot_id: row.lot_id.0,
            units: row.units,
            member_id: row.member_id.map(|id| id.0),
            note: row.note.clone(),
            until: row.until,
            ended_at: row.ended_at,
            ended_how: row.ended_how,
        }
    }
}

/// One reading of a label.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LotLabelView {
    /// The how-manieth, from 1.
    pub n: i32,
    /// As typed.
    pub label: Option<String>,
    /// The last day that counted from then on.
    pub last_day: Option<NaiveDate>,
    /// Why it was read.
    pub reason: String,
    /// Is there a photo of it?
    pub has_photo: bool,
    /// When.
    pub written_at: DateTime<Utc>,
}

impl From<&lot_label::Model> for LotLabelView {
    fn from(row: &lot_label::Model) -> Self {
        Self {
            n: row.n,
            label: row.label_text.clone(),
            last_day: row.last_day,
            reason: row.reason.clone(),
            has_photo: row.photo_id.is_some(),
            written_at: row.written_at,
        }
    }
}

/// How much of a kind a station wants to have, in base units.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StockLevelView {
    /// Which station.
    pub station_id: Uuid,
    /// Which kind.
    pub kind_id: Uuid,
    /// Below that it is ordered.
    pub min_units: i32,
    /// Up to that.
    pub max_units: i32,
}

impl From<&stock_level::Model> for StockLevelView {
    fn from(row: &stock_level::Model) -> Self {
        Self { station_id: row.station_id.0, kind_id: row.kind_id.0, min_units: row.min_units, max_units: row.max_units }
    }
}

/// What a station has of a kind, and what it will need, in base units.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StockOutlookView {
    /// Which kind.
    pub kind_id: Uuid,
    /// What people call it.
    pub name: String,
    /// Below that it is ordered; none if nobody has said.
    pub min_units: Option<i32>,
    /// Up to that.
    pub max_units: Option<i32>,
    /// What may be handed out today. What is blocked or past its date is none.
    pub usable: i32,
    /// What to order.
    pub propose: i32,
    /// What will not be used before it may no longer be handed out, among what ends within sixty days.
    pub unused: i32,
}

impl StockOutlookView {
    /// From a kind, its level and its outlook.
    #[must_use]
    pub fn new(kind: &kind::Model, level: Option<(i32, i32)>, outlook: Outlook) -> Self {
        Self {
            kind_id: kind.id.0,
            name: kind.name.clone(),
            min_units: level.map(|(least, _)| least),
            max_units: level.map(|(_, most)| most),
            usable: outlook.usable,
            propose: outlook.propose,
            unused: outlook.unused,
        }
    }
}

/// A line of the ledger.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MovementView {
    /// Its id.
    pub id: Uuid,
    /// Which lot.
    pub lot_id: Uuid,
    /// The version of the lot after it.
    pub lot_rev: i64,
    /// Why.
    #[schema(value_type = String)]
    pub reason: movement::Reason,
    /// What each place gained or lost.
    pub change: QuantitiesView,
    /// The line it takes back.
    pub reversal_of: Option<Uuid>,
    /// What was written beside it.
    pub note: Option<String>,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// When it was written down.
    pub recorded_at: DateTime<Utc>,
}

impl From<&movement::Model> for MovementView {
    fn from(row: &movement::Model) -> Self {
        Self {
            id: row.id.0,
            lot_id: row.lot_id.0,
            lot_rev: row.lot_rev,
            reason: row.reason,
            change: QuantitiesView {
                available: row.available,
                held: row.held,
                quarantined: row.quarantined,
                to_dispose: row.to_dispose,
            },
            reversal_of: row.reversal_of.map(|id| id.0),
            note: row.note.clone(),
            occurred_at: row.occurred_at,
            recorded_at: row.recorded_at,
        }
    }
}

/// A count, weighed.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CountView {
    /// Its id.
    pub id: Uuid,
    /// How many were counted.
    pub counted: i32,
    /// How many the ledger had at that instant. Not said while somebody else must count: whoever counts, counts blind.
    pub expected: Option<i32>,
    /// Taken over? Otherwise somebody else counts again.
    pub is_final: bool,
    /// Something moved within two minutes of the count: better count again.
    pub moved_meanwhile: bool,
    /// How many are where now; not said while somebody else must count.
    pub quantities: Option<QuantitiesView>,
    /// The version of the lot.
    pub lot_rev: i64,
}

impl CountView {
    /// From a count and its lot.
    #[must_use]
    pub fn new(row: &stock_count::Model, lot: &lot::Model, moved_meanwhile: bool) -> Self {
        Self {
            id: row.id.0,
            counted: row.counted,
            expected: row.final_at.map(|_| row.expected),
            is_final: row.final_at.is_some(),
            moved_meanwhile,
            quantities: row.final_at.map(|_| lot.into()),
            lot_rev: lot.rev,
        }
    }
}

/// A block on stock.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StockBlockView {
    /// Its id.
    pub id: Uuid,
    /// `unverified`, `conflict`, `recalled`, `data_error`, `manual` or `suspended`.
    #[schema(value_type = String)]
    pub cause: stock_block::Cause,
    /// On which lot; none for the medicine of a whole station.
    pub lot_id: Option<Uuid>,
    /// Why.
    pub reason: String,
    /// Since when.
    pub made_at: DateTime<Utc>,
    /// Since when one of the two people says that it may be lifted.
    pub lift_proposed_at: Option<DateTime<Utc>>,
    /// Until when.
    pub lifted_at: Option<DateTime<Utc>>,
}

impl From<&stock_block::Model> for StockBlockView {
    fn from(row: &stock_block::Model) -> Self {
        Self {
            id: row.id.0,
            cause: row.cause,
            lot_id: row.lot_id.map(|id| id.0),
            reason: row.reason.clone(),
            made_at: row.made_at,
            lift_proposed_at: row.lift_proposed_at,
            lifted_at: row.lifted_at,
        }
    }
}
