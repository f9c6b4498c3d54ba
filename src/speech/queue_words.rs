//! What is said to people who wait.

use serde_json::Value;

use super::{Words, day_and_time, refusal};
use crate::rules::queue::Why;

/// Why somebody waits still: a stable code, and the words.
#[must_use]
pub fn why_waiting(why: &Why) -> (&'static str, Words) {
    use entity::hold::State;
    let at = |instant| day_and_time(instant, chrono_tz::Asia::Shanghai);
    match why {
        Why::YourTurn { until } => {
            let until = at(*until);
            let words = Words::new(
                format!("轮到您了：为您留到 {}，请确认。", until.zh),
                format!("It is your turn. It is kept for you until {}: please confirm.", until.en),
            );
            ("your-turn", words)
        }
        Why::FirstCome => (
            "first-come",
            Words::new("马上开始，还有空位，先到先得。", "It begins very soon, and there is room: first come, first served."),
        ),
        Why::PassedOver(reasons) => {
            let all: Vec<Words> = reasons.iter().map(refusal).collect();
            let zh: String = all.iter().map(|words| words.zh.as_str()).collect();
            let en: Vec<&str> = all.iter().map(|words| words.en.as_str()).collect();
            (
                "passed-over",
                Words::new(
                    format!("有空了，但暂时不能给您：{zh}"),
                    format!("There is one, but not for you yet: {}", en.join(" ")),
                ),
            )
        }
        Why::Behind { ahead, next_return } => {
            let back = next_return.map(at);
            let zh = back
                .as_ref()
                .map_or_else(|| "还不知道什么时候有。".to_owned(), |back| format!("最近一件预计 {} 归还。", back.zh));
            let en = back
                .as_ref()
                .map_or_else(|| "Nobody knows yet when.".to_owned(), |back| format!("The next one is due back {}.", back.en));
            ("behind-others", Words::new(format!("前面还有 {ahead} 位。{zh}"), format!("{ahead} before you. {en}")))
        }
        Why::NoneFree { next_return } => {
            let words = match next_return.map(at) {
                Some(back) => Words::new(
                    format!("您排第一，那个时间还没有空。最近一件预计 {} 归还。", back.zh),
                    format!("You are first in line, and nothing is free for that time. The next one is due back {}.", back.en),
                ),
                None => Words::new(
                    "您排第一，那个时间还没有空。一有空就通知您。",
                    "You are first in line, and nothing is free for that time. We will tell you.",
                ),
            };
            ("none-free", words)
        }
        Why::Over(State::Met) => ("met", Words::new("已经有了，不用再等。", "You have it: no need to wait.")),
        Why::Over(State::Left) => ("left", Words::new("您已退出排队。", "You have left the queue.")),
        Why::Over(State::Missed) => (
            "missed",
            Words::new(
                "两次轮到您都没有确认，已退出排队。",
                "It was your turn twice, and you did not confirm. You are no longer in line.",
            ),
        ),
        Why::Over(_) => ("over", Words::new("时间已过，没有等到。", "The time has passed, and there was none.")),
    }
}

/// The text of a notice to somebody who waits; `None` for all others.
#[must_use]
pub(super) fn queue_notice(template: &str, params: &Value) -> Option<Words> {
    let thing = params["thing"].as_str().unwrap_or_default();
    let thing_en = params["thing_en"].as_str().unwrap_or(thing);
    let station = params["station"].as_str().unwrap_or_default();
    Some(match template {
        "queue_missed" if params["again"].as_bool() == Some(true) => Words::new(
            format!("【驿站】{station}的{thing}为您留过，没有等到确认，已让给下一位。您排到了最后，下次请早点确认。"),
            format!("Yizhan: {thing_en} at {station} was kept for you, and went to the next in line. You are last in line now."),
        ),
        "queue_missed" => Words::new(
            format!("【驿站】{station}的{thing}为您留过，没有等到确认。您已不在排队，需要时请重新排队。"),
            format!(
                "Yizhan: {thing_en} at {station} was kept for you without an answer. You are no longer in line; please join again."
            ),
        ),
        "queue_spare" => Words::new(
            format!("【驿站】{station}的{thing}有空了，马上开始，先到先得。"),
            format!("Yizhan: {thing_en} at {station} is free and begins very soon. First come, first served."),
        ),
        "queue_over" => Words::new(
            format!("【驿站】很抱歉，您等的{thing}（{station}）没有等到，排队已结束。"),
            format!("Yizhan: we are sorry. There was no {thing_en} at {station}; you are no longer in line."),
        ),
        _ => return None,
    })
}
