//! When somebody who has booked is reminded: the evening before, and two hours before; never in the night.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use entity::booking::Model as Booking;

use super::{calendar::Calendar, waking::next_waking};

/// How long before the beginning the second reminder goes out.
const SOON: TimeDelta = TimeDelta::hours(2);
/// Whoever has booked later than so long before needs no reminder.
const FRESH: TimeDelta = TimeDelta::hours(1);
/// The farthest ahead that any reminder looks.
pub const AHEAD: TimeDelta = TimeDelta::hours(31);

/// A reminder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reminder {
    /// The evening before.
    Evening,
    /// Two hours before.
    Soon,
}

impl Reminder {
    /// A part of its natural key.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Evening => "evening",
            Self::Soon => "soon",
        }
    }
}

/// The reminders whose time has come, with when they may go out. What would come too late for the other, or reaches nobody before
/// the beginning, is left out.
#[must_use]
pub fn due(booking: &Booking, calendar: &Calendar, now: DateTime<Utc>) -> Vec<(Reminder, DateTime<Utc>)> {
    if !booking.state.awaits_collection() || booking.starts_at <= now {
        return Vec::new();
    }
    let soon = next_waking(booking.starts_at - SOON, calendar.zone);
    let evening = calendar.business_date(booking.starts_at).pred_opt();
    let six = NaiveTime::from_hms_opt(18, 0, 0).unwrap_or_default();
    let evening = evening.map(|day| calendar.instant(day, six));
    let fits = |at: DateTime<Utc>, until: DateTime<Utc>| at <= now && now < until && booking.created_at <= at - FRESH;
    let mut reminders = Vec::new();
    // Once the second one is due, the first would be a second one at the same time.
    if let Some(at) = evening.filter(|at| fits(*at, soon)) {
        reminders.push((Reminder::Evening, next_waking(at.max(now), calendar.zone)));
    }
    if fits(soon, booking.starts_at) {
        reminders.push((Reminder::Soon, next_waking(now, calendar.zone)));
    }
    reminders.retain(|(_, at)| *at < booking.starts_at);
    reminders
}
