//! The page behind a sticker.

use super::texts;

texts! {
    /// The page behind a sticker.
    Scan {
        OnShelf => "在架，可以借", "On the shelf";
        Out => "已借出", "Out";
        NotAvailable => "暂时不能借", "Not available now";
        Borrow => "借走", "Borrow";
        GiveBack => "归还", "Give back";
        DueIfBorrowed => "现在借，请在此时间前归还", "Borrowed now, it is due by";
        Lent => "借好了", "It is yours for now";
        DueBy => "请在此时间前归还", "Please give it back by";
        Returned => "还好了", "It is back";
        Thanks => "谢谢您！", "Thank you!";
        WasNotOut => "这件物品没有借出记录，已登记它在这里。", "It was not out; we wrote down that it is here.";
        PhoneLabel => "您的手机号", "Your phone number";
        PhoneWhy => "只用来提醒归还，不会公开。", "Only to remind you; shown to nobody.";
        NotAPhone => "手机号好像不对，请检查是否 11 位数字。", "This does not look like a mobile number of 11 digits.";
        SignInFirst => "登录后借", "Sign in to borrow";
        WhereNow => "归还到哪个驿站", "At which station is it now?";
        OtherwiseReturned => "换了驿站，或有损坏？", "At another station, or damaged?";
        InWhatState => "物品情况", "In what state?";
        Good => "完好", "As it was";
        Incomplete => "缺配件", "A part is missing";
        Damaged => "有损坏", "Damaged";
        Note => "想告诉站长的话（可不填）", "A word to the keeper (optional)";
        Blank => "这张二维码贴还没有启用", "This sticker is not in use yet";
        Retired => "这张二维码贴已作废", "This sticker was given up";
        StationSticker => "欢迎来到", "Welcome to";
        ShelfSticker => "货架", "Shelf";
        CardSticker => "这是居民借物卡，请交给站长扫描。", "This is a member's card; please hand it to the keeper.";
        UnknownCode => "没有找到这个编号", "We do not know this code";
        UnknownCodeHelp => "请再扫一次，或核对二维码下方的编号。", "Please scan again, or check the code under the QR.";
        Number => "编号", "No.";
    }
}
