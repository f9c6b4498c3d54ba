//! Hand-overs of what is in the red box, on the wire.

use chrono::{DateTime, Utc};
use entity::disposal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A hand-over for disposal.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DisposalView {
    /// Its id.
    pub id: Uuid,
    /// To whom.
    pub handed_to: String,
    /// The number on the receipt.
    pub receipt_no: String,
    /// When.
    pub disposed_at: DateTime<Utc>,
    /// When a second person has confirmed it; only then it has left the books.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// The picture of the receipt.
    pub photo_id: Option<Uuid>,
    /// What.
    pub lines: Vec<DisposedLineView>,
}

/// What was handed over of one lot.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DisposedLineView {
    /// Which lot.
    pub lot_id: Uuid,
    /// How many base units.
    pub units: i32,
}

impl From<&disposal::Model> for DisposalView {
    fn from(row: &disposal::Model) -> Self {
        Self {
            id: row.id.0,
            handed_to: row.handed_to.clone(),
            receipt_no: row.receipt_no.clone(),
            disposed_at: row.disposed_at,
            confirmed_at: row.confirmed_at,
            photo_id: row.photo_id.map(|id| id.0),
            lines: row.lines.0.iter().map(|(lot, units)| DisposedLineView { lot_id: lot.0, units: *units }).collect(),
        }
    }
}
