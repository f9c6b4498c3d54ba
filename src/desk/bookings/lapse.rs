//! What has lapsed or ended by itself is written down: by every verb under the lock of the pools it promises from, so that what is
//! free never waits for a job, and by the job for all the others.

use entity::{
    booking::{self, State},
    ids::{BookingId, PoolId},
};

use super::{bookable::Bookable, ladder};
use crate::{
    db::WriteTx,
    desk::{About, Desk, Result, queue},
    rules::booking_life,
    store,
};

/// Writes it down for pools that are locked. How many bookings.
pub(crate) async fn tidy(desk: &Desk, tx: &WriteTx, pools: &[PoolId]) -> Result<u64> {
    let mut ended = 0;
    for row in store::bookings::list_to_settle(tx.conn(), pools.to_vec(), desk.now()).await? {
        ended += u64::from(settle(desk, tx, row).await?);
    }
    if ended > 0 {
        ladder::climb(desk, tx, pools).await?;
    }
    // Whoever waits comes before whoever asks now.
    queue::promote(desk, tx, pools).await?;
    Ok(ended)
}

/// Something of pools that are locked may be free now: whose bookings are safe again, and whose turn it is.
pub(crate) async fn freed(desk: &Desk, tx: &WriteTx, pools: &[PoolId]) -> Result<()> {
    ladder::climb(desk, tx, pools).await?;
    queue::promote(desk, tx, pools).await?;
    Ok(())
}

/// Writes down what has become of a booking whose pools are locked. `false`: it stands.
async fn settle(desk: &Desk, tx: &WriteTx, row: booking::Model) -> Result<bool> {
    let now = desk.now();
    let left_over = row.state == State::Collected && row.kind_id.is_some() && row.lapses_at.is_some_and(|at| at <= now);
    if left_over {
        // Part of it was collected; what was not is free again.
        let row = store::bookings::change(tx, booking::Model { lapses_at: None, ..row }).await?;
        store::claims::release_booking(tx, row.id).await?;
        store::bookings::put_back(tx, row.id, now).await?;
        return Ok(true);
    }
    let all_back = row.state == State::Collected
        && row.kind_id.is_some()
        && (row.collected == row.quantity || row.lapses_at.is_none())
        && store::claims::count_out_of_booking(tx.conn(), row.id).await? == 0;
    let Some(state) = booking_life::lapsed(&row, now).or(all_back.then_some(State::Ended)) else { return Ok(false) };
    end(desk, tx, row, state, None).await?;
    Ok(true)
}

/// Ends a booking: it occupies nothing any more, nothing stands ready for it, and whoever has booked is told where they should be.
pub(crate) async fn end(
    desk: &Desk,
    tx: &WriteTx,
    row: booking::Model,
    state: State,
    reason: Option<String>,
) -> Result<booking::Model> {
    let now = desk.now();
    ladder::out_of_risk(desk, tx, &row).await?;
    let row = booking::Model {
        state,
        lapses_at: None,
        ended_at: Some(now.max(row.created_at)),
        ended_by: desk.actor.member(),
        end_reason: reason.or(row.end_reason),
        ..row
    };
    let row = store::bookings::change(tx, row).await?;
    // A space that was used is cleaned first: its claim ends with the turnaround.
    if state != State::Ended || row.kind_id.is_some() {
        store::claims::release_booking(tx, row.id).await?;
    }
    store::bookings::put_back(tx, row.id, now).await?;
    let told = match state {
        State::NoShow => Some("booking_missed"),
        State::Displaced => Some("booking_displaced"),
        State::Rejected => Some("booking_rejected"),
        State::Cancelled if desk.actor.member() != Some(row.member_id) => Some("booking_cancelled"),
        _ => None,
    };
    if let Some(template) = told {
        let subject = Bookable::of(tx.conn(), &row).await?;
        super::tell(desk, tx, &row, template, &subject).await?;
    }
    if state == State::Displaced {
        queue::make_up(desk, tx, &row).await?;
    }
    queue::follow(desk, tx, &row).await?;
    note(desk, tx, &row).await?;
    Ok(row)
}

/// A thing that was booked has come back: with the last one the booking is over.
pub(crate) async fn came_back(desk: &Desk, tx: &WriteTx, id: BookingId) -> Result<()> {
    let Some(row) = store::bookings::find(tx.conn(), id).await? else { return Ok(()) };
    let waits = row.collected < row.quantity && row.lapses_at.is_some();
    if row.state == State::Collected && !waits && store::claims::count_out_of_booking(tx.conn(), id).await? == 0 {
        end(desk, tx, row, State::Ended, None).await?;
    }
    Ok(())
}

/// A line of the audit trail about what a booking is now.
pub(crate) async fn note(desk: &Desk, tx: &WriteTx, row: &booking::Model) -> Result<()> {
    let detail = Some(serde_json::json!({ "booking": row.id, "state": row.state }));
    let about = About { station: Some(row.station_id), member: Some(row.member_id), detail, ..About::default() };
    desk.record(tx, "booking", about).await
}

/// All bookings that have lapsed or ended, wherever: for the job. So many at most; how many were written down.
///
/// # Errors
/// [`crate::desk::Error`] of the database.
pub async fn tidy_all(desk: &Desk, limit: u64) -> Result<u64> {
    let mut ended = 0;
    for row in store::bookings::list_lapsed(desk.app.db.read(), desk.now(), limit).await? {
        let subject = Bookable::of(desk.app.db.read(), &row).await?;
        let tx = desk.open().await?;
        let subject = subject.lock(&tx).await?;
        ended += tidy(desk, &tx, &subject.family).await?;
        if let Some(row) = store::bookings::find(tx.conn(), row.id).await?.filter(|row| row.state.is_open()) {
            // Nothing is live of it, and so it was not found by its pools.
            ended += u64::from(settle(desk, &tx, row).await?);
        }
        tx.commit(()).await?;
    }
    Ok(ended)
}
