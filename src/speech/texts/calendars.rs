//! Calendars to subscribe to: for residents and keepers.

use super::texts;

texts! {
    /// Calendars to subscribe to: for residents and keepers.
    Calendars {
        Mine => "我的日历", "My calendar";
        MineHelp => "让手机日历自动显示您的预约：改了、取消了，日历也跟着变。", "Let the calendar of your phone show your bookings: what changes here changes there.";
        Secret => "有这个地址的人都能看到您的预约，不要给别人。", "Whoever has the address sees your bookings. Keep it to yourself.";
        Make => "生成订阅地址", "Make an address";
        MakeAnother => "再生成一个", "Make another one";
        Made => "订阅地址做好了", "Here is the address";
        ShownOnce => "地址只显示这一次。", "It is shown this once.";
        OpenHere => "加到这台手机的日历", "Add it to the calendar here";
        ScanIt => "或用另一台手机扫一扫：", "Or scan it with another phone:";
        Code => "订阅地址的二维码", "The address as a QR code";
        CopyIt => "或复制地址", "Or copy the address";
        HowTo => "怎么订阅", "How to subscribe";
        HowIphone => "苹果手机：日历 → 日历（下方）→ 添加日历 → 添加订阅日历，粘贴地址。", "iPhone: Calendar, Calendars (at the bottom), Add Calendar, Add Subscription Calendar; paste the address.";
        HowOther => "其他手机和电脑：在日历的设置里找“订阅”或“通过网址添加”，粘贴地址。", "Other phones and computers: look for “Subscribe” or “Add by URL” in the settings of the calendar; paste the address.";
        InUse => "用着的地址", "Addresses in use";
        NoneInUse => "还没有", "None yet";
        MadeOn => "{} 生成", "Made {}";
        Revoke => "作废", "Revoke";
        RevokeHelp => "作废以后，订阅它的日历不再更新。", "Then calendars that subscribe to it are no longer told anything.";
        RevokeSure => "确定作废", "Yes, revoke it";
        Revoked => "已作废", "Revoked";

        Public => "公开日历", "Public calendars";
        PublicHelp => "给居委会、活动队、门口屏幕订阅：什么时候有活动、场地什么时候有人用。里面没有任何人的名字。", "For the committee, for groups, for a screen at the door: what is on, and when a space is taken. It names nobody.";
        OfWhat => "哪一个的日历", "Of what";
        WholeStation => "整个驿站", "The whole station";
        MadeBy => "{}，{} 生成", "{}, {}";
    }
}
