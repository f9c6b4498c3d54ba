//! What is sent to people who have booked: short, what it is about, and what they can do.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{Words, day_and_time};

/// The text of a notice about a booking; `None` for all others.
#[must_use]
pub(super) fn booking_notice(template: &str, params: &Value) -> Option<Words> {
    let thing = params["thing"].as_str().unwrap_or_default();
    let thing_en = params["thing_en"].as_str().unwrap_or(thing);
    let station = params["station"].as_str().unwrap_or_default();
    let at = |name: &str| {
        let instant: Option<DateTime<Utc>> = params[name].as_str().and_then(|text| text.parse().ok());
        instant.map_or_else(|| Words::new("", ""), |instant| day_and_time(instant, chrono_tz::Asia::Shanghai))
    };
    let from = at("starts_at");
    let reason = params["reason"].as_str().filter(|reason| !reason.is_empty());
    let because = Words::new(
        reason.map(|reason| format!("原因：{reason}。")).unwrap_or_default(),
        reason.map(|reason| format!(" Reason: {reason}.")).unwrap_or_default(),
    );
    Some(match template {
        "booking_confirmed" => Words::new(
            format!("【驿站】您在{station}约的{thing}已同意：{}。", from.zh),
            format!("Yizhan: your booking of {thing_en} at {station} is confirmed for {}.", from.en),
        ),
        "booking_rejected" => Words::new(
            format!("【驿站】您在{station}约的{thing}（{}）没有通过。{}", from.zh, because.zh),
            format!("Yizhan: your booking of {thing_en} at {station} for {} was not approved.{}", from.en, because.en),
        ),
        "booking_cancelled" => Words::new(
            format!("【驿站】您在{station}约的{thing}（{}）已取消。{}", from.zh, because.zh),
            format!("Yizhan: your booking of {thing_en} at {station} for {} was cancelled.{}", from.en, because.en),
        ),
        "booking_reminder" => Words::new(
            format!("【驿站】提醒：您约了{station}的{thing}，{} 开始。来不了请取消，让给别人。", from.zh),
            format!("Yizhan: a reminder of {thing_en} at {station}, {}. If you cannot come, please cancel.", from.en),
        ),
        "booking_ready" => Words::new(
            format!("【驿站】您约的{thing}已在{station}备好，{} 来取。", from.zh),
            format!("Yizhan: {thing_en} stands ready for you at {station}, {}.", from.en),
        ),
        "booking_missed" => Words::new(
            format!("【驿站】您约的{thing}（{}）没有来取，已让给别人。下次来不了请提前取消。", from.zh),
            format!(
                "Yizhan: {thing_en} booked for {} was not collected, and is free for others. Please cancel next time.",
                from.en
            ),
        ),
        "booking_at_risk" => Words::new(
            format!("【驿站】您约的{thing}（{}，{station}）可能来不及还回，我们正在想办法。也可以改时间或换驿站。", from.zh),
            format!(
                "Yizhan: {thing_en} at {station} for {} may not be back in time. We are looking for another; you may also change the \
                 time or the station.",
                from.en
            ),
        ),
        "booking_safe" => Words::new(
            format!("【驿站】放心：您约的{thing}（{}，{station}）已经有了。", from.zh),
            format!("Yizhan: all is well, {thing_en} at {station} for {} is there.", from.en),
        ),
        "booking_displaced" if params["first"].as_bool() == Some(false) => Words::new(
            format!("【驿站】很抱歉，您约的{thing}（{}，{station}）没有您的位子了，不计失约。", from.zh),
            format!("Yizhan: we are sorry. There is no place for you at {thing_en}, {station}, {}.", from.en),
        ),
        "booking_displaced" => Words::new(
            format!("【驿站】很抱歉，您约的{thing}（{}，{station}）没有了，不计失约，您排在最前面。", from.zh),
            format!("Yizhan: we are sorry. There is no {thing_en} at {station} for {}. You are first in line.", from.en),
        ),
        "booking_offer" => {
            let until = at("lapses_at");
            Words::new(
                format!("【驿站】轮到您了：{station}的{thing}，{} 起，为您留到 {}，请点开确认。", from.zh, until.zh),
                format!(
                    "Yizhan: it is your turn. {thing_en} at {station} from {}, kept for you until {}. Please confirm.",
                    from.en, until.en
                ),
            )
        }
        "somebody_waits" => Words::new(
            format!("【驿站】您借的{thing}已过归还时间，有居民正在等，请尽快归还。"),
            format!("Yizhan: {thing_en} is overdue, and somebody is waiting for it. Please bring it back."),
        ),
        _ => return None,
    })
}
