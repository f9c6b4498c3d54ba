//! Label dates: what was understood, and what must be asked back.

use super::Words;
use crate::rules::{label_date::Ask, pack_code::NoCode};

/// The question to ask back.
#[must_use]
pub fn question(ask: Ask) -> Words {
    match ask {
        Ask::YearWidthMissing => Words::new(
            "是哪一年？请写四位数的年份，例如 2026.11。",
            "Which year is it? Please write it with four digits: 2026.11.",
        ),
        Ask::DayMonthExchangeable => Words::new(
            "哪个是月，哪个是日？请按年、月、日写，例如 2027/02/01。",
            "Which is the month, which the day? Please write year, month, day: 2027/02/01.",
        ),
        Ask::MonthMissing => {
            Words::new("是几月？请写年和月，例如 2026.11。", "Which month is it? Please write year and month: 2026.11.")
        }
        Ask::ProductionDateMissing => Words::new(
            "从哪天算起？请把生产日期也写上，例如：生产日期2024-12-16 有效期24个月。",
            "Counted from which day? Please add when it was made: made 2024-12-16, shelf life 24 months.",
        ),
        Ask::ShelfLifeMissing => Words::new(
            "有效期多长？请写有效期至，或有效期几个月。",
            "How long does it keep? Please add the shelf life, or the date until which it is good.",
        ),
        Ask::NoSuchDay => Words::new("没有这一天，请再看一遍。", "There is no such day. Please look again."),
        Ask::DatesDisagree => Words::new(
            "有两个对不上的日期，请只写有效期。",
            "There are two dates that do not go together. Please write only the date of the end.",
        ),
        Ask::Illegible => Words::new(
            "看不出日期，请照盒上印的写，例如：有效期至2026年11月。",
            "No date can be read. Please write it as it is printed: EXP 11/2026.",
        ),
        Ask::DayOrMonthPrinted => Words::new(
            "条码里是月底那天。盒上印的是到日，还是只到月？请照盒上印的写。",
            "The bar code says the last day of a month. Is a day printed on the pack, or only a month? Please write what is printed.",
        ),
    }
}

/// Why a code was not understood.
#[must_use]
pub fn no_code(why: NoCode) -> Words {
    match why {
        NoCode::Unknown => {
            Words::new("认不出这个码，请照盒上的字填写。", "This code is not known here. Please type what is printed.")
        }
        NoCode::CheckDigit => Words::new("校验位不对，请再扫一次。", "The check digit does not fit. Please scan again."),
        NoCode::Ambiguous => Words::new(
            "这个码可以有两种读法，请再扫一次，或照盒上的字填写。",
            "This code can be read in more than one way. Please scan again, or type what is printed.",
        ),
        NoCode::BadDate => {
            Words::new("码里的日期不对，请照盒上的字填写。", "The date in this code is no date. Please type what is printed.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_is_asked_in_both_languages() {
        for ask in Ask::ALL {
            let words = question(ask);
            assert!(words.zh.ends_with(['。', '？']) && words.en.is_ascii() && words.en.ends_with('.'), "{ask:?}");
        }
    }
}
