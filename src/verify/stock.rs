//! The checks of the medicine box.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::DbErr;

use super::{Check, Finding, note};
use crate::{
    app::App,
    rules::{expiry::seal, recall as rule},
    speech::Words,
    store,
    store::checks,
    vault::sha256,
};

/// Each is one statement.
pub(super) const CHECKS: [Check; 8] = [
    (
        "ledger",
        "SELECT l.id AS what FROM lot l LEFT JOIN (SELECT lot_id, SUM(available) AS a, SUM(held) AS h, SUM(quarantined) AS q, \
         SUM(to_dispose) AS d, COUNT(*) AS n FROM movement GROUP BY lot_id) m ON m.lot_id = l.id WHERE \
         l.available <> COALESCE(m.a, 0) OR l.held <> COALESCE(m.h, 0) OR l.quarantined <> COALESCE(m.q, 0) \
         OR l.to_dispose <> COALESCE(m.d, 0) OR l.rev <> COALESCE(m.n, 0)",
        "批次数量与流水合计不符",
        "the quantities of a lot are not the sum of its ledger",
    ),
    (
        "taken-after-its-date",
        "SELECT m.id AS what FROM movement m JOIN take t ON t.id = m.take_id \
         WHERE m.reason = 'taken' AND t.external_no IS NULL AND t.taken_on > m.last_issue_day",
        "过了停发日仍被取用",
        "something was taken after the last day on which it could be handed out",
    ),
    (
        "recorded-take-untold",
        "SELECT m.id AS what FROM movement m JOIN take t ON t.id = m.take_id \
         WHERE m.reason = 'taken' AND t.external_no IS NOT NULL AND t.taken_on > m.last_issue_day \
         AND NOT EXISTS (SELECT 1 FROM task k WHERE k.lot_id = m.lot_id AND k.what = 'incident')",
        "补记的过期取用没有告诉站长",
        "a late take was written down afterwards, and nobody was told",
    ),
    (
        "take-without-lines",
        "SELECT t.id AS what FROM take t LEFT JOIN movement m ON m.take_id = t.id AND m.reason = 'taken' \
         GROUP BY t.id, t.units HAVING COALESCE(SUM(m.available), 0) <> -t.units",
        "取用与批次流水不符",
        "a take and its lines in the ledger differ",
    ),
    (
        "blocks-counted",
        "SELECT l.id AS what FROM lot l LEFT JOIN (SELECT lot_id, COUNT(*) AS n FROM stock_block WHERE lifted_at IS NULL AND \
         lot_id IS NOT NULL GROUP BY lot_id) b ON b.lot_id = l.id WHERE l.blocks <> COALESCE(b.n, 0)",
        "批次的停用数与记录不符",
        "a lot counts other blocks than lie on it",
    ),
    (
        "held-for-nobody",
        "SELECT l.id AS what FROM lot l LEFT JOIN (SELECT lot_id, SUM(units) AS n FROM lot_hold WHERE ended_at IS NULL \
         GROUP BY lot_id) h ON h.lot_id = l.id WHERE l.held <> COALESCE(h.n, 0)",
        "留存数量与留存记录不符",
        "a lot holds other units than are set aside for somebody",
    ),
    (
        "medicine-without-date",
        "SELECT l.id AS what FROM lot l JOIN consumable c ON c.kind_id = l.kind_id WHERE c.class = 'otc_b' AND \
         l.last_issue_day IS NULL AND l.available > 0",
        "药品没有有效期",
        "medicine without a date",
    ),
    (
        "recall-not-applied",
        "SELECT b.lot_id AS what FROM stock_block b JOIN recall r ON r.id = b.recall_id WHERE r.lifted_at IS NOT NULL AND \
         b.lifted_at IS NULL",
        "召回已解除，批次仍停用",
        "a recall is lifted and still blocks",
    ),
];

/// What has happened outside the house and is told truthfully: no fault of the books, so it does not fail the check. It is told
/// until a keeper has closed the incident.
const RECORDED_LATE: &str = "SELECT m.id AS what FROM movement m JOIN take t ON t.id = m.take_id WHERE m.reason = 'taken' AND \
     t.external_no IS NOT NULL AND t.taken_on > m.last_issue_day AND EXISTS (SELECT 1 FROM task k WHERE k.lot_id = m.lot_id AND \
     k.what = 'incident' AND k.done_at IS NULL)";

/// Recalls in force of which a lot that they mean has no block.
async fn recalls_without_block(app: &App) -> Result<Vec<String>, DbErr> {
    let conn = app.db.read();
    let mut without = Vec::new();
    let recalls = store::stock_blocks::list_recalls_in_force(conn).await?;
    for recall in &recalls {
        let known = store::consumables::list_kinds_of_code(conn, recall.product.iter().cloned().collect()).await?;
        let mut kinds: Vec<_> = recall.kind_id.into_iter().chain(known.iter().map(|code| code.kind_id)).collect();
        kinds.dedup();
        let codes: Vec<String> = known.iter().map(|code| code.code.clone()).collect();
        let blocks = store::stock_blocks::list_of_recall(conn, recall.id).await?;
        for lot in store::lots::list_of_kinds(conn, kinds).await? {
            if rule::means(recall, &lot, &codes) && blocks.iter().all(|block| block.lot_id != Some(lot.id)) {
                without.push(lot.id.to_string());
            }
        }
    }
    Ok(without)
}

/// Lots that nobody has checked for 50 hours.
const MISSING: &str = "SELECT DISTINCT l.station_id AS what FROM lot l JOIN station s ON s.id = l.station_id WHERE \
     EXISTS (SELECT 1 FROM movement m WHERE m.lot_id = l.id AND m.recorded_at < {yesterday}) AND s.closed_at IS NULL AND NOT \
     EXISTS (SELECT 1 FROM expiry_check c WHERE c.station_id = l.station_id AND c.mode = 'normal' AND c.finished_at >= {yesterday})";

/// What one statement cannot say.
pub(super) async fn run(app: &App, findings: &mut Vec<Finding>) -> Result<(), DbErr> {
    let conn = app.db.read();
    let long_ago = app.clock.now() - TimeDelta::hours(50);
    let words = Words::new("效期检查超过50小时没有做", "the nightly check is more than 50 hours ago");
    note(findings, "missing-check", words, checks::rows_that_are_wrong(conn, MISSING, long_ago).await?);
    let words = Words::new("召回仍有效，批次没有停用", "a recall is in force and does not block what it means");
    note(findings, "recall-without-block", words, recalls_without_block(app).await?);
    let words = Words::new("效期检查记录的哈希链断了", "the chain of the evidence of the nightly check is broken");
    note(findings, "broken-evidence", words, broken_evidence(app).await?);
    let words = Words::new("补记：过了停发日的取用，待站长处理", "incidents: late takes that were written down afterwards");
    let told = checks::rows_that_are_wrong(conn, RECORDED_LATE, long_ago).await?;
    note(findings, "recorded-late-take", words, told);
    Ok(())
}

/// The checks whose hash is not that of their report, or that do not follow the one that was written before them. By their
/// numbers and not by the moment: a clock may have leapt and been set right.
async fn broken_evidence(app: &App) -> Result<Vec<String>, DbErr> {
    let mut broken = Vec::new();
    for station in store::check_records::list_stations(app.db.read()).await? {
        let (mut previous, mut after, mut count) = (Vec::new(), None, 0);
        loop {
            let page = store::check_records::list(app.db.read(), station, after, 500).await?;
            for check in &page {
                count += 1;
                if check.n != count
                    || check.previous_hash != previous
                    || check.hash != sha256(&seal(&check.previous_hash, &check.report))
                    || !began_as_it_says(check)
                {
                    broken.push(check.id.to_string());
                }
                previous.clone_from(&check.hash);
            }
            after = page.last().map(|check| check.n);
            if page.len() < 500 {
                break;
            }
        }
    }
    Ok(broken)
}

/// The next check begins to look where this one did: that stands in the report, which is sealed, and beside it.
fn began_as_it_says(check: &entity::expiry_check::Model) -> bool {
    let report: serde_json::Value = serde_json::from_str(&check.report).unwrap_or_default();
    let said: Option<DateTime<Utc>> = report["clock"]["began"].as_str().and_then(|text| text.parse().ok());
    check.began_at.is_none() || check.began_at == said
}
