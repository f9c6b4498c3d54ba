//! Reporting a fault of a thing, or something about a station; and tickets, as keepers see them.

use super::texts;

texts! {
    /// Reporting, and tickets.
    Fault {
        TitleThing => "报修", "Report a fault";
        TitleStation => "给驿站提意见", "Tell us about the station";
        WhatIsWrong => "哪里不好？", "What is wrong?";
        WhatIsIt => "您想说什么？", "What is it about?";
        Broken => "坏了，不能用", "Broken, does not work";
        PartMissing => "缺东西，缺配件", "A part is missing";
        Dirty => "脏了，湿了，有味道", "Dirty, wet or smelly";
        WrongSticker => "二维码贴错了，或撕坏了", "The sticker is wrong or torn";
        Place => "柜子、门、灯或地面有问题", "Cabinet, door, light or floor";
        Wish => "希望添置或改进", "A wish or an idea";
        OtherMatter => "别的问题", "Something else";
        Note => "想补充的话（可不填）", "Anything to add (optional)";
        Photo => "拍一张照片（可不拍）", "A photo (optional)";
        Send => "告诉站长", "Tell the keeper";
        NoName => "不用登录，不留姓名。", "No sign-in, no name.";
        ChooseOne => "请先选一项：哪里不好。", "Please choose what is wrong first.";
        Thanks => "谢谢您！", "Thank you!";
        ToldThing => "站长会去看它。别人扫码时也会看到“有人报过问题”。", "The keeper will look at it. Others who scan it will see that a fault was reported.";
        ToldStation => "站长会看到您的话。", "The keeper will read it.";
        Joined => "之前也有人说过，已经合在一起。", "Others said so before; it was added to theirs.";
        StillReturn => "归还不受影响。", "You can give it back all the same.";
        BackToThing => "回到这件物品", "Back to the thing";
        BackToStation => "回到驿站", "Back to the station";

        List => "问题单", "Reports";
        OpenOnes => "待处理", "Open";
        ClosedOnes => "已处理", "Closed";
        NoneOpen => "没有待处理的问题单 ✓", "Nothing is reported ✓";
        NoneClosed => "还没有处理过的问题单", "Nothing has been closed yet";
        TheStation => "驿站本身", "The station itself";
        Times => "{} 次报告", "{} reports";
        New => "新", "New";
        Seen => "已看过", "Seen";
        ISawIt => "我看到了", "I have seen it";
        FromKeeper => "站长", "Keeper";
        FromResident => "居民", "Resident";
        PhotoOf => "报告的照片", "Photo of the report";
        HowDidItEnd => "处理结果", "How did it end?";
        Repaired => "修好了", "Repaired";
        Replaced => "换了新的", "Replaced";
        NoFault => "看过，没有问题", "Looked at it: no fault";
        Retired => "修不了，报废", "Given up for good";
        Answered => "已答复", "Answered";
        RepairedHelp => "马上可以再借", "Can be borrowed again at once";
        ReplacedHelp => "编号不变，可以再借", "Same number, can be borrowed again";
        RetiredHelp => "以后不再出借", "Will not be lent any more";
        AnswerNote => "写一句说明（可不填）", "A word about it (optional)";
        CloseIt => "处理完了", "Close it";
        ClosedSo => "已处理：{}", "Closed: {}";
        ClosedAt => "处理时间", "Closed at";
        OutNow => "现在借出", "Out now";
        InService => "在用", "In service";
        BeingRepaired => "停用待修", "Out of service";
        Missing => "找不到", "Missing";
        GivenUp => "已报废", "Given up";
        ChooseEnd => "请先选一个结果。", "Please choose how it ended.";
        Older => "更早的", "Older";
    }
}
