//! 效期检查记录: what a night has found, with what has become of it, ready to print and sign.

use std::collections::BTreeMap;

use entity::{
    expiry_check,
    ids::{LotId, StationId},
    lot, station,
};
use sea_orm::ConnectionTrait;

use crate::{
    desk::{Error, Result},
    speech, store,
    view::{CheckLineView, CheckSheetView, WordsView},
};

/// The check with this id, or the newest one for this date.
///
/// # Errors
/// [`Error::NotFound`], the database.
pub async fn sheet(conn: &impl ConnectionTrait, station: &station::Model, which: &str) -> Result<CheckSheetView> {
    let check = find(conn, station.id, which).await?.ok_or(Error::NotFound("check"))?;
    let report: serde_json::Value = serde_json::from_str(&check.report).unwrap_or_default();
    let lines: Vec<CheckLineView> = serde_json::from_value(report["lines"].clone()).unwrap_or_default();
    let mut now: BTreeMap<LotId, lot::Model> = BTreeMap::new();
    for ids in lines.chunks(500) {
        let ids = ids.iter().map(|line| LotId(line.lot)).collect();
        now.extend(store::lots::list_some(conn, ids).await?.into_iter().map(|lot| (lot.id, lot)));
    }
    let lines = lines
        .into_iter()
        .map(|mut line| {
            let lot = now.get(&LotId(line.lot));
            line.said = words(speech::transition(&line.what));
            line.handling = words(speech::handling(lot.map_or(0, lot::Model::on_shelf), lot.map_or(0, |lot| lot.to_dispose)));
            line
        })
        .collect();
    let signatures = speech::signatures().into_iter().map(words).collect();
    Ok(CheckSheetView::new(&check, station, &report, lines, signatures))
}

fn words(words: speech::Words) -> WordsView {
    WordsView { zh: words.zh, en: words.en }
}

async fn find(conn: &impl ConnectionTrait, station: StationId, which: &str) -> Result<Option<expiry_check::Model>> {
    if let Ok(day) = which.parse() {
        return Ok(store::check_records::find_of_day(conn, station, day).await?);
    }
    let Ok(id) = which.parse() else { return Ok(None) };
    Ok(store::check_records::find(conn, id).await?.filter(|check| check.station_id == station))
}
