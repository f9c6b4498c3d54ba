//! Who waits, as a keeper sees them.

use super::texts;

texts! {
    /// Who waits, as a keeper sees them.
    KeeperQueue {
        Title => "谁在排队", "Who waits in line";
        Help => "有了东西，系统按次序留给下一位并通知，不用您安排。", "When something is free, it is kept for the next in line, who is told. There is nothing to arrange.";
        Nobody => "没有人在排队", "Nobody waits";
        More => "看更早的", "Earlier ones";
        All => "所有在排队的人", "All who wait";
        Position => "第 {} 位", "Number {}";
        TheirTurn => "轮到了", "Their turn";
        HeldUntil => "已经留着，等回答到 {}。", "It is kept for them; they have until {} to answer.";
        FirstCome => "马上开始，还有空位，先到先得。", "It begins very soon, and there is room: first come, first served.";
        PassedOver => "有空的，但不能给这一位：{}", "There is one, but not for them: {}";
        NextBack => "还没有空的，最近一件预计 {} 归还。", "None is free; the next one is due back {}.";
        NoneFree => "还没有空的。", "None is free yet.";
        TakeOut => "替人退出", "Take out of line";
        TakeOutHelp => "本人说不等了再点。为其留着的，会让给下一位。", "Only if they say they wait no longer. What is kept for them goes to the next.";
        TakeOutSure => "退出排队", "Yes, take them out";
        DoneLeft => "退出来了", "They are out of line";
    }
}
