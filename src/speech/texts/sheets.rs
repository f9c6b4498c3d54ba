//! Stickers, and the sheets they are printed on.

use super::texts;

texts! {
    /// Stickers, and the sheets they are printed on.
    Sheets {
        Title => "二维码贴", "Stickers";
        MakeTitle => "打印空白的", "Print blank ones";
        MakeHelp => "先贴好，再到柜台扫一下启用。", "Stick them on first; scan each at the counter to put it to use.";
        HowMany => "几张", "How many?";
        Fewer => "少一些", "Fewer";
        OneMore => "多一些", "More";
        Make => "做好并打印", "Make and print";
        BindTitle => "启用、换贴", "Put to use";
        StickerCode => "二维码下面的编号", "Code under the QR";
        OnWhat => "贴在什么上面", "What is it stuck on?";
        OnItem => "一件物品", "A thing";
        OnShelf => "一格货架", "A shelf";
        OnStation => "驿站门口", "The door of the station";
        ItemCode => "物品的编号或号码（如 伞 07）", "Code or number of the thing";
        ShelfKind => "货架上放什么", "What lies on the shelf";
        Bind => "启用", "Put it to use";
        PlaceTitle => "门口和货架", "Door and shelves";
        PrintPlate => "打印门口的牌子", "Print the plate of the station";
        MakePlate => "做门口的牌子", "Make the plate of the station";
        Shelves => "货架上的", "On the shelves";
        PrintShelves => "打印选中的", "Print the chosen ones";
        NewShelf => "新的货架贴", "A new one for a shelf";
        MakeShelf => "做好并打印", "Make and print";
        GiveUpTitle => "作废", "Give one up";
        GiveUpHelp => "撕坏了、丢了就作废，编号不会再用。", "Torn or lost: its code is never used again.";
        GiveUpReason => "原因", "Why";
        GiveUp => "作废这张", "Give it up";
        DoneBound => "启用好了", "It is in use";
        DoneGivenUp => "已作废", "It is given up";
        NoSuchSticker => "没有这张二维码贴，请核对编号。", "There is no such sticker; please check the code.";
        NoSuchThing => "没有找到这件物品，请写它的编号或号码。", "No such thing was found; please give its code or number.";
        PrintTitle => "打印二维码贴", "Print stickers";
        NothingToPrint => "没有要打印的", "Nothing to print";
        SoManyReady => "准备好 {} 张", "{} ready to print";
        WhichPaper => "用哪种纸", "On which paper?";
        OnA4 => "A4 不干胶，{} 列 × {} 行", "A4 labels, {} across × {} down";
        OneByOne => "一张一张打印（标签打印机）", "One at a time (label printer)";
        StartAt => "从第几格开始", "Begin at place";
        StartHelp => "用过一部分的 A4 纸：从左到右、从上到下数，第一个空格是第几个。", "On a sheet used in part: count from left to right, line by line, to the first free one.";
        ShowSheet => "看一看，打印", "Show and print";
        PrintHelp => "打印时选：实际大小（100%），边距“无”，不要页眉页脚。", "When printing choose: actual size (100%), margins none, no headers.";
        Print => "打印", "Print";
        OtherPaper => "换一种纸", "Other paper";
        ScanToUse => "扫码借还", "Scan to use";
        CardName => "借物卡", "Member card";
        CardHelp => "没带手机时，交给站长扫一下", "Without a phone: let a keeper scan it";
    }
}
