//! What lies in the medicine boxes of many stations, and what stands against each lot: the facts that two reports share, read
//! with a constant number of statements.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use entity::{
    consumable,
    ids::{KindId, StationId},
    kind, lot, station,
    stock_block::Cause,
};

use super::Scope;
use crate::{
    desk::{Desk, Result},
    rules::{
        handling::{Outlook, outlook},
        usability::{self, Block},
    },
    store::{self, reports::medicine},
};

/// Over how many days the use is averaged.
const USE_DAYS: u32 = 90;

/// A lot, and what stands against handing it out today.
pub(super) struct Shelved {
    pub(super) lot: lot::Model,
    pub(super) blocks: BTreeSet<Block>,
}

/// The boxes.
pub(super) struct Boxes {
    pub(super) lots: Vec<Shelved>,
    pub(super) kinds: BTreeMap<KindId, (kind::Model, consumable::Model)>,
    pub(super) levels: BTreeMap<(StationId, KindId), (i32, i32)>,
    days: BTreeMap<StationId, NaiveDate>,
    taken: BTreeMap<(StationId, KindId), i64>,
}

impl Boxes {
    /// Reads them.
    pub(super) async fn of(desk: &Desk, scope: &Scope) -> Result<Self> {
        let (conn, ids) = (desk.app.db.read(), scope.ids());
        let lots = medicine::lots(conn, &ids).await?;
        let levels = medicine::levels(conn, &ids).await?;
        let levels: BTreeMap<_, _> =
            levels.into_iter().map(|level| ((level.station_id, level.kind_id), (level.min_units, level.max_units))).collect();
        let wanted: BTreeSet<KindId> = lots.iter().map(|lot| lot.kind_id).chain(levels.keys().map(|(_, kind)| *kind)).collect();
        let profiles = store::consumables::list(conn, wanted.iter().copied().collect()).await?;
        let kinds = store::kinds::list_by_ids(conn, wanted.into_iter().collect()).await?;
        let profile = |kind: kind::Model| profiles.iter().find(|p| p.kind_id == kind.id).map(|p| (kind.id, (kind, p.clone())));
        let kinds: BTreeMap<_, _> = kinds.into_iter().filter_map(profile).collect();
        let seen = medicine::days_seen(conn, &ids).await?;
        let day = |station: &station::Model| {
            (station.id, usability::business_day(scope.now(), station.zone(), seen.get(&station.id).copied()))
        };
        let days: BTreeMap<_, _> = scope.stations().iter().map(day).collect();
        let since = days.values().min().copied().unwrap_or_else(|| scope.today()) - Days::new(USE_DAYS.into());
        let taken = medicine::taken_since(conn, &ids, since).await?;
        let (on_lots, suspended) = causes(desk, &ids).await?;
        // What has no profile is handed out by nobody.
        let shelve = |lot: lot::Model| {
            let (_, profile) = kinds.get(&lot.kind_id)?;
            let mut causes = on_lots.get(&lot.id).cloned().unwrap_or_default();
            if profile.dated && suspended.contains(&lot.station_id) {
                causes.insert(Cause::Suspended);
            }
            let today = days.get(&lot.station_id).copied().unwrap_or_else(|| scope.today());
            Some(Shelved { blocks: usability::blocks(&lot, &causes, profile, today), lot })
        };
        let lots = lots.into_iter().filter_map(shelve).collect();
        Ok(Self { lots, kinds, levels, days, taken })
    }

    /// The business date of a station.
    pub(super) fn today(&self, station: StationId) -> NaiveDate {
        self.days.get(&station).copied().unwrap_or_default()
    }

    /// The lots of a kind that may be handed out, in the order in which they leave: `(last day of issue, units)`.
    fn usable(&self, station: StationId, kind: KindId) -> Vec<(Option<NaiveDate>, i32)> {
        let theirs = self.lots.iter().filter(|shelved| shelved.lot.station_id == station && shelved.lot.kind_id == kind);
        let mut usable: Vec<_> = theirs
            .filter(|shelved| shelved.blocks.is_empty())
            .map(|shelved| (shelved.lot.last_issue_day, shelved.lot.available + shelved.lot.held))
            .collect();
        usable.sort_by_key(|(last, _)| (last.is_none(), *last));
        usable
    }

    /// Every kind that a station holds or wants to have, and its outlook.
    pub(super) fn outlooks(&self, station: StationId) -> Vec<(KindId, Outlook)> {
        let held = self.lots.iter().filter(|shelved| shelved.lot.station_id == station).map(|shelved| shelved.lot.kind_id);
        let wanted = self.levels.keys().filter(|(at, _)| *at == station).map(|(_, kind)| *kind);
        let kinds: BTreeSet<KindId> = held.chain(wanted).collect();
        let ahead = |kind: KindId| {
            let used = u32::try_from(self.taken.get(&(station, kind)).copied().unwrap_or_default()).unwrap_or(u32::MAX);
            let a_day = f64::from(used) / f64::from(USE_DAYS);
            let level = self.levels.get(&(station, kind)).copied();
            (kind, outlook(&self.usable(station, kind), level, a_day, self.today(station)))
        };
        kinds.into_iter().map(ahead).collect()
    }
}

type Causes = (BTreeMap<entity::ids::LotId, BTreeSet<Cause>>, BTreeSet<StationId>);

/// Why lots are blocked, and at which stations everything with a date is.
async fn causes(desk: &Desk, stations: &[StationId]) -> Result<Causes> {
    let (mut on_lots, mut suspended) = Causes::default();
    for block in medicine::blocks(desk.app.db.read(), stations).await? {
        match (block.lot_id, block.station_id) {
            (Some(lot), _) => {
                on_lots.entry(lot).or_default().insert(block.cause);
            }
            (None, Some(station)) => {
                suspended.insert(station);
            }
            (None, None) => {}
        }
    }
    Ok((on_lots, suspended))
}
