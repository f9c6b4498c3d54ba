//! Every paper that labels are printed on, as it comes out of the browser's printer: how large, what is where, and whether
//! every code can be read from the dots of a label printer by a reader that knows nothing of who wrote it.

use super::{
    Browser, Visit,
    keeping::sign_in,
    print::{self, Mm},
    tour::{STATION, toured},
};
use crate::journeys;

journeys!(
    in crate::browser::tour::tell;
    every_paper_is_printed_to_half_a_millimetre: [desktop],
);

/// As it says on the box of labels: the page, columns and rows, a label, the first label's place, and how far it is from one
/// column to the next.
struct Paper {
    name: &'static str,
    page: (f64, f64),
    grid: (usize, usize),
    label: (f64, f64),
    first: (f64, f64),
    pitch: (f64, f64),
    /// The side of the square at its left with the QR code in it, the quiet zone included.
    qr: f64,
}

const fn sheet(
    name: &'static str,
    grid: (usize, usize),
    label: (f64, f64),
    first: (f64, f64),
    pitch: (f64, f64),
    qr: f64,
) -> Paper {
    Paper { name, page: (210.0, 297.0), grid, label, first, pitch, qr }
}

const fn single(name: &'static str, label: (f64, f64), qr: f64) -> Paper {
    Paper { name, page: label, grid: (1, 1), label, first: (0.0, 0.0), pitch: label, qr }
}

const STICKERS: [Paper; 7] = [
    sheet("70x36", (3, 8), (70.0, 36.0), (0.0, 4.5), (70.0, 36.0), 33.0),
    sheet("63x34", (3, 8), (63.5, 33.9), (7.2, 12.9), (66.0, 33.9), 31.0),
    sheet("48x25", (4, 10), (48.5, 25.4), (8.0, 21.5), (48.5, 25.4), 25.0),
    sheet("38x21", (5, 13), (38.1, 21.2), (4.7, 10.7), (40.6, 21.2), 21.2),
    single("40x30", (40.0, 30.0), 25.0),
    single("50x30", (50.0, 30.0), 25.0),
    single("60x40", (60.0, 40.0), 34.0),
];
const PLATE: Paper = single("plate", (148.0, 105.0), 80.0);
const CARDS: [Paper; 2] =
    [single("card", (85.6, 54.0), 43.0), sheet("cards-a4", (2, 5), (85.6, 54.0), (19.4, 13.5), (85.6, 54.0), 43.0)];

async fn every_paper_is_printed_to_half_a_millimetre(visit: Visit) {
    let Visit { town, browser, .. } = visit;
    sign_in(&browser, yizhan::demo::KEEPER_PHONE).await;
    browser.shall_be_at("/staff/").await;
    let mut codes: Vec<String> = ["{second}", "{blank}", "{shelf}"].map(|place| toured().address(place)).to_vec();
    let made = yizhan::desk::stickers::make(town.process(), 62).await.unwrap().into_receipt().items;
    codes.extend(made.into_iter().map(|sticker| sticker.code));
    for paper in &STICKERS {
        // A whole sheet, or some one after another.
        let count = if paper.grid.0 > 1 { paper.grid.0 * paper.grid.1 } else { 3 };
        printed(&browser, paper, &codes[..count]).await;
    }
    printed(&browser, &PLATE, &[toured().address("{plate}")]).await;
    for paper in &CARDS {
        printed(&browser, paper, &[toured().address("{card}")]).await;
    }
}

async fn printed(browser: &Browser, paper: &Paper, codes: &[String]) {
    let name = paper.name;
    browser.open_path(&format!("/staff/{STATION}/stickers/sheet?paper={name}&codes={}", codes.join("."))).await;
    if name == "70x36" {
        browser.screenshot("sheet").await;
    }
    let pdf = browser.print().await;
    let (Some(pages), Some(sizes)) = (print::pages(&pdf), print::page_sizes(&pdf)) else { return };
    let places = paper.grid.0 * paper.grid.1;
    assert_eq!(pages.len(), codes.len().div_ceil(places), "{name}");
    for (width, height) in sizes {
        assert!((width - paper.page.0).abs() < 0.5 && (height - paper.page.1).abs() < 0.5, "{name}: {width} × {height}");
    }
    for (page, codes) in pages.iter().zip(codes.chunks(places)) {
        let labels: Vec<Mm> = (0..codes.len()).map(|n| label(paper, (n % paper.grid.0, n / paper.grid.0))).collect();
        for label in &labels {
            stands(page, paper, *label);
        }
        let labels: Vec<_> = labels.into_iter().map(|label| print::cut_out(page, label)).collect();
        let expected: Vec<_> = codes.iter().map(|code| format!("{}/q/{code}", browser.base())).collect();
        if let Some(read) = print::read_by_zbar(&labels) {
            assert_eq!(read, expected, "{name}: read by zbar");
        }
    }
}

/// Where a label is.
fn label(paper: &Paper, (column, row): (usize, usize)) -> Mm {
    let number = |n: usize| f64::from(u32::try_from(n).unwrap());
    let (x, y) = (paper.first.0 + number(column) * paper.pitch.0, paper.first.1 + number(row) * paper.pitch.1);
    Mm { x, y, width: paper.label.0, height: paper.label.1 }
}

/// The code is a square of the size it should have, where it should be, with its quiet zone around it; and nothing crosses the
/// edge of the label.
fn stands(page: &image::GrayImage, paper: &Paper, label: Mm) {
    let name = paper.name;
    // Cards have a line around them to cut along; what is within it is looked at.
    let line = if name == "cards-a4" { 0.5 } else { 0.0 };
    // The letters begin where the quiet zone ends.
    let left = Mm { width: paper.qr - 1.0, ..label };
    let square = Mm { x: left.x + line, y: left.y + line, width: left.width - line, height: label.height - 2.0 * line };
    let code = print::ink(page, Mm { height: square.height.min(paper.qr), ..square }).unwrap();
    // The code is 33 modules wide or 29, and 8 more are white.
    let side = [33.0, 29.0].map(|modules| paper.qr * modules / (modules + 8.0));
    assert!(side.iter().any(|side| (code.width - side).abs() <= 0.5), "{name}: {code:?}, not {side:?}");
    assert!((code.x - label.x - (paper.qr - code.width) / 2.0).abs() <= 0.5, "{name}: {code:?} in {label:?}");
    assert!(code.width >= 16.9, "{name}: a code of {:.1} mm", code.width);
    let inside = Mm { x: label.x + line, y: label.y + line, width: label.width - 2.0 * line, height: label.height - 2.0 * line };
    let inside = print::ink(page, inside).unwrap();
    assert!(inside.x > label.x + 0.5 && inside.y > label.y + 0.5, "{name}: {inside:?} begins at the edge of {label:?}");
    let (right, bottom) = (inside.x + inside.width, inside.y + inside.height);
    assert!(right < label.x + label.width - 0.3 && bottom < label.y + label.height - 0.3, "{name}: {inside:?} in {label:?}");
}
