//! Reports: figures across stations, for whoever runs them. They are read, not done; that one leaves the house is written down.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::{
    community,
    ids::{CommunityId, StationId},
    station,
};

use super::{Desk, Error, Result, authority::hide};
use crate::{
    rules::figures::start_of,
    store::{self, reports::Spells},
};

mod activity;
mod boxes;
mod export;
mod horizon;
mod out;
mod standing;
mod usage;

pub use activity::activity;
pub use export::{Export, export};
pub use horizon::horizon;
pub use out::{EVERYTHING, PAGE, out};
pub use standing::standing;
pub use usage::usage;

/// The most stations a report is about.
const MOST_STATIONS: u64 = 2_000;

/// What a report is about. Only those who run the stations have one.
#[derive(Clone, Debug)]
pub struct Scope {
    community: CommunityId,
    /// One station was asked for.
    single: bool,
    stations: Vec<station::Model>,
    now: DateTime<Utc>,
}

impl Scope {
    /// All stations of a community, or one of them.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`]: also for a station of another community.
    pub async fn of_community(desk: &Desk, community: &community::Model, code: Option<&str>) -> Result<Self> {
        desk.actor.manager_of(community.id)?;
        let conn = desk.app.db.read();
        let stations = match code {
            None => store::stations::list(conn, Some(community.id), None, MOST_STATIONS).await?,
            Some(code) => {
                let found = store::stations::find_by_code(conn, code).await?;
                vec![found.filter(|station| station.community_id == community.id).ok_or(Error::NotFound("station"))?]
            }
        };
        Ok(Self { community: community.id, single: code.is_some(), stations, now: desk.now() })
    }

    /// One station, for its keeper.
    ///
    /// # Errors
    /// [`Error::NotFound`] for somebody else.
    pub fn of_station(desk: &Desk, station: &station::Model) -> Result<Self> {
        hide(desk.actor.keeper_of(station), "station")?;
        Ok(Self { community: station.community_id, single: true, stations: vec![station.clone()], now: desk.now() })
    }

    /// Its stations.
    #[must_use]
    pub fn stations(&self) -> &[station::Model] {
        &self.stations
    }

    /// Is it about one station?
    #[must_use]
    pub fn is_single(&self) -> bool {
        self.single
    }

    /// The zone in which its days are named: that of its first station.
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.stations.first().map_or(chrono_tz::Asia::Shanghai, station::Model::zone)
    }

    /// Today, in that zone.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.now.with_timezone(&self.zone()).date_naive()
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    fn ids(&self) -> Vec<StationId> {
        self.stations.iter().map(|station| station.id).collect()
    }

    /// The station with that id.
    fn station(&self, id: StationId) -> Option<&station::Model> {
        self.stations.iter().find(|station| station.id == id)
    }

    /// Spells between days, each station's in its own zone.
    fn spells(&self, bounds: &[NaiveDate]) -> Vec<Spells> {
        let mut zones: Vec<(Tz, Vec<StationId>)> = Vec::new();
        for station in &self.stations {
            let zone = station.zone();
            match zones.iter_mut().find(|(known, _)| *known == zone) {
                Some((_, stations)) => stations.push(station.id),
                None => zones.push((zone, vec![station.id])),
            }
        }
        let starts = |zone: Tz| bounds.iter().map(|day| start_of(*day, zone)).collect();
        zones.into_iter().map(|(zone, stations)| Spells { stations, bounds: starts(zone) }).collect()
    }
}
