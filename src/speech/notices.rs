//! What is sent to people. Short, calm, and without the name of a thing that tells about somebody's health.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{Words, booking_notices::booking_notice, day_and_time, queue_words::queue_notice};

/// The text of a notice; `None` for a template that is not known.
#[must_use]
pub fn notice(template: &str, params: &Value) -> Option<Words> {
    let text = |name: &str| params[name].as_str().unwrap_or_default().to_owned();
    let when = |name: &str| {
        let instant: Option<DateTime<Utc>> = params[name].as_str().and_then(|t| t.parse().ok());
        instant.map_or_else(|| Words::new("", ""), |instant| day_and_time(instant, chrono_tz::Asia::Shanghai))
    };
    if let Some(words) = booking_notice(template, params).or_else(|| queue_notice(template, params)) {
        return Some(words);
    }
    Some(match template {
        "verification_code" => {
            let code = text("code");
            Words::new(
                format!("【驿站】验证码 {code}，5 分钟内有效。请勿告诉他人；驿站不会向您收费或索要身份证号。"),
                format!("Yizhan: your code is {code}, good for 5 minutes. Tell nobody; we never ask for money or ID numbers."),
            )
        }
        "due_soon" => {
            let (thing, due) = (thing(params), when("due_at"));
            Words::new(
                format!("【驿站】您借的{}请在 {} 前归还。", thing.zh, due.zh),
                format!("Yizhan: please give back {} by {}.", thing.en, due.en),
            )
        }
        "due_now" => {
            let thing = thing(params);
            Words::new(
                format!("【驿站】您借的{}已到归还时间。如已归还，请忽略。", thing.zh),
                format!("Yizhan: {} is due now. If you have given it back, never mind.", thing.en),
            )
        }
        "keeper_asks" => {
            let (thing, station) = (thing(params), text("station"));
            let (zh, en) = match params["contact"].as_str() {
                Some(contact) => (format!("，有困难请拨打 {contact}"), format!(" If that is hard, call {contact}.")),
                None => (String::new(), String::new()),
            };
            Words::new(
                format!("【驿站】{station}的站长提醒：您借的{}早已到期，别人也在等，请尽快归还{zh}。", thing.zh),
                format!("Yizhan: the keeper of {station} asks for {}: it is long overdue, and others wait for it.{en}", thing.en),
            )
        }
        "overdue_digest" => {
            let count = params["count"].as_u64().unwrap_or_default();
            Words::new(
                format!("【驿站】您有 {count} 件物品已过归还时间，方便时请归还到任一驿站。"),
                format!("Yizhan: {count} thing(s) you borrowed are overdue. Please give them back at any station when you can."),
            )
        }
        "expiry_digest" => {
            let (station, count) = (stations(params), params["count"].as_u64().unwrap_or_default());
            Words::new(
                format!("【驿站】{}：今天有 {count} 件药品物资的事要办，请打开待办清单。", station.zh),
                format!("Yizhan: {count} thing(s) in the medicine box of {} need you today. Please open your list.", station.en),
            )
        }
        "expiry_weekly" => weekly(params),
        "expiry_all_well" => {
            let station = stations(params);
            Words::new(
                format!("【驿站】{}：每晚都查过，一切正常。", station.zh),
                format!("Yizhan: {} is checked every night, and all is well.", station.en),
            )
        }
        "expiry_nights_missed" => {
            let (station, nights) = (stations(params), params["nights"].as_u64().unwrap_or_default());
            Words::new(
                format!("【驿站】{}：近一个月有 {nights} 晚没有查到或没有查全，已经补查，请看检查记录。", station.zh),
                format!(
                    "Yizhan: at {}, {nights} night(s) of the last month were missed or not whole. Please look at the records.",
                    station.en
                ),
            )
        }
        "recalled" => {
            let station = stations(params);
            Words::new(
                format!("【驿站】{}：有一批物品被召回，已停发，请今天取出另放，见待办清单。", station.zh),
                format!("Yizhan: a lot at {} is recalled and blocked. Please put it apart today; see your list.", station.en),
            )
        }
        "expiry_escalated" => {
            let (station, count) = (text("station"), params["count"].as_u64().unwrap_or_default());
            Words::new(
                format!("【驿站】{station}有 {count} 件到期物品无人取走，请去看一看或联系管理员。"),
                format!(
                    "Yizhan: at {station}, {count} thing(s) that must go are still on the shelf. Please look, or call its keeper."
                ),
            )
        }
        "hold_cut_off" => {
            let station = text("station");
            Words::new(
                format!("【驿站】{station}为您留存的物品已不能发放，留存取消。请到站另取或询问管理员。"),
                format!(
                    "Yizhan: what {station} had set aside for you may no longer be handed out. Please ask there for another."
                ),
            )
        }
        "suspended" => {
            let until = when("until");
            Words::new(
                format!("【驿站】谢谢归还。因逾期，暂停借用至 {}。", until.zh),
                format!("Yizhan: thank you for giving it back. As it was late, borrowing is paused until {}.", until.en),
            )
        }
        _ => return None,
    })
}

/// The week of a keeper: what ends soon, and what is still open.
fn weekly(params: &Value) -> Words {
    let number = |name: &str| params[name].as_u64().unwrap_or_default();
    let (station, t30, t90, open) = (stations(params), number("t30"), number("t90"), number("open"));
    let (zh, en) = if open == 0 {
        ("今天不用做什么。".to_owned(), "Nothing to do today.".to_owned())
    } else {
        (format!("还有 {open} 件事没有办完。"), format!("{open} thing(s) on your list are still open."))
    };
    Words::new(
        format!("【驿站】{}：30 天内到期 {t30} 批，90 天内到期 {t90} 批。{zh}", station.zh),
        format!("Yizhan: at {}, {t30} lot(s) end within 30 days and {t90} within 90. {en}", station.en),
    )
}

/// The stations a message is about: two by name, more by number.
fn stations(params: &Value) -> Words {
    let names: Vec<&str> = params["stations"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    match names.as_slice() {
        [] => Words::new("您的驿站", "your station"),
        [one] => Words::new(*one, *one),
        [one, two] => Words::new(format!("{one}、{two}"), format!("{one} and {two}")),
        [first, ..] => {
            Words::new(format!("{first}等 {} 个驿站", names.len()), format!("{first} and {} other stations", names.len() - 1))
        }
    }
}

/// What is named: nothing where the kind is sensitive.
fn thing(params: &Value) -> Words {
    match (params["kind"].as_str(), params["kind_en"].as_str()) {
        (Some(zh), en) => Words::new(format!("“{zh}”"), format!("the {}", en.unwrap_or(zh))),
        (None, _) => Words::new("物品", "the thing you borrowed"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sensitive_thing_is_not_named() {
        let named = serde_json::json!({ "kind": "折叠雨伞", "kind_en": "umbrella", "due_at": "2026-11-25T12:00:00Z" });
        assert_eq!(notice("due_soon", &named).unwrap().zh, "【驿站】您借的“折叠雨伞”请在 周三 11月25日 20:00 前归还。");
        let unnamed = serde_json::json!({ "due_at": "2026-11-25T12:00:00Z" });
        assert_eq!(notice("due_soon", &unnamed).unwrap().zh, "【驿站】您借的物品请在 周三 11月25日 20:00 前归还。");
    }
}
