//! How it sounds when something is wrong with a request, or with us. Refusals by the rules are in `refusals`.

use super::Words;

/// A problem that is not a refusal by the rules. Its code is part of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The rules say no; the reasons are listed.
    Refused,
    /// The request is not of the form it should be.
    Malformed,
    /// A value is not what it should be.
    Invalid,
    /// It can be read in no way, or in more than one: the question to ask back is listed.
    Unclear,
    /// Nobody is signed in.
    NotSignedIn,
    /// For somebody else.
    Forbidden,
    /// There is no such thing.
    NotFound,
    /// This address knows other methods.
    MethodNotAllowed,
    /// Changed in between.
    Stale,
    /// An edit without `If-Match`.
    VersionNeeded,
    /// The key was used for another request.
    KeyReused,
    /// Too much at once.
    TooLarge,
    /// Not JSON.
    WrongMediaType,
    /// Too often.
    TooManyRequests,
    /// A page of another site posted here.
    CrossSite,
    /// Not done; try again.
    Busy,
    /// Not known whether it was done; ask again with the same key.
    Unknown,
    /// A fault of ours.
    Fault,
}

impl Problem {
    /// All of them, for the catalogue.
    pub const ALL: [Self; 18] = [
        Self::Refused,
        Self::Malformed,
        Self::Invalid,
        Self::Unclear,
        Self::NotSignedIn,
        Self::Forbidden,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::Stale,
        Self::VersionNeeded,
        Self::KeyReused,
        Self::TooLarge,
        Self::WrongMediaType,
        Self::TooManyRequests,
        Self::CrossSite,
        Self::Busy,
        Self::Unknown,
        Self::Fault,
    ];

    /// The stable code and the HTTP status.
    #[must_use]
    pub fn code_and_status(self) -> (&'static str, u16) {
        match self {
            Self::Refused => ("refused", 409),
            Self::Malformed => ("malformed", 400),
            Self::Invalid => ("invalid", 422),
            Self::Unclear => ("unclear", 422),
            Self::NotSignedIn => ("not-signed-in", 401),
            Self::Forbidden => ("forbidden", 403),
            Self::NotFound => ("not-found", 404),
            Self::MethodNotAllowed => ("method-not-allowed", 405),
            Self::Stale => ("stale", 412),
            Self::VersionNeeded => ("version-needed", 428),
            Self::KeyReused => ("key-reused", 422),
            Self::TooLarge => ("too-large", 413),
            Self::WrongMediaType => ("wrong-media-type", 415),
            Self::TooManyRequests => ("too-many-requests", 429),
            Self::CrossSite => ("cross-site", 403),
            Self::Busy => ("busy", 503),
            Self::Unknown => ("unknown-outcome", 503),
            Self::Fault => ("fault", 500),
        }
    }
}

/// The title of a problem.
#[must_use]
pub fn problem(problem: Problem) -> Words {
    match problem {
        Problem::Refused => Words::new("现在不行", "Not possible now"),
        Problem::Malformed => Words::new("请求格式不对", "The request cannot be read"),
        Problem::Invalid => Words::new("有一项填写不对", "A value is not what it should be"),
        Problem::Unclear => Words::new("看不明白，请再确认", "It cannot be read in one way only"),
        Problem::NotSignedIn => Words::new("请先登录", "Please sign in"),
        Problem::Forbidden => Words::new("您没有这个权限", "This is for somebody else"),
        Problem::NotFound => Words::new("没有找到", "There is no such thing"),
        Problem::MethodNotAllowed => Words::new("不支持这种操作", "This address knows other methods"),
        Problem::Stale => Words::new("内容已被别人修改，请刷新后再试", "Changed in between: look again, then edit"),
        Problem::VersionNeeded => Words::new("修改时请带上版本（If-Match）", "Say which version you edit (If-Match)"),
        Problem::KeyReused => Words::new("这个幂等键已用于另一个请求", "This Idempotency-Key was used for another request"),
        Problem::TooLarge => Words::new("内容太大", "Too large"),
        Problem::WrongMediaType => Words::new("请用 JSON 格式", "Please send JSON"),
        Problem::TooManyRequests => Words::new("操作太频繁，请稍后再试", "Too many requests: try again a little later"),
        Problem::CrossSite => Words::new("请从驿站的页面操作", "Please use this station's own pages"),
        Problem::Busy => Words::new("系统繁忙，没有完成，请再试一次", "Busy: not done, please try again"),
        Problem::Unknown => {
            Words::new("暂时不知道是否完成，请用同一个键再问一次", "Not known whether it was done: ask again with the same key")
        }
        Problem::Fault => Words::new("系统出错，没有完成", "A fault of ours: not done"),
    }
}
