//! Kinds of things.

use super::texts;

texts! {
    /// Kinds of things.
    Kinds {
        Title => "种类", "Kinds";
        ToThings => "物品", "Things";
        NewKind => "新的种类", "New kind";
        ManagersOnly => "种类由社区管理员增加和修改。", "Kinds are entered by those who manage the community.";
        NoKinds => "还没有种类", "There are no kinds yet";
        Taken => "取用", "Taken";
        HereAndOut => "在架 {}，借出 {}", "{} here, {} out";
        NoneHere => "本站没有", "None here";
        Saved => "保存好了", "Saved";
        WhoMay => "借的人要登记什么", "What we must know of the borrower";
        AskNothing => "什么都不用", "Nothing";
        AskPhone => "手机号", "A phone number";
        AskCode => "验证过的手机号", "A number checked by a code";
        AskApproval => "站长同意", "A keeper's approval";
        Sensitive => "与健康有关", "Tells about health";
        SensitiveHelp => "别人看得到的地方不显示名称。", "Its name is left out where others may see it.";
        InspectEvery => "多久检验一次", "Inspected every";
        SoManyDays => "{} 天", "{} days";
        EditKind => "修改种类", "Edit this kind";
        NewThings => "登记新物品", "Enter new things";
        HowMany => "几件", "How many?";
        Fewer => "少一件", "One less";
        OneMore => "多一件", "One more";
        LabelWord => "号码前的字（如 伞）", "Word before the number";
        LabelHelp => "自动接着往下编号：伞 01、伞 02…只有一件时原样写上。", "Numbers go on by themselves: 01, 02… A single one gets just what you type.";
        EnterAndPrint => "登记并打印二维码贴", "Enter, and print stickers";
        TermsTitle => "本站怎么借", "How it is lent here";
        HowLong => "一次借多久", "For how long?";
        DaysOrHours => "天还是小时", "Days or hours";
        Days => "天", "days";
        Hours => "小时", "hours";
        Limit => "每人最多同时借几件", "How many may one person have?";
        Renewals => "可以续借几次", "How often may it be renewed?";
        TermsHelp => "晚还 {} 分钟以内不算超时。", "Up to {} minutes late is not late.";
        Keep => "保存", "Save";
        ReceiveSome => "登记到货", "Receive a delivery";
        SeeLots => "看批次", "See its lots";
        Name => "名称", "Name";
        NameEn => "英文名称（可不填）", "English name (optional)";
        Emoji => "小图（表情符号，可不填）", "Picture: an emoji (optional)";
        Category => "分类", "Category";
        HowCounted => "怎么用", "How is it used?";
        LentThings => "借用：一件件编号，要还", "Lent: numbered things that come back";
        TakenThings => "取用：有批次和有效期", "Taken: lots with a date";
        InspectDays => "每隔几天要检验（不用检验就不填）", "Inspected every how many days (none: leave empty)";
        RetireKind => "不再使用这个种类", "No longer in use";
    }
}
