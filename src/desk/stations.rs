//! Stations: create, edit, close for some days.

use chrono::NaiveDate;
use entity::{
    closure,
    ids::{ClosureId, CommunityId, StationId},
    station::{self, Hours},
};

use super::{About, Desk, Error, Problem, Result, invalid};
use crate::{
    db::Done,
    rules::refusal::Refusal,
    store,
    view::{ClosureView, StationView},
};

/// What a station is. What is `None` has its default when it is created, and stays when it is edited.
#[derive(Clone, Debug, Default)]
pub struct Particulars {
    /// What people call it.
    pub name: Option<String>,
    /// Where it is, in words; `Some(None)` takes it away.
    pub place: Option<Option<String>>,
    /// Degrees north and east; `Some(None)` takes them away.
    pub position: Option<Option<(f64, f64)>>,
    /// IANA time zone. Default: `Asia/Shanghai`.
    pub time_zone: Option<String>,
    /// When people can get in. Default: always.
    pub hours: Option<Hours>,
    /// Closed on Chinese public holidays. Default: no.
    pub follows_holidays: Option<bool>,
    /// The number on the plate; `Some(None)` takes it away.
    pub contact: Option<Option<String>>,
    /// Given up for good, or opened again.
    pub closed_down: Option<bool>,
}

/// Enters a station. Managers of its community only.
///
/// # Errors
/// [`Error::Refused`] when the code is taken; [`Error::Invalid`].
pub async fn create(desk: Desk, (community, code, what): (CommunityId, String, Particulars)) -> Result<Done<StationView>> {
    desk.actor.manager_of(community)?;
    let code = entity::values::code(&code).map_err(invalid("code"))?;
    if what.name.is_none() {
        return Err(Error::Invalid { field: "name", problem: Problem::Missing });
    }
    let tx = desk.open().await?;
    if store::communities::find(tx.conn(), community).await?.is_none() {
        return Err(Error::Invalid { field: "community_id", problem: Problem::Unknown });
    }
    if store::stations::find_by_code(tx.conn(), &code).await?.is_some() {
        return desk.refuse(tx, vec![Refusal::Taken { field: "code".to_owned() }]).await;
    }
    let blank = new_station(desk.app.clock.id(), community, code, desk.now());
    let row = apply(blank, what, desk.now())?;
    store::stations::add(&tx, row.clone()).await?;
    desk.record(&tx, "station_created", About { station: Some(row.id), ..About::default() }).await?;
    desk.commit(tx, StationView::from(&row)).await
}

/// A station that is always open, in the nation's zone.
#[must_use]
pub fn new_station(id: StationId, community: CommunityId, code: String, now: chrono::DateTime<chrono::Utc>) -> station::Model {
    station::Model {
        id,
        community_id: community,
        name: code.clone(),
        code,
        place: None,
        latitude: None,
        longitude: None,
        time_zone: chrono_tz::Asia::Shanghai.name().to_owned(),
        hours: Hours::Always,
        follows_holidays: false,
        contact: None,
        closed_at: None,
        created_at: now,
        rev: 1,
    }
}

/// Edits a station. Its keepers only; giving it up is for managers.
///
/// # Errors
/// [`Error::Stale`], [`Error::VersionNeeded`], [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`].
pub async fn edit(desk: Desk, (id, what): (StationId, Particulars)) -> Result<Done<StationView>> {
    let tx = desk.open().await?;
    let row = store::stations::find(tx.conn(), id).await?.ok_or(Error::NotFound("station"))?;
    desk.actor.keeper_of(&row)?;
    if what.closed_down.is_some() {
        desk.actor.manager_of(row.community_id)?;
    }
    desk.expect_version(row.rev)?;
    let row = store::stations::change(&tx, apply(row, what, desk.now())?).await?;
    desk.record(&tx, "station_edited", About { station: Some(row.id), ..About::default() }).await?;
    desk.commit(tx, StationView::from(&row)).await
}

fn apply(mut row: station::Model, what: Particulars, now: chrono::DateTime<chrono::Utc>) -> Result<station::Model> {
    if let Some(name) = what.name {
        row.name = entity::values::text(&name, 80).map_err(invalid("name"))?;
    }
    if let Some(place) = what.place {
        row.place = place.map(|text| entity::values::text(&text, 200)).transpose().map_err(invalid("place"))?;
    }
    if let Some(position) = what.position {
        if position.is_some_and(|(north, east)| !(-90.0..=90.0).contains(&north) || !(-180.0..=180.0).contains(&east)) {
            return Err(Error::Invalid { field: "latitude", problem: Problem::OutOfRange });
        }
        (row.latitude, row.longitude) = (position.map(|p| p.0), position.map(|p| p.1));
    }
    if let Some(zone) = what.time_zone {
        zone.parse::<chrono_tz::Tz>().map_err(|_| Error::Invalid { field: "time_zone", problem: Problem::Unknown })?;
        row.time_zone = zone;
    }
    if let Some(contact) = what.contact {
        row.contact = contact.map(|text| entity::values::text(&text, 40)).transpose().map_err(invalid("contact"))?;
    }
    row.hours = what.hours.unwrap_or(row.hours);
    row.follows_holidays = what.follows_holidays.unwrap_or(row.follows_holidays);
    if let Some(closed_down) = what.closed_down {
        row.closed_at = closed_down.then_some(row.closed_at.unwrap_or(now));
    }
    Ok(row)
}

/// Closes a station for some days. Loans made from now on fall due when it is open again.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`].
pub async fn close_for(
    desk: Desk,
    (id, first, last, reason): (StationId, NaiveDate, NaiveDate, String),
) -> Result<Done<ClosureView>> {
    let reason = entity::values::text(&reason, 200).map_err(invalid("reason"))?;
    if first > last {
        return Err(Error::Invalid { field: "last_day", problem: Problem::OutOfRange });
    }
    let tx = desk.open().await?;
    let station = store::stations::find(tx.conn(), id).await?.ok_or(Error::NotFound("station"))?;
    desk.actor.keeper_of(&station)?;
    let row = closure::Model {
        id: desk.app.clock.id(),
        station_id: id,
        first_day: first,
        last_day: last,
        reason,
        created_at: desk.now(),
    };
    store::stations::add_closure(&tx, row.clone()).await?;
    desk.record(&tx, "closure_added", About { station: Some(id), ..About::default() }).await?;
    desk.commit(tx, ClosureView::from(&row)).await
}

/// Takes a closure back.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn reopen(desk: Desk, id: ClosureId) -> Result<Done<ClosureView>> {
    let tx = desk.open().await?;
    let row = store::stations::find_closure(tx.conn(), id).await?.ok_or(Error::NotFound("closure"))?;
    let station = store::stations::find(tx.conn(), row.station_id).await?.ok_or(Error::NotFound("station"))?;
    desk.actor.keeper_of(&station)?;
    store::stations::remove_closure(&tx, id).await?;
    desk.record(&tx, "closure_removed", About { station: Some(station.id), ..About::default() }).await?;
    desk.commit(tx, ClosureView::from(&row)).await
}
