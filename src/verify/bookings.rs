//! The checks of time that is promised.

use chrono::TimeDelta;
use sea_orm::DbErr;

use super::{Check, Finding, note};
use crate::{app::App, speech::Words, store, store::checks};

/// How long a displaced booking is looked at: as long as notices are kept.
const TOLD: TimeDelta = TimeDelta::days(25);

/// Each is one statement.
pub(super) const CHECKS: [Check; 4] = [
    (
        "claim-without-booking",
        // Who leaves early leaves the time for cleaning behind.
        "SELECT c.id AS what FROM claim c JOIN booking b ON b.id = c.booking_id WHERE c.live = {true} AND c.reason = 'booking' \
         AND (b.state IN ('cancelled', 'rejected', 'expired', 'no_show', 'displaced') OR (b.state = 'ended' AND b.ends_at < \
         {yesterday} AND b.ended_at < {yesterday}))",
        "预约已结束，占用仍在",
        "something is occupied by a booking that is over",
    ),
    (
        "offer-without-hold",
        "SELECT b.id AS what FROM booking b JOIN hold h ON h.id = b.hold_id WHERE b.state = 'held' AND h.state <> 'offered'",
        "留位没有对应的排队",
        "something is held for a place in the queue that is not offered anything",
    ),
    (
        "hold-without-offer",
        "SELECT h.id AS what FROM hold h WHERE h.state = 'offered' AND NOT EXISTS (SELECT 1 FROM booking b WHERE b.hold_id = h.id \
         AND b.state = 'held')",
        "排队记为已轮到，但没有留位",
        "a place in the queue was offered something that is not held",
    ),
    (
        "risk-nobody-minds",
        "SELECT b.id AS what FROM booking b WHERE b.state = 'at_risk' AND b.kind_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM task \
         k WHERE k.what = 'mind_booking' AND k.kind_id = b.kind_id AND k.station_id = b.station_id)",
        "预约可能落空，没有待办",
        "a booking is at risk, and no keeper was asked to mind it",
    ),
];

/// Bookings that stand now, of which something is still to be collected, and that occupy nothing.
const UNCLAIMED: &str = "SELECT b.id AS what FROM booking b WHERE b.ended_at IS NULL AND b.ends_at > {yesterday} AND (b.lapses_at IS \
     NULL OR b.lapses_at > {yesterday}) AND (b.state <> 'collected' OR b.kind_id IS NULL OR (b.collected < b.quantity AND b.lapses_at \
     IS NOT NULL)) AND NOT EXISTS (SELECT 1 FROM claim c WHERE c.booking_id = b.id AND c.reason = 'booking' AND c.live = {true})";

/// What one statement cannot say, or says of now.
pub(super) async fn run(app: &App, findings: &mut Vec<Finding>) -> Result<(), DbErr> {
    let (conn, now) = (app.db.read(), app.clock.now());
    let words = Words::new("预约没有占用记录", "a booking that stands occupies nothing");
    note(findings, "booking-without-claim", words, checks::rows_that_are_wrong(conn, UNCLAIMED, now).await?);
    let mut untold = Vec::new();
    for row in store::bookings::list_displaced(conn, now - TOLD).await? {
        if !store::notices::is_begun(conn, &format!("booking_displaced:{}:", row.id)).await? {
            untold.push(row.id.to_string());
        }
    }
    let words = Words::new("预约落空，没有告诉本人", "a booking could not be kept, and nobody told whoever had it");
    note(findings, "displaced-untold", words, untold);
    Ok(())
}
