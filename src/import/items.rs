//! Items from a register. A kind that is not known is entered; everything else about it can be said later.

use std::collections::{HashMap, HashSet};

use entity::{
    ids::{KindId, StationId},
    item, kind,
    kind::Tracked,
    station,
};

use super::{CannotImport, Fate, Row, stations_named};
use crate::{
    db::WriteTx,
    desk::{Desk, items as verbs, kinds::new_kind, stickers::new_code},
    speech::Reject,
    store,
};

/// The slug of a kind of which nothing but the name is known.
const UNSORTED: &str = "other";

/// What is known while a file is read.
#[derive(Default)]
pub(super) struct Items {
    kinds: HashMap<String, kind::Model>,
    stations: HashMap<String, Option<station::Model>>,
    pools: HashSet<(StationId, KindId)>,
}

impl Items {
    pub(super) async fn take(&mut self, desk: &Desk, tx: &WriteTx, rows: &[Row]) -> Result<Vec<Fate>, CannotImport> {
        stations_named(tx, &mut self.stations, rows.iter().map(|row| row.get("station").to_owned())).await?;
        let codes = rows.iter().map(|row| row.get("item_code").to_owned()).collect();
        let there = store::items::list_by_codes(tx.conn(), codes).await?;
        let mut there: HashMap<String, item::Model> = there.into_iter().map(|item| (item.code.clone(), item)).collect();
        let mut fates = Vec::with_capacity(rows.len());
        let (mut new_items, mut new_stickers) = (Vec::new(), Vec::new());
        for row in rows {
            let (code, kind_name, station) = match self.read(row) {
                Ok(read) => read,
                Err(why) => {
                    fates.push(Fate::Rejected(why));
                    continue;
                }
            };
            let kind = self.kind(desk, tx, &kind_name).await?;
            if kind.tracked == Tracked::Lot {
                fates.push(Fate::Rejected(Reject::CountedInLots));
                continue;
            }
            if let Some(item) = there.get(&code) {
                let same = item.kind_id == kind.id && (station.is_none() || item.home_station_id == station);
                fates.push(if same { Fate::Unchanged } else { Fate::Rejected(Reject::DiffersFromStored) });
                continue;
            }
            if let Some(station) = station
                && self.pools.insert((station, kind.id))
            {
                store::claims::ensure_pool(tx, desk.app.clock.id(), station, kind.id).await?;
            }
            let blank = verbs::new_item(desk.app.clock.id(), code.clone(), kind.id, desk.now());
            // When it was last in hand, a register of things does not say.
            let item = item::Model { home_station_id: station, station_id: station, last_seen_at: None, ..blank };
            new_stickers.push(verbs::sticker_on(&item, &new_code(&desk.app)));
            there.insert(code, item.clone());
            new_items.push(item);
            fates.push(Fate::Imported);
        }
        verbs::add_all(desk, tx, new_items, new_stickers).await?;
        Ok(fates)
    }

    fn read(&self, row: &Row) -> Result<(String, String, Option<StationId>), Reject> {
        let code = entity::values::code(row.need("item_code")?).map_err(|_| Reject::BadCode("item_code"))?;
        let kind = entity::values::text(row.need("kind")?, 60).map_err(|_| Reject::BadText("kind"))?;
        let station = match row.get("station") {
            "" => None,
            code => match self.stations.get(code) {
                Some(Some(station)) => Some(station.id),
                _ => return Err(Reject::UnknownStation("station")),
            },
        };
        Ok((code, kind, station))
    }

    async fn kind(&mut self, desk: &Desk, tx: &WriteTx, name: &str) -> Result<kind::Model, CannotImport> {
        if let Some(kind) = self.kinds.get(name) {
            return Ok(kind.clone());
        }
        let kind = match store::kinds::find_by_name(tx.conn(), None, name).await? {
            Some(kind) => kind,
            None => {
                let fresh = new_kind(desk.app.clock.id(), None, desk.now());
                let fresh = kind::Model { name: name.to_owned(), category: UNSORTED.to_owned(), ..fresh };
                store::kinds::add(tx, fresh.clone()).await?;
                fresh
            }
        };
        self.kinds.insert(name.to_owned(), kind.clone());
        Ok(kind)
    }
}
