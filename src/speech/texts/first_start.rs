//! The first start: five short steps from an empty database to the first printed sticker.

use super::texts;

texts! {
    /// The first start.
    FirstStart {
        Title => "第一次使用", "First start";
        StepOf => "第 {} 步，共 5 步", "Step {} of 5";
        CodeTitle => "输入启动码", "Type the setup code";
        CodeHelp => "启动码显示在服务器的启动日志里，只用一次。", "It is shown in the log of the server, and good once.";
        Code => "启动码", "Setup code";
        YouTitle => "您是谁？", "Who are you?";
        YouHelp => "您会成为第一位管理员，以后用手机号和密码登录。", "You become the first admin, and sign in with your number and password.";
        Name => "称呼", "Your name";
        Phone => "手机号", "Phone number";
        Password => "密码（至少 8 位）", "Password (at least 8 characters)";
        PasswordHelp => "几个不相干的词连起来就好记又安全。", "A few unrelated words are easy to remember, and safe.";
        PlaceTitle => "第一个驿站", "Your first station";
        Community => "社区名称", "Name of the community";
        CommunityHint => "例如：湾塘社区", "For example: Riverside community";
        Station => "驿站名称", "Name of the station";
        StationHint => "例如：北门驿站", "For example: North gate station";
        Plate => "驿站代号（字母和数字，印在牌子上）", "Station code (letters and digits, on its plate)";
        Where => "地址（可不填）", "Where it is (optional)";
        Contact => "联系电话（可不填）", "Phone people may call (optional)";
        Open => "什么时候能进", "When can people get in?";
        Always => "随时（露天柜子）", "Always (a cabinet in the open)";
        Daily => "每天 8:00–20:00", "Every day 8:00–20:00";
        ThingsTitle => "有哪些东西？", "What do you have?";
        ThingsHelp => "先选几样，数量写您手上有的；以后随时可以加。", "Choose a few to begin with; more can be added at any time.";
        Many => "数量", "How many";
        DoneTitle => "第一批贴纸", "Your first stickers";
        DoneHelp => "打印这一页，剪下来贴在驿站门上和物品上，扫一扫就能借了。", "Print this page, cut the stickers out and stick them on the door and on the things. Scan one to try it.";
        DoneNothing => "驿站开好了。贴纸可以以后在“二维码贴”里打印。", "The station is open. Stickers can be printed later.";
        ScanToBorrow => "扫码借还", "Scan to borrow and return";
        Next => "下一步", "Next";
        Print => "打印", "Print";
        ToWork => "进入工作台", "To your desk";
    }
}
