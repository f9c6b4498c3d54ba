//! The round of inspection.

use super::texts;

texts! {
    /// The round.
    Round {
        Title => "巡检", "Round";
        Progress => "本周已看 {}/{}", "Seen this week: {}/{}";
        AnyTime => "随时可以停，下次接着看。", "Stop at any time; go on where you left off.";
        AllSeen => "本周都看过了 ✓", "All seen this week ✓";
        NothingHere => "这里没有要巡检的物品。", "There is nothing to look at here.";
        LastSeen => "上次看到：{}", "Last seen: {}";
        NeverSeen => "还没有人看到过", "Never seen yet";
        Good => "完好", "Good";
        Fault => "有问题", "A fault";
        Missing => "没找到", "Missing";
        WhatFault => "什么问题", "What is wrong?";
        TakeOut => "先停用，修好再借", "Out of service until mended";
        SendFault => "记下问题", "Write it down";
        IsMissing => "到处都找过了？", "Looked everywhere?";
        ReallyMissing => "确认没找到", "It is missing";
        GoOn => "接着看下一件", "On to the next";
        Skip => "先跳过，看下一件", "Skip for now";
        ScanIt => "扫它的二维码核对", "Scan its code to check";
        ScanAny => "或者扫手边的一件", "Or scan whatever is at hand";
        TypeCode => "二维码下方的编号", "The code under the QR";
        Check => "核对", "Check";
        Camera => "用摄像头扫", "Scan with the camera";
        PhotoOfCode => "拍二维码", "Photo of the code";
        NoCodeSeen => "照片里没有看到二维码，请靠近一点再拍。", "No code in the photo; please come closer.";
        Fits => "码是对的：{}", "The code is right: {}";
        NotOurs => "这不是我们的码！可能有人贴了假码，请撕掉并换新的。", "Not our code! Somebody may have stuck a false one over it: tear it off and put a new one.";
        StickerGivenUp => "这张贴已经作废，请换新的。", "This sticker was given up; put a new one.";
        NoThing => "这张贴不在物品上。", "This sticker is on no thing.";
        OfAnother => "码对不上！这张贴是另一件的：{}。可能贴反了。", "The code does not fit! It belongs to {}. Two stickers may have been exchanged.";
        FromElsewhere => "它登记在别的驿站。如果东西在这里，请点“完好”，就改到这里。", "It is written down elsewhere. If it is here, tap Good and it moves here.";
        WrittenAsOut => "它还记着借出。如果东西在这里，请先归还。", "It is written as out. If it is here, give it back first.";
        OfRetired => "这件已报废，不该在架上。", "It was given up and should not be on the shelf.";
        GiveBackFirst => "去归还", "Give it back";
        ReportSticker => "报告贴错了", "Report the wrong sticker";
        Saw => "记下了 ✓", "Written down ✓";
        Note => "补一句（可不填）", "A word (optional)";
        Photo => "照片（可不拍）", "A photo (optional)";
        Maintenance => "停用待修中", "Out of service";
        Reported => "有人报过问题", "A fault was reported";
    }
}
