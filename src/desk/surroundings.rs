//! What a loan depends on besides the thing and the person: the kind, the place, its calendar, and the values that apply.

use entity::{
    closure,
    ids::StationId,
    item, kind,
    kind::Identity,
    station::{self, Hours as StoredHours},
};
use sea_orm::ConnectionTrait;

use super::{Error, Result};
use crate::{
    rules::{
        calendar::{Calendar, Closure, Hours},
        policy::{self, Policy, Scope},
    },
    store,
};

/// The surroundings of an item.
pub struct Surroundings {
    /// What it is.
    pub kind: kind::Model,
    /// Where it is, if that is known.
    pub station: Option<station::Model>,
    /// When that place is open.
    pub calendar: Calendar,
}

impl Surroundings {
    /// Reads them.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn of(conn: &impl ConnectionTrait, item: &item::Model) -> Result<Self> {
        let kind = store::kinds::find(conn, item.kind_id).await?.ok_or(Error::NotFound("kind"))?;
        let (station, calendar) = place(conn, item.station_id).await?;
        Ok(Self { kind, station, calendar })
    }

    /// The values that apply to a borrower of this group.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn policy(&self, conn: &impl ConnectionTrait, group: Option<&str>) -> Result<Policy> {
        let station = self.station.as_ref().map(|station| station.id);
        let rows = store::policies::list_for(conn, station, self.kind.id).await?;
        let scope = Scope { station, group, kind: self.kind.id };
        Ok(policy::resolve(&rows, scope, self.kind.identity))
    }
}

/// A place and its calendar; a place that is not known is always open, in the nation's zone.
///
/// # Errors
/// [`Error`] of the database.
pub async fn place(conn: &impl ConnectionTrait, id: Option<StationId>) -> Result<(Option<station::Model>, Calendar)> {
    let station = match id {
        Some(id) => store::stations::find(conn, id).await?,
        None => None,
    };
    let calendar = match &station {
        Some(station) => calendar_of(conn, station).await?,
        None => Calendar {
            zone: chrono_tz::Asia::Shanghai,
            hours: Hours::AlwaysOpen,
            follows_public_holidays: false,
            closures: vec![],
        },
    };
    Ok((station, calendar))
}

/// The calendar of a station.
///
/// # Errors
/// [`Error`] of the database.
pub async fn calendar_of(conn: &impl ConnectionTrait, station: &station::Model) -> Result<Calendar> {
    Ok(calendar_with(station, &store::stations::list_closures(conn, station.id).await?))
}

/// The calendar of a station whose closures were read before.
#[must_use]
pub fn calendar_with(station: &station::Model, closures: &[closure::Model]) -> Calendar {
    Calendar {
        zone: station.zone(),
        hours: match &station.hours {
            StoredHours::Always => Hours::AlwaysOpen,
            StoredHours::Weekly(hours) => Hours::Weekly(hours.clone()),
        },
        follows_public_holidays: station.follows_holidays,
        closures: closures.iter().map(|c| Closure { first_day: c.first_day, last_day: c.last_day }).collect(),
    }
}

/// Whether a borrower who did not say who they are is named all the same, because they are signed in: not at a counter, where
/// staff lend things that need no name.
#[must_use]
pub fn names_whoever_is_signed_in(identity: Identity, is_staff: bool) -> bool {
    !(is_staff && identity == Identity::Anonymous)
}
