//! Tables as one CSV file: UTF-8 with its mark, so that Excel reads Chinese; one table below the other, each under its title.

use super::{Cell, Table};

/// What a spreadsheet program would take for the beginning of a formula.
const DANGEROUS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Words that stay words.
fn harmless(words: &str) -> String {
    if words.starts_with(DANGEROUS) { format!("'{words}") } else { words.to_owned() }
}

fn written(cell: &Cell) -> String {
    match cell {
        Cell::Text(words) => harmless(words),
        Cell::Share(share) => format!("{share:.4}"),
        Cell::Empty => String::new(),
        Cell::Time(time) => time.format("%Y-%m-%d %H:%M").to_string(),
        Cell::Whole(_) | Cell::Day(_) => cell.shown(),
    }
}

/// The file.
///
/// # Errors
/// None that memory gives: the writer's are passed on.
pub(crate) fn csv(tables: &[Table]) -> Result<Vec<u8>, csv::Error> {
    let mut writer =
        csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(b"\xef\xbb\xbf".to_vec());
    for (n, table) in tables.iter().enumerate() {
        if n > 0 {
            writer.write_record([""])?;
        }
        writer.write_record([harmless(&table.title)])?;
        writer.write_record(table.columns.iter().map(|title| harmless(title)))?;
        for row in &table.rows {
            writer.write_record(row.iter().map(written))?;
        }
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_becomes_a_formula() {
        for word in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert_eq!(harmless(word), format!("'{word}"));
        }
        assert_eq!((harmless("练北驿站"), harmless("138****8000")), ("练北驿站".to_owned(), "138****8000".to_owned()));
        let table = Table::new("表", ["甲", "乙"]).with([vec![Cell::text("=1+1"), Cell::Whole(-3)]]);
        let text = String::from_utf8(csv(&[table]).unwrap()).unwrap();
        assert_eq!(text, "\u{feff}表\r\n甲,乙\r\n'=1+1,-3\r\n");
    }
}
