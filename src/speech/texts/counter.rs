//! The counter.

use super::texts;

texts! {
    /// The counter.
    Counter {
        Title => "柜台", "Counter";
        PileTitle => "归还一摞", "A pile of returns";
        LendingTo => "正在借给 {}", "Lending to {}";
        Finished => "办完了", "Finished";
        DoneSoFar => "刚才办好的", "Done so far";
        SoMany => "共 {} 件", "{} in all";
        LookAtIt => "看看", "Look at it";
        DueIfLent => "现在借出，归还时间", "Lent now, it is due by";
        NobodyNeeded => "这件不用登记姓名，可以直接借出。", "No name is needed for this one; it may be lent at once.";
        WriteDownWho => "要记下是谁借的", "Write down who has it";
        LendToThem => "借给这个人", "Lend it to them";
        ToWhom => "借给谁（填一样就行）", "To whom? One of these is enough";
        PhoneLabel => "手机号", "Phone number";
        CardLabel => "借物卡上的编号", "Code on their card";
        NameLabel => "没有手机的人的姓名", "Name of somebody without a phone";
        NameHelp => "老人没有手机也能借，只记姓名。", "An elder without a phone may borrow: only the name is kept.";
        Override => "规则不让借，但我要借出", "Lend it against the rules";
        OverrideReason => "理由（会记下来）", "Reason (it is written down)";
        ValuableHelp => "比较贵重：借的人要先验证过手机，或经站长同意。您认识他，可以写理由借出。", "It is valuable: the borrower must be verified or approved. If you know them, give a reason.";
        Lend => "借出", "Lend";
        OnlyHere => "不借，只登记它在这里", "Do not lend; only note that it is here";
        AllAboutIt => "这件物品的全部信息", "All about this thing";
        Late => "已超过归还时间", "Overdue";
        Out => "已借出", "Out";
        WhoHasIt => "借的人", "Borrower";
        Nobody => "没有登记姓名", "No name was needed";
        Due => "归还时间", "Due";
        TakeBack => "收回", "Take back";
        NotAsItWas => "有损坏或缺配件？", "Damaged, or a part missing?";
        InWhatState => "物品情况", "In what state?";
        Good => "完好", "As it was";
        Incomplete => "缺配件", "A part is missing";
        Damaged => "有损坏", "Damaged";
        Photo => "拍一张照片（可不拍）", "A photo (optional)";
        Note => "说明（可不填）", "A note (optional)";
        TakeBackSo => "就这样收回", "Take it back like this";
        Blank => "这是一张空白二维码贴", "This sticker is still blank";
        StuckOnWhat => "贴在什么上面", "What is it stuck on?";
        OnItem => "一件物品", "A thing";
        OnShelf => "一格货架", "A shelf";
        OnStation => "驿站门口", "The door of the station";
        ItemCode => "物品的编号或号码（如 伞 07）", "Code or number of the thing";
        ShelfKind => "货架上放什么", "What lies on the shelf";
        Bind => "启用这张二维码贴", "Put it to use";
        BindToWhat => "请写明贴在哪件物品上：编号，或号码。", "Please say on which thing it is: by its code or number.";
        Bound => "二维码贴 {} 已启用", "Sticker {} is in use";
        ScanReturned => "扫一件，收一件", "Scan one thing after another";
        ScanToLend => "扫要借的物品", "Scan what they borrow";
        ScanAny => "扫码，或输入编号", "Scan or type a code";
        ScanLive => "用摄像头扫", "Scan with the camera";
        Go => "查看", "Look up";
        PhotoOfCode => "拍二维码的照片", "Take a photo of the code";
        ReadPhoto => "识别照片", "Read the photo";
        NoCodeInPhoto => "照片里没有找到驿站的二维码，请靠近一点再拍。", "No code of ours was found in the photo. Please go nearer and try again.";
        OneByOne => "一件一件办", "One at a time";
        FindPerson => "找人", "Find somebody";
        Unknown => "没有找到“{}”，请再扫一次或核对编号。", "Nothing is called {} here. Please scan again or check the code.";
        NoSuchThing => "没有找到这件物品，请再扫一次或核对编号。", "There is no such thing here. Please scan again or check the code.";
        GivenUp => "这张二维码贴已作废：{}", "This sticker was given up: {}";
        NotAPhone => "手机号好像不对，请检查是否 11 位数字。", "This does not look like a mobile number of 11 digits.";
        NotACard => "这不是借物卡的编号。", "This is not the code of a card.";
        LentTo => "借给 {}，{} 前还", "Lent to {}, due {}";
        LentUntil => "借出，{} 前还", "Lent, due {}";
        Returned => "已归还", "It is back";
        ReturnedLateHours => "已归还，晚了 {} 小时", "It is back, {} hours late";
        ReturnedLateDays => "已归还，晚了 {} 天", "It is back, {} days late";
        WasNotOut => "没有借出记录，已登记在本站", "It was not out; noted that it is here";
    }
}
