//! A label that is read again.

use super::texts;

texts! {
    /// A label that is read again.
    Relabel {
        Title => "更正有效期", "Correct the date";
        Stored => "现在登记的是", "Stored now";
        AsPrinted => "照盒上印的再写一遍", "Type it just as it is printed";
        Help => "例如：有效期至2026年11月；EXP 2026.11；生产日期2024-12-16 有效期24个月", "For example: EXP 2026.11, use by 2026-11-30, made 2024-12-16 shelf life 24 months";
        Why => "为什么要改", "Why is it corrected?";
        Photo => "拍有效期那一面（改晚时必须有）", "Photo of the side with the date (needed for a later date)";
        PhotoKept => "照片已经有了", "There is a photo already";
        Read => "下一步：看看读成什么", "Next: see how it is read";
        UnderstoodAs => "读成这样，对吗", "This is how it is read. Is it right?";
        ThenUseBy => "更正后可用到", "Good until, once corrected";
        SecondPerson => "保存以后，要第二个人照盒上再读一遍，之前不能发。", "Once saved, a second person must read the same from the pack before any is handed out.";
        Merges => "同批号已有这个日期的一批：保存后并到那一批里。", "There is a lot with this number and date already: the units go into that one.";
        Save => "对，保存", "It is right: save";
        Change => "不对，回去改", "It is not: go back";
        Sure => "我看了两遍，确实是这样", "I have looked twice, and it is so";
        ReasonMissing => "请写明为什么要改，最多 200 字。", "Say why it is corrected, in at most 200 characters.";
        NotAPicture => "这不是能看的照片，请再拍一次。", "This is no picture that can be read. Please take another.";
    }
}
