//! Stations from a register.

use std::collections::HashMap;

use entity::{ids::CommunityId, station};

use super::{CannotImport, Fate, Row, stations_named};
use crate::{
    db::WriteTx,
    desk::{Desk, communities::find_or_make, stations::new_station},
    speech::Reject,
    store,
};

/// What is known while a file is read.
pub(super) struct Stations {
    community: Option<String>,
    into: Option<CommunityId>,
    known: HashMap<String, Option<station::Model>>,
}

/// The community of stations that come from a register, where there was none.
const FIRST_COMMUNITY: &str = "默认社区";

impl Stations {
    pub(super) fn new(community: Option<String>) -> Self {
        Self { community, into: None, known: HashMap::new() }
    }

    pub(super) async fn take(&mut self, desk: &Desk, tx: &WriteTx, rows: &[Row]) -> Result<Vec<Fate>, CannotImport> {
        let into = match self.into {
            Some(into) => into,
            None => self.choose(desk, tx).await?,
        };
        self.into = Some(into);
        stations_named(tx, &mut self.known, rows.iter().map(|row| row.get("code").to_owned())).await?;
        let mut fates = Vec::with_capacity(rows.len());
        for row in rows {
            fates.push(match self.wanted(desk, into, row) {
                Err(why) => Fate::Rejected(why),
                Ok(None) => Fate::Unchanged,
                Ok(Some(station)) => {
                    store::stations::add(tx, station.clone()).await?;
                    self.known.insert(station.code.clone(), Some(station));
                    Fate::Imported
                }
            });
        }
        Ok(fates)
    }

    async fn choose(&self, desk: &Desk, tx: &WriteTx) -> Result<CommunityId, CannotImport> {
        if let Some(name) = &self.community {
            return Ok(find_or_make(desk, tx, name).await?);
        }
        let there = store::communities::list(tx.conn(), None, 2).await?;
        match there.as_slice() {
            [] => Ok(find_or_make(desk, tx, FIRST_COMMUNITY).await?),
            [only] => Ok(only.id),
            _ => Err(CannotImport::WhichCommunity),
        }
    }

    /// The new station of a row; none if it is there already.
    fn wanted(&self, desk: &Desk, into: CommunityId, row: &Row) -> Result<Option<station::Model>, Reject> {
        let code = entity::values::code(row.need("code")?).map_err(|_| Reject::BadCode("code"))?;
        let name = entity::values::text(row.need("name")?, 80).map_err(|_| Reject::BadText("name"))?;
        let place = Some(row.get("place")).filter(|place| !place.is_empty());
        let place = place.map(|place| entity::values::text(place, 200)).transpose().map_err(|_| Reject::BadText("place"))?;
        match self.known.get(&code) {
            Some(Some(there)) if there.name == name && there.place == place => Ok(None),
            Some(Some(_)) => Err(Reject::DiffersFromStored),
            _ => Ok(Some(station::Model { name, place, ..new_station(desk.app.clock.id(), into, code, desk.now()) })),
        }
    }
}
