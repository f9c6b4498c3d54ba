//! What stands around every page, and what is said when something went wrong on the way.

use super::texts;

texts! {
    /// Around every page.
    Around {
        House => "便民驿站", "Yizhan station";
        OtherLanguage => "English", "中文";
        Larger => "大字", "Larger text";
        Smaller => "标准字", "Normal text";
        SkipToContent => "跳到正文", "Skip to content";
        ReadAloud => "读给我听", "Read it to me";
        StopReading => "停止朗读", "Stop reading";
        Call => "需要帮助请拨打", "For help, call";
        NoMoney => "驿站不收押金，也不会索要身份证号。", "We never ask for money or ID numbers.";
        SignOut => "退出登录", "Sign out";
        Mine => "我的", "Mine";
        Find => "找驿站", "Stations";
        Today => "今日", "Today";
        Counter => "柜台", "Counter";
        Things => "物品", "Things";
        More => "更多", "More";
        Overview => "总览", "Overview";
        Work => "工作台", "Staff";
        Back => "返回", "Back";
        Next => "下一步", "Next";
        ToStart => "回到首页", "To the start";
        Sending => "正在提交…", "Sending…";
        Resending => "网络不稳，正在再试，不会重复提交。", "The network is slow; trying again. It will be done only once.";
        NotSent => "没有网络，还没有提交成功。您填的内容还在，请稍后再点一次。", "No network: it was not sent. What you typed is still here; please tap again later.";
        PhotoChosen => "已选照片", "Photo chosen";
        NothingHere => "这里没有这个页面", "There is no such page";
        NothingHereHelp => "链接可能旧了。请再扫一次二维码，或回到首页。", "The link may be old. Scan the code again, or go to the start.";
        SomethingWrong => "出了点问题", "Something went wrong";
        TryAgain => "再试一次", "Try again";
        NotYours => "这个页面不是给您的", "This page is not for you";
        NotYoursHelp => "请用有权限的账号登录。", "Please sign in with an account that may see it.";
        Offline => "现在没有网络", "No network right now";
        OfflineHelp => "请检查手机网络后再试。要借还的物品可以先记下编号，或拨打驿站电话。", "Check your connection and try again. Note the number on the thing, or call the station.";
        NothingDone => "刚才的操作没有执行，没有任何改动。", "Nothing was done; nothing has changed.";
        MaybeDone => "还不知道是否完成。请再点一次，不会重复。", "It is not known whether it was done. Tap again: it will not be done twice.";
    }
}
