//! The other side: the rows of the night as bare SQL, by somebody who knows the indexes. Two transactions of a few set-based
//! statements over all stations at once: first what is written about lots, then the books (evidence, runs, watermarks, digests).
//! Without a lease, a chain of hashes, an outlook on needs, or a way to leave out one lot that cannot be written.
//!
//! Beside them the audit: one statement that holds every lot against the sum of its ledger, and asks for a look where that does not add
//! up. Nothing comes of it where the books are right, but whoever writes into the evidence that they are must have looked. It is
//! timed by itself, so that the job can be held against the writes alone, and against writes and audit.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DatabaseConnection};

use crate::bench::NoFigure;

/// The lots that are nearer to their end than anybody has been told, in one of the ranges, at any station.
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

const WRITE: [&str; 6] = [
    // Since when the milder task was open, and how far it was carried: read while the index of open tasks still knows it.
    "CREATE TEMP TABLE asked AS SELECT lot_id, MAX(escalated) AS escalated, MIN(created_at) AS created_at FROM task WHERE done_at IS NULL \
     AND what = 'take_out_today' AND lot_id IN (SELECT id FROM seen WHERE tier = 5) GROUP BY lot_id",
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
     station_id, kind_id, wanted.id, facts, COALESCE(b.escalated, 0), COALESCE(b.created_at, {now}) \
     FROM (SELECT row_number() OVER () AS n, id, station_id, kind_id, last_issue_day || '/' || last_day AS facts, CASE tier WHEN 5 THEN \
     'put_in_red_box' WHEN 4 THEN 'take_out_today' ELSE 'take_out_this_week' END AS what, CASE tier WHEN 5 THEN 'PutInRedBox:' \
     WHEN 4 THEN 'TakeOutToday:' ELSE 'TakeOutThisWeek:' END || {id} AS key FROM seen WHERE tier >= 3) AS wanted LEFT JOIN asked b \
     ON b.lot_id = wanted.id WHERE NOT EXISTS (SELECT 1 FROM task t WHERE t.natural_key = wanted.key AND t.done_at IS NULL)",
    "UPDATE lot SET tier = seen.tier FROM seen WHERE lot.id = seen.id",
];

const BOOKS: [&str; 4] = [
    "INSERT INTO expiry_check (id, station_id, n, run_on, business_date, covers_from, mode, status, checked, transitions, report, finished_at, \
     previous_hash, hash) SELECT {check}, station_id, last + 1, {today}, {today}, {today}, 'normal', 'done', lots, n, {report}, {now}, hash, hash \
     FROM (SELECT row_number() OVER () AS n_row, c.station_id, c.lots, c.tiers, COALESCE(e.n, 0) AS n, e.events, p.n AS last, p.hash FROM \
     (SELECT station_id, SUM(lots) AS lots, {tiers} AS tiers FROM (SELECT station_id, tier, COUNT(*) AS lots FROM lot WHERE \
     available + held + quarantined > 0 GROUP BY station_id, tier) AS t GROUP BY station_id) AS c JOIN expiry_check p ON p.station_id = c.station_id AND \
     p.business_date = {yesterday} LEFT JOIN (SELECT station_id, COUNT(*) AS n, {events} AS events FROM lot_event WHERE seen_on = \
     {today} GROUP BY station_id) AS e ON e.station_id = c.station_id) AS found",
    "INSERT INTO job_run (id, job, scope, business_date, fence, leased_until, started_at, finished_at, effects) SELECT {run}, job, \
     scope, {today}, 1, {now}, {now}, {now}, 0 FROM (SELECT row_number() OVER () AS n, r.job, r.scope FROM job_run r WHERE \
     r.business_date = {yesterday} AND r.job IN ('inspections', 'expiry-check')) AS again",
    "UPDATE stock_day SET latest = {today} WHERE latest < {today}",
    "INSERT INTO notice (id, natural_key, member_id, template, params, send_after, expires_at, attempts, created_at) SELECT {notice}, \
     'expiry:' || {member} || ':' || {today}, member_id, 'expiry_digest', {params}, {now}, {now}, 0, {now} FROM \
     (SELECT row_number() OVER () AS n, g.member_id, {names} AS names, SUM(t.unseen) AS unseen FROM (SELECT station_id, COUNT(*) AS unseen FROM \
     task WHERE done_at IS NULL AND lot_id IS NOT NULL AND (seen_at IS NULL OR seen_at < {before}) GROUP BY station_id) AS t JOIN \
     station s ON s.id = t.station_id JOIN grant_of_role g ON g.station_id = t.station_id AND g.revoked_at IS NULL GROUP BY g.member_id) AS told",
];

/// Asks for a look at every station with lots that are not the sum of their ledger.
const AUDIT: &str = "INSERT INTO task (id, what, natural_key, station_id, note, escalated, created_at) SELECT {incident}, 'incident', \
    'Incident:' || {station} || ':ledger', station_id, CAST(lots AS TEXT), 0, {now} FROM (SELECT row_number() OVER () AS n, station_id, lots \
    FROM (SELECT l.station_id, COUNT(*) AS lots FROM lot l {unbalanced} GROUP BY l.station_id) AS wrong) AS numbered";

/// Looked up in the index lot by lot: what is grouped would be written into a table of its own first.
const ON_SQLITE: &str = "WHERE (l.available, l.held, l.quarantined, l.to_dispose) <> (SELECT COALESCE(SUM(m.available), -1), \
    COALESCE(SUM(m.held), -1), COALESCE(SUM(m.quarantined), -1), COALESCE(SUM(m.to_dispose), -1) FROM movement m WHERE m.lot_id = l.id)";

/// Hashed.
const ON_POSTGRES: &str = "LEFT JOIN (SELECT lot_id, SUM(available) AS a, SUM(held) AS h, SUM(quarantined) AS q, SUM(to_dispose) AS d \
    FROM movement GROUP BY lot_id) AS m ON m.lot_id = l.id WHERE m.lot_id IS NULL OR l.available <> m.a OR l.held <> m.h OR \
    l.quarantined <> m.q OR l.to_dispose <> m.d";

/// What is sent: what is written about lots, then the books, then the audit.
pub(super) fn statements(sqlite: bool, today: NaiveDate, now: DateTime<Utc>) -> [String; 3] {
    let seen: Vec<String> = RANGES.iter().map(|range| SEEN.replace("{range}", range)).collect();
    let begin = if sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" };
    let statistics = if sqlite { "" } else { " ANALYZE seen;" };
    let (seen, write) = (seen.join(" UNION ALL "), WRITE.join("; "));
    let lots = format!("{begin}; CREATE TEMP TABLE seen AS {seen};{statistics} {write}; COMMIT;");
    let books = format!("{begin}; {}; COMMIT;", BOOKS.join("; "));
    let audit = AUDIT.replace("{unbalanced}", if sqlite { ON_SQLITE } else { ON_POSTGRES });
    [lots, books, format!("{begin}; {audit}; COMMIT;")].map(|text| in_words_of(sqlite, text, today, now))
}

/// Says the parts that the engines say differently.
fn in_words_of(sqlite: bool, mut text: String, today: NaiveDate, now: DateTime<Utc>) -> String {
    // In the form of a UUIDv7, in order.
    let id = |mark: u8, n: &str| {
        let stamp = format!("{:012x}7{mark:03x}8", now.timestamp_millis());
        if sqlite {
            format!("unhex('{stamp}' || printf('%015x', {n}))")
        } else {
            format!("('{stamp}' || lpad(to_hex({n}), 15, '0'))::uuid")
        }
    };
    let hyphens = |id: &str| {
        if sqlite {
            let part = |from: u8, length: u8| format!("substr(hex({id}), {from}, {length})");
            let parts = [part(1, 8), part(9, 4), part(13, 4), part(17, 4), part(21, 12)];
            format!("lower({})", parts.join(" || '-' || "))
        } else {
            format!("{id}::text")
        }
    };
    for (day, by) in [("last_day", 1), ("last_issue_day", 1), ("last_day", -7), ("last_day", -30), ("last_day", -90)] {
        let moved = if sqlite { format!("date({day}, '{by} days')") } else { format!("{day} + ({by})") };
        text = text.replace(&format!("{{{day}{by:+}}}"), &moved);
    }
    let date = |day: NaiveDate| if sqlite { format!("'{day}'") } else { format!("date '{day}'") };
    let time =
        |at: DateTime<Utc>| if sqlite { format!("'{}'", at.to_rfc3339()) } else { format!("timestamptz '{}'", at.to_rfc3339()) };
    let json = if sqlite {
        [
            ("{tiers}", "json_group_array(json_array(tier, lots))"),
            ("{events}", "json_group_array(json_object('lot', {lot_id}, 'what', what, 'since', since, 'units', units))"),
            ("{report}", "json_object('tiers', json(tiers), 'transitions', json(events), 'business_date', {today})"),
            ("{names}", "json_group_array(s.name)"),
            ("{params}", "json_object('count', unseen, 'stations', json(names))"),
        ]
    } else {
        [
            ("{tiers}", "json_agg(json_build_array(tier, lots))"),
            ("{events}", "json_agg(json_build_object('lot', {lot_id}, 'what', what, 'since', since, 'units', units))"),
            ("{report}", "json_build_object('tiers', tiers, 'transitions', events, 'business_date', {today})::text"),
            ("{names}", "jsonb_agg(s.name)"),
            ("{params}", "jsonb_build_object('count', unseen, 'stations', names)"),
        ]
    };
    for (word, said) in json {
        text = text.replace(word, said);
    }
    for (mark, (word, n)) in
        [(0, ("{task}", "n")), (1, ("{check}", "n_row")), (2, ("{run}", "n")), (3, ("{notice}", "n")), (4, ("{incident}", "n"))]
    {
        text = text.replace(word, &id(mark, n));
    }
    for (word, named) in [("{id}", "id"), ("{lot_id}", "lot_id"), ("{member}", "member_id"), ("{station}", "station_id")] {
        text = text.replace(word, &hyphens(named));
    }
    text.replace("{today}", &date(today))
        .replace("{yesterday}", &date(today - Days::new(1)))
        .replace("{d7}", &date(today + Days::new(7)))
        .replace("{d30}", &date(today + Days::new(30)))
        .replace("{d90}", &date(today + Days::new(90)))
        .replace("{before}", &time(now - TimeDelta::days(1)))
        .replace("{now}", &time(now))
}

/// Sends one of them.
pub(super) async fn run(conn: &DatabaseConnection, text: &str) -> Result<(), NoFigure> {
    conn.execute_unprepared(text).await?;
    Ok(())
}
