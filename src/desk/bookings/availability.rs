//! What is free at a station. Reads only, in a number of statements that does not grow with the kinds, the spaces or the days.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use entity::{
    claim,
    ids::{KindId, OccasionId, PoolId, SpaceId, StationId},
    pool,
};

use super::bookable::{Bookable, Subject, Target};
use crate::{
    desk::{Desk, Error, Problem, Result, surroundings},
    rules::availability::Timeline,
    store,
    view::{AvailabilityView, SpellView},
};

/// What somebody asks about.
#[derive(Clone, Debug)]
pub struct Asked {
    /// At the station with this plate.
    pub station: String,
    /// Only things of this kind.
    pub kind: Option<KindId>,
    /// Only this space.
    pub space: Option<SpaceId>,
    /// Only this occasion.
    pub occasion: Option<OccasionId>,
    /// From.
    pub from: DateTime<Utc>,
    /// Until.
    pub to: DateTime<Utc>,
}

/// The longest time that can be asked about, in days.
const MOST_DAYS: i64 = 93;

/// What is free of one thing, or of everything at the station.
///
/// # Errors
/// [`Error::NotFound`] for the station; [`Error::Invalid`] for what is not there, or a time that is none or too long.
pub async fn availability(desk: &Desk, asked: &Asked) -> Result<Vec<AvailabilityView>> {
    if asked.to <= asked.from || (asked.to - asked.from).num_days() > MOST_DAYS {
        return Err(Error::Invalid { field: "to", problem: Problem::OutOfRange });
    }
    let target = match (asked.kind, asked.space, asked.occasion) {
        (Some(kind), None, None) => Target::Things(asked.station.clone(), kind),
        (None, Some(space), None) => Target::Space(space),
        (None, None, Some(occasion)) => Target::Occasion(occasion),
        (None, None, None) => return everything(desk, asked).await,
        _ => return Err(Error::Invalid { field: "kind_id", problem: Problem::OutOfRange }),
    };
    let conn = desk.app.db.read();
    let subject = Bookable::find(conn, &target).await?;
    if subject.station.code != asked.station {
        return Err(Error::NotFound("station"));
    }
    let timeline = subject.timeline(conn, asked.to.timestamp(), None, desk.now()).await?;
    Ok(vec![view(&subject, &timeline, asked, desk.now())])
}

async fn everything(desk: &Desk, asked: &Asked) -> Result<Vec<AvailabilityView>> {
    let bookables = all_at(desk, &asked.station, asked.from, asked.to).await?;
    Ok(bookables.iter().map(|(subject, timeline)| view(subject, timeline, asked, desk.now())).collect())
}

/// Everything that can be booked at a station, with what is occupied of it between two instants: one statement reads all claims.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn all_at(desk: &Desk, plate: &str, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<(Bookable, Timeline)>> {
    let (conn, now) = (desk.app.db.read(), desk.now());
    let station = store::stations::find_by_code(conn, plate).await?.ok_or(Error::NotFound("station"))?;
    let calendar = surroundings::calendar_of(conn, &station).await?;
    let pools = store::claims::list_pools_at(conn, station.id).await?;
    let occasions = store::spaces::list_occasions(conn, station.id, (from, to), 500).await?;
    let spaces = store::spaces::list_at(conn, station.id).await?;
    let kinds = store::kinds::list_by_ids(conn, pools.iter().filter_map(|pool| pool.kind_id).collect()).await?;
    let units = store::items::count_units(conn, station.id, None).await?;
    let shown: Vec<PoolId> = pools
        .iter()
        .filter(|pool| pool.occasion_id.is_none_or(|id| occasions.iter().any(|occasion| occasion.id == id)))
        .map(|pool| pool.id)
        .collect();
    let mut claims: BTreeMap<PoolId, Vec<claim::Model>> = BTreeMap::new();
    for claim in store::claims::list_live(conn, shown, to.timestamp()).await? {
        claims.entry(claim.pool_id).or_default().push(claim);
    }
    let of = |wanted: &dyn Fn(&pool::Model) -> bool| pools.iter().filter(|pool| wanted(pool)).cloned().collect::<Vec<_>>();
    let mut subjects = Vec::new();
    for kind in kinds.into_iter().filter(|kind| kind.retired_at.is_none()) {
        let id = kind.id;
        subjects.push((Subject::Things(kind), of(&|pool| pool.kind_id == Some(id))));
    }
    for space in &spaces {
        let parts: Vec<SpaceId> = spaces.iter().filter(|part| part.part_of == Some(space.id)).map(|part| part.id).collect();
        let ids = if parts.is_empty() { vec![space.id] } else { parts };
        subjects.push((Subject::Space(space.clone()), of(&|pool| pool.space_id.is_some_and(|id| ids.contains(&id)))));
    }
    for occasion in occasions.into_iter().filter(|occasion| occasion.cancelled_at.is_none()) {
        let id = occasion.id;
        subjects.push((Subject::Occasion(occasion), of(&|pool| pool.occasion_id == Some(id))));
    }
    Ok(subjects
        .into_iter()
        .map(|(subject, pools)| {
            let in_service = units.iter().find(|units| pools.iter().any(|pool| pool.kind_id == Some(units.kind_id)));
            let claims = pools.iter().flat_map(|pool| claims.get(&pool.id).cloned().unwrap_or_default()).collect();
            let bookable = Bookable::joined(station.clone(), calendar.clone(), subject, pools);
            let timeline = bookable.timeline_of(in_service.map_or(0, |units| units.in_service), claims, now);
            (bookable, timeline)
        })
        .collect())
}

/// Which of these kinds can be booked ahead at a station, as far as its terms say.
///
/// # Errors
/// The database.
pub async fn bookable_kinds(desk: &Desk, station: StationId, kinds: &[KindId]) -> Result<BTreeSet<KindId>> {
    let pools = store::claims::list_pools_at(desk.app.db.read(), station).await?;
    let open = pools.iter().filter(|pool| pool.terms.as_ref().is_none_or(|terms| terms.bookable));
    Ok(open.filter_map(|pool| pool.kind_id).filter(|kind| kinds.contains(kind)).collect())
}

fn view(subject: &Bookable, timeline: &Timeline, asked: &Asked, now: DateTime<Utc>) -> AvailabilityView {
    let (kind_id, space_id, session_id) = match &subject.subject {
        Subject::Things(kind) => (Some(kind.id.0), None, None),
        Subject::Space(space) => (None, Some(space.id.0), None),
        Subject::Occasion(occasion) => (None, None, Some(occasion.id.0)),
    };
    let (from, to) = (asked.from.timestamp(), asked.to.timestamp());
    let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    let spells = timeline.spells(from, to).map(|s| SpellView { from: at(s.from), to: at(s.to), free: s.free }).collect();
    AvailabilityView {
        kind_id,
        space_id,
        session_id,
        bookable: subject.terms.bookable && subject.closed(now).is_empty(),
        capacity: timeline.capacity(),
        free: timeline.free(from, to),
        turnaround_minutes: subject.terms.turnaround,
        spells,
        rev: subject.pools.iter().map(|pool| pool.rev).sum(),
    }
}
