//! Things at a station, and one of them.

use super::texts;

texts! {
    /// Things at a station, and one of them.
    Things {
        Title => "物品", "Things";
        KindsTitle => "种类", "Kinds";
        Lots => "药品和耗材", "Medicine and supplies";
        Receive => "到货", "Deliveries";
        SearchLabel => "找物品", "Find things";
        SearchHelp => "名称、拼音首字母（雨伞：ys）、号码或编号都行。", "By name, pinyin initials, number or code.";
        Where => "现在在哪里", "Where it is";
        AllStates => "全部", "All";
        OnShelf => "在架", "On the shelf";
        Out => "已借出", "Out";
        Overdue => "已超时", "Overdue";
        InRepair => "维修中", "In repair";
        Missing => "找不到", "Missing";
        Retired => "已报废", "Retired";
        Pending => "还没启用", "Not in service yet";
        Search => "查找", "Find";
        Scan => "扫码", "Scan";
        NothingFound => "没有找到，换个说法试试", "Nothing found; try another word";
        Pick => "选中 {}", "Choose {}";
        PrintChosen => "打印选中物品的二维码贴", "Print stickers of the chosen ones";
        More => "看更多", "More";
        LateSince => "应于 {} 归还", "Was due {}";
        OutUntil => "借出，{} 前还", "Out, due {}";
        ServiceChanged => "已登记", "Written down";
        Edited => "保存好了", "Saved";
        Unnamed => "没有登记姓名", "Nobody named";
        StillOut => "还没还", "still out";
        InspectBy => "检验有效到 {}", "Inspected; good until {}";
        TakeBack => "到柜台收回", "Take it back";
        LendIt => "到柜台借出", "Lend it";
        WhatBecomes => "维修、找不到、报废…", "Repair, missing, retire…";
        FromNowOn => "从现在起", "From now on it is";
        BackInService => "修好了、找到了，继续借", "Back in service";
        ToRepair => "送修或清洁", "In repair";
        IsMissing => "找不到了", "Missing";
        Retire => "报废，不再出借（不能反悔）", "Retired for good";
        Why => "原因", "Why";
        Keep => "保存", "Save";
        EditTitle => "改号码，换驿站", "Change its number or its station";
        LabelField => "号码（如 伞 07）", "Number on it";
        Home => "属于哪个驿站", "Where it belongs";
        MoveHelp => "搬到别的驿站后，在那边柜台扫一下，它就在那边了。", "After carrying it over, scan it at the counter there.";
        StickersTitle => "二维码贴", "Stickers";
        NoSticker => "还没有二维码贴", "It has no sticker";
        PrintSticker => "打印二维码贴", "Print its sticker";
        NewSticker => "换一张二维码贴", "Give it another sticker";
        AboutKind => "“{}”这类物品", "All of the kind {}";
        History => "借用记录", "Who had it";
        NoHistory => "还没有人借过", "Nobody has borrowed it yet";
        WasLate => "超时", "late";
        Inspections => "检验记录", "Inspections";
        Passed => "合格", "Passed";
        Failed => "不合格", "Failed";
        GoodUntil => "有效到 {}", "Good until {}";
        Photos => "照片", "Photos";
        PhotoAlt => "归还时拍的照片", "Photo taken on return";
    }
}
