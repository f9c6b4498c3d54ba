//! Spaces 场地: enter, edit, give up. A space can be divided: its parts are booked one by one, the whole books them all.

use entity::{
    ids::{PoolId, SpaceId, StationId},
    pool, space,
};

use super::{
    About, Desk, Error, Problem, Result,
    bookings::bookable::{Bookable, Target},
    invalid, refused,
};
use crate::{
    db::{Done, WriteTx},
    rules::refusal::Refusal,
    store,
    view::SpaceView,
};

/// What is said of a space; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct Particulars {
    /// What people call it.
    pub name: Option<String>,
    /// In English; `Some(None)` takes it away.
    pub name_en: Option<Option<String>>,
    /// Its picture.
    pub emoji: Option<Option<String>>,
    /// How many people fit in.
    pub seats: Option<Option<i32>>,
}

impl Particulars {
    fn apply(self, row: &mut space::Model) -> Result<()> {
        let text = |field, most, value: String| entity::values::text(&value, most).map_err(invalid(field));
        if let Some(name) = self.name {
            row.name = text("name", 60, name)?;
        }
        if let Some(name_en) = self.name_en {
            row.name_en = name_en.map(|name| text("name_en", 60, name)).transpose()?;
        }
        if let Some(emoji) = self.emoji {
            row.emoji = emoji.map(|emoji| text("emoji", 16, emoji)).transpose()?;
        }
        if let Some(seats) = self.seats {
            if seats.is_some_and(|seats| !(1..=100_000).contains(&seats)) {
                return Err(Error::Invalid { field: "seats", problem: Problem::OutOfRange });
            }
            row.seats = seats;
        }
        Ok(())
    }
}

/// Enters a space, or a part of one. Keepers of the station.
///
/// # Errors
/// [`Error::Refused`] when the name is taken, or the whole is booked as one still; [`Error::Invalid`]; [`Error::Forbidden`].
pub async fn create(desk: Desk, (station, part_of, what): (StationId, Option<SpaceId>, Particulars)) -> Result<Done<SpaceView>> {
    let tx = desk.open().await?;
    let station = store::stations::find(tx.conn(), station).await?;
    let station = station.ok_or(Error::Invalid { field: "station_id", problem: Problem::Unknown })?;
    desk.actor.keeper_of(&station)?;
    let mut row = space::Model {
        id: desk.app.clock.id(),
        station_id: station.id,
        part_of,
        name: String::new(),
        name_en: None,
        emoji: None,
        seats: None,
        retired_at: None,
        created_at: desk.now(),
        rev: 1,
    };
    what.apply(&mut row)?;
    if row.name.is_empty() {
        return Err(Error::Invalid { field: "name", problem: Problem::Missing });
    }
    name_is_free(&tx, &row).await?;
    if let Some(whole) = part_of {
        divide(&tx, whole, &row).await?;
    }
    store::spaces::add(&tx, row.clone()).await?;
    let id: PoolId = desk.app.clock.id();
    let pool = pool::Model {
        id,
        station_id: station.id,
        kind_id: None,
        space_id: Some(row.id),
        occasion_id: None,
        capacity: Some(1),
        terms: None,
        rev: 1,
    };
    store::claims::add_pool(&tx, pool).await?;
    record(&desk, &tx, "space_entered", &row).await?;
    desk.commit(tx, SpaceView::from(&row)).await
}

/// A whole that gets parts is booked through them from now on: nothing may stand on it itself.
async fn divide(tx: &WriteTx, whole: SpaceId, part: &space::Model) -> Result<()> {
    let unknown = Error::Invalid { field: "part_of", problem: Problem::Unknown };
    let Some(row) = store::spaces::find(tx.conn(), whole).await?.filter(|row| row.retired_at.is_none()) else {
        return Err(unknown);
    };
    // One step deep: a part is not divided again, so that the pools of a whole are those of its parts.
    if row.station_id != part.station_id || row.part_of.is_some() {
        return Err(unknown);
    }
    let own = store::claims::list_pools_of_spaces(tx.conn(), vec![whole]).await?;
    let own = store::claims::lock_pools(tx, own.into_iter().map(|pool| pool.id).collect()).await?;
    if store::claims::list_live(tx.conn(), own.into_iter().map(|pool| pool.id).collect(), i64::MAX).await?.is_empty() {
        Ok(())
    } else {
        refused(Refusal::HasBookings)
    }
}

async fn name_is_free(tx: &WriteTx, row: &space::Model) -> Result<()> {
    let there = store::spaces::list_at(tx.conn(), row.station_id).await?;
    if there.iter().any(|other| other.id != row.id && other.name == row.name) {
        return refused(Refusal::Taken { field: "name".to_owned() });
    }
    Ok(())
}

/// Edits. Keepers of the station.
///
/// # Errors
/// [`Error::Stale`], [`Error::VersionNeeded`], [`Error::NotFound`], [`Error::Forbidden`], [`Error::Refused`].
pub async fn edit(desk: Desk, (id, what): (SpaceId, Particulars)) -> Result<Done<SpaceView>> {
    let tx = desk.open().await?;
    let mut row = kept(&desk, &tx, id).await?;
    desk.expect_version(row.rev)?;
    what.apply(&mut row)?;
    name_is_free(&tx, &row).await?;
    let row = store::spaces::change(&tx, row).await?;
    record(&desk, &tx, "space_edited", &row).await?;
    desk.commit(tx, SpaceView::from(&row)).await
}

/// Gives a space up. What is booked must be cancelled first, so that nobody stands before a closed door. Keepers of the station.
///
/// # Errors
/// [`Error::Refused`] while anything stands on it or on its parts; [`Error::NotFound`], [`Error::Forbidden`].
pub async fn retire(desk: Desk, id: SpaceId) -> Result<Done<SpaceView>> {
    let tx = desk.open().await?;
    let mut row = kept(&desk, &tx, id).await?;
    let subject = Bookable::find(tx.conn(), &Target::Space(id)).await?.lock(&tx).await?;
    super::bookings::lapse::tidy(&desk, &tx, &subject.family).await?;
    let has_parts = !store::spaces::list_parts(tx.conn(), id).await?.is_empty();
    if has_parts || !store::bookings::list_on_pools(tx.conn(), subject.pool_ids()).await?.is_empty() {
        return desk.refuse(tx, vec![Refusal::HasBookings]).await;
    }
    if row.retired_at.is_none() {
        row.retired_at = Some(desk.now());
        row = store::spaces::change(&tx, row).await?;
        record(&desk, &tx, "space_retired", &row).await?;
    }
    desk.commit(tx, SpaceView::from(&row)).await
}

async fn kept(desk: &Desk, tx: &WriteTx, id: SpaceId) -> Result<space::Model> {
    let row = store::spaces::find(tx.conn(), id).await?.ok_or(Error::NotFound("space"))?;
    let station = store::stations::find(tx.conn(), row.station_id).await?.ok_or(Error::NotFound("station"))?;
    desk.actor.keeper_of(&station)?;
    Ok(row)
}

async fn record(desk: &Desk, tx: &WriteTx, action: &str, row: &space::Model) -> Result<()> {
    let detail = Some(serde_json::json!({ "space": row.id, "name": row.name }));
    desk.record(tx, action, About { station: Some(row.station_id), detail, ..About::default() }).await
}
