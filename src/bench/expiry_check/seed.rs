//! Stations full of lots, written by the database itself. The ledger holds: every lot begins with the line it arrived by.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{
    consumable::{Cautions, Under14},
    ids::KindId,
    kind::{Identity, Tracked},
};
use sea_orm::{ConnectionTrait, DatabaseConnection};

use super::scratch::Scratch;
use crate::{
    app::App,
    bench::NoFigure,
    desk::{
        self, Desk, Door,
        roles::Office,
        stock::{level::Level, profile::Profile},
    },
    rules::legal::Declared,
};

/// How many stations there are.
const STATIONS: u32 = 100;
/// How many kinds each of them holds.
const KINDS: u32 = 50;
/// Of how many of them each station wants to have a certain number.
const LEVELS: usize = 5;

/// The stations, their keeper, and what they hold, without a lot.
pub(super) async fn stations(app: &App) -> Result<(), NoFigure> {
    let desk = Desk::internal(app, Door::Cli);
    let community = desk::communities::create(desk.clone(), "bench".to_owned()).await?.into_receipt();
    // Somebody who can be told: else every station has an incident.
    let phone = entity::values::Phone::parse("13800138000").ok();
    let keeper = desk::members::Enter { name: Some("bench".to_owned()), phone, group: None };
    let keeper = desk::members::enter(desk.clone(), keeper).await?.into_receipt();
    let mut kinds: Vec<KindId> = Vec::new();
    for n in 0..KINDS {
        let what = desk::kinds::Particulars {
            name: Some(format!("plasters {n}")),
            category: Some("dressing".to_owned()),
            tracked: Some(Tracked::Lot),
            identity: Some(Identity::Anonymous),
            ..Default::default()
        };
        let kind: KindId = desk::kinds::create(desk.clone(), (None, what)).await?.into_receipt().id.into();
        desk::stock::profile::set(desk.clone(), (kind, plasters())).await?;
        kinds.push(kind);
    }
    for n in 0..STATIONS {
        let (code, name) =
            (format!("B{n}"), desk::stations::Particulars { name: Some(format!("bench {n}")), ..Default::default() });
        let station = desk::stations::create(desk.clone(), (community.id.into(), code.clone(), name)).await?.into_receipt();
        desk::roles::grant(desk.clone(), (keeper.id.into(), Office::Keeper(station.id.into()))).await?;
        for kind in kinds.iter().take(LEVELS) {
            let level = Level { station_code: code.clone(), kind: *kind, min_units: 10, max_units: 50 };
            desk::stock::level::set(desk.clone(), level).await?;
        }
    }
    Ok(())
}

fn plasters() -> Profile {
    Profile {
        class: Declared::Dressing,
        partner: None,
        base_unit: "片".to_owned(),
        pack_size: 10,
        smallest_unit: None,
        reading: None,
        dated: Some(true),
        course_days: 0,
        open_days: None,
        shareable: false,
        most_per_take: None,
        most_per_day: None,
        under_14: Under14::Yes,
        under_18: true,
        cautions: Cautions::default(),
        leaflet: None,
        reviewed_by: None,
        contents: Vec::new(),
    }
}

/// Of a thousand lots in a row at a station: how many end how many days after today, the least and how many more.
const ENDS: [(u32, i64, u32); 5] = [
    // In the night that is measured they expire …
    (2, -1, 1),
    // … and these come within thirty days.
    (10, 30, 1),
    // The first night has found these; they stay where they are.
    (10, 1, 6),
    (20, 8, 22),
    (50, 31, 59),
];
/// All others, fresh for longer.
const FRESH: (i64, u32) = (91, 900);

/// Writes `lots` lots and their lines, in the order in which they came to all stations in turn.
pub(super) async fn lots(scratch: &Scratch, name: &str, lots: u32, today: NaiveDate, now: DateTime<Utc>) -> Result<(), NoFigure> {
    let conn = scratch.by_hand(name).await?;
    let sqlite = scratch.on_sqlite();
    let mut least = 0;
    let mut days = String::from("CASE");
    for (of_thousand, first, span) in ENDS {
        least += of_thousand;
        days += &format!(" WHEN j % 1000 < {least} THEN {first} + j / 1000 % {span}");
    }
    days += &format!(" ELSE {} + j * 37 % {} END", FRESH.0, FRESH.1);
    let came = now - TimeDelta::days(30);
    let received = came.to_rfc3339();
    // Ids in the form of a UUIDv7, in the order of the lots.
    let id = |shift: i64| {
        let stamp = format!("{:012x}70008", came.timestamp_millis() + shift);
        if sqlite {
            format!("unhex('{stamp}' || printf('%015x', i))")
        } else {
            format!("('{stamp}' || lpad(to_hex(i), 15, '0'))::uuid")
        }
    };
    let (numbers, day, as_time) = if sqlite {
        (
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {lots})",
            "date('{today}', d || ' days')",
            "",
        )
    } else {
        ("WITH n(i) AS (SELECT generate_series(0, {lots} - 1))", "(date '{today}' + d)", "::timestamptz")
    };
    let fill = |text: &str| {
        let text = text.replace("{numbers}", numbers).replace("{day}", day).replace("{days}", &days);
        let text =
            text.replace("{lot}", &id(0)).replace("{line}", &id(1)).replace("{received}", &format!("'{received}'{as_time}"));
        text.replace("{lots}", &lots.to_string()).replace("{today}", &today.to_string())
    };
    begin(&conn, sqlite).await?;
    let numbered = format!(
        "CREATE TEMP TABLE at AS SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM station; \
         CREATE TEMP TABLE of AS SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM kind; \
         CREATE TEMP TABLE one AS {{numbers}} SELECT i, j, at.id AS station_id, of.id AS kind_id, {{day}} AS day FROM (SELECT i, j, \
         {{days}} AS d FROM (SELECT i, i / {STATIONS} AS j FROM n) AS a) AS b JOIN at ON at.n = i % {STATIONS} \
         JOIN of ON of.n = (j + j / 1000) % {KINDS} ORDER BY i;"
    );
    conn.execute_unprepared(&fill(&numbered)).await?;
    for statement in [
        "INSERT INTO lot (id, station_id, kind_id, number, number_key, label_text, label_kind, label_precision, label_key, \
         lenient_last_day, strict_last_day, last_day, last_issue_day, source, proof, available, held, quarantined, to_dispose, \
         blocks, tier, received_at, rev) SELECT {lot}, station_id, kind_id, 'L' || i, 'L' || i, '有效期至' || day, \
         'valid_until', 'day', 'valid_until:' || day, day, day, day, day, 'purchase', '发票', 10 + i % 40, 0, 0, 0, 0, 0, {received}, 1 \
         FROM one ORDER BY i",
        "INSERT INTO movement (id, station_id, lot_id, lot_rev, reason, available, held, quarantined, to_dispose, last_issue_day, \
         occurred_at, recorded_at) SELECT {line}, station_id, {lot}, 1, 'received', 10 + i % 40, 0, 0, 0, day, {received}, {received} \
         FROM one ORDER BY i",
    ] {
        conn.execute_unprepared(&fill(statement)).await?;
    }
    let end = if sqlite { "PRAGMA journal_mode = WAL;" } else { "VACUUM ANALYZE" };
    conn.execute_unprepared(end).await?;
    conn.close().await?;
    Ok(())
}

/// As a day leaves a server: with statistics of what the first night has written. SQLite keeps none.
pub(super) async fn settle(scratch: &Scratch, name: &str) -> Result<(), NoFigure> {
    if !scratch.on_sqlite() {
        let conn = scratch.by_hand(name).await?;
        conn.execute_unprepared("VACUUM ANALYZE").await?;
        conn.close().await?;
    }
    Ok(())
}

/// What is seeded need not survive a power cut.
async fn begin(conn: &DatabaseConnection, sqlite: bool) -> Result<(), NoFigure> {
    if sqlite {
        conn.execute_unprepared(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA temp_store = FILE;",
        )
        .await?;
    } else {
        // References of a million rows are true by how they are made. Only a superuser may leave them unchecked.
        let _ = conn.execute_unprepared("SET session_replication_role = replica").await;
    }
    Ok(())
}
