//! Series, as a keeper makes them.

use super::texts;

texts! {
    /// Series, as a keeper makes them.
    Series {
        Title => "定期活动", "Series";
        Help => "每周的课、每月的义诊、一个团队每周二用的场地：一次排好。", "A weekly class, a monthly clinic, a space that a group has every Tuesday: arranged in one go.";
        New => "新排一个", "A new one";
        NewSession => "定期举办活动，大家报名", "Sessions that people book";
        NewSpace => "替团队定期留场地", "A space for a group";
        All => "排好的", "Those there are";
        More => "看更早的", "Earlier ones";
        Ended => "已结束", "Ended";
        Between => "{} 到 {}", "{} to {}";
        TheirPhone => "联系人的手机号", "The phone number of the group";
        TheirName => "联系人的称呼（第一次来时填）", "Their name (if new here)";
        Purpose => "做什么用", "What for";
        When => "什么时候", "When";
        HowOften => "多久一次", "How often";
        OnDay => "星期几", "On which day";
        From => "从", "From";
        Until => "到", "Until";
        FirstDay => "从哪天起", "From which day";
        LastDay => "到哪天止", "Until which day";
        NotOn => "这些日子不办", "Not on these days";
        More2 => "有不办的日子？还有要说明的？", "Days on which it is not? Something to add?";
        LookFirst => "先看看排得成哪些", "See first which days work";
        LookHelp => "这一步还不会生效。最多排 60 次。", "Nothing is made yet. At most 60 days.";
        PleaseCheck => "请核对", "Please check";
        NothingYet => "还没有生效", "Nothing is made yet";
        DaysMade => "排得成：{} 天", "Days that work: {}";
        NoDay => "一天也没有", "Not one";
        DaysSkipped => "排不成：{} 天", "Days that do not work: {}";
        MakeThem => "就这样，排 {} 天", "Make these {}";
        ChangeIt => "改一改", "Change it";
        DoneMade => "排好了", "It is made";
        DoneDay => "这一天排上了", "That day is made";
        DoneEnded => "结束了，已经通知报名的人", "Ended; those who had booked are told";
        TryAgain => "再试一次", "Try again";
        End => "结束这个定期活动", "End this series";
        EndHelp => "还没有开始的都会取消，已经开始的不变。", "Everything that has not begun is cancelled; what has begun stays.";
        EndWhy => "原因（会告诉报名的人）", "Why (those who have booked are told)";
        EndSure => "确定结束", "Yes, end it";
        BadDays => "日期没看懂，或不可能：第一天不能晚于最后一天，最长两年。", "The days cannot be read, or cannot be: the first is not after the last, and two years is the most.";
        BadHours => "时间没看懂：结束要晚于开始。", "The hours cannot be read: the end is after the beginning.";
        BadPhone => "手机号好像不对，请检查是否 11 位数字。", "This does not look like a mobile number of 11 digits.";
        BadSpace => "请选一个场地。", "Please choose a space.";
    }
}
