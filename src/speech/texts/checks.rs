//! The record of the nightly checks.

use super::texts;

texts! {
    /// The record of the nightly checks.
    Checks {
        Title => "效期检查记录", "Record of date checks";
        NoneYet => "还没有做过检查。有了药品或耗材，每晚自动检查。", "No check yet. Once there is stock with dates, it is checked every night.";
        Day => "日期", "Date";
        CoversFrom => "补查自", "Makes up from";
        Station => "驿站", "Station";
        FinishedAt => "完成时间", "Finished";
        CheckedLots => "检查批次", "Lots checked";
        Changes => "有变化", "Changes";
        Clock => "时钟", "Clock";
        ClockGood => "正常", "Trusted";
        ClockDoubted => "可疑，只停用不放行", "Doubted: only blocked, nothing released";
        Result => "结果", "Result";
        Complete => "完成", "Complete";
        Partial => "部分完成，查不了的已停用", "Partial: what could not be read is blocked";
        Abnormal => "异常", "Abnormal";
        NoAbnormal => "无异常", "Nothing abnormal";
        What => "物品", "What";
        Lot => "批号", "Lot";
        LastDay => "有效期", "Last day";
        Shelf => "位置", "Shelf";
        Units => "数量", "Units";
        Finding => "情况", "Finding";
        Handling => "处理", "Handling";
        NotYet => "待处理", "Not yet";
        DoneOn => "{} 已处理", "Done {}";
        Tiers => "架上批次分布", "Lots on the shelf";
        Expired => "已过期", "Expired";
        OpenedExpired => "开封后过期", "Opened too long ago";
        StopIssue => "停止取用", "No longer handed out";
        T7 => "7天内到期", "Within 7 days";
        T30 => "30天内到期", "Within 30 days";
        T90 => "90天内到期", "Within 90 days";
        Fresh => "90天以上", "More than 90 days";
        Incidents => "到期后被取走", "Taken past its date";
        RecordedLate => "补记的到期后取用", "Late takes written down afterwards";
        Blocked => "新停用", "Newly blocked";
        Lifted => "已恢复", "Blocks lifted";
        Calibration => "检查或校准过期", "Inspection overdue";
        Errors => "查不了的", "Could not be checked";
        Missed => "漏掉的晚上", "Nights missed";
        Seal => "校验值", "Seal";
        CheckedBy => "检查人签名", "Signature";
        ReviewedBy => "复核人签名", "Second signature";
        SignedOn => "日期", "Date";
        Print => "打印", "Print";
        Older => "更早的", "Older";
    }
}
