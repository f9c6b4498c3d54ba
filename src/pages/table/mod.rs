//! A table of figures: on a page, in an Excel sheet, in a CSV file. What is shown and what is exported are the same rows.

mod csv;
mod excel;

use askama::Template;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;

pub(super) use self::csv::csv;
pub(super) use excel::excel;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    /// Words. Never a formula, whatever they begin with.
    Text(String),
    /// A count.
    Whole(i64),
    /// A share of 1.
    Share(f64),
    /// A day.
    Day(NaiveDate),
    /// A time on the wall of the station, to the minute.
    Time(NaiveDateTime),
    /// Nothing.
    Empty,
}

impl Cell {
    /// Words.
    pub(super) fn text(words: impl Into<String>) -> Self {
        Self::Text(words.into())
    }

    /// Words, if there are any.
    pub(super) fn maybe(words: Option<impl Into<String>>) -> Self {
        words.map_or(Self::Empty, Self::text)
    }

    /// An instant, in a zone.
    pub(super) fn time(instant: DateTime<Utc>, zone: Tz) -> Self {
        Self::Time(instant.with_timezone(&zone).naive_local())
    }

    /// As it is read.
    fn shown(&self) -> String {
        match self {
            Self::Text(words) => words.clone(),
            Self::Whole(n) => n.to_string(),
            Self::Share(share) => format!("{:.0}%", share * 100.0),
            Self::Day(day) => day.to_string(),
            // The end of a day is said as 24:00.
            Self::Time(time) if time.time() == NaiveTime::MIN => {
                time.date().pred_opt().map_or_else(String::new, |day| format!("{day} 24:00"))
            }
            Self::Time(time) => time.format("%Y-%m-%d %H:%M").to_string(),
            Self::Empty => "–".to_owned(),
        }
    }

    fn is_number(&self) -> bool {
        matches!(self, Self::Whole(_) | Self::Share(_))
    }

    /// Numbers stand at the right, and so does the dash in their place.
    fn stands_right(&self) -> bool {
        self.is_number() || *self == Self::Empty
    }
}

/// A table.
#[derive(Clone, Debug, Template)]
#[template(path = "table/table.html")]
pub(super) struct Table {
    /// What it is about; the name of its sheet.
    pub(super) title: String,
    columns: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table with these columns and no row.
    pub(super) fn new<'a>(title: &str, columns: impl IntoIterator<Item = &'a str>) -> Self {
        Self { title: title.to_owned(), columns: columns.into_iter().map(str::to_owned).collect(), rows: Vec::new() }
    }

    /// The same with rows, each as long as there are columns.
    pub(super) fn with(mut self, rows: impl IntoIterator<Item = Vec<Cell>>) -> Self {
        self.rows.extend(rows);
        debug_assert!(self.rows.iter().all(|row| row.len() == self.columns.len()), "{}", self.title);
        self
    }

    /// Has it no row?
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many columns it has.
    pub(super) fn width(&self) -> usize {
        self.columns.len()
    }

    /// Is this column one of numbers?
    fn is_of_numbers(&self, column: &usize) -> bool {
        self.rows.iter().any(|row| row[*column].is_number())
    }

    /// As it stands in a page.
    pub(super) fn html(&self) -> String {
        self.render().unwrap_or_default()
    }
}
