//! How a "no" sounds. It says what is the case and, where there is one, the way out; it never blames.

use chrono::{DateTime, Utc};
use entity::{item::Lifecycle, kind::Identity};

use super::{Words, booking_refusals::booking_refusal, day_and_time, stock_refusals::stock_refusal};
use crate::rules::refusal::Refusal;

/// The text of a refusal. Times are said in the nation's zone.
#[must_use]
pub fn refusal(no: &Refusal) -> Words {
    match no {
        Refusal::ItemOut { due_at } => {
            said_at(*due_at, "这件物品已借出，预计 {} 前归还。", "Somebody has it. It should be back by {}.")
        }
        Refusal::ItemNotInService { lifecycle } => not_in_service(*lifecycle),
        Refusal::KindNotLent => Words::new("这是取用的物品，不用借还。", "This is taken, not borrowed."),
        Refusal::KindRetired => Words::new("这类物品已停止出借。", "Things of this kind are no longer lent."),
        Refusal::StationClosedDown => Words::new("这个驿站已停用。", "This station has been given up."),
        Refusal::IdentityNeeded { needed } => identity_needed(*needed),
        Refusal::MemberSuspended { until, reason } => suspended(*until, reason),
        Refusal::LimitReached { limit } => Words::new(
            format!("您手上已有 {limit} 件物品，归还一件后就可以再借。"),
            format!("You have {limit} things already. Give one back to borrow another."),
        ),
        Refusal::KindLimitReached { limit } => Words::new(
            format!("您手上已有 {limit} 件同类物品，归还一件后就可以再借。"),
            format!("You have {limit} of this kind already. Give one back to borrow another."),
        ),
        Refusal::MemberErased => Words::new("这位居民的资料已删除。", "This member's record has been erased."),
        Refusal::LoanClosed => Words::new("这件物品已经归还。", "It has been given back already."),
        Refusal::LoanDisputed => Words::new(
            "这件物品已登记为遗失或已还，请联系站长。",
            "It was reported lost or as given back. Please talk to the keeper.",
        ),
        Refusal::NoRenewalsLeft { allowed } => Words::new(
            format!("最多续借 {allowed} 次，已经用完。"),
            format!("It may be renewed {allowed} time(s), and has been."),
        ),
        Refusal::NotLater { due_at } => {
            said_at(*due_at, "现在续借不会更晚：归还时间已是 {}。", "Renewing now would win nothing: it is due on {}.")
        }
        Refusal::ItemStillOut => Words::new("还有物品没有归还，请先归还。", "Something is still out. It must come back first."),
        Refusal::ItemNotOut => Words::new("这件物品没有借出。", "It is not out."),
        Refusal::ItemRetired => Words::new("这件物品已报废。", "It has been retired."),
        Refusal::Taken { field } => {
            Words::new(format!("“{field}”已被使用，请换一个。"), format!("This {field} is taken. Choose another."))
        }
        Refusal::StickerInUse => Words::new("这张二维码贴已经用在别处。", "This sticker sticks on something else already."),
        Refusal::StickerRetired => Words::new("这张二维码贴已作废。", "This sticker was given up."),
        Refusal::KindCountedInLots => {
            Words::new("这类物品按批次登记，不编号。", "Things of this kind are counted in lots, not numbered.")
        }
        Refusal::AlreadySetUp => Words::new("已经设置过管理员。", "There is an admin already."),
        Refusal::WrongCode => {
            Words::new("验证码不对或已失效，请重新获取。", "This code is wrong or no longer good. Ask for a new one.")
        }
        Refusal::WrongCredentials => Words::new("手机号或密码不对。", "Phone number and password do not fit."),
        Refusal::TooManyCodes { retry_at } => {
            said_at(*retry_at, "验证码发送太频繁，请在 {} 后再试。", "Too many codes. Try again after {}.")
        }
        Refusal::RoleHeld => Words::new("这位成员已有这个角色。", "This member has this role already."),
        Refusal::LastAdmin => Words::new("不能移除最后一位管理员。", "The last admin cannot be taken away."),
        Refusal::BlockOver => Words::new("停借已经解除。", "This suspension has been lifted already."),
        Refusal::TicketClosed => Words::new("这张问题单已经处理完了。", "This ticket is closed already."),
        Refusal::TicketStillOpen => Words::new(
            "请先处理问题单：写明结果后，这项待办会自动完成。",
            "Please close the ticket: once its outcome is written down, this task is done.",
        ),
        Refusal::TaskDone => Words::new("这项待办已经完成。", "This task is done already."),
        Refusal::TwoLengths => {
            Words::new("借期只能按分钟或按天填一种。", "Give the loan length in minutes or in days, not both.")
        }
        Refusal::LimitNeedsAllKinds => {
            Words::new("总数上限不能只针对一类物品。", "A limit over all kinds cannot be set for one kind.")
        }
        Refusal::KindInUse => {
            Words::new("已有这类物品，不能改变计数方式。", "There are things of this kind: it cannot be counted otherwise.")
        }
        Refusal::InspectionDue { last_day: Some(last) } => Words::new(
            format!("检定或巡检已到期（{last}），请先检查再出借。"),
            format!("Its inspection was good until {last}. It must be inspected before it is lent."),
        ),
        Refusal::InspectionDue { last_day: None } => {
            Words::new("还没有检定或巡检，请先检查再出借。", "It must be inspected before it is lent.")
        }
        other => booking_refusal(other).unwrap_or_else(|| stock_refusal(other)),
    }
}

fn said_at(instant: DateTime<Utc>, zh: &str, en: &str) -> Words {
    let when = day_and_time(instant, chrono_tz::Asia::Shanghai);
    Words::new(zh.replace("{}", &when.zh), en.replace("{}", &when.en))
}

fn not_in_service(lifecycle: Lifecycle) -> Words {
    match lifecycle {
        Lifecycle::Pending => Words::new("这件物品还没有启用。", "It is not in service yet."),
        Lifecycle::Active => Words::new("这件物品可用。", "It is in service."),
        Lifecycle::Maintenance => Words::new("这件物品正在维修或清洁。", "It is being repaired or cleaned."),
        Lifecycle::Missing => Words::new(
            "这件物品登记为遗失。如果就在您手边，请点“归还”。",
            "It is written down as missing. If you have it, please give it back.",
        ),
        Lifecycle::Retired => Words::new("这件物品已报废，不再出借。", "It has been retired and is no longer lent."),
    }
}

fn identity_needed(needed: Identity) -> Words {
    match needed {
        Identity::Anonymous | Identity::Phone => {
            Words::new("借这件物品请填写手机号。", "To borrow this, please give a phone number.")
        }
        Identity::Verified => Words::new(
            "借这件物品需要用手机验证码登录一次。",
            "To borrow this, please sign in once with a code sent to your phone.",
        ),
        Identity::Approved => Words::new(
            "借这件物品需要站长同意，请联系站长。",
            "To borrow this, a keeper must have approved you. Please talk to the keeper.",
        ),
    }
}

fn suspended(until: Option<DateTime<Utc>>, reason: &str) -> Words {
    // What the house has written is in both languages.
    let reason = super::own_note(reason);
    match until {
        Some(until) => {
            let when = day_and_time(until, chrono_tz::Asia::Shanghai);
            Words::new(
                format!("暂停借用至 {}（{}）。归还不受影响。", when.zh, reason.zh),
                format!("Borrowing is paused until {} ({}). Giving back is always possible.", when.en, reason.en),
            )
        }
        None => Words::new(
            format!("暂停借用（{}），请联系站长。归还不受影响。", reason.zh),
            format!("Borrowing is paused ({}). Please talk to the keeper. Giving back is always possible.", reason.en),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_is_said_in_both_languages_and_ends_like_a_sentence() {
        for no in Refusal::samples() {
            let words = refusal(&no);
            assert!(words.zh.ends_with('。') && !words.zh.contains('{'), "{no:?}: {}", words.zh);
            // What people wrote is said as they wrote it.
            let own_words = ["对乙酰氨基酚", "逾期 2 天归还"].iter().fold(words.en.clone(), |en, name| en.replace(name, ""));
            assert!(words.en.ends_with('.') && own_words.is_ascii(), "{no:?}: {}", words.en);
            assert!(!words.zh.is_ascii(), "{no:?}: {}", words.zh);
        }
    }

    #[test]
    fn the_end_of_a_day_is_said_as_twenty_four_hours() {
        let midnight = "2026-11-25T16:00:00Z".parse().unwrap();
        assert_eq!(day_and_time(midnight, chrono_tz::Asia::Shanghai), Words::new("周三 11月25日 24:00", "Wed 25 Nov 24:00"));
        let evening = "2026-11-25T12:00:00Z".parse().unwrap();
        assert_eq!(day_and_time(evening, chrono_tz::Asia::Shanghai), Words::new("周三 11月25日 20:00", "Wed 25 Nov 20:00"));
    }
}
