//! Evidence: what a check found, in one text, chained by hash to the one before it.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use entity::{
    expiry_check::{self, Mode, Status},
    ids::LotId,
    lot::Tier,
    lot_event, stock_block,
};
use serde_json::{Value, json};

use super::{Line, Night, incidents::Incident, ledger::Turn, sight::Something, tell, tell::Near};
use crate::{
    db::WriteTx,
    jobs::JobError,
    rules::expiry::seal,
    store::{self, check_records::Brief},
};

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
    /// Of which lots that have not moved the books were looked at.
    turn: Turn,
    /// The check before, trusted or not: the chain has no gaps.
    before: Option<Brief>,
}

impl Found {
    /// How much is near its end.
    pub(super) fn near(&self) -> Near {
        tell::near(&self.tiers)
    }
}

/// Gathers it.
pub(super) async fn gather(night: &Night<'_>, turn: Turn) -> Result<Found, JobError> {
    let (conn, station) = (night.app.db.read(), night.station.id);
    let is_new = night.watch.trusted.as_ref().is_none_or(|last| last.business_date < night.today);
    let events = if is_new { store::expiry_checks::list_events(conn, station, night.today, LINES).await? } else { Vec::new() };
    let since = night.last_look();
    let (mut blocked, mut lifted) = (Vec::new(), Vec::new());
    if night.sight.has(Something::Blocks, station) || night.has_blocked {
        for block in store::stock_blocks::list_laid_since(conn, station, since, NAMED as u64).await? {
            blocked.push(json!({ "lot": block.lot_id, "cause": block.cause, "reason": block.reason, "by": block.made_by }));
        }
        for block in store::stock_blocks::list_lifted_since(conn, station, since, NAMED as u64).await? {
            let (why, by) = (block.lift_reason, block.lifted_by);
            lifted.push(json!({ "lot": block.lot_id, "cause": block.cause, "reason": why, "by": by }));
        }
    }
    let mut uncalibrated = Vec::new();
    if night.sight.has(Something::Inspections, station) {
        let yesterday = night.today - Days::new(1);
        for item in store::inspections::list_due(conn, station, yesterday, None, NAMED as u64).await? {
            uncalibrated.push(json!({ "item": item.code, "inspect_by": item.inspect_by }));
        }
    }
    let recorded = if night.sight.has(Something::LateTakes, station) {
        store::expiry_checks::list_recorded_late_takes(conn, station, since).await?
    } else {
        Vec::new()
    };
    Ok(Found {
        tiers: store::expiry_checks::count_by_tier(conn, station).await?,
        lines: lines(night, events).await?,
        recorded,
        errors: errors(night).await?,
        blocked,
        lifted,
        uncalibrated,
        turn,
        // Not what was seen when the night was begun: the chain has one end.
        before: store::check_records::list_last(conn, vec![station], false).await?.pop(),
    })
}

/// Each transition with what a person needs to know it by: a handful of statements for each five hundred. Lots that were raised just
/// now need not be read again; those of a night that was cut short before are.
async fn lines(night: &Night<'_>, events: Vec<lot_event::Model>) -> Result<Vec<Value>, JobError> {
    let conn = night.app.db.read();
    let kinds = night.sight.kinds(night.app).await?;
    let mut lines = Vec::with_capacity(events.len());
    for chunk in events.chunks(CHUNK) {
        let ids: Vec<LotId> = chunk.iter().map(|event| event.lot_id).collect();
        let unread = ids.iter().copied().filter(|id| !night.lines.contains_key(id)).collect();
        let read: BTreeMap<LotId, Line> =
            store::lots::list_some(conn, unread).await?.iter().map(|lot| (lot.id, Line::from(lot))).collect();
        let photos: BTreeMap<_, _> = store::lot_labels::list_label_photos(conn, ids).await?.into_iter().collect();
        for event in chunk {
            let lot = night.lines.get(&event.lot_id).or_else(|| read.get(&event.lot_id));
            let kind = lot.and_then(|lot| kinds.get(&lot.kind));
            lines.push(json!({
                "lot": event.lot_id,
                "number": lot.map(|lot| &lot.number),
                "kind": kind.map(|kind| &kind.name),
                "kind_en": kind.and_then(|kind| kind.name_en.as_ref()),
                "shelf": lot.and_then(|lot| lot.shelf.as_ref()),
                "last_day": lot.and_then(|lot| lot.last_day),
                "what": event.what,
                "since": event.since,
                "units": event.units,
                "photo": photos.get(&event.lot_id),
                "profile_rev": kind.map(|kind| kind.rev),
            }));
        }
    }
    Ok(lines)
}

/// What was blocked because it could not be checked, since the work of this night was begun, by whomever. This process knows of
/// what it blocked itself what exactly went wrong.
async fn errors(night: &Night<'_>) -> Result<Vec<Value>, JobError> {
    let nothing_new = night.held.is_first() && !night.has_blocked && !night.sight.has(Something::Blocks, night.station.id);
    if nothing_new {
        return Ok(Vec::new());
    }
    let laid = store::stock_blocks::list_data_errors_since(night.app.db.read(), night.station.id, night.held.begun_at()).await?;
    let said = |block: &stock_block::Model| {
        let known = night.errors.iter().find(|(lot, _)| Some(*lot) == block.lot_id).map(|(_, why)| why);
        json!({ "lot": block.lot_id, "error": known.unwrap_or(&block.reason) })
    };
    Ok(laid.iter().map(said).collect())
}

/// Writes it down, once for a run: what has it already gets no second piece.
pub(super) async fn write(night: &Night<'_>, tx: &WriteTx, found: &Found, incidents: &[Incident]) -> Result<bool, JobError> {
    // Whoever is the first at a run cannot have written it before.
    if !night.held.is_first()
        && store::check_records::is_written(tx.conn(), night.station.id, night.run_on, night.watch.mode).await?
    {
        return Ok(false);
    }
    let status = if found.errors.is_empty() { night.status } else { Status::Partial };
    let before = found.before.as_ref();
    // Somebody else may have done one since the night was begun.
    let trusted = before.filter(|last| last.mode == Mode::Normal).or(night.watch.trusted.as_ref());
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
        "missed": missed(night, trusted, covers_from),
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
        "ledger": found.turn,
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
        began_at: Some(night.watch.now),
        finished_at,
        previous_hash,
    };
    store::check_records::add(tx, row).await?;
    Ok(true)
}

/// The nights that were missed, and why.
fn missed(night: &Night<'_>, trusted: Option<&Brief>, covers_from: NaiveDate) -> Vec<Value> {
    let Some(last) = trusted.filter(|_| night.watch.mode == Mode::Normal) else { return Vec::new() };
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
