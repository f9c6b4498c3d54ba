//! How places sound: whether they are open, how far they are, what they are for.

use chrono::{DateTime, Timelike, Utc};
use chrono_tz::Tz;

use super::{Words, day_and_time};

/// Whether a place is open, and when that changes, in its own time.
#[must_use]
pub fn opening(open: bool, until: Option<DateTime<Utc>>, now: DateTime<Utc>, zone: Tz) -> Words {
    let Some(until) = until else {
        return if open { Words::new("全天开放", "Always open") } else { Words::new("暂停开放", "Closed for now") };
    };
    let (today, then) = (now.with_timezone(&zone).date_naive(), until.with_timezone(&zone));
    let midnight = then.num_seconds_from_midnight() == 0;
    let time = if midnight && open { "24:00".to_owned() } else { format!("{:02}:{:02}", then.hour(), then.minute()) };
    let days = (then.date_naive() - today).num_days() - i64::from(midnight && open);
    match (open, days) {
        (true, 0) => Words::new(format!("开放中，到 {time}"), format!("Open until {time}")),
        (false, 0) => Words::new(format!("现在关门，{time} 开门"), format!("Closed now, opens at {time}")),
        (false, 1) => Words::new(format!("现在关门，明天 {time} 开门"), format!("Closed now, opens tomorrow at {time}")),
        _ => {
            let when = day_and_time(until, zone);
            let (zh, en) =
                if open { ("开放中，到", "Open until") } else { ("现在关门，开门时间：", "Closed now, opens") };
            Words::new(format!("{zh}{}", when.zh), format!("{en} {}", when.en))
        }
    }
}

/// A distance as people say it: to ten metres, then to a tenth of a kilometre.
#[must_use]
pub fn distance(metres: u32) -> Words {
    if metres < 995 {
        let round = (metres + 5) / 10 * 10;
        return Words::new(format!("{round} 米"), format!("{round} m"));
    }
    let (km, tenth) = ((metres + 50) / 1_000, (metres + 50) / 100 % 10);
    Words::new(format!("{km}.{tenth} 公里"), format!("{km}.{tenth} km"))
}

/// The name and picture of a category of the catalogue. What is not in it is called "other".
#[must_use]
pub fn category(slug: &str) -> (Words, &'static str) {
    let (zh, en, picture) = match slug {
        "umbrella" | "rain" => ("雨具", "Rain gear", "☂️"),
        "mobility" => ("助行", "Mobility", "🦽"),
        "health" => ("健康", "Health", "🩺"),
        "medicine" => ("药品与敷料", "Medicine and dressings", "💊"),
        "tool" => ("工具", "Tools", "🧰"),
        "light" => ("照明", "Light", "🔦"),
        "power" => ("充电", "Power", "🔋"),
        "reading" => ("阅读", "Reading", "👓"),
        "kitchen" => ("厨房", "Kitchen", "🍲"),
        "sport" => ("运动", "Sport", "🏸"),
        "child" => ("儿童", "Children", "🧸"),
        "book" => ("图书", "Books", "📚"),
        _ => ("其他", "Other", "📦"),
    };
    (Words::new(zh, en), picture)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opening_is_said_in_the_time_of_the_place() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        let now = at("2026-11-23T21:00:00+08:00");
        let say = |open, until: Option<&str>| opening(open, until.map(at), now, chrono_tz::Asia::Shanghai).zh;
        assert_eq!(say(true, None), "全天开放");
        assert_eq!(say(false, None), "暂停开放");
        assert_eq!(say(true, Some("2026-11-24T00:00:00+08:00")), "开放中，到 24:00");
        assert_eq!(say(false, Some("2026-11-23T22:30:00+08:00")), "现在关门，22:30 开门");
        assert_eq!(say(false, Some("2026-11-24T08:00:00+08:00")), "现在关门，明天 08:00 开门");
        assert_eq!(say(false, Some("2026-11-26T08:00:00+08:00")), "现在关门，开门时间：周四 11月26日 08:00");
    }

    #[test]
    fn distances_are_rounded_and_never_said_as_a_thousand_metres() {
        let say = |metres| distance(metres).en;
        assert_eq!([say(0), say(4), say(94), say(994)], ["0 m", "0 m", "90 m", "990 m"].map(str::to_owned));
        assert_eq!([say(995), say(1_449), say(12_345)], ["1.0 km", "1.4 km", "12.3 km"].map(str::to_owned));
    }
}
