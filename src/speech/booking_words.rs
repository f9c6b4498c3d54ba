//! Bookings in words: how far one is, from when until when.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike, Utc, Weekday};
use chrono_tz::Tz;
use entity::{booking::State, series::Every};

use super::{Words, day_and_time, length};

/// How far a booking is.
#[must_use]
pub fn booking_state(state: State) -> Words {
    let (zh, en) = match state {
        State::Held => ("等您确认", "Held for you: please confirm"),
        State::Pending => ("等站长同意", "The keeper has to say yes"),
        State::Confirmed => ("约好了", "Booked"),
        State::AtRisk => ("可能没有了，站长正在想办法", "At risk: the keeper is looking for a way"),
        State::Ready => ("备好了，等您来", "Ready for you"),
        State::Collected => ("正在用", "In use"),
        State::Ended => ("用完了", "Over"),
        State::Cancelled => ("已取消", "Cancelled"),
        State::Rejected => ("站长没有同意", "The keeper said no"),
        State::Expired => ("没有及时确认，已失效", "Not confirmed in time"),
        State::NoShow => ("没有来", "Nobody came"),
        State::Displaced => ("没有轮到，不是您的原因", "There was none left; not your fault"),
    };
    Words::new(zh, en)
}

/// A day: 周三 11月25日.
#[must_use]
pub fn day(date: NaiveDate) -> Words {
    let weekday = ["一", "二", "三", "四", "五", "六", "日"][date.weekday().num_days_from_monday() as usize];
    Words::new(format!("周{weekday} {}月{}日", date.month(), date.day()), format!("{} {}", date.weekday(), date.format("%-d %b")))
}

/// A day of the week: 周二.
#[must_use]
pub fn weekday(day: Weekday) -> Words {
    let zh = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"][day.num_days_from_monday() as usize];
    let en = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][day.num_days_from_monday() as usize];
    Words::new(zh, en)
}

/// In every so-manieth week.
#[must_use]
pub fn weekly(every: u32) -> Words {
    match every {
        1 => Words::new("每周", "every week"),
        2 => Words::new("每两周", "every other week"),
        every => Words::new(format!("每 {every} 周"), format!("every {every} weeks")),
    }
}

/// Once a month: on the first such day, or on the last.
#[must_use]
pub fn monthly(nth: i8) -> Words {
    match nth {
        1 => Words::new("每月第一个", "the first one of the month"),
        2 => Words::new("每月第二个", "the second one of the month"),
        3 => Words::new("每月第三个", "the third one of the month"),
        4 => Words::new("每月第四个", "the fourth one of the month"),
        _ => Words::new("每月最后一个", "the last one of the month"),
    }
}

/// A rhythm: 每周 周二, or 每月第一个 周六.
#[must_use]
pub fn rhythm(every: &Every) -> Words {
    let all = |on: &[Weekday]| {
        let days: Vec<Words> = on.iter().map(|day| weekday(*day)).collect();
        let join = |of: fn(&Words) -> &str, by| days.iter().map(of).collect::<Vec<_>>().join(by);
        (join(|day| &day.zh, "、"), join(|day| &day.en, ", "))
    };
    let (often, (zh, en)) = match every {
        Every::Weeks { every, on } => (weekly(*every), all(on)),
        Every::Month { nth, weekday } => (monthly(*nth), all(&[*weekday])),
    };
    Words::new(format!("{}{zh}", often.zh), format!("{en}, {}", often.en))
}

/// A day as seen from another one: today and tomorrow have names of their own.
#[must_use]
pub fn day_after(date: NaiveDate, today: NaiveDate) -> Words {
    match (date - today).num_days() {
        0 => Words::new("今天", "Today"),
        1 => Words::new("明天", "Tomorrow"),
        2 => Words::new("后天", format!("{}", date.weekday())),
        _ => Words::new(day(date).zh.split(' ').next().unwrap_or_default(), format!("{}", date.weekday())),
    }
}

/// A time of day; the end of a day is 24:00.
#[must_use]
pub fn clock_time(instant: DateTime<Utc>, zone: Tz, ends: bool) -> String {
    let local = instant.with_timezone(&zone);
    if ends && local.num_seconds_from_midnight() == 0 {
        return "24:00".to_owned();
    }
    local.format("%H:%M").to_string()
}

/// From when until when: 周三 11月25日 08:00–12:00, or both days where they differ.
#[must_use]
pub fn span(from: DateTime<Utc>, to: DateTime<Utc>, zone: Tz) -> Words {
    let (first, last) = (from.with_timezone(&zone).date_naive(), (to - TimeDelta::seconds(1)).with_timezone(&zone).date_naive());
    let (begins, ends) = (clock_time(from, zone, false), clock_time(to, zone, true));
    if first == last {
        let day = day(first);
        // A word joiner keeps the hours on one line.
        let hours = format!("{begins}–\u{2060}{ends}");
        return Words::new(format!("{} {hours}", day.zh), format!("{} {hours}", day.en));
    }
    let (day, until) = (day(first), day_and_time(to, zone));
    Words::new(format!("{} {begins} 到 {}", day.zh, until.zh), format!("{} {begins} to {}", day.en, until.en))
}

/// How long it lasts: 4 小时.
#[must_use]
pub fn lasting(from: DateTime<Utc>, to: DateTime<Utc>) -> Words {
    let words = length(u32::try_from((to - from).num_minutes()).unwrap_or_default());
    Words::new(words.zh.trim(), words.en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_said_once_where_it_lies_on_one_day() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        let zone = chrono_tz::Asia::Shanghai;
        let said = |from: &str, to: &str| span(at(from), at(to), zone);
        assert_eq!(said("2026-11-25T08:00:00+08:00", "2026-11-25T12:00:00+08:00").zh, "周三 11月25日 08:00–\u{2060}12:00");
        assert_eq!(said("2026-11-25T18:00:00+08:00", "2026-11-26T00:00:00+08:00").zh, "周三 11月25日 18:00–\u{2060}24:00");
        assert_eq!(said("2026-11-25T18:00:00+08:00", "2026-11-26T09:00:00+08:00").en, "Wed 25 Nov 18:00 to Thu 26 Nov 09:00");
        let today: NaiveDate = "2026-11-25".parse().unwrap();
        assert_eq!(day_after(today.succ_opt().unwrap(), today).zh, "明天");
        assert_eq!(day_after("2026-11-29".parse().unwrap(), today), Words::new("周日", "Sun"));
    }
}
