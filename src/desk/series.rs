//! Series: a weekly class, a monthly clinic, a room every Tuesday. Made in one piece with one report: what was made, what was
//! skipped and why. A day that was skipped can be made later; each day is a booking or an occasion like any other.

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use entity::{
    booking,
    ids::{KindId, SeriesId, SpaceId, StationId},
    series::{self, Rule, Wish},
    series_day::{self, Reasons},
    station,
};

use super::{
    About, Desk, Error, Problem, Result,
    authority::hide,
    bookings::{
        book::{Book, Whom, book_in},
        bookable::{Bookable, Target},
        lapse,
    },
    invalid,
    occasions::{self, Announce},
    surroundings,
};
use crate::{
    db::{Done, WriteTx},
    rules::{booking_life, calendar::Calendar, refusal::Refusal, series as rule},
    speech, store,
    view::{SeriesDayView, SeriesView},
};

/// What is made again and again.
#[derive(Clone, Debug)]
pub enum What {
    /// Things of a kind are booked.
    Things(String, KindId),
    /// A space is booked.
    Space(SpaceId),
    /// Occasions are announced; keepers only.
    Occasions {
        /// Where.
        station: StationId,
        /// In which space.
        space: Option<SpaceId>,
        /// What they are called.
        name: String,
    },
}

/// A series that is asked for.
#[derive(Clone, Debug)]
pub struct Create {
    /// What.
    pub what: What,
    /// On which days.
    pub rule: Rule,
    /// From, in station time.
    pub from: NaiveTime,
    /// For so many minutes.
    pub minutes: u32,
    /// How many units; the seats of an occasion.
    pub quantity: u32,
    /// For whom, where a keeper books for somebody.
    pub whom: Whom,
    /// What it is for; of an occasion, what people should know.
    pub purpose: Option<String>,
    /// A keeper takes it on themselves, for this reason.
    pub override_reason: Option<String>,
}

/// Makes it. Whoever is signed in may book a series for themselves, with everything that counts for a single booking; keepers for
/// others, and of occasions.
///
/// # Errors
/// [`Error::Invalid`]; [`Error::Forbidden`]; [`Error::NotSignedIn`]. A day that cannot be had is no error: it is in the report.
pub async fn create(desk: Desk, order: Create) -> Result<Done<SeriesView>> {
    if let Some(field) = rule::impossible(&order.rule) {
        return Err(Error::Invalid { field, problem: Problem::OutOfRange });
    }
    if !(1..=1_440).contains(&order.minutes) || order.quantity == 0 {
        return Err(Error::Invalid { field: "minutes", problem: Problem::OutOfRange });
    }
    let tx = desk.open().await?;
    let station = station_of(&tx, &order.what).await?;
    let (kind_id, space_id, name) = match &order.what {
        What::Things(_, kind) => (Some(*kind), None, None),
        What::Space(space) => (None, Some(*space), None),
        What::Occasions { space, name, .. } => {
            desk.actor.keeper_of(&station)?;
            (None, *space, Some(entity::values::text(name, 60).map_err(invalid("name"))?))
        }
    };
    let mut row = series::Model {
        id: desk.app.clock.id(),
        station_id: station.id,
        member_id: None,
        made_by: desk.actor.member(),
        name,
        wish: Wish {
            kind_id,
            space_id,
            from: order.from,
            minutes: order.minutes,
            quantity: order.quantity,
            purpose: order.purpose.clone(),
        },
        rule: order.rule.clone(),
        created_at: desk.now(),
        ended_at: None,
    };
    let calendar = surroundings::calendar_of(tx.conn(), &station).await?;
    let mut days = Vec::new();
    for day in rule::days(&order.rule) {
        days.push(one(&desk, &tx, (&row, &station, &calendar), &order.whom, order.override_reason.clone(), day).await?);
        // Whoever was new is known from the first day that was made.
        row.member_id = row.member_id.or(days.last().and_then(|made| made.member));
    }
    if row.name.is_none() && row.member_id.is_none() {
        row.member_id = desk.actor.member();
    }
    store::series::add(&tx, row.clone()).await?;
    for made in &days {
        store::series::add_day(&tx, made.row.clone()).await?;
    }
    record(&desk, &tx, "series_made", &row).await?;
    let days: Vec<_> = days.iter().map(|made| shown(&made.row)).collect();
    desk.commit(tx, SeriesView::new(&row, days)).await
}

/// One day that was tried.
struct Tried {
    row: series_day::Model,
    member: Option<entity::ids::MemberId>,
}

async fn one(
    desk: &Desk,
    tx: &WriteTx,
    (row, station, calendar): (&series::Model, &station::Model, &Calendar),
    whom: &Whom,
    override_reason: Option<String>,
    day: NaiveDate,
) -> Result<Tried> {
    let starts_at = calendar.instant(day, row.wish.from);
    let ends_at = starts_at + TimeDelta::minutes(i64::from(row.wish.minutes));
    let mut made = series_day::Model { series_id: row.id, day, booking_id: None, occasion_id: None, reasons: none() };
    let mut member = None;
    let refused = if let Some(name) = &row.name {
        let seats = i32::try_from(row.wish.quantity).unwrap_or(i32::MAX);
        let (space, note) = (row.wish.space_id, row.wish.purpose.clone());
        let announce = Announce {
            station: station.id,
            space,
            name: name.clone(),
            name_en: None,
            emoji: None,
            note,
            seats,
            starts_at,
            ends_at,
        };
        match occasions::announce_in(desk, tx, &announce).await? {
            Ok(occasion) => {
                made.occasion_id = Some(occasion.id);
                Vec::new()
            }
            Err(reasons) => reasons,
        }
    } else {
        let target = match (row.wish.kind_id, row.wish.space_id) {
            (Some(kind), _) => Target::Things(station.code.clone(), kind),
            (None, Some(space)) => Target::Space(space),
            (None, None) => return Err(Error::NotFound("series")),
        };
        let book = Book {
            target,
            starts_at: Some(starts_at),
            ends_at: Some(ends_at),
            quantity: row.wish.quantity,
            whom: whom.clone(),
            purpose: row.wish.purpose.clone(),
            priority: None,
            override_reason,
            only_hold: false,
        };
        match book_in(desk, tx, &book).await? {
            Ok(booking) => {
                (made.booking_id, member) = (Some(booking.id), Some(booking.member_id));
                Vec::new()
            }
            Err(reasons) => reasons,
        }
    };
    made.reasons = Reasons(serde_json::to_value(&refused).unwrap_or_default());
    Ok(Tried { row: made, member })
}

fn none() -> Reasons {
    Reasons(serde_json::json!([]))
}

/// A day as it is reported.
#[must_use]
pub fn shown(row: &series_day::Model) -> SeriesDayView {
    let reasons: Vec<Refusal> = serde_json::from_value(row.reasons.0.clone()).unwrap_or_default();
    SeriesDayView {
        day: row.day,
        booking_id: row.booking_id.map(|id| id.0),
        session_id: row.occasion_id.map(|id| id.0),
        reasons: reasons.iter().map(speech::reason).collect(),
    }
}

async fn station_of(tx: &WriteTx, what: &What) -> Result<station::Model> {
    let conn = tx.conn();
    match what {
        What::Things(plate, kind) => Ok(Bookable::find(conn, &Target::Things(plate.clone(), *kind)).await?.station),
        What::Space(space) => Ok(Bookable::find(conn, &Target::Space(*space)).await?.station),
        What::Occasions { station, .. } => {
            let station = store::stations::find(conn, *station).await?;
            station.ok_or(Error::Invalid { field: "station_id", problem: Problem::Unknown })
        }
    }
}

/// A day that was skipped is tried again. Whoever has the series, and keepers of the station.
///
/// # Errors
/// [`Error::Refused`] with the reasons; [`Error::NotFound`] for a day that was not skipped.
pub async fn try_again(desk: Desk, (id, day): (SeriesId, NaiveDate)) -> Result<Done<SeriesDayView>> {
    let tx = desk.open().await?;
    let (row, station) = held(&desk, &tx, id).await?;
    let days = store::series::list_days(tx.conn(), id).await?;
    let skipped = days.iter().find(|made| made.day == day && made.booking_id.is_none() && made.occasion_id.is_none());
    if skipped.is_none() || row.ended_at.is_some() {
        return Err(Error::NotFound("day"));
    }
    let mine = row.member_id.is_none() || row.member_id == desk.actor.member();
    let whom = row.member_id.filter(|_| !mine).map_or(Whom::Myself, Whom::Member);
    let calendar = surroundings::calendar_of(tx.conn(), &station).await?;
    let tried = one(&desk, &tx, (&row, &station, &calendar), &whom, None, day).await?.row;
    if tried.booking_id.is_none() && tried.occasion_id.is_none() {
        let reasons: Vec<Refusal> = serde_json::from_value(tried.reasons.0).unwrap_or_default();
        return desk.refuse(tx, reasons).await;
    }
    store::series::make_day(&tx, (id, day), (tried.booking_id, tried.occasion_id)).await?;
    desk.commit(tx, shown(&tried)).await
}

/// Cancels what is left of a series: everything that has not begun. Whoever has it, and keepers of the station.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn cancel(desk: Desk, (id, reason): (SeriesId, Option<String>)) -> Result<Done<SeriesView>> {
    let tx = desk.open().await?;
    let now = desk.now();
    let (row, _) = held(&desk, &tx, id).await?;
    let days = store::series::list_days(tx.conn(), id).await?;
    for day in &days {
        if let Some(booking) = day.booking_id {
            let Some(booking) = store::bookings::find(tx.conn(), booking).await? else { continue };
            let subject = Bookable::of(tx.conn(), &booking).await?.lock(&tx).await?;
            let booking = store::bookings::find(tx.conn(), booking.id).await?.ok_or(Error::NotFound("booking"))?;
            let by_keeper = desk.actor.keeper_of(&subject.station).is_ok();
            if booking.starts_at > now && booking_life::cancel(&booking, by_keeper, now).is_ok() {
                lapse::end(&desk, &tx, booking, booking::State::Cancelled, reason.clone()).await?;
                store::claims::touch_pools(&tx, subject.pool_ids()).await?;
            }
        }
        if let Some(occasion) = day.occasion_id {
            occasions::call_off_in(&desk, &tx, occasion, reason.as_deref().unwrap_or("系列活动取消 / the series was cancelled"))
                .await?;
        }
    }
    store::series::end(&tx, id, now).await?;
    record(&desk, &tx, "series_cancelled", &row).await?;
    let row = series::Model { ended_at: row.ended_at.or(Some(now)), ..row };
    let days = days.iter().map(shown).collect();
    desk.commit(tx, SeriesView::new(&row, days)).await
}

async fn held(desk: &Desk, tx: &WriteTx, id: SeriesId) -> Result<(series::Model, station::Model)> {
    let row = store::series::find(tx.conn(), id).await?.ok_or(Error::NotFound("series"))?;
    let station = store::stations::find(tx.conn(), row.station_id).await?.ok_or(Error::NotFound("station"))?;
    let mine = row.member_id.is_some() && row.member_id == desk.actor.member();
    if !mine {
        hide(desk.actor.keeper_of(&station).map(|_| ()), "series")?;
    }
    Ok((row, station))
}

async fn record(desk: &Desk, tx: &WriteTx, action: &str, row: &series::Model) -> Result<()> {
    let detail = Some(serde_json::json!({ "series": row.id, "name": row.name }));
    let about = About { station: Some(row.station_id), member: row.member_id, detail, ..About::default() };
    desk.record(tx, action, about).await
}
