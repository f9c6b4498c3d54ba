//! What can be booked, with everything a decision about it rests on: its station and calendar, its pools, its terms.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::{
    booking, claim,
    ids::{BookingId, KindId, OccasionId, PoolId, SpaceId},
    kind::{self, Identity, Tracked},
    occasion,
    pool::{self, Terms},
    space, station,
};
use sea_orm::ConnectionTrait;

use crate::{
    db::WriteTx,
    desk::{Error, Problem, Result, surroundings},
    rules::{
        availability::Timeline,
        calendar::Calendar,
        policy::{self, Scope},
        refusal::Refusal,
        terms::{Sort, preset},
    },
    store::{self, bookings::Sort as Counted},
};

/// What somebody wants to book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Things of a kind at the station with this plate.
    Things(String, KindId),
    /// A space.
    Space(SpaceId),
    /// Seats at an occasion.
    Occasion(OccasionId),
}

/// What that is.
#[derive(Clone, Debug)]
pub enum Subject {
    /// Interchangeable things.
    Things(kind::Model),
    /// A space.
    Space(space::Model),
    /// Seats.
    Occasion(occasion::Model),
}

/// What can be booked.
#[derive(Clone, Debug)]
pub struct Bookable {
    /// Where.
    pub station: station::Model,
    /// When that is open.
    pub calendar: Calendar,
    /// What.
    pub subject: Subject,
    /// Its pools, in the order of their ids: one, or those of all parts of a space.
    pub pools: Vec<pool::Model>,
    /// All pools that are locked with it, in order: those of the other parts too where it is a part of a space, so that what is
    /// free of the whole can be told.
    pub family: Vec<PoolId>,
    /// On which terms.
    pub terms: Terms,
}

impl Bookable {
    /// Looks it up.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Invalid`] for a kind that is not known or has no place there.
    pub async fn find(conn: &impl ConnectionTrait, target: &Target) -> Result<Self> {
        match target {
            Target::Things(plate, kind) => {
                let station = store::stations::find_by_code(conn, plate).await?;
                let station = station.ok_or(Error::Invalid { field: "station_code", problem: Problem::Unknown })?;
                let kind = store::kinds::find(conn, *kind).await?;
                let kind = kind.ok_or(Error::Invalid { field: "kind_id", problem: Problem::Unknown })?;
                let pool = store::claims::find_pool(conn, station.id, kind.id).await?;
                Self::with(conn, station, Subject::Things(kind), pool.into_iter().collect()).await
            }
            Target::Space(id) => {
                let space = store::spaces::find(conn, *id).await?;
                let space = space.ok_or(Error::Invalid { field: "space_id", problem: Problem::Unknown })?;
                Self::of_space(conn, space).await
            }
            Target::Occasion(id) => {
                let occasion = store::spaces::find_occasion(conn, *id).await?;
                let occasion = occasion.ok_or(Error::Invalid { field: "session_id", problem: Problem::Unknown })?;
                let station = store::stations::find(conn, occasion.station_id).await?.ok_or(Error::NotFound("station"))?;
                let pool = store::claims::find_pool_of_occasion(conn, occasion.id).await?;
                Self::with(conn, station, Subject::Occasion(occasion), pool.into_iter().collect()).await
            }
        }
    }

    /// What a booking is of.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn of(conn: &impl ConnectionTrait, booking: &booking::Model) -> Result<Self> {
        if let Some(id) = booking.space_id {
            return Self::find(conn, &Target::Space(id)).await;
        }
        if let Some(id) = booking.occasion_id {
            return Self::find(conn, &Target::Occasion(id)).await;
        }
        let station = store::stations::find(conn, booking.station_id).await?.ok_or(Error::NotFound("station"))?;
        let kind = booking.kind_id.ok_or(Error::NotFound("kind"))?;
        Self::find(conn, &Target::Things(station.code, kind)).await
    }

    /// What is booked from a pool.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn of_pool(conn: &impl ConnectionTrait, pool: &pool::Model) -> Result<Self> {
        if let Some(id) = pool.space_id {
            return Self::find(conn, &Target::Space(id)).await;
        }
        if let Some(id) = pool.occasion_id {
            return Self::find(conn, &Target::Occasion(id)).await;
        }
        let station = store::stations::find(conn, pool.station_id).await?.ok_or(Error::NotFound("station"))?;
        let kind = pool.kind_id.ok_or(Error::NotFound("kind"))?;
        let kind = store::kinds::find(conn, kind).await?.ok_or(Error::NotFound("kind"))?;
        Self::with(conn, station, Subject::Things(kind), vec![pool.clone()]).await
    }

    async fn of_space(conn: &impl ConnectionTrait, space: space::Model) -> Result<Self> {
        let station = store::stations::find(conn, space.station_id).await?.ok_or(Error::NotFound("station"))?;
        let parts = store::spaces::list_parts(conn, space.part_of.unwrap_or(space.id)).await?;
        let own =
            if parts.is_empty() || space.part_of.is_some() { vec![space.id] } else { parts.iter().map(|part| part.id).collect() };
        let all = own.iter().copied().chain(parts.iter().map(|part| part.id)).collect();
        let pools = store::claims::list_pools_of_spaces(conn, all).await?;
        let family = pools.iter().map(|pool| pool.id).collect();
        let pools = pools.into_iter().filter(|pool| pool.space_id.is_some_and(|id| own.contains(&id))).collect();
        Ok(Self { family, ..Self::with(conn, station, Subject::Space(space), pools).await? })
    }

    async fn with(
        conn: &impl ConnectionTrait,
        station: station::Model,
        subject: Subject,
        pools: Vec<pool::Model>,
    ) -> Result<Self> {
        let calendar = surroundings::calendar_of(conn, &station).await?;
        Ok(Self::joined(station, calendar, subject, pools))
    }

    /// From parts that were read before.
    #[must_use]
    pub fn joined(station: station::Model, calendar: Calendar, subject: Subject, pools: Vec<pool::Model>) -> Self {
        let sort = match &subject {
            Subject::Things(kind) => Sort::Things(&kind.category),
            Subject::Space(_) => Sort::Space,
            Subject::Occasion(_) => Sort::Occasion,
        };
        let terms = pools.iter().find_map(|pool| pool.terms.clone()).unwrap_or_else(|| preset(sort));
        let family = pools.iter().map(|pool| pool.id).collect();
        Self { station, calendar, subject, pools, family, terms }
    }

    /// Locks its pools: from now on nobody else promises from them.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn lock(self, tx: &WriteTx) -> Result<Self> {
        let own = self.pool_ids();
        let mut pools = store::claims::lock_pools(tx, self.family.clone()).await?;
        pools.retain(|pool| own.contains(&pool.id));
        Ok(Self { family: self.family, ..Self::joined(self.station, self.calendar, self.subject, pools) })
    }

    /// The ids of its pools, in order.
    #[must_use]
    pub fn pool_ids(&self) -> Vec<PoolId> {
        self.pools.iter().map(|pool| pool.id).collect()
    }

    /// What sort of thing it is, for the rules.
    #[must_use]
    pub fn sort(&self) -> Sort<'_> {
        match &self.subject {
            Subject::Things(kind) => Sort::Things(&kind.category),
            Subject::Space(_) => Sort::Space,
            Subject::Occasion(_) => Sort::Occasion,
        }
    }

    /// What counts together for a person's quota.
    #[must_use]
    pub fn counted(&self) -> Counted {
        match &self.subject {
            Subject::Things(kind) => Counted::Kind(kind.id),
            Subject::Space(_) => Counted::Spaces,
            Subject::Occasion(_) => Counted::Occasions,
        }
    }

    /// What it is called in messages, in Chinese and English: a thing that tells about somebody's health has no name there.
    #[must_use]
    pub fn name_for_others(&self) -> (String, Option<String>) {
        match &self.subject {
            Subject::Things(kind) if kind.sensitive => ("物品".to_owned(), Some("thing".to_owned())),
            Subject::Things(kind) => (kind.name.clone(), kind.name_en.clone()),
            Subject::Space(space) => (space.name.clone(), space.name_en.clone()),
            Subject::Occasion(occasion) => (occasion.name.clone(), occasion.name_en.clone()),
        }
    }

    /// Why nothing of it is booked by anybody.
    #[must_use]
    pub fn closed(&self, now: DateTime<Utc>) -> Vec<Refusal> {
        let mut reasons = Vec::new();
        if self.station.closed_at.is_some() {
            reasons.push(Refusal::StationClosedDown);
        }
        match &self.subject {
            Subject::Things(kind) if kind.tracked == Tracked::Lot => reasons.push(Refusal::KindNotLent),
            Subject::Things(kind) if kind.retired_at.is_some() => reasons.push(Refusal::KindRetired),
            Subject::Space(space) if space.retired_at.is_some() => reasons.push(Refusal::SpaceRetired),
            Subject::Occasion(occasion) if occasion.cancelled_at.is_some() || occasion.ends_at <= now => {
                reasons.push(Refusal::OccasionOver);
            }
            _ => {}
        }
        reasons
    }

    /// How well we must know who books. Nobody books without a name.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn identity(&self, conn: &impl ConnectionTrait, group: &str) -> Result<Identity> {
        let Subject::Things(kind) = &self.subject else { return Ok(Identity::Phone) };
        let rows = store::policies::list_for(conn, Some(self.station.id), kind.id).await?;
        let scope = Scope { station: Some(self.station.id), group: Some(group), kind: kind.id };
        Ok(policy::resolve(&rows, scope, kind.identity).identity.max(Identity::Phone))
    }

    /// What is occupied of it by claims that begin before an instant (UTC epoch seconds); those of one booking left out.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn timeline(
        &self,
        conn: &impl ConnectionTrait,
        before: i64,
        without: Option<BookingId>,
        now: DateTime<Utc>,
    ) -> Result<Timeline> {
        let mut claims = store::claims::list_live(conn, self.pool_ids(), before).await?;
        claims.retain(|claim| claim.booking_id.is_none() || claim.booking_id != without);
        let counted = match &self.subject {
            Subject::Things(kind) => store::items::count_units(conn, self.station.id, Some(kind.id)).await?,
            _ => Vec::new(),
        };
        let in_service = counted.first().map_or(0, |units| units.in_service);
        Ok(self.timeline_of(in_service, claims, now))
    }

    /// The same from claims and a count that were read before.
    #[must_use]
    pub fn timeline_of(&self, in_service: i64, claims: Vec<claim::Model>, now: DateTime<Utc>) -> Timeline {
        let mut by_pool: BTreeMap<PoolId, Vec<claim::Model>> = BTreeMap::new();
        for claim in claims {
            by_pool.entry(claim.pool_id).or_default().push(claim);
        }
        let parts: Vec<Timeline> = self
            .pools
            .iter()
            .map(|pool| {
                let capacity = pool.capacity.map_or(in_service, i64::from);
                Timeline::of(capacity, by_pool.get(&pool.id).map_or(&[][..], Vec::as_slice), now, &self.calendar)
            })
            .collect();
        match <[Timeline; 1]>::try_from(parts) {
            Ok([only]) => only,
            Err(parts) => Timeline::of_all(&parts),
        }
    }
}
