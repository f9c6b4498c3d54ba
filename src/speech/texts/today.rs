//! The keeper's list, and what is done from there.

use super::texts;

texts! {
    /// The keeper's list.
    Today {
        Title => "今天要做的事", "To do today";
        Open => "开放中", "Open";
        Closed => "现在关门", "Closed now";
        OutNow => "件借出", "out";
        OverdueNow => "件逾期", "overdue";
        ToDo => "件要做", "to do";
        Now => "现在就做", "Now";
        InTheDay => "今天做", "Today";
        InTheWeek => "本周做", "This week";
        Nothing => "今天没有要做的 ✓", "Nothing to do today ✓";
        ManyMore => "还有更多，做完这些再看。", "There are more; they show when these are done.";
        LastCheck => "上次效期检查", "Last date check";
        NoCheckYet => "还没有做过效期检查", "No date check yet";
        AllWell => "正常", "All well";
        CheckLate => "晚了或不完整，请留意", "Late or incomplete";
        CheckStopped => "超过两天没有检查，请通知管理员", "Not run for two days: tell the admin";
        StartRound => "开始巡检", "Go on a round";
        Faults => "问题单", "Reports";
        Checks => "效期检查记录", "Date checks";
        ISawIt => "我看到了", "I have seen it";
        SeenNotDone => "已看到，还没做", "Seen, not yet done";
        Urgent => "拖了很久", "Long overdue";
        Where => "在 {}", "At {}";
        LotNo => "批号 {}", "Lot {}";
        UnitsLeft => "剩 {}", "{} left";
        Since => "从 {} 起", "Since {}";
        DueWas => "应还 {}", "Was due {}";
        Phone => "手机号", "Phone";
        Printed => "盒上印着：{}", "Printed: {}";

        EnterOpeningHours => "应还时间落在关门的日子，请补开放时间。", "A due time falls on closed days: opening hours are missing.";
        Repair => "有人报了问题，请看一看。", "A fault was reported: have a look.";
        CarryHome => "还错了地方，请送回原来的驿站。", "It came back elsewhere: carry it home.";
        LookFor => "借的人说已经还了，请找一找。", "The borrower says it is back: look for it.";
        Chase => "借出太久没有还，请问一问。", "Out for too long: ask the borrower.";
        Decide => "报失或报废的东西又出现了，请决定。", "Something lost or given up turned up: decide.";
        TakeOutThisWeek => "快到期了，本周取出来放红盒。", "Its date is near: take it out this week.";
        TakeOutToday => "今天取出来，放红盒。", "Take it out today, into the red box.";
        PutInRedBox => "过期了，现在放进红盒。", "Past its date: into the red box now.";
        PullRecalled => "厂家召回，现在放进红盒。", "Recalled: into the red box now.";
        ReadLabelAgain => "标签好像不对，请再看一遍。", "The label cannot be right: read it again.";
        SettleConflict => "同一批号有两种日期，请再看标签。", "One lot number, two dates: read the label again.";
        VerifyLabel => "请第二个人看标签。看过才能取用。", "A second person must read the label first.";
        FindStray => "有人拿到一盒过期的，账上没有。请把架上的全看一遍，过期的放红盒。", "Somebody had a pack past its date that is in no book: look through the whole shelf.";
        CountAgain => "数目对不上，请再数一遍。", "The number is off: count again.";
        Restock => "不多了，该补货。", "Running low: restock.";
        UseUpElsewhere => "用不完会过期，请分给别的驿站。", "More than will be used in time: share it.";
        HandOver => "红盒该交出去了。", "The red box must be handed over.";
        Inspect => "到了检查的日子。", "Its inspection is due.";
        Answer => "有人给驿站提了意见。", "Somebody wrote about the station.";
        CheckClock => "系统时间好像不对，请告诉管理员。", "The clock seems wrong: tell the admin.";
        Incident => "有东西过了日子还被取走，请核实。", "Something was taken past its date: look into it.";
        MindBooking => "有人约了，但可能没有可给的。请想办法调一件，或打电话商量。", "There may be nothing for a booking: find another, or call.";
        CountThese => "点一点：有几样好久没数了。", "Count: some have not been counted for long.";

        TakenOut => "已取出", "Taken out";
        ReadLabel => "看标签", "Read the label";
        CountIt => "去数", "Count";
        Found => "找到了", "Found it";
        CarriedHome => "送到了", "It is home";
        Done => "做好了", "Done";
        GoAndDo => "去处理", "Deal with it";
        Look => "去检查", "Inspect";
        ShoppingList => "补货单", "Restock list";
        HandOverNow => "交接", "Hand over";

        HowMany => "取出了多少（{}）", "How many did you take out ({})?";
        IntoRedBox => "放进红盒了", "In the red box";
        FromWhere => "从哪里取出", "From where?";
        FromShelf => "从架上取出", "From the shelf";
        FromApart => "从隔离处取出", "From what was put apart";
        TypeLabel => "请看实物，照盒上印的写", "Look at the pack and type what is printed";
        TypeLabelHelp => "例如：有效期至2027年03月", "Such as EXP 03/2027";
        SameAsPrinted => "就是这样印的", "That is what is printed";
        WhyAgain => "为什么重看", "Why was it read again?";
        LabelPhoto => "标签照片（改晚日期必须有）", "Photo of the label (needed for a later date)";
        SureOfIt => "看了两遍，没有错", "Looked twice, it is right";
        HowManyThere => "架上一共有多少（{}）", "How many are there in all ({})?";
        BlindHelp => "请不要看账，数到多少写多少。", "Do not look at the books: write what you count.";
        WhyDifferent => "如果对不上，是什么原因", "If it differs, why?";
        Counted => "数好了", "Counted";
        CountTaken => "已记下，对上了。", "Written down; it agrees.";
        CountNeedsSecond => "已记下。差得多，请另一个人再数一遍。", "Written down. It differs a lot: somebody else must count again.";
        ToCount => "要数的", "To be counted";
        NothingToCount => "最近都数过了 ✓", "All counted lately ✓";
        StillOut => "还没找到，再等等", "Not found yet";
        RemindThem => "发短信再提醒一次", "Send a reminder";
        RemindHelp => "白天发出，一天最多一次。", "It goes out by day, once a day at most.";
        RemindedToday => "今天已经提醒过了", "They were reminded today";
        AskedThem => "问过了", "I have asked";
        DeclareLost => "确认丢失", "It is lost";
        BackInService => "可以再用", "Use it again";
        GiveUp => "报废", "Give up for good";
        RedBox => "红盒交接", "Handing over the red box";
        RedBoxEmpty => "红盒是空的 ✓", "The red box is empty ✓";
        HandedTo => "交给谁（单位）", "Handed to";
        ReceiptNo => "收据编号", "Number of the receipt";
        RedBoxPhoto => "照片（药品必须有）", "Photo (needed for medicine)";
        WaitsForSecond => "已登记交给 {}（收据 {}），等另一位站长核对后账上清空。", "Handed to {} (receipt {}): it leaves the books when another keeper has confirmed.";
        ConfirmHandOver => "我核对过了，确认交接", "I have checked it: confirm";
        RedBoxDone => "交接已登记。", "The hand-over is written down.";
        NothingToRestock => "没有要补的货 ✓", "Nothing to restock ✓";
        NowThere => "现有", "There now";
        Wanted => "应有", "Wanted";
        ToBring => "要补", "To bring";
        Kind => "物品", "What";
        Print => "打印", "Print";
        SaidDone => "好的，做好了 ✓", "Done ✓";
        SaidSeen => "记下了：您已看到。事情还没做完。", "Noted that you have seen it. It is not done yet.";
        BackToList => "回到清单", "Back to the list";
    }
}
