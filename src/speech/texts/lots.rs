//! Lots of medicine and supplies.

use super::texts;

texts! {
    /// Lots of medicine and supplies.
    Lots {
        Title => "药品和耗材", "Medicine and supplies";
        ToThings => "物品", "Things";
        Receive => "登记到货", "Receive a delivery";
        NoKinds => "还没有取用的种类", "No kinds that are taken yet";
        FirstEnds => "最早到期", "The first ends";
        NoLots => "本站没有", "None here";
        NoNumber => "没有批号", "No lot number";
        LotNumber => "批号 {}", "Lot {}";
        UseBy => "可用到", "Good until";
        MayLeave => "可以取用", "May be taken";
        InRedBox => "红盒里 {}", "{} in the red box";
        More => "看更多", "More";
        EmptyToo => "已用完的也看", "Show empty ones too";
        AsPrinted => "盒上印的", "As printed";
        Lenient => "照字面，最后一天", "Last day at its word";
        Strict => "从严读，最后一天", "Last day read strictly";
        LastIssue => "最后发放日", "Last day to hand out";
        OpenedOn => "开封日期", "Opened on";
        Shelf => "架上", "On the shelf";
        Held => "留给人", "Set aside";
        Apart => "隔离", "Put apart";
        RedBox => "红盒", "Red box";
        PhotoRedBox => "照片（药品放红盒时必须有）", "Photo (needed for medicine into the red box)";
        PhotoAlt => "标签照片", "Photo of the label";
        VerifyTitle => "请第二个人核对标签", "A second person reads the label";
        VerifyLabel => "照盒上印的再写一遍有效期", "Type the date once more, as printed";
        Verify => "核对", "Compare";
        CountTitle => "盘点", "Count";
        Counted => "架上一共有几{}", "How many {} are on the shelf?";
        CountReason => "不一样的话，为什么", "Why it differs, if it does";
        Keep => "保存", "Save";
        ApartTitle => "隔离、放进红盒", "Put apart, or into the red box";
        WhereTo => "放到哪里", "Where to?";
        Quarantine => "从架上拿下，先隔离", "Off the shelf, put apart";
        SetAside => "放进红色回收盒", "Into the red box";
        Clear => "隔离的放回架上", "What was put apart: back on the shelf";
        SetAsideApart => "隔离的放进红盒", "What was put apart: into the red box";
        HowMany => "几{}", "How many {}?";
        Note => "说明（可不填）", "A note (optional)";
        BlockTitle => "封存、解封", "Block, or lift a block";
        BlockReason => "为什么封存", "Why is it blocked?";
        Block => "封存这一批", "Block this lot";
        LiftReason => "为什么可以解封", "Why may it be lifted?";
        Lift => "解封", "Lift it";
        OpenTitle => "开封一盒", "Open a pack";
        UnitsInPack => "这一盒有几{}", "How many {} are in it?";
        OpenPack => "今天开封", "Opened today";
        FoundOpen => "早已开封，不知哪天", "Found open, nobody knows since when";
        SeenClosed => "都看过，没有开封的", "All looked at, none is open";
        SeenClosedWhy => "巡查时每盒看过、都没开封，请记一下：以后发现有开封的，就从这天算起。", "Where a round finds every pack closed, say so: a pack found open later counts as opened on that day, not before.";
        LastSeenClosed => "上次看过：{}", "Last looked at: {}";
        TransferTitle => "调到别的驿站", "Carry to another station";
        ToStation => "去哪个驿站", "Which station?";
        ShelfThere => "放在那边哪一格（可不填）", "On which shelf there (optional)";
        Transfer => "调过去", "Carry over";
        Ledger => "流水", "What happened";
        Readings => "标签读过几次", "Readings of the label";
        Done => "已登记", "Written down";
        Relabel => "更正有效期", "Correct the date";
        TakeBack => "冲销", "Take back";
        TakeBackWhich => "冲销：{} {}", "Take back: {} {}";
        TakesBack => "冲销的是 {} 的“{}”", "Takes back what was written on {}: {}";
        TakenBack => "已于 {} 冲销", "Taken back on {}";
        WriteDown => "补记纸质登记", "Write down a take from paper";
        DoneWritten => "补记好了", "Written down";
        DoneIncident => "补记好了。当时不该发放，已记为异常，请在待办里跟进", "Written down. It should not have been handed out: a task asks you to follow it up";
        DoneRelabelled => "有效期更正好了", "The date is corrected";
        DoneSecond => "有效期更正好了，等第二个人核对标签", "The date is corrected. A second person must read the label";
        DoneBack => "冲销好了，两笔都在流水里", "Taken back. Both lines stand in the ledger";
        DoneReceived => "到货登记好了", "The delivery is in";
        DoneWaiting => "到货登记好了，还不能发：看下面的原因", "The delivery is in, but may not be handed out yet: see below";
        DoneCounted => "盘点好了", "Counted";
        DoneCountAgain => "差得多，请另一个人再数一次", "It differs much: somebody else must count again";
    }
}
