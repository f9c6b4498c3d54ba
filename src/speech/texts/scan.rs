//! The page behind a sticker.

use super::texts;

texts! {
    /// The page behind a sticker.
    Scan {
        OnShelf => "在架，可以借", "On the shelf";
        Out => "已借出", "Out";
        YouHaveIt => "您借着它", "You have it";
        Late => "已超过归还时间", "It is overdue";
        NotAvailable => "暂时不能借", "Not available now";
        Borrow => "借走", "Borrow";
        GiveBack => "归还", "Give back";
        GiveBackSo => "就这样归还", "Give it back like this";
        Renew => "再借久一点", "Keep it longer";
        Renewed => "续借好了", "You may keep it longer";
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
        SignInWhy => "比较贵重，第一次要用短信验证一次手机号。以后半年不用再验。", "It is valuable: your number is checked once by a message, then not again for half a year.";
        WhereNow => "归还到哪个驿站", "At which station is it now?";
        OtherwiseReturned => "换了驿站，或有损坏？", "At another station, or damaged?";
        InWhatState => "物品情况", "In what state?";
        Good => "完好", "As it was";
        Incomplete => "缺配件", "A part is missing";
        Damaged => "有损坏", "Damaged";
        Photo => "拍一张照片（可不拍）", "A photo (optional)";
        Note => "想告诉站长的话（可不填）", "A word to the keeper (optional)";
        FoundIt => "捡到的？谢谢您！", "Found it somewhere? Thank you!";
        LivesAt => "它的家在 {}。", "It lives at {}.";
        FoundHelp => "顺路的话请放回任何一个驿站，扫码点“归还”。不顺路，就告诉站长它在哪里。", "Please bring it to any station, scan it and tap Give back. If that is out of your way, tell the keeper where it is.";
        FoundWhere => "它现在在哪里", "Where is it now?";
        TellKeeper => "告诉站长", "Tell the keeper";
        ToldKeeper => "站长会收到您的消息。", "The keeper will get your message.";
        ReportFault => "报修或反馈问题", "Report a fault";
        FaultReported => "有人报过问题，站长会处理。请先看看再用。", "A fault was reported; the keeper will look. Please check it before use.";
        Blank => "这张二维码贴还没有启用", "This sticker is not in use yet";
        BlankHelp => "它还没有贴在物品上。站长登录后可以在“二维码贴”里启用它。", "It is on nothing yet. A keeper can bind it to a thing after signing in.";
        Retired => "这张二维码贴已作废", "This sticker was given up";
        RetiredHelp => "请看看物品上有没有新的二维码，或问问站长。", "Look for a newer code on the thing, or ask the keeper.";
        CardSticker => "这是居民借物卡，请交给站长扫描。", "This is a member's card; please hand it to the keeper.";
        UnknownCode => "没有找到这个编号", "We do not know this code";
        UnknownCodeHelp => "请再扫一次，或核对二维码下方的编号。", "Please scan again, or check the code under the QR.";
        Number => "编号", "No.";
    }
}
