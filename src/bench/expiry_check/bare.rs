//! The other side: what the night writes about lots, as bare SQL by somebody who knows the indexes. A handful of set-based
//! statements in one transaction, without lease, evidence, outlook, digests, or anybody who could be told what went wrong.

use chrono::{DateTime, Days, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DatabaseConnection};

use crate::bench::NoFigure;

/// The lots that are nearer to their end than anybody has been told: `{all}` is one of the ranges, at any station.
const SEEN: &str = "SELECT l.id, l.station_id, l.kind_id, l.available + l.held + l.quarantined AS units, l.last_day, \
    l.last_issue_day, CASE WHEN l.opened_on IS NOT NULL AND l.last_day < l.strict_last_day THEN 1 ELSE 0 END AS opened, \
    CASE WHEN l.last_day < {today} THEN 5 WHEN l.last_issue_day < {today} THEN 4 WHEN l.last_day <= {d7} THEN 3 \
    WHEN l.last_day <= {d30} THEN 2 ELSE 1 END AS tier \
    FROM station s CROSS JOIN lot l WHERE l.station_id = s.id AND l.available + l.held + l.quarantined > 0 AND {range}";

const RANGES: [&str; 6] = [
    "l.tier = 0 AND l.last_day <= {d90}",
    "l.tier = 1 AND l.last_day <= {d30}",
    "l.tier = 2 AND l.last_day <= {d7}",
    "l.tier = 3 AND l.last_day < {today}",
    "l.tier = 4 AND l.last_day < {today}",
    "l.tier < 4 AND l.last_issue_day < {today} AND l.last_day >= {today} AND (l.tier = 0 AND l.last_day > {d90} OR l.tier = 1 \
     AND l.last_day > {d30} OR l.tier = 2 AND l.last_day > {d7} OR l.tier = 3)",
];

const WRITE: [&str; 5] = [
    "INSERT INTO lot_event (lot_id, what, facts, station_id, units, since, seen_on) SELECT id, CASE WHEN tier = 5 AND opened = 1 \
     THEN 'opened_expired' WHEN tier = 5 THEN 'expired' WHEN tier = 4 THEN 'stop_issue' WHEN tier = 3 THEN 't7' WHEN tier = 2 \
     THEN 't30' ELSE 't90' END, last_issue_day || '/' || last_day, station_id, units, CASE WHEN tier = 5 THEN {last_day+1} \
     WHEN tier = 4 THEN {last_issue_day+1} WHEN tier = 3 THEN {last_day-7} WHEN tier = 2 THEN {last_day-30} ELSE {last_day-90} \
     END, {today} FROM seen WHERE true ON CONFLICT (lot_id, what, facts) DO NOTHING",
    "UPDATE task SET done_at = {now} WHERE done_at IS NULL AND lot_id IN (SELECT id FROM seen WHERE tier = 5) AND what IN \
     ('take_out_this_week', 'take_out_today')",
    "UPDATE task SET done_at = {now} WHERE done_at IS NULL AND lot_id IN (SELECT id FROM seen WHERE tier = 4) AND what = \
     'take_out_this_week'",
    "INSERT INTO task (id, what, natural_key, station_id, kind_id, lot_id, facts, escalated, created_at) SELECT {task}, what, key, \
     station_id, kind_id, id, facts, COALESCE((SELECT MAX(t.escalated) FROM task t WHERE t.lot_id = wanted.id AND t.what = \
     'take_out_today' AND t.done_at = {now} AND wanted.what = 'put_in_red_box'), 0), COALESCE((SELECT MIN(t.created_at) FROM task t \
     WHERE t.lot_id = wanted.id AND t.what = 'take_out_today' AND t.done_at = {now} AND wanted.what = 'put_in_red_box'), {now}) \
     FROM (SELECT row_number() OVER () AS n, id, station_id, kind_id, last_issue_day || '/' || last_day AS facts, CASE tier WHEN 5 THEN \
     'put_in_red_box' WHEN 4 THEN 'take_out_today' ELSE 'take_out_this_week' END AS what, CASE tier WHEN 5 THEN 'PutInRedBox:' \
     WHEN 4 THEN 'TakeOutToday:' ELSE 'TakeOutThisWeek:' END || {id} AS key FROM seen WHERE tier >= 3) AS wanted WHERE NOT EXISTS \
     (SELECT 1 FROM task t WHERE t.natural_key = wanted.key AND t.done_at IS NULL)",
    "UPDATE lot SET tier = seen.tier FROM seen WHERE lot.id = seen.id",
];

/// What is sent, in one piece.
pub(super) fn statements(sqlite: bool, today: NaiveDate, now: DateTime<Utc>) -> String {
    let seen: Vec<String> = RANGES.iter().map(|range| SEEN.replace("{range}", range)).collect();
    let begin = if sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" };
    let mut text = format!("{begin}; CREATE TEMP TABLE seen AS {}; {}; COMMIT;", seen.join(" UNION ALL "), WRITE.join("; "));
    let stamp = format!("{:012x}70008", now.timestamp_millis());
    let task = if sqlite {
        format!("unhex('{stamp}' || printf('%015x', n))")
    } else {
        format!("('{stamp}' || lpad(to_hex(n), 15, '0'))::uuid")
    };
    let hyphens = "lower(substr(hex(id), 1, 8) || '-' || substr(hex(id), 9, 4) || '-' || substr(hex(id), 13, 4) || '-' || \
                   substr(hex(id), 17, 4) || '-' || substr(hex(id), 21))";
    for (day, by) in [("last_day", 1), ("last_issue_day", 1), ("last_day", -7), ("last_day", -30), ("last_day", -90)] {
        let moved = if sqlite { format!("date({day}, '{by} days')") } else { format!("{day} + {by}") };
        text = text.replace(&format!("{{{day}{by:+}}}"), &moved);
    }
    let date = |days: u64| {
        let day = today + Days::new(days);
        if sqlite { format!("'{day}'") } else { format!("date '{day}'") }
    };
    text.replace("{task}", &task)
        .replace("{id}", if sqlite { hyphens } else { "id::text" })
        .replace("{today}", &date(0))
        .replace("{d7}", &date(7))
        .replace("{d30}", &date(30))
        .replace("{d90}", &date(90))
        .replace("{now}", &format!("'{}'", now.to_rfc3339()))
}

/// Sends it.
pub(super) async fn run(conn: &DatabaseConnection, text: &str) -> Result<(), NoFigure> {
    conn.execute_unprepared(text).await?;
    Ok(())
}
