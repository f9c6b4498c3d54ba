//! When people may be told something: by day.

use chrono::{DateTime, Days, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

/// Half past eight.
const FROM: (u32, u32) = (8, 30);
/// Nine in the evening.
const UNTIL: (u32, u32) = (21, 0);

/// The next moment between half past eight and nine in the evening of a station, not before an instant.
#[must_use]
pub fn next_waking(at: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    let time = |(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
    let local = at.with_timezone(&zone);
    let day = match local.time() {
        now if now < time(FROM) => local.date_naive(),
        now if now <= time(UNTIL) => return at,
        _ => local.date_naive() + Days::new(1),
    };
    // No zone changes its clocks in the morning.
    zone.from_local_datetime(&day.and_time(time(FROM))).earliest().map_or(at, |morning| morning.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_woken_up() {
        let next = |text: &str| {
            let at: DateTime<Utc> = text.parse().unwrap();
            next_waking(at, chrono_tz::Asia::Shanghai).with_timezone(&chrono_tz::Asia::Shanghai).format("%d %H:%M").to_string()
        };
        assert_eq!(next("2026-11-23T16:05:00Z"), "24 08:30", "five past midnight");
        assert_eq!(next("2026-11-24T00:30:00Z"), "24 08:30");
        assert_eq!(next("2026-11-24T07:11:00Z"), "24 15:11");
        assert_eq!(next("2026-11-24T13:00:00Z"), "24 21:00");
        assert_eq!(next("2026-11-24T13:01:00Z"), "25 08:30");
    }
}
