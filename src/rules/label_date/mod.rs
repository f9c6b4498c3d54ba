//! What is printed on a pack, and until when it may therefore be used.
//!
//! 《药品说明书和标签管理规定》(局令第24号) Art. 23 orders year, month, day with a four-digit year; people type it in many other
//! ways. What can be read in one way only is understood; everything else is asked back, never guessed.
//!
//! Whether "有效期至2026年11月" includes November is disputed in China (research/stock-and-expiry.md §2.3). So a label has two
//! last days: the lenient one takes the label at its word, the strict one is good under every reading.

mod letters;
mod segments;
mod words;

use chrono::{Datelike, Days, Months, NaiveDate};
use entity::{
    lot::{LabelKind, Precision},
    values::Language,
};
use serde::{Deserialize, Serialize};

/// A day or a month of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Point {
    /// A day.
    Day(NaiveDate),
    /// A month, by its first day.
    Month(NaiveDate),
}

/// How long something keeps from the day it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Life {
    /// Calendar months.
    Months(u32),
    /// Days.
    Days(u32),
}

/// What a label says about the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Says {
    /// 有效期至: good until and including.
    Until(Point),
    /// 失效期: no longer good from then on.
    Lapses(Point),
    /// 生产日期 and 有效期 N 个月, without a date of the end.
    Keeps {
        /// When it was made.
        made: Point,
        /// How long it keeps.
        life: Life,
    },
}

/// A label that was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LabelDate {
    /// What it says about the end.
    pub says: Says,
    /// When it was made, where that is printed too.
    pub made: Option<Point>,
}

/// What must be asked back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ask {
    /// A year of two digits, or none: which year is it?
    YearWidthMissing,
    /// Day and month could be exchanged.
    DayMonthExchangeable,
    /// A year without a month.
    MonthMissing,
    /// How long it keeps, but not since when.
    ProductionDateMissing,
    /// Since when, but not how long it keeps.
    ShelfLifeMissing,
    /// There is no such day.
    NoSuchDay,
    /// Two dates that do not go together.
    DatesDisagree,
    /// Nothing that could be read as a date.
    Illegible,
    /// A bar code says the last day of a month: is a day or a month printed on the pack?
    DayOrMonthPrinted,
}

impl Ask {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::YearWidthMissing,
        Self::DayMonthExchangeable,
        Self::MonthMissing,
        Self::ProductionDateMissing,
        Self::ShelfLifeMissing,
        Self::NoSuchDay,
        Self::DatesDisagree,
        Self::Illegible,
        Self::DayOrMonthPrinted,
    ];
}

/// A text in plain characters: half-width, upper case, Chinese numerals as digits.
#[must_use]
pub fn plain(text: &str) -> String {
    letters::plain(text)
}

/// The longest text that is looked at, in characters: a label is short.
pub const LONGEST: usize = 120;

/// Reads a label as it is printed, typed or scanned. `this_year` is for years of two digits in GS1 bar codes, whose century is
/// defined (GS1 General Specifications 7.12); years of two digits elsewhere are asked back.
///
/// # Errors
/// [`Ask`]: what must be asked back.
pub fn read(text: &str, this_year: i32) -> Result<LabelDate, Ask> {
    if text.chars().count() > LONGEST {
        return Err(Ask::Illegible);
    }
    let text = letters::plain(text);
    let read = match letters::six_digits_of_ai_17(&text) {
        Some(digits) => LabelDate { says: Says::Until(gs1_date(digits, this_year)?), made: None },
        None => segments::read(&text)?,
    };
    match (read.made, read.lenient_last_day()) {
        (Some(made), last) if last < made.first_day() => Err(Ask::DatesDisagree),
        _ => Ok(read),
    }
}

/// A date of a GS1 bar code, `YYMMDD`. Day `00` is the whole month: old packs still say so, though since 2025 new ones may not.
///
/// # Errors
/// [`Ask::NoSuchDay`], [`Ask::Illegible`].
pub fn gs1_date(digits: &str, this_year: i32) -> Result<Point, Ask> {
    if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Ask::Illegible);
    }
    let number = |range: std::ops::Range<usize>| digits[range].parse::<u32>().map_err(|_| Ask::Illegible);
    let short = i32::try_from(number(0..2)?).map_err(|_| Ask::Illegible)?;
    let century = this_year - this_year.rem_euclid(100);
    let year = match short - this_year.rem_euclid(100) {
        51..=99 => century - 100 + short,
        -99..=-50 => century + 100 + short,
        _ => century + short,
    };
    match number(4..6)? {
        0 => point(year, number(2..4)?, None),
        day => point(year, number(2..4)?, Some(day)),
    }
}

/// A point of the calendar that a label can mean.
pub(crate) fn point(year: i32, month: u32, day: Option<u32>) -> Result<Point, Ask> {
    if !(1950..=2099).contains(&year) {
        return Err(Ask::NoSuchDay);
    }
    let date = NaiveDate::from_ymd_opt(year, month, day.unwrap_or(1)).ok_or(Ask::NoSuchDay)?;
    Ok(if day.is_some() { Point::Day(date) } else { Point::Month(date) })
}

impl Point {
    /// The day, or the first of the month.
    #[must_use]
    pub fn first_day(self) -> NaiveDate {
        match self {
            Self::Day(day) | Self::Month(day) => day,
        }
    }

    /// The day, or the last of the month.
    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        match self {
            Self::Day(day) => day,
            Self::Month(first) => first + Months::new(1) - Days::new(1),
        }
    }

    /// The last day before it.
    fn before(self) -> NaiveDate {
        self.first_day() - Days::new(1)
    }

    fn precision(self) -> Precision {
        match self {
            Self::Day(_) => Precision::Day,
            Self::Month(_) => Precision::Month,
        }
    }

    fn written(self, language: Language) -> String {
        match (self, language) {
            (Self::Day(d), Language::Chinese) => format!("{}年{:02}月{:02}日", d.year(), d.month(), d.day()),
            (Self::Month(d), Language::Chinese) => format!("{}年{:02}月", d.year(), d.month()),
            (Self::Day(d), Language::English) => d.format("%d %b %Y").to_string(),
            (Self::Month(d), Language::English) => d.format("%b %Y").to_string(),
        }
    }
}

impl LabelDate {
    /// A label that says nothing but until when.
    #[must_use]
    pub fn until(point: Point) -> Self {
        Self { says: Says::Until(point), made: None }
    }

    /// Of which kind the label is.
    #[must_use]
    pub fn kind(&self) -> LabelKind {
        match self.says {
            Says::Until(_) => LabelKind::ValidUntil,
            Says::Lapses(_) => LabelKind::ExpiresOn,
            Says::Keeps { .. } => LabelKind::ShelfLife,
        }
    }

    /// To the day, or to the month?
    #[must_use]
    pub fn precision(&self) -> Precision {
        match self.says {
            Says::Until(point) | Says::Lapses(point) | Says::Keeps { made: point, .. } => point.precision(),
        }
    }

    /// The last day on which it is good if the label is taken at its word.
    #[must_use]
    pub fn lenient_last_day(&self) -> NaiveDate {
        match self.says {
            Says::Until(point) => point.last_day(),
            Says::Lapses(point) => point.before(),
            // Art. 23: to the day, the day before the anniversary; to the month, the month before it. A 31st that the month
            // does not have is clamped to its last day first.
            Says::Keeps { made, life } => match life {
                Life::Months(months) => (made.first_day() + Months::new(months)) - Days::new(1),
                Life::Days(days) => made.first_day() + Days::new(days.into()) - Days::new(1),
            },
        }
    }

    /// The last day on which it is good under every reading of the label.
    #[must_use]
    pub fn strict_last_day(&self) -> NaiveDate {
        match self.says {
            Says::Until(point) => point.before(),
            Says::Lapses(point) => point.before(),
            Says::Keeps { made: Point::Day(_), .. } => self.lenient_last_day() - Days::new(1),
            Says::Keeps { made: Point::Month(_), .. } => {
                let last = self.lenient_last_day();
                last.with_day(1).unwrap_or(last) - Days::new(1)
            }
        }
    }

    /// The first day on which it can have been there, where that is printed.
    #[must_use]
    pub fn made_on(&self) -> Option<NaiveDate> {
        match (self.made, self.says) {
            (Some(made), _) | (None, Says::Keeps { made, .. }) => Some(made.first_day()),
            (None, _) => None,
        }
    }

    /// In one form, whatever the form in which it was printed; [`read`] understands it as the same label.
    #[must_use]
    pub fn written(&self, language: Language) -> String {
        let zh = language == Language::Chinese;
        let made = self.made.map(|made| {
            let date = made.written(language);
            if zh { format!("生产日期{date} ") } else { format!("Made {date}, ") }
        });
        let end = match self.says {
            Says::Until(point) => format!("{}{}", if zh { "有效期至" } else { "Use by " }, point.written(language)),
            Says::Lapses(point) => format!("{}{}", if zh { "失效期" } else { "Expired from " }, point.written(language)),
            Says::Keeps { made, life } => {
                let made = made.written(language);
                let life = match life {
                    Life::Months(n) => format!("{n}{}", if zh { "个月" } else { " months" }),
                    Life::Days(n) => format!("{n}{}", if zh { "天" } else { " days" }),
                };
                if zh { format!("生产日期{made} 有效期{life}") } else { format!("Made {made}, shelf life {life}") }
            }
        };
        made.unwrap_or_default() + &end
    }
}

#[cfg(test)]
mod tests;
