//! Evidence: what a check found, in one text, chained by hash to the one before it.

use entity::{
    expiry_check::{self, Mode},
    ids::LotId,
    lot::Tier,
    lot_event,
};

use super::Night;
use crate::{db::WriteTx, jobs::JobError, rules::expiry::seal, store};

/// What a check has found at its station.
pub(super) struct Found {
    /// Lots from which somebody took after their day.
    pub(super) late: Vec<LotId>,
    /// How many lots are on the shelf, by tier.
    pub(super) tiers: Vec<(Tier, i64)>,
    /// The transitions of the date.
    events: Vec<lot_event::Model>,
}

/// Gathers it.
pub(super) async fn gather(night: &Night<'_>) -> Result<Found, JobError> {
    let (conn, station) = (night.app.db.read(), night.station.id);
    Ok(Found {
        late: store::expiry_checks::list_late_takes(conn, station).await?,
        tiers: store::expiry_checks::count_by_tier(conn, station).await?,
        events: store::expiry_checks::list_events(conn, station, night.today).await?,
    })
}

/// Writes it down.
pub(super) async fn write(
    night: &Night<'_>,
    tx: &WriteTx,
    last: Option<&expiry_check::Model>,
    found: &Found,
) -> Result<(), JobError> {
    let Found { late, tiers, events } = found;
    let covers_from = last.map_or(night.today, |last| (last.business_date + chrono::Days::new(1)).min(night.today));
    let lots: i64 = tiers.iter().map(|(_, lots)| lots).sum();
    let transitions = i64::try_from(events.len()).unwrap_or(i64::MAX);
    let report = serde_json::json!({
        "station": night.station.code,
        "business_date": night.today,
        "covers_from": covers_from,
        "clock": night.app.clock.now(),
        "clock_trusted": night.mode == Mode::Normal,
        "version": env!("CARGO_PKG_VERSION"),
        "tiers": tiers,
        "taken_after_their_date": late,
        "transitions": events.iter().map(|event| serde_json::json!({
            "lot": event.lot_id, "what": event.what, "since": event.since, "units": event.units,
        })).collect::<Vec<_>>(),
    })
    .to_string();
    let previous_hash = last.map(|last| last.hash.clone()).unwrap_or_default();
    let row = expiry_check::Model {
        id: night.app.clock.id(),
        station_id: night.station.id,
        business_date: night.today,
        covers_from,
        mode: night.mode,
        status: night.status,
        checked: lots,
        transitions,
        hash: crate::vault::sha256(&seal(&previous_hash, &report)),
        report,
        finished_at: night.app.clock.now(),
        previous_hash,
    };
    Ok(store::expiry_checks::add(tx, row).await?)
}
