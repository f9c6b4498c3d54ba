//! Finding a station, and what it has.

use super::texts;

texts! {
    /// Finding a station, and what it has.
    Find {
        Title => "找驿站", "Find a station";
        Welcome => "扫一扫就能借，用完再扫一次就还", "Scan to borrow, scan again to give back";
        CodeLabel => "输入贴纸上的编号", "Type the code on the sticker";
        Go => "查看", "Look it up";
        ScanLive => "📷 用相机扫码", "📷 Scan with the camera";
        Nearest => "📍 离我最近的排前面", "📍 The nearest first";
        NoStation => "还没有驿站", "There is no station yet";
        NoStationHelp => "站点开通后会显示在这里。", "Stations will be shown here once they are opened.";
        NothingNow => "现在没有可借的", "Nothing to borrow right now";
        Left => "{} 件可借", "{} to borrow";
        AllOut => "都借出了", "all out";
        HereNow => "现在有什么", "What is here now";
        HowTo => "怎么借", "How to borrow";
        HowToBorrow => "用微信或手机相机扫物品上的二维码，点“借走”。", "Scan the code on the thing with your phone's camera and tap Borrow.";
        HowToReturn => "用完放回柜子，再扫一次，点“归还”。任何一个驿站都能还。", "Put it back into any station's cabinet, scan again and tap Give back.";
        ToTake => "领药品和敷料", "Take medicine or dressings";
        ToTakeHelp => "自己选，确认包装上的有效期后拿走", "Choose, check the printed date, and take";
        ReportHere => "这里有问题？告诉站长", "Something wrong here? Tell the keeper";
        Map => "地址", "Address";
        Hours => "开放时间", "Opening hours";
        OnHolidays => "法定节假日关门", "Closed on public holidays";
        Every => "每天", "Every day";
    }
}
