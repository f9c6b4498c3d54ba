//! A delivery, screen by screen.

use super::texts;

texts! {
    /// A delivery, screen by screen.
    Receive {
        Title => "登记到货", "Receive a delivery";
        ToLots => "药品和耗材", "Medicine and supplies";
        StepOf => "第 {} 步，共 {} 步", "Step {} of {}";
        WhatTitle => "是什么", "What is it?";
        CodeLabel => "扫或输入盒上的码", "Scan or type the code on the pack";
        ScanLive => "用摄像头扫", "Scan with the camera";
        PhotoOfCode => "或拍条码的照片", "Or a photo of the code";
        OrChoose => "或者直接选种类", "Or choose what it is";
        NoCodeInPhoto => "照片里没有找到条码，请靠近一点再拍，或直接选种类。", "No code was found in the photo. Go nearer, or choose what it is.";
        ChooseOne => "请扫码，或选一个种类。", "Please scan a code, or choose what it is.";
        CodeIsNew => "这个码是第一次见，请选它是什么，以后就认识了。", "This code is new here. Choose what it is; next time it is known.";
        LabelTitle => "批号和有效期", "Number and date";
        NumberLabel => "批号（没有就不填）", "Lot number (none: leave empty)";
        DateLabel => "有效期，照盒上印的写", "The date, just as it is printed";
        DateHelp => "例如：有效期至2026年11月；EXP 2026.11；生产日期2024-12-16 有效期24个月", "For example: EXP 2026.11, use by 2026-11-30, made 2024-12-16 shelf life 24 months";
        CodeSays => "条码里写的是：{}。请看着盒子再写一遍。", "The code says: {}. Please type what is printed.";
        Lenient => "照字面，最后一天", "Last day at its word";
        Strict => "从严读，最后一天", "Last day read strictly";
        HowManyTitle => "数量", "How many";
        Packs => "几盒（一盒 {}）", "Packs (of {})";
        LooseUnits => "另有零散几{}", "Loose {} besides";
        Fewer => "少一盒", "One less";
        OneMore => "多一盒", "One more";
        HowManyMissing => "请写数量：几盒，或几片。", "Please say how many: packs, or units.";
        PapersTitle => "照片和来源", "Photo and papers";
        DrugNeeds => "药品必须有标签照片和发票（或送货单）号。", "Medicine needs a photo of the label and the number of its invoice.";
        PhotoOfLabel => "拍有效期那一面", "Photo of the side with the date";
        PhotoKept => "照片已经有了", "There is a photo already";
        NotAPicture => "这不是能看的照片，请再拍一次。", "This is no picture that can be read. Please take another.";
        From => "来源", "Where from";
        Purchase => "购买", "Bought";
        Donation => "捐赠", "Donated";
        Proof => "发票或送货单号", "Invoice or delivery note";
        Shelf => "放在哪一格（可不填）", "On which shelf (optional)";
        ConfirmTitle => "再看一遍", "Look once more";
        Sure => "我看了两遍，确实是这样", "I have looked twice, and it is so";
        Confirm => "登记入库", "Put it on the shelf";
        Next => "下一步", "Next";
    }
}
