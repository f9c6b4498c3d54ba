//! How a "no" to a booking sounds.

use chrono::{DateTime, Utc};

use super::{Words, day_and_time};
use crate::rules::refusal::{Free, Limit, Per, Refusal};

/// The text of a refusal that is about time that is promised; `None` for all others.
#[must_use]
pub fn booking_refusal(no: &Refusal) -> Option<Words> {
    Some(match no {
        Refusal::NotBookable => Words::new("这个不能预约，请直接来借。", "This is not booked ahead. Please just come."),
        Refusal::TooManyUnits { most } => {
            Words::new(format!("一次最多预约 {most} 个。"), format!("At most {most} can be booked at once."))
        }
        Refusal::TooSoon { earliest } => at(*earliest, "开始时间太早：最早 {}。", "That is too soon: {} is the earliest."),
        Refusal::TooFarAhead { latest } => at(*latest, "开始时间太远：最晚 {}。", "That is too far ahead: {} is the latest."),
        Refusal::TooShort { least_minutes } => {
            let least = length(*least_minutes);
            Words::new(format!("时间太短，至少{}。", least.zh), format!("That is too short: at least {}.", least.en))
        }
        Refusal::TooLong { most_minutes } => {
            let most = length(*most_minutes);
            Words::new(format!("时间太长，最多{}。", most.zh), format!("That is too long: at most {}.", most.en))
        }
        Refusal::OffGrid { grid_minutes } => Words::new(
            format!("开始和结束要在每 {grid_minutes} 分钟的整点上。"),
            format!("It must begin and end at a multiple of {grid_minutes} minutes."),
        ),
        Refusal::ClosedThen => Words::new("那个时间驿站不开放。", "The station is closed then."),
        Refusal::BookingPaused { until, missed } => {
            let until = day_and_time(*until, chrono_tz::Asia::Shanghai);
            Words::new(
                format!("近来有 {missed} 次约了没来，{} 后可以再预约；现场借用不受影响。", until.zh),
                format!(
                    "{missed} bookings were not collected. You can book again after {}; borrowing on the spot is open.",
                    until.en
                ),
            )
        }
        Refusal::QuotaReached { limit, per, most } => quota(*limit, *per, *most),
        Refusal::ChainedBooking { pause_minutes, .. } => {
            let pause = length(*pause_minutes);
            Words::new(
                format!("两次预约之间请至少隔{}，让别人也有机会。", pause.zh),
                format!("Please leave at least {} between two bookings, so that others have a turn.", pause.en),
            )
        }
        Refusal::NoneFree { free } => none_free(free),
        Refusal::AlreadyBooked => Words::new("您已经约过了。", "You have booked this already."),
        Refusal::SetAside { from } => {
            at(*from, "这一件已为 {} 的预约留好，请拿另一件。", "This one is kept ready for somebody at {}. Please take another.")
        }
        Refusal::BookedSoon { from, free_from } => booked_soon(*from, *free_from),
        Refusal::KeptForBooking { from } => at(
            *from,
            "架上的要留给 {} 的预约，请改时间或到附近驿站。",
            "What is on the shelf is kept for a booking at {}. Please come later, or try the next station.",
        ),
        Refusal::BookingOver => Words::new("这个预约已经结束。", "This booking is over."),
        Refusal::CancelTooLate { until } => {
            at(*until, "{} 之前才能自己取消，请联系站长。", "It could be cancelled until {}. Please talk to the keeper.")
        }
        Refusal::NotYetOpen { opens_at } => {
            at(*opens_at, "还没到时间，{} 起可以签到。", "It is too early: you can check in from {}.")
        }
        Refusal::NotPending => Words::new("这个预约不需要审批，或已经处理过。", "This booking waits for no approval."),
        Refusal::CollectByScan => Words::new("请扫物品上的二维码领取。", "Please scan the sticker on the thing itself."),
        Refusal::NotCollected => Words::new("还没有签到。", "Nobody has checked in."),
        Refusal::NothingToPardon => Words::new("没有需要免除的失约。", "There is no missed booking to forgive."),
        Refusal::OccasionOver => Words::new("这一场已经结束或取消。", "This session is over, or was called off."),
        Refusal::SpaceRetired => Words::new("这个场地已停用。", "This space is no longer booked."),
        Refusal::HasBookings => Words::new("还有预约没有结束。", "There are bookings from it still."),
        Refusal::NotOnShelf => {
            Words::new("这一件不在架上，或已留给别人。", "This one is not on the shelf, or is kept for somebody else.")
        }
        Refusal::AlreadyWaiting => Words::new("您已经在排队了。", "You are in line for it already."),
        Refusal::TooManyWaits { most } => {
            Words::new(format!("最多同时排 {most} 个队。"), format!("You may be in line for {most} things at once."))
        }
        _ => return None,
    })
}

fn at(instant: DateTime<Utc>, zh: &str, en: &str) -> Words {
    let when = day_and_time(instant, chrono_tz::Asia::Shanghai);
    Words::new(zh.replace("{}", &when.zh), en.replace("{}", &when.en))
}

/// A length of time in the largest whole unit.
#[must_use]
pub fn length(minutes: u32) -> Words {
    match minutes {
        0 => Words::new("0 分钟", "0 minutes"),
        days if days % 1_440 == 0 => counted(days / 1_440, "天", "day"),
        hours if hours % 60 == 0 => counted(hours / 60, "小时", "hour"),
        minutes => counted(minutes, "分钟", "minute"),
    }
}

fn counted(n: u32, zh: &str, en: &str) -> Words {
    Words::new(format!(" {n} {zh}"), format!("{n} {en}{}", if n == 1 { "" } else { "s" }))
}

fn quota(limit: Limit, per: Per, most: u32) -> Words {
    let time = match per {
        Per::AtOnce => Words::new("同时", "at once"),
        Per::Day => Words::new("每天", "a day"),
        Per::Week => Words::new("每周", "a week"),
        Per::Month => Words::new("每月", "a month"),
    };
    match limit {
        Limit::Bookings => Words::new(
            format!("每人{}最多约 {most} 次，已经约满。", time.zh),
            format!("One person may have {most} booking(s) {}, and you have.", time.en),
        ),
        Limit::Minutes => {
            let most = length(most);
            Words::new(
                format!("每人{}最多约{}，这次会超过。", time.zh, most.zh),
                format!("One person may book {} {}; this would be more.", most.en, time.en),
            )
        }
    }
}

fn none_free(free: &[Free]) -> Words {
    let Some(first) = free.first() else {
        return Words::new("那个时间已经约满，前后几天也没有空。", "Everything is booked then, and in the days around it.");
    };
    let (from, to) = (day_and_time(first.from, chrono_tz::Asia::Shanghai), day_and_time(first.to, chrono_tz::Asia::Shanghai));
    Words::new(
        format!("那个时间已经约满。有空的时间：{} 到 {}。", from.zh, to.zh),
        format!("Everything is booked then. Free: {} to {}.", from.en, to.en),
    )
}

fn booked_soon(from: DateTime<Utc>, free_from: Option<DateTime<Utc>>) -> Words {
    let from = day_and_time(from, chrono_tz::Asia::Shanghai);
    match free_from.map(|at| day_and_time(at, chrono_tz::Asia::Shanghai)) {
        Some(again) => Words::new(
            format!("{} 起已全部约出，{} 后可以借。", from.zh, again.zh),
            format!("All of them are booked from {}. You can borrow one from {}.", from.en, again.en),
        ),
        None => Words::new(format!("{} 起已全部约出。", from.zh), format!("All of them are booked from {}.", from.en)),
    }
}
