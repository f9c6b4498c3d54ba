//! Evidence: what a check found, in one text, chained by hash to the one before it.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use entity::{
    expiry_check::{self, Mode, Status},
    ids::{KindId, LotId},
    lot,
    lot::Tier,
    lot_event, stock_block,
};
use serde_json::{Value, json};

use super::{Night, incidents, incidents::Incident};
use crate::{db::WriteTx, jobs::JobError, rules::expiry::seal, store};

/// How many transitions are named line by line; all of them are in the events of the lots.
const LINES: u64 = 2_000;
/// How many lots are looked up at once.
const CHUNK: usize = 500;
/// How many missed nights, blocks and inspections are named.
const NAMED: usize = 400;

/// What a check has found at its station.
pub(super) struct Found {
    /// How many lots are on the shelf, by tier.
    tiers: Vec<(Tier, i64)>,
    /// The transitions of the date, line by line.
    lines: Vec<Value>,
    /// Late takes that have happened elsewhere, and were written down since the last check.
    recorded: Vec<LotId>,
    /// What could not be checked, and why: also what was blocked before somebody else took the run over.
    errors: Vec<Value>,
    /// Blocks that were laid since the last check: recalls, conflicts, data that cannot be true.
    blocked: Vec<Value>,
    /// Blocks that somebody has lifted since then.
    lifted: Vec<Value>,
    /// Things whose inspection or calibration is over.
    uncalibrated: Vec<Value>,
    /// The check before, trusted or not: the chain has no gaps.
    before: Option<expiry_check::Model>,
}

/// Gathers it.
pub(super) async fn gather(night: &Night<'_>) -> Result<Found, JobError> {
    let (conn, station) = (night.app.db.read(), night.station.id);
    let is_new = night.watch.trusted.as_ref().is_none_or(|last| last.business_date < night.today);
    let events = if is_new { store::expiry_checks::list_events(conn, station, night.today, LINES).await? } else { Vec::new() };
    let since = incidents::last_look(night);
    let mut blocked = Vec::new();
    for block in store::stock_blocks::list_laid_since(conn, station, since, NAMED as u64).await? {
        blocked.push(json!({ "lot": block.lot_id, "cause": block.cause, "reason": block.reason, "by": block.made_by }));
    }
    let mut lifted = Vec::new();
    for block in store::stock_blocks::list_lifted_since(conn, station, since, NAMED as u64).await? {
        let (why, by) = (block.lift_reason, block.lifted_by);
        lifted.push(json!({ "lot": block.lot_id, "cause": block.cause, "reason": why, "by": by }));
    }
    let mut uncalibrated = Vec::new();
    let yesterday = night.today - Days::new(1);
    for item in store::inspections::list_due(conn, station, yesterday, None, NAMED as u64).await? {
        uncalibrated.push(json!({ "item": item.code, "inspect_by": item.inspect_by }));
    }
    Ok(Found {
        tiers: store::expiry_checks::count_by_tier(conn, station).await?,
        lines: lines(night, events).await?,
        recorded: store::expiry_checks::list_recorded_late_takes(conn, station, since).await?,
        errors: errors(night).await?,
        blocked,
        lifted,
        uncalibrated,
        before: store::check_records::find_last(conn, station).await?,
    })
}

/// Each transition with what a person needs to know it by: a handful of statements for each five hundred.
async fn lines(night: &Night<'_>, events: Vec<lot_event::Model>) -> Result<Vec<Value>, JobError> {
    let conn = night.app.db.read();
    let mut lines = Vec::with_capacity(events.len());
    for chunk in events.chunks(CHUNK) {
        let ids: Vec<LotId> = chunk.iter().map(|event| event.lot_id).collect();
        let photos: BTreeMap<_, _> = store::lot_labels::list_label_photos(conn, ids.clone()).await?.into_iter().collect();
        let lots: BTreeMap<LotId, lot::Model> =
            store::lots::list_some(conn, ids).await?.into_iter().map(|lot| (lot.id, lot)).collect();
        let mut kinds: Vec<KindId> = lots.values().map(|lot| lot.kind_id).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let revs: BTreeMap<_, _> = store::consumables::list(conn, kinds.clone())
            .await?
            .into_iter()
            .map(|profile| (profile.kind_id, profile.rev))
            .collect();
        let names: BTreeMap<_, _> =
            store::kinds::list_by_ids(conn, kinds).await?.into_iter().map(|kind| (kind.id, (kind.name, kind.name_en))).collect();
        for event in chunk {
            let lot = lots.get(&event.lot_id);
            let kind = lot.and_then(|lot| names.get(&lot.kind_id));
            lines.push(json!({
                "lot": event.lot_id,
                "number": lot.map(|lot| &lot.number),
                "kind": kind.map(|kind| &kind.0),
                "kind_en": kind.and_then(|kind| kind.1.as_ref()),
                "shelf": lot.and_then(|lot| lot.shelf.as_ref()),
                "last_day": lot.and_then(|lot| lot.last_day),
                "what": event.what,
                "since": event.since,
                "units": event.units,
                "photo": photos.get(&event.lot_id),
                "profile_rev": lot.and_then(|lot| revs.get(&lot.kind_id)),
            }));
        }
    }
    Ok(lines)
}

/// What was blocked because it could not be checked, since the work of this night was begun, by whomever. This process knows of
/// what it blocked itself what exactly went wrong.
async fn errors(night: &Night<'_>) -> Result<Vec<Value>, JobError> {
    let laid = store::stock_blocks::list_data_errors_since(night.app.db.read(), night.station.id, night.held.begun_at()).await?;
    let said = |block: &stock_block::Model| {
        let known = night.errors.iter().find(|(lot, _)| Some(*lot) == block.lot_id).map(|(_, why)| why);
        json!({ "lot": block.lot_id, "error": known.unwrap_or(&block.reason) })
    };
    Ok(laid.iter().map(said).collect())
}

/// Writes it down, once for a run: what has it already gets no second piece.
pub(super) async fn write(night: &Night<'_>, tx: &WriteTx, found: &Found, incidents: &[Incident]) -> Result<bool, JobError> {
    if store::check_records::is_written(tx.conn(), night.station.id, night.run_on, night.watch.mode).await? {
        return Ok(false);
    }
    let status = if found.errors.is_empty() { night.status } else { Status::Partial };
    let trusted = night.watch.trusted.as_ref();
    let before = found.before.as_ref();
    let covers_from = trusted.map_or(night.today, |last| (last.business_date + Days::new(1)).min(night.today));
    let lots: i64 = found.tiers.iter().map(|(_, lots)| lots).sum();
    // A night that was broken off has raised some of them before.
    let named = i64::try_from(found.lines.len()).unwrap_or(i64::MAX);
    let transitions = night.moved.values().sum::<i64>().max(named);
    let finished_at = night.app.clock.now();
    let n = before.map_or(1, |check| check.n + 1);
    let report = json!({
        "station": night.station.code,
        "n": n,
        "run_on": night.run_on,
        "business_date": night.today,
        "covers_from": covers_from,
        "missed": missed(night, covers_from),
        "clock": {
            "trusted": night.watch.is_trusted(),
            "began": night.watch.now,
            "ended": finished_at,
            "seconds": (finished_at - night.watch.now).num_seconds(),
            "database": night.watch.database,
            "last_check": trusted.map(|last| last.finished_at),
            "up_since": night.app.started_at,
        },
        "version": env!("CARGO_PKG_VERSION"),
        "mode": night.watch.mode,
        "status": status,
        "errors": found.errors,
        "lots": lots,
        "tiers_before": tiers_before(night, &found.tiers),
        "tiers": found.tiers,
        "transitions": transitions,
        "lines": found.lines,
        "late_takes_written_down_since": found.recorded,
        "incidents": incidents.iter().filter_map(Incident::shown).collect::<Vec<_>>(),
        "blocked": found.blocked,
        "lifted": found.lifted,
        "calibration_overdue": found.uncalibrated,
    })
    .to_string();
    let previous_hash = before.map(|last| last.hash.clone()).unwrap_or_default();
    let row = expiry_check::Model {
        id: night.app.clock.id(),
        station_id: night.station.id,
        n,
        run_on: night.run_on,
        business_date: night.today,
        covers_from,
        mode: night.watch.mode,
        status,
        checked: lots,
        transitions,
        hash: crate::vault::sha256(&seal(&previous_hash, &report)),
        report,
        finished_at,
        previous_hash,
    };
    store::check_records::add(tx, row).await?;
    Ok(true)
}

/// The nights that were missed, and why.
fn missed(night: &Night<'_>, covers_from: NaiveDate) -> Vec<Value> {
    let Some(last) = night.watch.trusted.as_ref().filter(|_| night.watch.mode == Mode::Normal) else { return Vec::new() };
    let reason = if night.app.started_at > last.finished_at { "the process was down" } else { "no check was done" };
    let days = covers_from.iter_days().take_while(|day| *day < night.today).take(NAMED);
    days.map(|day| json!({ "date": day, "reason": reason, "detected_at": night.watch.now })).collect()
}

/// How many lots were in each tier before the night; not known where somebody else has begun it.
fn tiers_before(night: &Night<'_>, after: &[(Tier, i64)]) -> Option<Vec<(Tier, i64)>> {
    if !night.held.is_first() {
        return None;
    }
    let mut tiers: BTreeMap<Tier, i64> = after.iter().copied().collect();
    for ((from, to), lots) in &night.moved {
        *tiers.entry(*from).or_default() += lots;
        *tiers.entry(*to).or_default() -= lots;
    }
    Some(tiers.into_iter().filter(|(_, lots)| *lots != 0).collect())
}
