//! What stands in a paper register, written down afterwards.

use super::texts;

texts! {
    /// What stands in a paper register, written down afterwards.
    Written {
        Title => "补记纸质登记", "Write down from paper";
        There => "账上有 {}", "the books say {} on the shelf";
        Lead => "断网断电时写在纸上的取用，照纸上写的补进来。已经拿走的不会拒绝；当时不该发的，会请站长跟进。", "What was taken while the book was on paper. It has happened, so a date or a block refuses nothing: what should not have left becomes a task for a keeper.";
        When => "什么时候拿的", "When was it taken?";
        Number => "登记本上的编号（没有可不填）", "Its number in the register (if it has one)";
        NumberWhy => "同一个编号只记一次，不会重复扣账。", "A number goes in once, so nothing is booked twice.";
        Phone => "登记的手机号（没有可不填）", "The phone number beside it (if there is one)";
        PhoneWhy => "只用来算三天内的用量，之后自动抹去。", "It counts towards the limits of three days, and is forgotten after that.";
        Write => "补记", "Write it down";
        BadNumber => "编号只能用字母、数字、- _ .，最多 40 个。", "A number has letters, digits, - _ . and at most 40 of them.";
        BadUnits => "请填拿走了几个，至少是 1。", "How many were taken? At least one.";
        BadTime => "请填拿走的日期和时间。", "Give the day and the time of the take.";
        BadPhone => "手机号好像不对，请检查是否 11 位数字，或留空。", "This does not look like a mobile number of 11 digits. Correct it, or leave it empty.";
    }
}
