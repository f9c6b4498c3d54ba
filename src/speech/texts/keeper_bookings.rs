//! Bookings, as a keeper sees them.

use super::texts;

texts! {
    /// Bookings, as a keeper sees them.
    KeeperBookings {
        Title => "预约", "Bookings";
        Help => "今天明天谁来取、等您同意的、冲突", "Who comes today and tomorrow, what waits for your yes";
        TodayLine => "预约：{} 个今明要取，{} 个等您同意", "Bookings: {} to come today and tomorrow, {} wait for your yes";
        Today => "今天", "Today";
        Tomorrow => "明天", "Tomorrow";
        NobodyComes => "没有人要来取", "Nobody comes";
        Approvals => "等您同意", "Waiting for your yes";
        Conflicts => "有冲突，请处理", "Conflicts to be solved";
        ShortBy => "{} 起少 {} 个", "From {} on, {} short";
        AtRisk => "可能没有东西给这位", "There may be nothing for them";
        Ready => "备好", "Put aside";
        ReadyAgain => "重新备", "Put aside again";
        CheckIn => "签到", "Check in";
        Open => "查看", "Look";
        Yes => "同意", "Yes";
        No => "不同意", "No";
        WhyNot => "为什么不同意（会告诉对方）", "Why not (they are told)";
        BookFor => "替居民预约", "Book for somebody";
        Day => "一天的安排", "The day at a glance";
        Missed => "约了没来", "Missed bookings";
        NoneMissed => "没有", "None";
        Pardon => "免除", "Forgive";
        Pardoned => "已免除", "Forgiven";
        PardonHelp => "免除后不再计入失约次数。", "What is forgiven no longer counts towards a pause.";
        SpacesWay => "场地", "Spaces";
        SessionsWay => "活动场次", "Sessions";
        OutagesWay => "停用", "Out of use";
        TermsWay => "预约规则", "Terms of booking";
        DoneReady => "备好了，已通知", "Put aside; they are told";
        DoneHere => "签到好了", "Checked in";
        DoneCancelled => "取消了，已通知", "Cancelled; they are told";
        DoneDecided => "处理好了，已通知", "Decided; they are told";
        DonePardoned => "已免除", "Forgiven";
        DoneBooked => "约好了", "Booked";
        Who => "预约人", "Who";
        When => "时间", "When";
        State => "状态", "State";
        For => "用途", "What for";
        OverrideWas => "破例原因", "Rule set aside because";
        StandsReady => "已备好：{}", "Put aside: {}";
        ScanThem => "扫要备的东西，或输入编号（{} 个）", "Scan what you put aside, or type the codes ({})";
        ScanLive => "📷 扫码", "📷 Scan";
        ManyHelp => "几个编号用空格隔开。备好以后，这几件不会借给别人。", "Separate several codes by spaces. What is put aside is lent to nobody else.";
        Cancel => "取消这个预约", "Cancel this booking";
        CancelWhy => "原因（会告诉对方）", "Why (they are told)";
        CancelSure => "取消并通知", "Cancel and tell them";
        ChangeTime => "改时间", "Change the time";
        ByScan => "东西由居民自己扫码领走；没带手机的，在“柜台”借给他。", "They collect it by scanning; for somebody without a phone, lend it at the counter.";
        WrongCode => "编号没找到，或不是这种东西，或数量不对。", "A code is not known, of another kind, or the number is wrong.";
        DayBefore => "前一天", "The day before";
        DayAfter => "后一天", "The day after";
        PlotLabel => "{} 各项的占用", "What is occupied on {}";
        Legend => "绿：占了一部分　黄：占满　红：不够", "Green: partly taken. Amber: full. Red: short.";
        What => "什么", "What";
        Free => "空 / 共", "Free / all";
        AllFree => "整天有空", "Free all day";
        NothingOnDay => "这一天没有预约", "No bookings that day";
        Nothing => "还没有可以预约的东西", "Nothing can be booked yet";
        BookingsOfDay => "预约", "Bookings";
        Spells => "空闲情况", "What is free";
    }
}
