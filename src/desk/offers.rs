//! What stations offer now: for whoever stands before one, or looks for the nearest. Reads only, in a number of statements
//! that does not grow with the stations.

use std::collections::{BTreeMap, BTreeSet};

use entity::{ids::StationId, station};

use super::{Desk, Error, Result, surroundings::calendar_with};
use crate::{
    rules::{distance::metres, opening::opening},
    store,
    view::{KindView, OfferView, PlaceView, StationView},
};

/// The most stations that are looked through.
const MOST: u64 = 500;

/// All stations in use: the nearest first where a place is given (degrees north and east), else by community.
///
/// # Errors
/// The database.
pub async fn nearby(desk: &Desk, here: Option<(f64, f64)>) -> Result<Vec<PlaceView>> {
    let stations = store::stations::list(desk.app.db.read(), None, None, MOST).await?;
    let mut places = places(desk, stations.into_iter().filter(|station| station.closed_at.is_none()).collect()).await?;
    for place in &mut places {
        let there = place.station.latitude.zip(place.station.longitude);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "half the earth is 20,015,000 metres")]
        let far = here.zip(there).map(|(here, there)| metres(here, there).round() as u32);
        place.metres = far;
    }
    places.sort_by(|a, b| {
        let far = |place: &PlaceView| place.metres.unwrap_or(u32::MAX);
        (far(a), &a.community, &a.station.name).cmp(&(far(b), &b.community, &b.station.name))
    });
    Ok(places)
}

/// One station in use.
///
/// # Errors
/// [`Error::NotFound`]; the database.
pub async fn at(desk: &Desk, code: &str) -> Result<PlaceView> {
    let station = store::stations::find_by_code(desk.app.db.read(), code).await?;
    let station = station.filter(|station| station.closed_at.is_none()).ok_or(Error::NotFound("station"))?;
    places(desk, vec![station]).await?.pop().ok_or(Error::NotFound("station"))
}

async fn places(desk: &Desk, stations: Vec<station::Model>) -> Result<Vec<PlaceView>> {
    let (conn, now) = (desk.app.db.read(), desk.now());
    let ids: Vec<StationId> = stations.iter().map(|station| station.id).collect();
    // The day before today is early enough in every zone.
    let since = now.date_naive().pred_opt().unwrap_or_default();
    let mut closures: BTreeMap<StationId, Vec<entity::closure::Model>> = BTreeMap::new();
    for closure in store::stations::list_closures_of(conn, ids.clone(), since).await? {
        closures.entry(closure.station_id).or_default().push(closure);
    }
    let mut offers = offers(desk, ids).await?;
    let communities = store::communities::list(conn, None, MOST).await?;
    let owner = |station: &station::Model| {
        communities.iter().find(|community| community.id == station.community_id).map(|c| c.name.clone()).unwrap_or_default()
    };
    let place = |station: station::Model| {
        let calendar = calendar_with(&station, &closures.remove(&station.id).unwrap_or_default());
        let view = PlaceView {
            community: owner(&station),
            open: false,
            until: None,
            metres: None,
            offers: offers.remove(&station.id).unwrap_or_default(),
            station: StationView::from(&station),
        };
        view.opening(opening(&calendar, now))
    };
    Ok(stations.into_iter().map(place).collect())
}

async fn offers(desk: &Desk, stations: Vec<StationId>) -> Result<BTreeMap<StationId, Vec<OfferView>>> {
    let conn = desk.app.db.read();
    let counts = store::items::count_at(conn, stations).await?;
    let kinds: BTreeSet<_> = counts.iter().map(|count| count.kind_id).collect();
    let kinds = store::kinds::list_by_ids(conn, kinds.into_iter().collect()).await?;
    let mut offers: BTreeMap<StationId, Vec<OfferView>> = BTreeMap::new();
    for count in counts {
        let Some(kind) = kinds.iter().find(|kind| kind.id == count.kind_id && kind.retired_at.is_none()) else { continue };
        let offer = OfferView { kind: KindView::from(kind), on_shelf: count.on_shelf, out: count.out };
        offers.entry(count.station_id).or_default().push(offer);
    }
    for offers in offers.values_mut() {
        offers.sort_by(|a, b| (&a.kind.category, &a.kind.name).cmp(&(&b.kind.category, &b.kind.name)));
    }
    Ok(offers)
}
