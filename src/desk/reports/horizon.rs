//! What ends when, what is blocked, what will not be used in time, what is missing.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::ids::{KindId, StationId};

use super::{Scope, boxes::Boxes};
use crate::{
    desk::{Desk, Result},
    rules::{
        figures::{Period, empty_days, ending, local},
        usability::{self, Ends},
    },
    store::reports::medicine,
    view::{HorizonView, KindName, LotLineView, NeedView},
};

/// The next ninety days.
///
/// # Errors
/// The database.
pub async fn horizon(desk: &Desk, scope: &Scope) -> Result<HorizonView> {
    let boxes = Boxes::of(desk, scope).await?;
    let empty = days_empty(desk, scope, &boxes).await?;
    let (mut soon, mut blocked, mut needs) = (Vec::new(), Vec::new(), Vec::new());
    for shelved in &boxes.lots {
        let (lot, today) = (&shelved.lot, boxes.today(shelved.lot.station_id));
        let (Some(station), Some(kind)) = (scope.station(lot.station_id), name(&boxes, lot.kind_id)) else { continue };
        if lot.on_shelf() == 0 {
            continue;
        }
        let ends = ending(lot, today);
        let line = LotLineView {
            station: station.into(),
            kind,
            number: lot.number.clone(),
            last_day: lot.last_day,
            tier: usability::tier(Ends::from(lot), today),
            week: ends.map(|(week, _)| week),
            units: lot.on_shelf(),
            blocks: shelved.blocks.clone(),
        };
        if ends.is_some() {
            soon.push(line.clone());
        }
        if !line.blocks.is_empty() {
            blocked.push(line);
        }
    }
    soon.sort_by(|a, b| (a.last_day, &a.kind).cmp(&(b.last_day, &b.kind)));
    blocked.sort_by(|a, b| (a.last_day, &a.kind).cmp(&(b.last_day, &b.kind)));
    for station in scope.stations() {
        for (kind, outlook) in boxes.outlooks(station.id) {
            let Some(named) = name(&boxes, kind) else { continue };
            let level = boxes.levels.get(&(station.id, kind)).copied();
            let empty_days = level.map(|_| empty.get(&(station.id, kind)).copied().unwrap_or_default());
            needs.push(NeedView { station: station.into(), kind: named, level, outlook, empty_days });
        }
    }
    Ok(HorizonView { today: scope.today(), ending: soon, blocked, needs })
}

fn name(boxes: &Boxes, kind: KindId) -> Option<KindName> {
    boxes.kinds.get(&kind).map(|(kind, profile)| KindName::new(kind, &profile.base_unit))
}

/// On how many days of this month the shelf of each kind with a level was empty in the evening, by the ledger.
async fn days_empty(desk: &Desk, scope: &Scope, boxes: &Boxes) -> Result<BTreeMap<(StationId, KindId), i64>> {
    let month = Period::ThisMonth.days(scope.today());
    let mut shelves: BTreeMap<(StationId, KindId), (i64, BTreeMap<NaiveDate, i64>)> =
        boxes.levels.keys().map(|key| (*key, Default::default())).collect();
    for (station, kind, quarter, gained) in medicine::shelves(desk.app.db.read(), &scope.spells(&[month.0, month.1])).await? {
        let zone = scope.station(station).map_or(scope.zone(), entity::station::Model::zone);
        let (before, changes) = shelves.entry((station, kind)).or_default();
        match quarter {
            0 => *before += gained,
            _ => *changes.entry(local(quarter, zone).0).or_default() += gained,
        }
    }
    Ok(shelves.into_iter().map(|(key, (before, changes))| (key, empty_days(before, &changes, month))).collect())
}
