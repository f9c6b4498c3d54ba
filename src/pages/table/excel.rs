//! Tables as an Excel file: a sheet for each, typed cells, the head frozen. Words are written as words: none is a formula.

use chrono::{DateTime, Datelike, NaiveDateTime, Timelike, Utc};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::{Cell, Table};

/// The most characters a cell is given; Excel takes 32,767.
const LONGEST: usize = 2_000;

struct Formats {
    head: Format,
    share: Format,
    day: Format,
    time: Format,
}

/// The file.
///
/// # Errors
/// What the writer finds wrong.
pub(crate) fn excel(tables: &[Table], made_at: DateTime<Utc>) -> Result<Vec<u8>, XlsxError> {
    let formats = Formats {
        head: Format::new().set_bold().set_border_bottom(FormatBorder::Thin).set_align(FormatAlign::Top).set_text_wrap(),
        share: Format::new().set_num_format("0%"),
        day: Format::new().set_num_format("yyyy-mm-dd"),
        time: Format::new().set_num_format("yyyy-mm-dd hh:mm"),
    };
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_creation_datetime(&instant(made_at.naive_utc())?));
    let mut names: Vec<String> = Vec::new();
    for table in tables {
        let name = sheet_name(&table.title, &names);
        let sheet = book.add_worksheet();
        sheet.set_name(&name)?;
        names.push(name);
        fill(sheet, table, &formats)?;
    }
    book.save_to_buffer()
}

fn fill(sheet: &mut Worksheet, table: &Table, formats: &Formats) -> Result<(), XlsxError> {
    sheet.set_freeze_panes(1, 0)?;
    for (column, title) in (0..).zip(&table.columns) {
        sheet.write_string_with_format(0, column, title, &formats.head)?;
        let cells = table.rows.iter().filter_map(|row| row.get(usize::from(column)));
        let widest = cells.map(|cell| wide(&cell.shown())).max().unwrap_or_default();
        sheet.set_column_width(column, widest.max(wide(title)).clamp(8, 48) + 2)?;
    }
    for (line, row) in (1..).zip(&table.rows) {
        for (column, cell) in (0..).zip(row) {
            match cell {
                Cell::Text(words) => {
                    let short: String = words.chars().take(LONGEST).collect();
                    sheet.write_string(line, column, short)?;
                }
                Cell::Whole(n) => {
                    sheet.write_number(line, column, i32::try_from(*n).unwrap_or(i32::MAX))?;
                }
                Cell::Share(share) => {
                    sheet.write_number_with_format(line, column, *share, &formats.share)?;
                }
                Cell::Day(day) => {
                    let day = instant(day.and_time(chrono::NaiveTime::MIN))?;
                    sheet.write_datetime_with_format(line, column, &day, &formats.day)?;
                }
                Cell::Time(time) => {
                    sheet.write_datetime_with_format(line, column, &instant(*time)?, &formats.time)?;
                }
                Cell::Empty => {}
            }
        }
    }
    Ok(())
}

fn instant(time: NaiveDateTime) -> Result<ExcelDateTime, XlsxError> {
    let small = |n: u32| u8::try_from(n).unwrap_or_default();
    let year = u16::try_from(time.year()).unwrap_or(1900);
    let (hour, minute) = (u16::try_from(time.hour()).unwrap_or_default(), small(time.minute()));
    ExcelDateTime::from_ymd(year, small(time.month()), small(time.day()))?.and_hms(hour, minute, 0)
}

/// How wide a text is, in digits; a Chinese character is two.
fn wide(text: &str) -> u32 {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// A name that Excel takes: at most 31 characters, none of `[]:*?/\`, not twice the same.
fn sheet_name(title: &str, taken: &[String]) -> String {
    let clean: String = title.chars().map(|c| if "[]:*?/\\'".contains(c) { ' ' } else { c }).take(28).collect();
    let clean = if clean.trim().is_empty() { "Sheet".to_owned() } else { clean };
    let is_taken = |name: &String| taken.iter().any(|other| other.to_lowercase() == name.to_lowercase());
    let numbered = (2..100).map(|n| format!("{clean} {n}"));
    std::iter::once(clean.clone()).chain(numbered).find(|name| !is_taken(name)).unwrap_or(clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_has_a_name_that_excel_takes() {
        assert_eq!(sheet_name("使用: 时段/星期", &[]), "使用  时段 星期");
        assert_eq!(sheet_name("表", &["表".to_owned()]), "表 2");
        assert_eq!(sheet_name(&"长".repeat(60), &[]).chars().count(), 28);
        let table = || Table::new("同名", ["甲"]).with([vec![Cell::Time(NaiveDateTime::default())]]);
        assert!(excel(&[table(), table()], DateTime::UNIX_EPOCH).is_ok());
    }
}
