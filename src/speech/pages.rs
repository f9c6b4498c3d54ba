//! What pages say.

use super::Words;

/// One text of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// The name of the house.
    House,
    /// The other language.
    OtherLanguage,
    /// On the shelf.
    OnShelf,
    /// In somebody's hands.
    Out,
    /// Neither.
    NotAvailable,
    /// The big button.
    Borrow,
    /// The other big button.
    GiveBack,
    /// When it would be due.
    DueIfBorrowed,
    /// It is lent.
    Lent,
    /// When it is due.
    DueBy,
    /// It is back.
    Returned,
    /// Thank you.
    Thanks,
    /// It was not out.
    WasNotOut,
    /// How a phone number is asked for.
    PhoneLabel,
    /// Why.
    PhoneWhy,
    /// The code that was sent.
    CodeLabel,
    /// Asks for a code.
    SendCode,
    /// The code is on its way.
    CodeSent,
    /// Signs in.
    SignIn,
    /// Sign in before this.
    SignInFirst,
    /// Signs out.
    SignOut,
    /// Where it is now.
    WhereNow,
    /// Elsewhere, or not as it was.
    OtherwiseReturned,
    /// In what state.
    InWhatState,
    /// As it was.
    Good,
    /// A part is missing.
    Incomplete,
    /// Broken or dirty.
    Damaged,
    /// Something to tell the keeper.
    Note,
    /// A sticker stuck on nothing yet.
    Blank,
    /// A sticker that was given up.
    Retired,
    /// A sticker on a station.
    StationSticker,
    /// A sticker on a shelf.
    ShelfSticker,
    /// A paper card.
    CardSticker,
    /// A code that was never ours.
    UnknownCode,
    /// What to do then.
    UnknownCodeHelp,
    /// Whom to call.
    Call,
    /// The number on the thing.
    Number,
    /// Back to the thing.
    Back,
    /// Nothing is asked for but what is needed.
    NoMoney,
}

impl Page {
    /// All of them, for the tests.
    pub const ALL: [Self; 39] = [
        Self::House,
        Self::OtherLanguage,
        Self::OnShelf,
        Self::Out,
        Self::NotAvailable,
        Self::Borrow,
        Self::GiveBack,
        Self::DueIfBorrowed,
        Self::Lent,
        Self::DueBy,
        Self::Returned,
        Self::Thanks,
        Self::WasNotOut,
        Self::PhoneLabel,
        Self::PhoneWhy,
        Self::CodeLabel,
        Self::SendCode,
        Self::CodeSent,
        Self::SignIn,
        Self::SignInFirst,
        Self::SignOut,
        Self::WhereNow,
        Self::OtherwiseReturned,
        Self::InWhatState,
        Self::Good,
        Self::Incomplete,
        Self::Damaged,
        Self::Note,
        Self::Blank,
        Self::Retired,
        Self::StationSticker,
        Self::ShelfSticker,
        Self::CardSticker,
        Self::UnknownCode,
        Self::UnknownCodeHelp,
        Self::Call,
        Self::Number,
        Self::Back,
        Self::NoMoney,
    ];

    /// In both languages.
    #[must_use]
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::House => ("便民驿站", "Yizhan station"),
            Self::OtherLanguage => ("English", "中文"),
            Self::OnShelf => ("在架，可以借", "On the shelf"),
            Self::Out => ("已借出", "Out"),
            Self::NotAvailable => ("暂时不能借", "Not available now"),
            Self::Borrow => ("借走", "Borrow"),
            Self::GiveBack => ("归还", "Give back"),
            Self::DueIfBorrowed => ("现在借，请在此时间前归还", "Borrowed now, it is due by"),
            Self::Lent => ("借好了", "It is yours for now"),
            Self::DueBy => ("请在此时间前归还", "Please give it back by"),
            Self::Returned => ("还好了", "It is back"),
            Self::Thanks => ("谢谢您！", "Thank you!"),
            Self::WasNotOut => ("这件物品没有借出记录，已登记它在这里。", "It was not out; we wrote down that it is here."),
            Self::PhoneLabel => ("您的手机号", "Your phone number"),
            Self::PhoneWhy => ("只用来提醒归还，不会公开。", "Only to remind you; shown to nobody."),
            Self::CodeLabel => ("短信验证码（6 位数字）", "The code in the message (6 digits)"),
            Self::SendCode => ("获取验证码", "Send me a code"),
            Self::CodeSent => ("验证码已发送，5 分钟内有效。", "A code is on its way; it is good for 5 minutes."),
            Self::SignIn => ("登录", "Sign in"),
            Self::SignInFirst => ("登录后借", "Sign in to borrow"),
            Self::SignOut => ("退出登录", "Sign out"),
            Self::WhereNow => ("归还到哪个驿站", "At which station is it now?"),
            Self::OtherwiseReturned => ("换了驿站，或有损坏？", "At another station, or damaged?"),
            Self::InWhatState => ("物品情况", "In what state?"),
            Self::Good => ("完好", "As it was"),
            Self::Incomplete => ("缺配件", "A part is missing"),
            Self::Damaged => ("有损坏", "Damaged"),
            Self::Note => ("想告诉站长的话（可不填）", "A word to the keeper (optional)"),
            Self::Blank => ("这张二维码贴还没有启用", "This sticker is not in use yet"),
            Self::Retired => ("这张二维码贴已作废", "This sticker was given up"),
            Self::StationSticker => ("欢迎来到", "Welcome to"),
            Self::ShelfSticker => ("货架", "Shelf"),
            Self::CardSticker => ("这是居民借物卡，请交给站长扫描。", "This is a member's card; please hand it to the keeper."),
            Self::UnknownCode => ("没有找到这个编号", "We do not know this code"),
            Self::UnknownCodeHelp => {
                ("请再扫一次，或核对二维码下方的编号。", "Please scan again, or check the code under the QR.")
            }
            Self::Call => ("需要帮助请拨打", "For help, call"),
            Self::Number => ("编号", "No."),
            Self::Back => ("返回", "Back"),
            Self::NoMoney => ("驿站不收押金，也不会索要身份证号。", "We never ask for money or ID numbers."),
        };
        Words::new(zh, en)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_of_a_page_is_there_in_both_languages_and_no_two_are_the_same() {
        for (i, text) in Page::ALL.iter().enumerate() {
            let words = text.words();
            assert!(!words.zh.is_empty() && !words.en.is_empty());
            if *text != Page::OtherLanguage {
                assert!(!words.zh.is_ascii() && words.en.is_ascii(), "{text:?}");
            }
            assert!(Page::ALL[..i].iter().all(|other| other != text), "{text:?} is listed twice");
        }
    }
}
