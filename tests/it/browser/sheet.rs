//! A workbook as LibreOffice opens it: which sheets, and in each cell what kind of thing.

use std::{collections::BTreeMap, path::Path, process::Command};

use super::programs;

/// What is in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    Empty,
    Text(String),
    /// A number, a date, a time, a yes or no: as it is shown.
    Value(String),
    /// What the program would compute; in what we export, there must be none.
    Formula(String),
}

/// Opens a workbook (`name` ends in what it is: `report.xlsx`) and gives back the rows of every sheet by its name. `None` where
/// LibreOffice is missing.
pub(crate) fn sheets(name: &str, bytes: &[u8]) -> Option<BTreeMap<String, Vec<Vec<Cell>>>> {
    let what = "what is read from Excel files with LibreOffice";
    let office = programs::need(&["libreoffice", "soffice"], "libreoffice-calc", what)?;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), bytes).unwrap();
    let shown = exported(&office, folder.path(), name, false);
    let mut sheets = exported(&office, folder.path(), name, true);
    for (sheet, rows) in &mut sheets {
        for (cell, shown) in rows.iter_mut().flatten().zip(shown[sheet].iter().flatten()) {
            // A text that begins with an equals sign is shown as it is; a formula is shown as what it comes to.
            if let Cell::Text(text) = cell
                && text.starts_with('=')
                && Cell::Text(text.clone()) != *shown
            {
                *cell = Cell::Formula(text.clone());
            }
        }
    }
    Some(sheets)
}

fn exported(office: &Path, folder: &Path, name: &str, formulas: bool) -> BTreeMap<String, Vec<Vec<Cell>>> {
    // Comma, quotes, UTF-8, from line 1; every text in quotes, everything as shown, formulas or not; all sheets.
    let csv = format!("csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false,true,{formulas},false,-1");
    let out = folder.join(format!("out-{formulas}"));
    let done = Command::new(office)
        // A profile of its own: a second program on the same one does not start.
        .arg(format!("-env:UserInstallation=file://{}/profile", folder.display()))
        .args(["--headless", "--norestore", "--convert-to", &csv, "--outdir"])
        .arg(&out)
        .arg(name)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(out.is_dir(), "{name} cannot be opened: {}", String::from_utf8_lossy(&done.stderr));
    let stem = Path::new(name).file_stem().unwrap().to_str().unwrap();
    let mut sheets = BTreeMap::new();
    for file in std::fs::read_dir(out).unwrap().flatten() {
        let sheet = file.file_name().into_string().unwrap();
        let sheet = sheet.strip_prefix(stem).unwrap().trim_start_matches('-').trim_end_matches(".csv");
        sheets.insert(sheet.to_owned(), rows(&std::fs::read_to_string(file.path()).unwrap()));
    }
    assert!(!sheets.is_empty(), "{name} has no sheet");
    sheets
}

/// The rows of a CSV file in which every text is in quotes and nothing else is.
fn rows(csv: &str) -> Vec<Vec<Cell>> {
    let mut rows = vec![Vec::new()];
    let mut letters = csv.chars().peekable();
    while letters.peek().is_some() {
        let mut text = String::new();
        let quoted = letters.next_if_eq(&'"').is_some();
        if quoted {
            while let Some(letter) = letters.next() {
                // Two quotes are one that was meant.
                if letter == '"' && letters.next_if_eq(&'"').is_none() {
                    break;
                }
                text.push(letter);
            }
        } else {
            while let Some(letter) = letters.next_if(|letter| *letter != ',' && *letter != '\n') {
                text.push(letter);
            }
        }
        let cell = match quoted {
            true => Cell::Text(text),
            false if text.is_empty() => Cell::Empty,
            false => Cell::Value(text),
        };
        rows.last_mut().unwrap().push(cell);
        if letters.next_if_eq(&'\n').is_some() {
            rows.push(Vec::new());
        } else {
            letters.next_if_eq(&',');
        }
    }
    rows.retain(|row| !row.is_empty());
    rows
}
