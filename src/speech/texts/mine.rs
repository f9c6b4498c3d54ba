//! What is mine: what I have, what I had, what is kept about me, my paper card.

use super::texts;

texts! {
    /// What is mine: what I have, what I had, what is kept about me, my paper card.
    Mine {
        Title => "我的", "Mine";
        Have => "我正在借的", "What I have";
        HaveNothing => "您现在没有借东西", "You have nothing right now";
        HaveNothingHelp => "扫物品上的二维码就能借。", "Scan the code on a thing to borrow it.";
        Due => "归还时间", "Due";
        Late => "已超时，请尽快归还", "Overdue: please bring it back";
        Renew => "再借久一点", "Keep it longer";
        Renewed => "续借好了", "You may keep it longer";
        Had => "以前借过的", "What I had";
        More => "看更早的", "Earlier ones";
        BackOn => "{} 已还", "back on {}";
        Suspended => "暂停借用，到 {}", "You may not borrow until {}";
        SuspendedForNow => "暂停借用，请联系站长", "You may not borrow for now; please ask a keeper";
        MyCard => "我的借物卡", "My card";
        MyCardHelp => "打印或截屏。没带手机时给站长扫一下就能借。", "Print it or keep a picture: without your phone, a keeper scans it and lends to you.";
        MakeCard => "生成借物卡", "Make my card";
        CardLost => "卡丢了请告诉站长作废。", "If you lose it, tell a keeper.";
        Print => "打印", "Print";
        MyData => "我的信息", "My data";
        MyDataHelp => "我们只保存借还需要的信息，加密存放。", "We keep only what lending needs, encrypted.";
        Name => "称呼（可不填）", "What we may call you (optional)";
        Phone => "手机号", "Phone";
        KnownSince => "登记时间", "Known since";
        Keep => "保存", "Save";
        Saved => "保存好了", "Saved";
        Copy => "下载我的全部信息", "Download all of it";
        CopyHelp => "一个文件，包含称呼、手机号、借还记录。", "One file with your name, number and loans.";
        Erase => "注销并删除我的信息", "Erase me";
        EraseHelp => "姓名、手机号和借还记录里的您都会删除，不能恢复。手上还有没还的东西时不能注销。", "Your name, number and your part in past loans are deleted for good. Not possible while you still have something.";
        EraseSure => "我确定要删除", "Yes, erase me for good";
        Erased => "已经删除，谢谢您用过驿站。", "You are erased. Thank you for having been here.";
    }
}
