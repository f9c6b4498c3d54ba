//! The station itself, and the ways to everything at it.

use super::texts;

texts! {
    /// The station itself, and the ways to everything at it.
    Station {
        MoreTitle => "更多", "More";
        Receive => "登记到货", "Receive a delivery";
        ReceiveHelp => "药品、耗材到了", "Medicine and supplies have come";
        Stickers => "二维码贴", "Stickers";
        StickersHelp => "打印、启用、作废", "Print, bind, give up";
        People => "居民", "People";
        PeopleHelp => "找人、登记、借物卡", "Find, enter, cards";
        Faults => "报修和问题", "Faults";
        FaultsHelp => "大家报的，修到哪一步", "What was reported, and how far it is";
        Round => "巡检", "Inspection round";
        RoundHelp => "一件一件看过去", "One thing after another";
        Kinds => "种类", "Kinds";
        KindsHelp => "借多久、登记新物品", "For how long; new things";
        LevelsShort => "少了提醒补货", "What to order when it runs low";
        Report => "报表", "Report";
        ReportHelp => "这个月的使用情况", "How the station was used";
        KeepersHelp => "谁管这个驿站", "Who runs the station";
        SettingsHelp => "名称、电话、开放时间", "Name, phone, hours";
        Title => "驿站信息", "The station";
        Saved => "保存好了", "Saved";
        Name => "名称", "Name";
        Place => "地址", "Address";
        Contact => "联系电话", "Phone number on the plate";
        HoursTitle => "开放时间", "Opening hours";
        Always => "全天开放", "Always open";
        ByWeek => "按下面的时间", "As below";
        HoursHelp => "中午休息的，第二段也填。整天不开就空着。半夜关门写 00:00。", "With a break at noon, fill in both spells. Closed all day: leave empty. Until midnight: 00:00.";
        Open => "开门", "Opens";
        Close => "关门", "Closes";
        OpenAgain => "再开门", "Opens again";
        CloseAgain => "再关门", "Closes again";
        Monday => "周一", "Monday";
        Tuesday => "周二", "Tuesday";
        Wednesday => "周三", "Wednesday";
        Thursday => "周四", "Thursday";
        Friday => "周五", "Friday";
        Saturday => "周六", "Saturday";
        Sunday => "周日", "Sunday";
        Holidays => "法定节假日不开，调休上班日开", "Closed on public holidays, open on the weekends worked instead";
        BadHours => "开放时间有一行不对：开门要早于关门，第二段要晚于第一段。", "One line of the hours cannot be: it must open before it closes, and the second spell comes later.";
        Keep => "保存", "Save";
        Closures => "临时关门", "Closed for some days";
        NoClosures => "没有", "None";
        Remove => "取消", "Remove";
        FirstDay => "第一天", "First day";
        LastDay => "最后一天", "Last day";
        ClosureReason => "原因（大家会看到）", "Why (everybody sees it)";
        AddClosure => "登记关门", "Close for these days";
        KeepersTitle => "站长", "Keepers";
        NoKeepers => "还没有站长", "Nobody keeps it yet";
        NoPassword => "还没有密码，不能登录，请管理员设置。", "No password yet, so they cannot sign in: an admin must set one.";
        SetPassword => "设置密码", "Set a password";
        NewPassword => "新密码", "New password";
        TooShort => "密码太短，请长一些。", "The password is too short.";
        TakeBack => "不再是站长", "No longer a keeper";
        NewKeeper => "新的站长", "A new keeper";
        Phone => "手机号", "Phone number";
        NameIfNew => "姓名（第一次登记时填）", "Name (if new here)";
        NewKeeperHelp => "第一次登录用的密码由管理员设置。", "An admin sets the password for the first sign-in.";
        MakeKeeper => "设为站长", "Make them a keeper";
        ManagersOnly => "站长由社区管理员增减。", "Keepers are changed by those who manage the community.";
        NotAPhone => "手机号好像不对，请检查是否 11 位数字。", "This does not look like a mobile number of 11 digits.";
        LevelsTitle => "备货量", "Stock levels";
        LevelsHelp => "少于最低量时提醒补货，补到最高量。两个都写 0 就不提醒。", "Below the least it is ordered, up to the most. Both 0: never.";
        NoLotKinds => "还没有取用的种类", "No kinds that are taken yet";
        OrderBelow => "最低（{}）", "Least ({})";
        FillUpTo => "最高（{}）", "Most ({})";
    }
}
