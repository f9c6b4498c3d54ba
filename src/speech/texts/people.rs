//! People, as their keepers see them.

use super::texts;

texts! {
    /// People, as their keepers see them.
    People {
        Title => "居民", "People";
        FindTitle => "找人", "Find somebody";
        WholePhone => "完整的手机号", "The whole phone number";
        CardLabel => "或借物卡上的编号", "Or the code on their card";
        ScanCard => "扫借物卡", "Scan the card";
        Find => "查找", "Find";
        NobodyByPhone => "没有登记过这个手机号，可以在下面登记。", "Nobody is known by this number; you can enter them below.";
        NobodyByCard => "没有这张借物卡，请核对编号。", "There is no such card; please check the code.";
        NotAPhone => "手机号好像不对，请检查是否 11 位数字。", "This does not look like a mobile number of 11 digits.";
        EnterTitle => "登记新的居民", "Enter somebody new";
        EnterHelp => "没有手机的老人只写姓名，再打印一张借物卡给他。", "For an elder without a phone the name is enough; then print them a card.";
        Name => "姓名", "Name";
        PhoneIfAny => "手机号（没有就不填）", "Phone number (none: leave empty)";
        Enter => "登记", "Enter";
        AllTitle => "登记过的人", "Everybody known";
        Nobody => "还没有人", "Nobody yet";
        Approved => "站长同意过", "Approved";
        Verified => "手机验证过", "Number checked";
        More => "看更多", "More";
        Done => "已登记", "Written down";
        Suspended => "暂停借用", "Suspended";
        Until => "到 {}", "until {}";
        NoEnd => "没有期限", "without an end";
        LendToThem => "借给他", "Lend to them";
        Has => "正在借的", "What they have";
        HasNothing => "现在没有借东西", "Nothing right now";
        Something => "在别的驿站借的", "Lent at another station";
        Card => "借物卡", "Member card";
        PrintCard => "打印借物卡", "Print the card";
        CardLost => "卡丢了，作废", "Lost: give it up";
        MakeCard => "做一张借物卡", "Make a card";
        MayBorrow => "能不能借", "May they borrow?";
        ApproveHelp => "您认识他，贵重的东西也可以借给他。", "You know them: valuable things may be lent to them too.";
        Approve => "我同意", "Approve";
        Unapprove => "取消同意", "Take the approval back";
        LiftSuspension => "恢复借用", "Lift the suspension";
        Suspend => "暂停他借用", "Suspend them";
        SuspendReason => "原因（本人会看到）", "Why (they will see it)";
        SuspendDays => "几天（不填就没有期限）", "How many days (empty: no end)";
    }
}
