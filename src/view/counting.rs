//! What keepers see while they keep the books of the medicine box: what to count, which codes are known, which photos there are.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{kind, lot, product_code};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A lot that is to be counted; how many there should be is not said.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ToCountView {
    /// Which lot.
    pub lot_id: Uuid,
    /// What people call it.
    pub name: String,
    /// The same in English, if it has such a name.
    pub name_en: Option<String>,
    /// Its number, as printed.
    pub number: String,
    /// The date, as printed.
    pub label: Option<String>,
    /// Which shelf.
    pub shelf: Option<String>,
    /// Is it an opened pack?
    pub opened: bool,
    /// The last day on which it is handed out.
    pub last_issue_day: Option<NaiveDate>,
    /// When it was last counted.
    pub counted_at: Option<DateTime<Utc>>,
    /// Somebody has counted it, and a second person must.
    pub second_count: bool,
}

impl ToCountView {
    /// From a lot and its kind.
    #[must_use]
    pub fn new(kind: &kind::Model, lot: &lot::Model, second_count: bool) -> Self {
        Self {
            lot_id: lot.id.0,
            name: kind.name.clone(),
            name_en: kind.name_en.clone(),
            number: lot.number.clone(),
            label: lot.label_text.clone(),
            shelf: lot.shelf.clone(),
            opened: lot.opened_on.is_some(),
            last_issue_day: lot.last_issue_day,
            counted_at: lot.counted_at,
            second_count,
        }
    }
}

/// A code that is known of a kind.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ProductCodeView {
    /// `gtin` or `drug`.
    #[schema(value_type = String)]
    pub scheme: product_code::Scheme,
    /// 14 digits, or the first 7 of a trace code.
    pub code: String,
    /// Of which kind.
    pub kind_id: Uuid,
}

impl From<&product_code::Model> for ProductCodeView {
    fn from(row: &product_code::Model) -> Self {
        Self { scheme: row.scheme, code: row.code.clone(), kind_id: row.kind_id.0 }
    }
}

/// A photo of a lot.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LotPhotoView {
    /// Its id: the picture is at `/lot-photos/{id}`.
    pub id: Uuid,
    /// What it shows: `label`, `set_aside`, `disposal`.
    pub about: String,
    /// When it was taken in.
    pub created_at: DateTime<Utc>,
}
