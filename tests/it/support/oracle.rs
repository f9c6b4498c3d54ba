//! What must be true of the medicine box whatever happened to it, asked in SQL that shares nothing with the house: neither the
//! reading of labels, nor the business date, nor the sums. And a taker who breaks the first of its laws.

use entity::{
    ids::{LotId, TakeId},
    movement, take as taken,
};
use sea_orm::{ColumnTrait, DbBackend, EntityTrait, ExprTrait, QueryFilter, sea_query::Expr};
use yizhan::{app::App, db::Intent, store};

use super::{planted::Hand, town::Town};

/// Each lists what is wrong. `{taken}` is the day in Shanghai on which something was taken, by the clock; `{printed:x}` the date
/// on a label 有效期至YYYY年MM月DD日, and `{text:x}` a date as text. Good is what is taken before the printed date: the strict reading.
const LAWS: [(&str, &str); 7] = [
    (
        "past its printed date",
        "SELECT l.number || ' ' || {text:t.taken_on} FROM movement m JOIN take t ON t.id = m.take_id JOIN lot l ON l.id = m.lot_id \
         WHERE m.reason = 'taken' AND NOT EXISTS (SELECT 1 FROM lot_label h WHERE h.lot_id = COALESCE(l.parent_id, l.id) AND \
         {printed:h.label_text} > {text:t.taken_on} AND {printed:h.label_text} > {taken})",
    ),
    (
        "past the day that was known",
        "SELECT l.number || ' ' || {taken} FROM movement m JOIN take t ON t.id = m.take_id JOIN lot l ON l.id = m.lot_id WHERE \
         m.reason = 'taken' AND (m.last_issue_day IS NULL OR {text:m.last_issue_day} < {text:t.taken_on} OR \
         {text:m.last_issue_day} < {taken})",
    ),
    (
        "opened for too long",
        "SELECT l.number FROM movement m JOIN take t ON t.id = m.take_id JOIN lot l ON l.id = m.lot_id WHERE m.reason = 'taken' \
         AND l.opened_on IS NOT NULL AND {day_after:l.opened_on} < {text:t.taken_on}",
    ),
    (
        "a ledger that does not add up",
        "SELECT l.number FROM lot l WHERE l.available <> (SELECT SUM(m.available) FROM movement m WHERE m.lot_id = l.id) OR \
         l.held <> (SELECT SUM(m.held) FROM movement m WHERE m.lot_id = l.id) OR l.quarantined <> (SELECT SUM(m.quarantined) FROM \
         movement m WHERE m.lot_id = l.id) OR l.to_dispose <> (SELECT SUM(m.to_dispose) FROM movement m WHERE m.lot_id = l.id)",
    ),
    ("less than nothing", "SELECT number FROM lot WHERE available < 0 OR held < 0 OR quarantined < 0 OR to_dispose < 0"),
    (
        "less than nothing at some time",
        "SELECT CAST(s.lot_rev AS TEXT) FROM (SELECT lot_rev, SUM(available) OVER w AS a, SUM(held) OVER w AS h FROM movement \
         WINDOW w AS (PARTITION BY lot_id ORDER BY lot_rev)) s WHERE s.a < 0 OR s.h < 0",
    ),
    (
        "units that came from nowhere",
        "SELECT CAST(x.n AS TEXT) FROM (SELECT SUM(available + held + quarantined + to_dispose) AS n FROM movement WHERE reason IN \
         ('opened', 'moved_in', 'moved_out', 'held', 'released', 'quarantined', 'cleared', 'set_aside')) x WHERE x.n <> 0",
    ),
];

/// Which laws are broken, with some of the rows.
pub(crate) async fn broken_laws(town: &Town) -> Vec<(&'static str, Vec<String>)> {
    let sqlite = town.app.db.read().get_database_backend() == DbBackend::Sqlite;
    let hand = Hand::on(&town.url).await;
    let mut broken = Vec::new();
    for (law, sql) in LAWS {
        let rows = hand.ask(&spoken(sql, sqlite)).await;
        if !rows.is_empty() {
            broken.push((law, rows));
        }
    }
    hand.leave().await;
    broken
}

/// In the words of an engine.
fn spoken(sql: &str, sqlite: bool) -> String {
    let taken = if sqlite { "date(t.taken_at, '+8 hours')" } else { "((t.taken_at AT TIME ZONE 'Asia/Shanghai')::date)::text" };
    let mut sql = sql.replace("{taken}", taken);
    while let Some(at) = sql.find('{') {
        let end = at + sql[at..].find('}').unwrap();
        let (what, of) = sql[at + 1..end].split_once(':').unwrap();
        let said = match (what, sqlite) {
            ("printed", _) => format!("(substr({of}, 5, 4) || '-' || substr({of}, 10, 2) || '-' || substr({of}, 13, 2))"),
            ("text", true) => format!("date({of})"),
            ("text", false) => format!("({of}::date)::text"),
            // These packs are good until the day after they were opened.
            (_, true) => format!("date({of}, '+1 day')"),
            (_, false) => format!("(({of} + 1)::date)::text"),
        };
        sql.replace_range(at..=end, &said);
    }
    sql
}

/// A taker as it would be without the guard: it locks, it keeps the books, and it does not look at the date.
pub(crate) async fn careless_take(app: &App, from: LotId) {
    let tx = app.db.write(Intent::default()).await.unwrap();
    let Some(lot) = store::lots::lock(&tx, from).await.unwrap().filter(|lot| lot.available > 0) else { return };
    let row = entity::lot::Entity::update_many()
        .col_expr(entity::lot::Column::Available, Expr::col(entity::lot::Column::Available).sub(1))
        .col_expr(entity::lot::Column::Rev, Expr::col(entity::lot::Column::Rev).add(1));
    row.filter(entity::lot::Column::Id.eq(lot.id)).exec(tx.conn_for_tests()).await.unwrap();
    let now = app.clock.now();
    let id: TakeId = app.clock.id();
    let take = taken::Model {
        external_no: None,
        id,
        station_id: lot.station_id,
        kind_id: lot.kind_id,
        units: 1,
        person_key: None,
        warning_version: 1,
        confirmed: taken::Confirmed::None,
        taken_at: now,
        taken_on: now.with_timezone(&chrono_tz::Asia::Shanghai).date_naive(),
        undone_at: None,
    };
    store::takes::add(&tx, take).await.unwrap();
    let line = movement::Model {
        id: app.clock.id(),
        station_id: lot.station_id,
        lot_id: lot.id,
        lot_rev: lot.rev + 1,
        reason: movement::Reason::Taken,
        available: -1,
        held: 0,
        quarantined: 0,
        to_dispose: 0,
        take_id: Some(id),
        disposal_id: None,
        reversal_of: None,
        other_lot_id: None,
        last_issue_day: lot.last_issue_day,
        note: None,
        actor_id: None,
        occurred_at: now,
        recorded_at: now,
    };
    store::movements::add(&tx, line).await.unwrap();
    tx.commit(()).await.unwrap();
}
