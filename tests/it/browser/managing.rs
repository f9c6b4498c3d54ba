//! Whoever runs stations: side by side, the month's report, and the file that is asked for.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use entity::kind::Identity;
use serde_json::json;
use yizhan::{demo, store};

use super::{
    Browser, Visit,
    keeping::sign_in,
    sheet::{self, Cell},
    tour::STATION,
};
use crate::{journeys, support::town::borrow};

journeys!(
    in crate::browser::tour::tell;
    stations_stand_side_by_side_and_the_report_leaves_as_a_workbook,
);

/// What would be computed if it were no text.
const BAD_NAMES: [&str; 2] = ["=1+1", "@cmd|' /C calc'!A0"];

async fn stations_stand_side_by_side_and_the_report_leaves_as_a_workbook(visit: Visit) {
    let Visit { town, browser, .. } = visit;
    let station = store::stations::find_by_code(town.app.db.read(), STATION).await.unwrap().unwrap().id;
    for name in BAD_NAMES {
        let kind = town.kind(name, Identity::Anonymous).await;
        let codes = town.items(kind, station, 1).await;
        borrow(town.visitor(), &codes[0], None).await.unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let to = json!({ "behavior": "allow", "downloadPath": folder.path(), "eventsEnabled": false });
    browser.cdp("Browser.setDownloadBehavior", to).await;
    sign_in(&browser, demo::ADMIN_PHONE).await;
    browser.shall_be_at("/manage/").await;
    browser.shall_say("练塘镇湾塘社区练北驿站").await;
    browser.shall_say("练东驿站").await;
    browser.screenshot("stations").await;
    browser.tap("月报").await;
    browser.shall_say("每天借还").await;
    browser.screenshot("report").await;
    browser.tap("导出 Excel").await;
    let file = downloaded(&browser, folder.path()).await;
    let Some(sheets) = sheet::sheets("report.xlsx", &file) else { return };
    for name in ["说明", "每天借还", "星期与时段", "按物品"] {
        assert!(sheets.contains_key(name), "no {name} among {:?}", sheets.keys());
    }
    let cells: Vec<&Cell> = sheets.values().flatten().flatten().collect();
    for name in BAD_NAMES {
        assert!(cells.contains(&&Cell::Text(name.to_owned())), "{name} is not in {sheets:?}");
    }
    assert!(!cells.iter().any(|cell| matches!(cell, Cell::Formula(_))), "{sheets:?}");
    // A row of the table of days: a date, and numbers.
    let days = &sheets["每天借还"];
    assert!(days.len() > 20, "{days:?}");
    for row in &days[1..] {
        let Cell::Value(day) = &row[0] else { panic!("{row:?}") };
        assert!(day.starts_with("2026-11-") && matches!(row[1], Cell::Value(_)), "{row:?}");
    }
}

/// Waits for the one file that comes.
async fn downloaded(browser: &Browser, folder: &Path) -> Vec<u8> {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let files = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
        if let Some(file) = files.into_iter().find(|file| file.extension().is_some_and(|end| end == "xlsx")) {
            let bytes = std::fs::read(file).unwrap();
            // The directory of a zip file is at its end: the file is whole.
            if bytes.len() > 22 && bytes[bytes.len() - 22..].starts_with(b"PK\x05\x06") {
                return bytes;
            }
        }
        assert!(Instant::now() < deadline, "no file came; the page says:\n{}", browser.text().await);
        tokio::task::yield_now().await;
    }
}
