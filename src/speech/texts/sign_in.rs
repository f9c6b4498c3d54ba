//! Signing in.

use super::texts;

texts! {
    /// Signing in.
    SignIn {
        Title => "登录", "Sign in";
        PhoneLabel => "您的手机号", "Your phone number";
        PhoneWhy => "只用来提醒归还，不会公开。", "Only to remind you; shown to nobody.";
        CodeLabel => "短信验证码（6 位数字）", "The code in the message (6 digits)";
        SendCode => "获取验证码", "Send me a code";
        CodeSent => "验证码已发送，5 分钟内有效。", "A code is on its way; it is good for 5 minutes.";
        OncePerDevice => "这台手机只要登录一次，半年内不用再输。", "Once on this phone; it stays signed in for half a year.";
        OtherNumber => "换一个手机号", "Another number";
        StaffTitle => "工作人员登录", "Staff sign-in";
        StaffLink => "我是站长或管理员", "I am a keeper or manager";
        ResidentLink => "我是居民，用短信登录", "I am a resident: sign in by message";
        Password => "密码", "Password";
        Enter => "登录", "Sign in";
    }
}
