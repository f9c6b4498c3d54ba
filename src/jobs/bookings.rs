//! Bookings: what has lapsed is written down, people are reminded, what is at risk is told, and whose turn it is has it offered.
//! Every verb does its part of this under the lock it takes; here it is done where nobody comes by.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use entity::{booking, hold, ids::BookingId, notice};

use super::{JobError, Report};
use crate::{
    app::App,
    db::Intent,
    desk::{
        Desk, Door,
        bookings::{bookable::Bookable, lapse, upkeep},
        surroundings,
    },
    rules::reminders,
    store,
};

/// How many rows are looked at in one go.
const BATCH: u64 = 200;
/// How far ahead bookings may be at risk.
const AHEAD: TimeDelta = TimeDelta::hours(48);

pub(super) async fn run(app: &App) -> Result<Report, JobError> {
    let desk = Desk::internal(app, Door::Job);
    let mut report = Report::default();
    report.add("bookings lapsed", lapse::tidy_all(&desk, BATCH).await?);
    let tx = app.db.write(Intent::default()).await?;
    let past = store::claims::end_past(&tx, app.clock.now().timestamp()).await?;
    tx.commit(()).await?;
    report.add("claims ended", past);
    report.add("reminders", remind(app).await?);
    report.add("steps on the ladder", ladders(&desk).await?);
    report.add("offers", turns(&desk).await?);
    Ok(report)
}

/// Reminders whose time has come.
async fn remind(app: &App) -> Result<u64, JobError> {
    let now = app.clock.now();
    let (mut told, mut after): (u64, Option<BookingId>) = (0, None);
    loop {
        let page = store::bookings::list_upcoming(app.db.read(), (now, now + reminders::AHEAD), after, BATCH).await?;
        after = page.last().map(|row| row.id);
        let mut notices = Vec::new();
        for row in &page {
            notices.extend(reminders_of(app, row).await?);
        }
        if !notices.is_empty() {
            let tx = app.db.write(Intent::default()).await?;
            for notice in notices {
                told += u64::from(store::notices::tell(&tx, notice).await?);
            }
            tx.commit(()).await?;
        }
        if u64::try_from(page.len()).unwrap_or_default() < BATCH {
            return Ok(told);
        }
    }
}

async fn reminders_of(app: &App, row: &booking::Model) -> Result<Vec<notice::Model>, JobError> {
    let (conn, now) = (app.db.read(), app.clock.now());
    let (_, calendar) = surroundings::place(conn, Some(row.station_id)).await?;
    let mut notices = Vec::new();
    for (reminder, send_after) in reminders::due(row, &calendar, now) {
        // Another time calls for reminders of its own.
        let natural_key = format!("booking_reminder:{}:{}:{}", reminder.as_str(), row.id, row.starts_at.timestamp());
        if store::notices::is_written(conn, &natural_key).await? {
            continue;
        }
        let subject = Bookable::of(conn, row).await?;
        let (thing, thing_en) = subject.name_for_others();
        notices.push(notice::Model {
            id: app.clock.id(),
            natural_key,
            member_id: Some(row.member_id),
            phone_sealed: None,
            template: "booking_reminder".to_owned(),
            params: serde_json::json!({
                "booking": row.id, "thing": thing, "thing_en": thing_en, "station": subject.station.name,
                "starts_at": row.starts_at, "ends_at": row.ends_at,
            }),
            send_after,
            expires_at: row.starts_at,
            attempts: 0,
            leased_until: None,
            sent_at: None,
            dropped_at: None,
            trouble: None,
            created_at: now,
        });
    }
    Ok(notices)
}

/// What may not be kept in the next two days; a write only where there is something to do.
async fn ladders(desk: &Desk) -> Result<u64, JobError> {
    let until = (desk.now() + AHEAD).timestamp();
    let mut steps = 0;
    let mut seen = BTreeSet::new();
    for pool in store::claims::list_pools_booked_before(desk.app.db.read(), until).await? {
        let subject = Bookable::of_pool(desk.app.db.read(), &pool).await?;
        if seen.insert(subject.family.clone()) {
            steps += upkeep::ladder(desk, subject).await?;
        }
    }
    Ok(steps)
}

/// Everybody who waits, each thing once.
async fn turns(desk: &Desk) -> Result<u64, JobError> {
    let (mut offers, mut after) = (0, None);
    let mut seen = BTreeSet::new();
    loop {
        let page = store::holds::list_waiting(desk.app.db.read(), after, BATCH).await?;
        after = page.last().map(|row| row.id);
        for row in &page {
            for pools in pools_of(desk, row).await? {
                if seen.insert(pools.clone()) {
                    offers += upkeep::turn(desk, pools).await?;
                }
            }
        }
        if u64::try_from(page.len()).unwrap_or_default() < BATCH {
            return Ok(offers);
        }
    }
}

/// The pools a place in the queue waits for, those together that are locked together.
async fn pools_of(desk: &Desk, row: &hold::Model) -> Result<Vec<Vec<entity::ids::PoolId>>, JobError> {
    let conn = desk.app.db.read();
    let places = store::holds::list_places(conn, vec![row.id]).await?;
    let mut all = Vec::new();
    if row.kind_id.is_some() {
        let stations = places.iter().map(|place| place.station_id).collect();
        let pools = store::claims::list_pools_waited_for(conn, std::slice::from_ref(row), stations).await?;
        all.extend(pools.into_iter().map(|pool| vec![pool.id]));
    } else if let Some(target) = crate::desk::queue::target_of(row) {
        all.push(Bookable::find(conn, &target).await?.family);
    }
    Ok(all)
}
