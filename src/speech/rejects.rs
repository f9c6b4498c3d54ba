//! Why a row of a register was not taken in.

use super::Words;

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reject {
    /// Neither UTF-8 nor GB18030.
    BrokenEncoding,
    /// Not as many fields as the head of the table, or quotes that do not close.
    BrokenRow,
    /// A field that must be there is empty.
    Missing(&'static str),
    /// A code that is not one.
    BadCode(&'static str),
    /// A text that is too long, or has characters that cannot be printed.
    BadText(&'static str),
    /// Not a point in time.
    BadTime(&'static str),
    /// Came back before it left, or at the same moment.
    EndsBeforeItBegins,
    /// Has not happened yet.
    InTheFuture,
    /// No thing of that code.
    UnknownItem,
    /// No station of that code.
    UnknownStation(&'static str),
    /// Not a mobile number.
    BadPhone,
    /// A row above has the same number or code, and says something else.
    TwiceInFile,
    /// There is one of that number or code, and it says something else.
    DiffersFromStored,
    /// The thing was out at that time, by another loan.
    Overlaps(String),
    /// The kind is counted in lots.
    CountedInLots,
}

impl Reject {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::BrokenEncoding => "broken-encoding",
            Self::BrokenRow => "broken-row",
            Self::Missing(_) => "missing",
            Self::BadCode(_) => "bad-code",
            Self::BadText(_) => "bad-text",
            Self::BadTime(_) => "bad-time",
            Self::EndsBeforeItBegins => "ends-before-it-begins",
            Self::InTheFuture => "in-the-future",
            Self::UnknownItem => "unknown-item",
            Self::UnknownStation(_) => "unknown-station",
            Self::BadPhone => "bad-phone",
            Self::TwiceInFile => "twice-in-file",
            Self::DiffersFromStored => "differs-from-stored",
            Self::Overlaps(_) => "overlaps",
            Self::CountedInLots => "counted-in-lots",
        }
    }
}

/// How it sounds.
#[must_use]
pub fn reject(why: &Reject) -> Words {
    match why {
        Reject::BrokenEncoding => Words::new("编码有误，既不是 UTF-8 也不是 GB18030", "neither UTF-8 nor GB18030"),
        Reject::BrokenRow => {
            Words::new("列数与表头不符，或引号没有成对", "not as many fields as the head, or a quote that does not close")
        }
        Reject::Missing(field) => Words::new(format!("缺少 {field}"), format!("{field} is missing")),
        Reject::BadCode(field) => Words::new(
            format!("{field} 只能用字母、数字、- _ .，最多 40 个"),
            format!("{field}: letters, digits, - _ . and at most 40 of them"),
        ),
        Reject::BadText(field) => {
            Words::new(format!("{field} 太长或含不可见字符"), format!("{field} is too long or cannot be printed"))
        }
        Reject::BadTime(field) => Words::new(format!("{field} 不是有效的日期时间"), format!("{field} is not a date and time")),
        Reject::EndsBeforeItBegins => Words::new("归还时间不晚于借出时间", "it came back before it left"),
        Reject::InTheFuture => Words::new("时间在将来", "it has not happened yet"),
        Reject::UnknownItem => Words::new("没有这个编号的物品", "no thing of that code"),
        Reject::UnknownStation(field) => {
            Words::new(format!("{field}：没有这个编号的驿站"), format!("{field}: no station of that code"))
        }
        Reject::BadPhone => Words::new("手机号不对", "not a mobile number"),
        Reject::TwiceInFile => {
            Words::new("文件中前面已有同一编号而内容不同", "a row above has the same number and says something else")
        }
        Reject::DiffersFromStored => {
            Words::new("已有同一编号而内容不同", "there is one of that number, and it says something else")
        }
        Reject::Overlaps(other) => Words::new(
            format!("与借用 {other} 时间重叠，同一物品不能同时借出两次"),
            format!("overlaps with loan {other}: the thing was out by then"),
        ),
        Reject::CountedInLots => Words::new("这类物品按批次登记，不编号", "things of this kind are counted in lots"),
    }
}
