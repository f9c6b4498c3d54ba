//! Opening hours of a week, as a station's row keeps them.

use std::collections::BTreeMap;

use chrono::{NaiveTime, Weekday};
use serde::{Deserialize, Serialize};

/// The hours of a week in local wall time: per weekday a list of sessions `[from, to)`, sorted and apart.
///
/// As JSON: `{"mon": [["08:00", "12:00"], ["13:00", "20:00"]], "tue": …}`. A day that is missing is closed; `24:00` is a
/// valid end. A session past midnight is not: write it as two, on two days.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Week", into = "Week")]
pub struct OpeningHours(BTreeMap<u8, Vec<Session>>);

/// From a minute of the day (0 to 1439) until another one, exclusive (1 to 1440).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    from: u16,
    to: u16,
}

/// Why a week's hours cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadHours {
    /// Not one of `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`.
    #[error("{0:?} is not a weekday; write mon, tue, wed, thu, fri, sat or sun")]
    Weekday(String),
    /// Not `HH:MM` from 00:00 to 24:00.
    #[error("{0:?} is not a time of day; write HH:MM")]
    Time(String),
    /// Ends before it begins.
    #[error("{0}-{1} ends before it begins; write hours past midnight as two sessions on two days")]
    Backwards(String, String),
    /// Two sessions of one day overlap, or are out of order.
    #[error("the sessions of {0} overlap or are out of order")]
    Overlap(String),
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The wire form.
type Week = BTreeMap<String, Vec<(String, String)>>;

impl Session {
    /// The first minute as a time of day.
    #[must_use]
    pub fn from(self) -> NaiveTime {
        time(self.from).unwrap_or_default()
    }

    /// The end as a time of day; `None` for 24:00.
    #[must_use]
    pub fn to(self) -> Option<NaiveTime> {
        time(self.to)
    }
}

fn time(minute: u16) -> Option<NaiveTime> {
    NaiveTime::from_hms_opt(u32::from(minute) / 60, u32::from(minute) % 60, 0)
}

fn minute(text: &str) -> Result<u16, BadHours> {
    let bad = || BadHours::Time(text.to_owned());
    let (hours, minutes) = text.split_once(':').ok_or_else(bad)?;
    let two_digits = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
    if !two_digits(hours) || !two_digits(minutes) {
        return Err(bad());
    }
    let (hours, minutes): (u16, u16) = (hours.parse().map_err(|_| bad())?, minutes.parse().map_err(|_| bad())?);
    if minutes < 60 && hours * 60 + minutes <= 1440 { Ok(hours * 60 + minutes) } else { Err(bad()) }
}

fn clock_face(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

impl OpeningHours {
    /// The sessions of a weekday, in order; none when it is closed.
    #[must_use]
    pub fn on(&self, day: Weekday) -> &[Session] {
        let index = u8::try_from(day.num_days_from_monday()).unwrap_or_default();
        self.0.get(&index).map_or(&[], Vec::as_slice)
    }
}

impl TryFrom<Week> for OpeningHours {
    type Error = BadHours;

    fn try_from(week: Week) -> Result<Self, BadHours> {
        let mut days = BTreeMap::new();
        for (day, sessions) in week {
            let index = DAYS.iter().position(|known| *known == day).ok_or_else(|| BadHours::Weekday(day.clone()))?;
            let mut parsed: Vec<Session> = Vec::with_capacity(sessions.len());
            for (from, to) in sessions {
                let session = Session { from: minute(&from)?, to: minute(&to)? };
                if session.from >= session.to {
                    return Err(BadHours::Backwards(from, to));
                }
                if parsed.last().is_some_and(|before| before.to > session.from) {
                    return Err(BadHours::Overlap(day));
                }
                parsed.push(session);
            }
            if !parsed.is_empty() {
                days.insert(u8::try_from(index).unwrap_or_default(), parsed);
            }
        }
        Ok(Self(days))
    }
}

impl From<OpeningHours> for Week {
    fn from(hours: OpeningHours) -> Self {
        let face = |s: &Session| (clock_face(s.from), clock_face(s.to));
        hours.0.iter().map(|(day, sessions)| (DAYS[usize::from(*day)].to_owned(), sessions.iter().map(face).collect())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<OpeningHours, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn a_week_reads_and_writes_the_same() {
        let json = r#"{"mon":[["08:00","12:00"],["13:00","24:00"]],"sun":[["00:00","00:01"]]}"#;
        let hours = read(json).unwrap();
        assert_eq!(hours.on(Weekday::Mon).len(), 2);
        assert_eq!(hours.on(Weekday::Mon)[1].to(), None);
        assert!(hours.on(Weekday::Tue).is_empty());
        assert_eq!(serde_json::to_value(&hours).unwrap(), serde_json::from_str::<serde_json::Value>(json).unwrap());
    }

    #[test]
    fn hours_that_cannot_be_say_why() {
        for (json, why) in [
            (r#"{"monday":[["08:00","12:00"]]}"#, "weekday"),
            (r#"{"mon":[["8:00","12:00"]]}"#, "time of day"),
            (r#"{"mon":[["08:00","24:01"]]}"#, "time of day"),
            (r#"{"mon":[["+8:00","12:00"]]}"#, "time of day"),
            (r#"{"mon":[["08:60","12:00"]]}"#, "time of day"),
            (r#"{"mon":[["22:00","02:00"]]}"#, "two sessions"),
            (r#"{"mon":[["08:00","08:00"]]}"#, "before it begins"),
            (r#"{"mon":[["08:00","12:00"],["11:00","13:00"]]}"#, "overlap"),
        ] {
            let error = read(json).unwrap_err().to_string();
            assert!(error.contains(why), "{json}: {error}");
        }
    }
}
