//! The queue, as residents see it.

use super::texts;

texts! {
    /// The queue, as residents see it.
    Queue {
        Title => "排队", "In line";
        WaitFor => "排队等：{}", "Wait for: {}";
        WaitForThis => "排队等这个时间", "Wait in line for this time";
        WaitForNext => "现在没有？排队等下一个", "None right now? Wait for the next one";
        WaitHere => "排队等一个", "Wait for one in line";
        TakenTimes => "想要的时间没有？排队等", "Your time is taken? Wait for it";
        TakenHelp => "这些时间已经约满。点一个，有人让出来就轮到您。", "These are taken. Choose one: if somebody gives it up, it is your turn.";
        OrWait => "约或排队", "book or wait";
        Where => "在哪里等？", "Where will you wait?";
        OnlyHere => "只等{}", "Only at {}";
        AlsoNear => "附近的也行，哪里先有去哪里", "Nearby too, wherever there is one first";
        Soonest => "越快越好", "As soon as possible";
        GiveOrTake => "{}，早晚 {} 也行", "{}, give or take {}";
        HowExact => "差一点行不行？", "Would a little earlier or later do?";
        Exactly => "只要这个时间", "Only this time";
        AnHour => "早晚 1 小时也行", "An hour earlier or later will do";
        ThreeHours => "早晚 3 小时也行", "Three hours earlier or later will do";
        NobodyWaits => "现在没有人在排队，您是第一位。", "Nobody is in line: you would be the first.";
        SomeWait => "现在有 {} 位在排队。", "{} in line now.";
        Join => "开始排队", "Join the line";
        SignInFirst => "登录后排队", "Sign in to wait";
        HowItGoes => "怎么排", "How it works";
        WeTell => "轮到您，我们发消息，并为您留一段时间，最多 2 小时。", "When it is your turn, we tell you and keep it for you, two hours at most.";
        SayYes => "收到消息后点“要”，才算约好。两次没有回答，就不再排了。", "Then tap Yes, or it goes to the next. After two times without an answer you are out of the line.";
        NoEnd => "排到有为止，随时可以退出。", "You wait until there is one. You can leave at any time.";
        UntilThen => "到 {} 还没有等到，排队自动结束。", "If there is none by {}, the waiting ends by itself.";
        ElderFirst => "看病、行动不便和老年人优先。", "Those who see a doctor, who walk with difficulty or who are old come first.";
        ToMine => "看我的排队", "See where I am in line";

        Mine => "正在排队", "Waiting in line";
        Position => "第 {} 位", "Number {} in line";
        YourTurn => "轮到您了", "It is your turn";
        Met => "已经有了", "You have it";
        Ended => "不再排队", "No longer in line";
        DoneJoined => "排上了", "You are in line";
        DoneLeft => "退出来了", "You have left the line";
        WhyStill => "为什么还在等", "Why you are still waiting";
        For => "想要", "Wanted";
        At => "在哪里", "Where";
        Since => "从 {} 开始排", "In line since {}";
        KeptUntil => "为您留到", "Kept for you until";
        TakeIt => "要，给我留着", "Yes, keep it for me";
        LetGo => "不要了，让给下一位", "No, let the next one have it";
        LetGoHelp => "让给下一位以后，您就不在队里了。", "Then it is the next one's, and you are no longer in line.";
        LetGoSure => "确定不要", "Yes, let it go";
        Leave => "不等了", "Stop waiting";
        LeaveHelp => "退出以后再排，要从最后排起。", "If you join again, you start at the end.";
        LeaveSure => "确定退出", "Yes, leave the line";
        BookItNow => "现在去约", "Book it now";
        Again => "再排一次", "Wait again";
    }
}
