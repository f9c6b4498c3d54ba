//! How it sounds: every text that people read, in Chinese first and English second. One message, one line, both languages.

mod booking_notices;
mod booking_refusals;
mod booking_words;
mod calendars;
mod checks;
mod labels;
mod notices;
mod places;

mod problems;
mod queue_words;
mod refusals;
mod rejects;
mod stock_refusals;
mod stock_words;
pub mod texts;
mod units;

use entity::values::Language;

pub use booking_refusals::length;
pub use booking_words::{booking_state, clock_time, day, day_after, lasting, monthly, rhythm, span, weekday, weekly};
pub use calendars::{CalendarOf, calendar_of};
pub use checks::{LINE_HEADS, handling, signatures, transition};
pub use labels::{no_code, question};
pub use notices::notice;
pub use places::{category, distance, opening};

pub use problems::{Problem, problem};
pub use queue_words::why_waiting;
pub use refusals::refusal;
pub use rejects::{Reject, reject};
pub use stock_words::{block, movement};
pub use units::{amount, unit};

use crate::{rules::refusal::Refusal, view::ReasonView};

/// One message in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Words {
    /// From both.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// In one of them.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.zh,
            Language::English => &self.en,
        }
    }
}

/// A note that the house itself has written in both languages, in one text: 中文 / English. What is not written so is the same
/// in both.
#[must_use]
pub fn own_note(text: &str) -> Words {
    match text.split_once(" / ") {
        Some((zh, en)) => Words::new(zh, en),
        None => Words::new(text, text),
    }
}

/// A refusal as it leaves the house.
#[must_use]
pub fn reason(no: &Refusal) -> ReasonView {
    let words = refusal(no);
    ReasonView::new(no, words.zh, words.en)
}

/// A day and time as people say it, in a station's zone: 周三 11月25日 20:00. The end of a day is said as 24:00.
#[must_use]
pub fn day_and_time(instant: chrono::DateTime<chrono::Utc>, zone: chrono_tz::Tz) -> Words {
    use chrono::{Datelike, TimeDelta, Timelike};

    let local = instant.with_timezone(&zone);
    let midnight = local.num_seconds_from_midnight() == 0;
    let shown = if midnight { local - TimeDelta::seconds(1) } else { local };
    let time = if midnight { "24:00".to_owned() } else { format!("{:02}:{:02}", shown.hour(), shown.minute()) };
    let weekday = ["一", "二", "三", "四", "五", "六", "日"][shown.weekday().num_days_from_monday() as usize];
    Words::new(
        format!("周{weekday} {}月{}日 {time}", shown.month(), shown.day()),
        format!("{} {} {time}", shown.weekday(), shown.format("%-d %b")),
    )
}
