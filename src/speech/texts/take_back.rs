//! A line of the ledger that is taken back.

use super::texts;

texts! {
    /// A line of the ledger that is taken back.
    TakeBack {
        Title => "冲销一笔流水", "Take back a line";
        Changes => "冲销以后", "What it changes";
        NewLine => "原来那一笔不删，另记一笔相反的：{}", "The line stays. One of the opposite is written beside it: {}";
        Why => "为什么记错了", "Why was it a mistake?";
        TakeBack => "冲销", "Take it back";
        ReasonMissing => "请写明原因，最多 200 字。", "Say why, in at most 200 characters.";
    }
}
