//! Evidence: what a check found, in one text, chained by hash to the one before it.

use entity::{
    expiry_check::{self, Mode},
    ids::LotId,
};

use super::Night;
use crate::{db::WriteTx, jobs::JobError, rules::expiry::seal, store};

/// Writes it.
pub(super) async fn write(
    night: &Night<'_>,
    tx: &WriteTx,
    last: Option<&expiry_check::Model>,
    late: &[LotId],
) -> Result<(), JobError> {
    let conn = night.app.db.read();
    let tiers = store::expiry_checks::count_by_tier(conn, night.station.id).await?;
    let events = store::expiry_checks::list_events(conn, night.station.id, night.today).await?;
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
    Ok(store::check_records::add(tx, row).await?)
}
