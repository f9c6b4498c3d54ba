//! Fields that lists of consumables and registers of takes have in common.

use std::collections::HashMap;

use entity::{consumable, station};

use super::Row;
use crate::{rules::quantity, speech::Reject};

/// What people write where there is nothing to write.
const NOTHING: [&str; 6] = ["无", "没有", "-", "—", "——", "/"];

/// What stands in a column, if it is more than a dash.
pub(super) fn written<'a>(row: &'a Row, field: &str) -> Option<&'a str> {
    row.some(field).filter(|text| !NOTHING.contains(text))
}

/// A short text.
pub(super) fn text(row: &Row, field: &'static str, most: usize) -> Result<Option<String>, Reject> {
    written(row, field).map(|text| entity::values::text(text, most).map_err(|_| Reject::BadText(field))).transpose()
}

/// The station of a line, by its plate.
pub(super) fn station_of<'a>(
    stations: &'a HashMap<String, Option<station::Model>>,
    row: &Row,
) -> Result<&'a station::Model, Reject> {
    let code = row.plain("station").ok_or(Reject::Missing("station"))?;
    stations.get(&code).and_then(Option::as_ref).ok_or(Reject::UnknownStation("station"))
}

/// How many base units.
pub(super) fn quantity(row: &Row, profile: &consumable::Model) -> Result<i32, Reject> {
    quantity::read(row.need("quantity")?, profile.pack_size, &profile.base_unit).map_err(Reject::BadQuantity)
}

/// What the columns about dates say, as one label. The head of a column is a word of the label: a date under 失效期 is not one
/// under 有效期.
pub(super) fn dated_by(row: &Row) -> Option<String> {
    let columns = ["made", "label", "lapses"].map(|field| written(row, field));
    match columns {
        [None, None, None] => None,
        [None, Some(label), None] => Some(label.to_owned()),
        columns => {
            let with_head = columns.iter().zip(["生产日期", "有效期", "失效期"]);
            let parts: Vec<_> = with_head.filter_map(|(said, head)| said.map(|said| format!("{head}{said}"))).collect();
            Some(parts.join(" "))
        }
    }
}
