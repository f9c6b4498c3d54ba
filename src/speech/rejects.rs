//! Why a row of a register was not taken in.

use chrono::{DateTime, Utc};

use super::{Words, day_and_time, refusal};
use crate::rules::{legal::NoClass, quantity::NoQuantity, refusal::Refusal};

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
    /// A delivery that is refused, for these reasons.
    Refused(Vec<Refusal>),
    /// No word that is known for that column.
    BadChoice(&'static str),
    /// Not a whole number above zero.
    BadNumber(&'static str),
    /// How many?
    BadQuantity(NoQuantity),
    /// What the law calls it.
    BadClass(NoClass),
    /// No code of a pack.
    UnreadableCode,
    /// No partner of that licence or name, or more than one.
    UnknownPartner,
    /// The kind is stored, and its profile says something else.
    KindDiffers(&'static str, String),
    /// A line above is about the same lot.
    LotTwice(u64),
    /// The lot is there, with another quantity: that is counted, not imported.
    CountInstead(i32),
    /// No kind of that name.
    UnknownKind,
    /// No lot of that number and date.
    UnknownLot,
    /// More than one lot could be meant.
    WhichLot,
    /// The lot is in the books from then on only.
    BeforeTheList(DateTime<Utc>),
    /// The lot was counted since.
    CountedSince,
    /// More was taken than the books say was there.
    MoreThanBooked(i32),
    /// A line above says the same, or has the same number.
    TakeTwice(u64),
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
            Self::Refused(reasons) => reasons.first().map_or("refused", Refusal::code),
            Self::BadChoice(_) => "bad-choice",
            Self::BadNumber(_) => "bad-number",
            Self::BadQuantity(NoQuantity::Unit(_)) => "quantity-unit",
            Self::BadQuantity(NoQuantity::Nothing) => "quantity-nothing",
            Self::BadQuantity(_) => "quantity-unclear",
            Self::BadClass(NoClass::WhichMedicine) => "class-unclear",
            Self::BadClass(NoClass::Unknown) => "unknown-class",
            Self::UnreadableCode => "unreadable-code",
            Self::UnknownPartner => "unknown-partner",
            Self::KindDiffers(..) => "kind-differs",
            Self::LotTwice(_) => "lot-twice-in-file",
            Self::CountInstead(_) => "count-instead",
            Self::UnknownKind => "unknown-kind",
            Self::UnknownLot => "unknown-lot",
            Self::WhichLot => "which-lot",
            Self::BeforeTheList(_) => "before-the-list",
            Self::CountedSince => "counted-since",
            Self::MoreThanBooked(_) => "more-than-booked",
            Self::TakeTwice(_) => "take-twice-in-file",
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
        of_consumables => stock_reject(of_consumables),
    }
}

fn stock_reject(why: &Reject) -> Words {
    match why {
        Reject::Refused(reasons) => {
            let words: Vec<Words> = reasons.iter().map(refusal).collect();
            let all = |of: fn(&Words) -> &str| words.iter().map(of).collect::<Vec<_>>().join(" ");
            Words::new(all(|words| &words.zh), all(|words| &words.en))
        }
        Reject::BadChoice(field) => {
            Words::new(format!("{field} 填的词不认识"), format!("{field}: not a word that is known there"))
        }
        Reject::BadNumber(field) => Words::new(format!("{field} 应是正整数"), format!("{field}: a whole number above zero")),
        Reject::BadQuantity(no) => quantity(no),
        Reject::BadClass(NoClass::WhichMedicine) => Words::new(
            "是甲类（红标）还是乙类（绿标）非处方药，还是处方药？请写清楚",
            "class A (red), class B (green) or prescription medicine? Please say which",
        ),
        Reject::BadClass(NoClass::Unknown) => {
            Words::new("管理类别请写：用品、敷料、器械、乙类非处方药", "class: supply, dressing, device or otc_b")
        }
        Reject::UnreadableCode => Words::new("追溯码或条码读不出，请核对", "the code of the pack cannot be read"),
        Reject::UnknownPartner => Words::new(
            "没有（或不止一个）这个合作单位，请先登记，并填许可证号",
            "no such partner, or more than one: enter it first, and give the number of its licence",
        ),
        Reject::KindDiffers(field, there) => Words::new(
            format!("这类物品已登记，{field} 是“{there}”，与清单不同"),
            format!("the kind is stored with another {field}: {there}"),
        ),
        Reject::LotTwice(line) => Words::new(
            format!("与第 {line} 行是同一批，请合并成一行"),
            format!("the same lot as in line {line}: make one line of both"),
        ),
        Reject::CountInstead(there) => Words::new(
            format!("这一批已入账，账上现有 {there}，与清单不同。请到架前盘点，不能靠导入改数量"),
            format!("the lot is in the books with {there}: count it at the shelf, a list does not change a quantity"),
        ),
        _ => take_reject(why),
    }
}

fn quantity(no: &NoQuantity) -> Words {
    match no {
        NoQuantity::Unclear => {
            Words::new("数量看不明白，请写成“3盒”“1盒+4片”或“34”", "how many? Write 3盒, 1盒+4片, or a number of base units")
        }
        NoQuantity::Unit(unit) => Words::new(
            format!("“{unit}”既不是最小单位也不是一盒，请换算"),
            format!("{unit} is neither the base unit nor a pack: please convert"),
        ),
        NoQuantity::Nothing => Words::new("数量是零，没有可入账的", "nothing: there is nothing to take in"),
        NoQuantity::TooMany => Words::new("数量太大，请核对", "more than a station can hold"),
    }
}

fn take_reject(why: &Reject) -> Words {
    match why {
        Reject::UnknownKind => Words::new("没有这种物品，请先导入清单", "no kind of that name: import the list first"),
        Reject::WhichLot => Words::new("不止一批，请写批号和有效期", "more than one lot: give its number and its date"),
        Reject::BeforeTheList(at) => {
            let since = day_and_time(*at, chrono_tz::Asia::Shanghai);
            Words::new(
                format!("这一批从 {} 起入账，之前取走的不在账上数量里", since.zh),
                format!("the lot is in the books since {}: what was taken before is not in its quantity", since.en),
            )
        }
        Reject::CountedSince => Words::new("之后已经盘点过，以盘点为准", "the lot was counted since then: the count stands"),
        Reject::MoreThanBooked(there) => Words::new(
            format!("账上只有 {there}。已请站长重新盘点，盘点后再导入"),
            format!("the books say {there}. A keeper is asked to count again; import it after that"),
        ),
        Reject::TakeTwice(line) => Words::new(
            format!("与第 {line} 行相同。重复抄写请删去；确是两次取用，请各写登记编号"),
            format!("the same as line {line}: strike it, or give each take its number if there were two"),
        ),
        _ => Words::new("没有这个批号和有效期的批次", "no lot of that number and date"),
    }
}
