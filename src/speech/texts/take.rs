//! Taking from the medicine box.

use super::texts;

texts! {
    /// Taking from the medicine box.
    Take {
        Title => "领药品和敷料", "Medicine and dressings";
        Choose => "您需要什么？", "What do you need?";
        Left => "还有 {}", "{} left";
        NoneNow => "现在没有能领的", "none to take now";
        NothingHere => "这里现在没有可领的", "There is nothing to take here now";
        ForWhom => "给谁用？", "Who is it for?";
        Under14 => "14 岁以下的孩子", "A child under 14";
        From14 => "14 到 17 岁", "14 to 17";
        From18 => "18 到 59 岁", "18 to 59";
        From60 => "60 岁及以上", "60 or older";
        Guardian => "我是家长，我在旁边", "I am the parent, and I am here";
        Questions => "有下面的情况吗？", "Is any of this so?";
        QuestionsHelp => "请勾选有的；没有就直接点下一步。回答不会被保存。", "Tick what is so; if nothing is, go on. The answers are not kept.";
        Pregnancy => "怀孕或正在哺乳", "Pregnant or nursing";
        AllergyTo => "对{}过敏", "Allergic to {}";
        Allergy => "对这种药过敏", "Allergic to it";
        OtherColdMedicine => "正在吃别的感冒药", "Taking another cold medicine";
        Anticoagulant => "在吃抗凝药，或容易出血", "Taking something against clotting, or bleeding easily";
        KidneyOrLiver => "肝或肾不好", "Kidney or liver trouble";
        Alcohol => "喝了酒", "Has drunk alcohol";
        HowMany => "拿多少？", "How many?";
        Packs => "{} 盒（{}）", "{} pack(s): {}";
        WhichDate => "请看手里这一盒，印的有效期是哪个？", "Look at the pack in your hand: which date is printed on it?";
        WhichDateHelp => "照着盒子上的字选，选错了会请您换一盒。", "Choose what is printed. If it must not be used, you will be asked to take another pack.";
        ScanInstead => "或扫描盒上的条形码", "Or scan the bar code on the pack";
        NoCodeSeen => "照片里没看到条形码，请靠近一点再拍，或选日期。", "No bar code was found in the photo. Go closer, or choose the date.";
        ScanThePack => "请扫手里这一盒的条形码", "Scan the bar code on your pack";
        ScanThePackHelp => "架上还有要清走的同类药，只有扫码能确认您手里的是好的。", "Packs that must go are still on the shelf: only a scan makes sure that yours is good.";
        PhotoOfCode => "给条形码拍一张照片", "Take a photo of the bar code";
        TypeCode => "或者输入条形码下面的数字", "Or type the digits under it";
        OtherDate => "盒上印的是别的日期", "Another date is printed on it";
        TypeDate => "照着盒上写，例如：有效期至2027年03月", "As it is printed, for example EXP 03/2027";
        Confirm => "请看一遍，再拿走", "Please read this, then take it";
        Leaflet => "说明书要点", "From the leaflet";
        Careful => "请注意：您勾选了“{}”，用之前请问药师或医生。", "Careful: you ticked \"{}\". Ask a pharmacist or doctor before you use it.";
        AskSomebody => "按说明书用。不确定就问药师；情况严重请拨打 120。", "Use it as the leaflet says. If in doubt ask a pharmacist; in an emergency call 120.";
        Phone => "留手机号可以帮您查用量有没有超（可不填）", "With your number we check whether it is too much (optional)";
        Anonymous => "不记名领取", "Take it without my name";
        TakeIt => "我知道了，拿走", "Understood: I take it";
        JustTake => "拿走", "Take it";
        Taken => "领好了", "It is yours";
        TakenLine => "{}，有效期到 {}", "{}, good until {}";
        NotCounted => "没有留手机号，没有查以前领过多少。", "Without a number it was not looked up what you took before.";
        Undo => "没拿，撤销", "I did not take it: undo";
        UndoHelp => "10 分钟内可以撤销。", "It can be undone within 10 minutes.";
        Undone => "已经撤销，请把东西放回原处。", "Undone. Please put it back.";
        PutAway => "手里这一盒不要用，请放进旁边的红盒子。站长已经收到消息。", "Do not use the pack in your hand: please put it into the red box. The keeper has been told.";
    }
}
