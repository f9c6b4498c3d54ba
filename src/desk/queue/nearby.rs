//! Nearby: at which other stations somebody could wait for the same kind of thing. Reads only.

use entity::{ids::KindId, station};

use super::join::MOST_STATIONS;
use crate::{
    desk::{Desk, Result},
    rules::distance::{NEAR, metres},
    store,
};

/// The other stations that lend such things by booking, the nearest first: those within a walk, and where nobody knows how far it
/// is, those of the same community.
///
/// # Errors
/// The database.
pub async fn nearby(desk: &Desk, here: &station::Model, kind: KindId) -> Result<Vec<station::Model>> {
    let conn = desk.app.db.read();
    let pools = store::claims::list_pools_of_kind(conn, kind).await?;
    let open = pools.iter().filter(|pool| pool.terms.as_ref().is_none_or(|terms| terms.bookable));
    let others = open.map(|pool| pool.station_id).filter(|id| *id != here.id).collect();
    let place = |station: &station::Model| station.latitude.zip(station.longitude);
    let mut near: Vec<(f64, station::Model)> = Vec::new();
    for other in store::stations::list_by_ids(conn, others).await?.into_iter().filter(|other| other.closed_at.is_none()) {
        let far = place(here).zip(place(&other)).map(|(here, there)| metres(here, there));
        if far.map_or(other.community_id == here.community_id, |far| far <= NEAR) {
            near.push((far.unwrap_or(NEAR), other));
        }
    }
    near.sort_by(|(a, one), (b, other)| a.total_cmp(b).then_with(|| one.name.cmp(&other.name)));
    Ok(near.into_iter().map(|(_, station)| station).take(MOST_STATIONS - 1).collect())
}
