//! Points in time, as they stand in registers.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

/// A point in time: with an offset (RFC 3339), or as people write it, in the station's zone.
pub(super) fn instant(text: &str, zone: Tz) -> Option<DateTime<Utc>> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Some(instant.with_timezone(&Utc));
    }
    let formats = [
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%d %H:%M",
        "%Y/%m/%d %H:%M:%S",
        "%Y/%m/%d %H:%M",
        "%Y.%m.%d %H:%M",
        "%Y-%m-%dT%H:%M:%S",
        "%Y年%m月%d日 %H:%M",
        "%Y年%m月%d日%H:%M",
    ];
    let local = formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())?;
    zone.from_local_datetime(&local).earliest().map(|local| local.with_timezone(&Utc))
}

/// As [`instant`]; a day alone is its beginning.
pub(super) fn instant_or_day(text: &str, zone: Tz) -> Option<DateTime<Utc>> {
    let formats = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"];
    instant(text, zone).or_else(|| {
        let day = formats.iter().find_map(|format| NaiveDate::parse_from_str(text, format).ok())?;
        zone.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest().map(|local| local.with_timezone(&Utc))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_people_write_it_in_the_stations_zone() {
        let zone = chrono_tz::Asia::Shanghai;
        let eight: DateTime<Utc> = "2014-01-01T00:14:00Z".parse().unwrap();
        for text in
            ["2014-01-01T00:14:00Z", "2014-01-01T08:14:00+08:00", "2014-01-01 08:14", "2014/1/1 08:14", "2014-01-01 08:14:00"]
        {
            assert_eq!(instant(text, zone), Some(eight), "{text}");
        }
        for text in ["2014年1月1日 8:14", "2014.1.1 8:14"] {
            assert_eq!(instant(text, zone), Some(eight), "{text}");
        }
        let midnight: DateTime<Utc> = "2013-12-31T16:00:00Z".parse().unwrap();
        for text in ["2014-01-01", "2014/1/1", "2014年1月1日", "2014.01.01"] {
            assert_eq!(instant_or_day(text, zone), Some(midnight), "{text}");
        }
        assert_eq!(instant_or_day("2014-01-01 08:14", zone), Some(eight));
        for text in ["", "2014-02-30 08:14", "2014-01-01", "08:14", "1 January 2014", "2014-01-01 25:00"] {
            assert_eq!(instant(text, zone), None, "{text}");
        }
    }
}
