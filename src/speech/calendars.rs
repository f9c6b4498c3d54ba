//! What calendars are called.

use super::Words;

/// What a calendar, or an entry of one, is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalendarOf {
    /// Somebody's own bookings.
    Mine,
    /// Something is taken, by whomever.
    Taken,
}

/// Its name.
#[must_use]
pub fn calendar_of(what: CalendarOf) -> Words {
    match what {
        CalendarOf::Mine => Words::new("我的驿站预约", "My Yizhan bookings"),
        CalendarOf::Taken => Words::new("已预约", "Booked"),
    }
}
