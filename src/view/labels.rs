//! What was read from a pack.

use chrono::NaiveDate;
use entity::{
    lot::{LabelKind, Precision},
    values::Language,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::rules::{
    label_date::LabelDate,
    pack_code::{PackCode, Scheme},
};

/// A date as printed, understood.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LabelDateView {
    /// `valid_until` 有效期至, `expires_on` 失效期, or `shelf_life` 生产日期+有效期.
    #[schema(value_type = String)]
    pub kind: LabelKind,
    /// `day` or `month`.
    #[schema(value_type = String)]
    pub precision: Precision,
    /// The last day on which it is good if the label is taken at its word.
    pub lenient_last_day: NaiveDate,
    /// The last day on which it is good under every reading.
    pub strict_last_day: NaiveDate,
    /// When it was made, if that is printed.
    pub made_on: Option<NaiveDate>,
    /// In one form, in Chinese.
    pub written: String,
    /// In one form, in English.
    pub written_en: String,
}

impl From<&LabelDate> for LabelDateView {
    fn from(label: &LabelDate) -> Self {
        Self {
            kind: label.kind(),
            precision: label.precision(),
            lenient_last_day: label.lenient_last_day(),
            strict_last_day: label.strict_last_day(),
            made_on: label.made_on(),
            written: label.written(Language::Chinese),
            written_en: label.written(Language::English),
        }
    }
}

/// The codes on a pack, understood.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PackCodeView {
    /// `gs1`, `trace` or `ean`.
    #[schema(value_type = String)]
    pub scheme: Scheme,
    /// The product, 14 digits.
    pub gtin: Option<String>,
    /// The product in a trace code, 7 digits.
    pub drug: Option<String>,
    /// The number of the lot.
    pub lot: Option<String>,
    /// What this says about its end, if it says anything.
    pub expiry: Option<LabelDateView>,
    /// The first day on which it can have been there.
    pub made_on: Option<NaiveDate>,
    /// What tells this pack from all others.
    pub serial: Option<String>,
    /// The codes themselves, as they were read.
    pub codes: Vec<String>,
}

impl PackCodeView {
    /// From a code and the texts it was read from.
    #[must_use]
    pub fn new(code: &PackCode, codes: Vec<String>) -> Self {
        Self {
            scheme: code.scheme,
            gtin: code.gtin.clone(),
            drug: code.drug.clone(),
            lot: code.lot.clone(),
            expiry: code.expiry.map(|point| LabelDateView::from(&LabelDate::until(point))),
            made_on: code.made.map(crate::rules::label_date::Point::first_day),
            serial: code.serial.clone().or_else(|| code.trace.clone()),
            codes,
        }
    }
}
