//! Calendars as other programs read them: RFC 5545, folded and escaped by a library, times in UTC.

use chrono::{DateTime, Utc};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};

/// One entry of a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The same for ever: by it a calendar knows an entry again.
    pub uid: String,
    /// Grows with every change.
    pub sequence: u32,
    /// When it was last changed.
    pub changed_at: DateTime<Utc>,
    /// From.
    pub starts_at: DateTime<Utc>,
    /// Until.
    pub ends_at: DateTime<Utc>,
    /// What.
    pub summary: String,
    /// Where.
    pub place: String,
    /// More about it.
    pub about: Option<String>,
    /// Does it stand?
    pub standing: Standing,
}

/// Does an entry stand?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not yet.
    Tentative,
    /// Yes.
    Firm,
    /// No longer; it is shown as cancelled for a while, so that calendars take it away.
    Off,
}

/// A calendar with its entries.
#[must_use]
pub fn calendar(name: &str, entries: &[Entry]) -> String {
    let mut calendar = Calendar::new();
    calendar.name(name).append_property(Property::new("METHOD", "PUBLISH"));
    calendar.append_property(Property::new("REFRESH-INTERVAL", "PT1H").add_parameter("VALUE", "DURATION").done());
    calendar.append_property(Property::new("X-PUBLISHED-TTL", "PT1H"));
    for entry in entries {
        calendar.push(event(entry));
    }
    calendar.done().to_string()
}

fn event(entry: &Entry) -> Event {
    let mut event = Event::new();
    event
        .uid(&entry.uid)
        .sequence(entry.sequence)
        .timestamp(entry.changed_at)
        .last_modified(entry.changed_at)
        .starts(entry.starts_at)
        .ends(entry.ends_at)
        .summary(&entry.summary)
        .location(&entry.place)
        .status(match entry.standing {
            Standing::Tentative => EventStatus::Tentative,
            Standing::Firm => EventStatus::Confirmed,
            Standing::Off => EventStatus::Cancelled,
        });
    if let Some(about) = &entry.about {
        event.description(about);
    }
    event.done()
}

#[cfg(test)]
mod tests {
    use icalendar::{CalendarDateTime, DatePerhapsTime, parser};

    use super::*;

    #[test]
    fn what_is_written_is_read_back_and_no_line_is_too_long() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        let entry = Entry {
            uid: "0193-booking@yizhan".to_owned(),
            sequence: 3,
            changed_at: at("2026-11-23T02:00:00Z"),
            starts_at: at("2026-11-24T00:00:00Z"),
            ends_at: at("2026-11-24T04:00:00Z"),
            summary: "轮椅，一辆；请带身份证, 谢谢\n第二行".repeat(6),
            place: "连北驿站".to_owned(),
            about: None,
            standing: Standing::Off,
        };
        let text = calendar("我的预约", std::slice::from_ref(&entry));
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        assert!(text.ends_with("END:VCALENDAR\r\n"));
        let read: Calendar = parser::unfold(&text).parse().unwrap();
        let event = read.components[0].as_event().unwrap();
        assert_eq!((event.get_uid(), event.get_sequence()), (Some(entry.uid.as_str()), Some(3)));
        assert_eq!(
            event.get_summary().map(|s| s.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";")),
            Some(entry.summary.clone())
        );
        assert_eq!(event.get_status(), Some(EventStatus::Cancelled));
        assert_eq!(event.get_start(), Some(DatePerhapsTime::DateTime(CalendarDateTime::Utc(entry.starts_at))));
    }
}
