//! The table of research/stock-and-expiry.md §2.3, every day of four years in every form against an oracle that shares no
//! arithmetic with the rule, and any text at all.

use chrono::{Datelike, NaiveDate};
use entity::{
    lot::{LabelKind, Precision},
    values::Language,
};

use super::{Ask, LabelDate, Life, Point, Says, read};

const YEAR: i32 = 2026;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn last_days(text: &str) -> (NaiveDate, NaiveDate) {
    let label = read(text, YEAR).unwrap_or_else(|ask| panic!("{text}: {ask:?}"));
    (label.lenient_last_day(), label.strict_last_day())
}

#[test]
fn the_table_of_labels_holds() {
    let rows = [
        ("2026-11-30", "2026-10-31", "有效期至2026年11月|2026.11|2026/11|202611|EXP 11/2026|AI17 261100|2026.11.|2026－11"),
        (
            "2026-11-15",
            "2026-11-14",
            "有效期至2026年11月15日|2026/11/15|20261115|AI17 261115|(17)261115|17261115|15 NOV 2026|Nov 15, 2026|15/11/2026",
        ),
        ("2026-11-30", "2026-11-29", "AI17 261130|(01)06901234567892(17)261130(10)A1"),
        ("2026-10-31", "2026-10-31", "失效期 2026年11月|失效期：2026.11"),
        ("2025-10-30", "2025-10-30", "失效期 2025/10/31|失效日期2025-10-31"),
        (
            "2026-12-15",
            "2026-12-14",
            "生产日期 2024-12-16 有效期24个月|生产 2024.12.16 有效期 2年|生产日期：二〇二四年十二月十六日，有效期二十四个月",
        ),
        ("2025-02-27", "2025-02-26", "生产日期 2024-08-31 有效期6个月"),
        ("2026-11-30", "2026-10-31", "生产日期2024年12月 有效期24个月"),
        ("2025-01-14", "2025-01-13", "生产日期2024-12-16 保质期30天"),
        // What is printed before a date does not include it.
        ("2026-10-31", "2026-10-31", "2026年11月前使用|有效期至2026.11之前|2026/11前|2026年11月以前使用"),
        ("2026-11-14", "2026-11-14", "2026年11月15日前使用"),
        // A length that goes with the end that is printed.
        (
            "2026-12-15",
            "2026-12-14",
            "生产2024-12-16 有效期24个月 有效期至2026年12月15日|生产日期2024.12.16 有效期2年 有效期至20261215",
        ),
        ("2026-12-14", "2026-12-13", "生产2024-12-16 有效期24个月 有效期至2026.12.14"),
        (
            "2026-11-30",
            "2026-10-31",
            "生产2024-12-16 有效期24个月 有效期至2026年11月|生产2024年12月 有效期24个月 有效期至2026年11月",
        ),
        ("2026-12-15", "2026-12-15", "生产2024-12-16 有效期24个月 失效期2026-12-16"),
        (
            "2026-11-30",
            "2026-10-31",
            "二〇二六年十一月|EXP2026.11|EXP. 2026-11|Nov 2026|EXPIRY DATE: NOV 2026|批号 A12 有效期至2026年11月",
        ),
        ("2026-12-15", "2026-12-14", "生产日期2024.12.16 有效期至2026.12.15|MFG 2024-12-16 EXP 2026-12-15"),
    ];
    for (lenient, strict, forms) in rows {
        for form in forms.split('|') {
            assert_eq!(last_days(form), (date(lenient), date(strict)), "{form}");
        }
    }
}

#[test]
fn what_can_be_read_in_two_ways_is_asked_back() {
    let rows = [
        (Ask::YearWidthMissing, "11/26|26.11|26/11/15|26年11月|有效期至11月|NOV 26|261115|0111|有效期至26年"),
        // Either November 2008 or 11 August 2020.
        (Ask::YearWidthMissing, "200811"),
        (Ask::DayMonthExchangeable, "01/02/2027|EXP 11.12.2026|01022027"),
        (Ask::MonthMissing, "2026|有效期至2026年"),
        (Ask::ProductionDateMissing, "有效期24个月|保质期 36 months|有效期二年|有效期 18个月|生产日期2024年12月 有效期30天"),
        (Ask::ShelfLifeMissing, "生产日期 2024-12-16"),
        (Ask::NoSuchDay, "2026/02/29|2026.13|2026年11月31日|AI17 261345|20260230|2026-00-10|3026.11|30 Feb 2026"),
        (Ask::DatesDisagree, "2026.11 2027.11|有效期至2026.11 失效期2026.11|生产日期2026.12.01 有效期至2025.12"),
        // Made, how long it keeps and the end contradict each other.
        (
            Ask::DatesDisagree,
            "生产2024-12-16 有效期24个月 有效期至2027年11月|生产2024-12-16 有效期24个月 有效期至2026.12.16|\
             生产2024-12-16 有效期24个月 有效期至2026年12月|生产2024-12-16 有效期24个月 有效期至2026年10月|\
             生产2024-12-16 有效期24个月 有效期至2026.12.13|生产2024年12月 有效期24个月 有效期至2026年12月",
        ),
        (Ask::Illegible, "|   |看不清|没有|???|2O26.11|2026.1l|有效期至|A12|9999999999"),
    ];
    for (ask, forms) in rows {
        for form in forms.split('|') {
            assert_eq!(read(form, YEAR), Err(ask), "{form:?}");
        }
    }
    assert_eq!(read("05/05/2027", YEAR).unwrap().lenient_last_day(), date("2027-05-05"), "the exchange changes nothing");
}

#[test]
fn years_of_two_digits_in_a_bar_code_have_the_century_that_gs1_says() {
    let year = |digits: &str, now: i32| super::gs1_date(digits, now).unwrap().first_day().year();
    assert_eq!((year("760101", 2026), year("770101", 2026), year("260101", 2026)), (2076, 1977, 2026));
    assert_eq!((year("000101", 2049), year("990101", 2051), year("480101", 1999)), (2000, 2099, 2048));
}

/// The oracle: a calendar of its own, by counting days one by one.
mod oracle {
    pub(super) type Day = (i32, u32, u32);

    fn length(year: i32, month: u32) -> u32 {
        let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        match month {
            2 => 28 + u32::from(leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    pub(super) fn before((year, month, day): Day) -> Day {
        match (month, day) {
            (1, 1) => (year - 1, 12, 31),
            (_, 1) => (year, month - 1, length(year, month - 1)),
            _ => (year, month, day - 1),
        }
    }

    pub(super) fn after((year, month, day): Day) -> Day {
        if day < length(year, month) {
            (year, month, day + 1)
        } else if month < 12 {
            (year, month + 1, 1)
        } else {
            (year + 1, 1, 1)
        }
    }

    pub(super) fn end_of_month((year, month, _): Day) -> Day {
        (year, month, length(year, month))
    }

    pub(super) fn months_later((year, month, day): Day, months: u32) -> Day {
        let mut at = (year, month);
        for _ in 0..months {
            at = if at.1 == 12 { (at.0 + 1, 1) } else { (at.0, at.1 + 1) };
        }
        (at.0, at.1, day.min(length(at.0, at.1)))
    }
}

const NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn of(day: oracle::Day) -> NaiveDate {
    NaiveDate::from_ymd_opt(day.0, day.1, day.2).unwrap()
}

#[test]
fn every_day_of_four_years_in_every_form_is_what_the_oracle_says() {
    let mut day = (2024, 1, 1);
    let mut seen = 0;
    while day < (2028, 1, 1) {
        let (y, m, d) = day;
        let (yesterday, month_end) = (of(oracle::before(day)), of(oracle::end_of_month(day)));
        let before_month = of(oracle::before((y, m, 1)));
        let name = NAMES[m as usize - 1];
        let short = y % 100;
        let to_the_day = [
            format!("有效期至{y}年{m}月{d}日"),
            format!("有效期至{y}年{m:02}月{d:02}日"),
            format!("有效期至{y}.{m:02}.{d:02}."),
            format!("{y}/{m:02}/{d:02}"),
            format!("{y}-{m}-{d}"),
            format!("{y}{m:02}{d:02}"),
            format!("EXP {d:02} {name} {y}"),
            format!("use by {name} {d}, {y}"),
            format!("(17){short:02}{m:02}{d:02}"),
            format!("ＥＸＰ：{y}．{m:02}．{d:02}"),
        ];
        for form in &to_the_day {
            assert_eq!(last_days(form), (of(day), yesterday), "{form}");
            assert_eq!(read(form, YEAR).unwrap().precision(), Precision::Day, "{form}");
        }
        let to_the_month = [
            format!("有效期至{y}年{m}月"),
            format!("有效期至{y}年{m:02}月"),
            format!("{y}.{m:02}"),
            format!("{y}/{m:02}"),
            format!("{y}{m:02}"),
            format!("EXP {m:02}/{y}"),
            format!("{name} {y}"),
            format!("AI17 {short:02}{m:02}00"),
        ];
        for form in &to_the_month {
            assert_eq!(last_days(form), (month_end, before_month), "{form}");
            assert_eq!(read(form, YEAR).unwrap().precision(), Precision::Month, "{form}");
        }
        for form in [format!("失效期{y}年{m}月{d}日"), format!("失效日期 {y}/{m:02}/{d:02}")] {
            assert_eq!(last_days(&form), (yesterday, yesterday), "{form}");
            assert_eq!(read(&form, YEAR).unwrap().kind(), LabelKind::ExpiresOn, "{form}");
        }
        for form in [format!("失效期{y}年{m}月"), format!("失效日期：{y}.{m:02}"), format!("失效期 {y}/{m:02}")] {
            assert_eq!(last_days(&form), (before_month, before_month), "{form}");
            assert_eq!(read(&form, YEAR).unwrap().precision(), Precision::Month, "{form}");
        }
        // A month that is kept for months ends with a month; strictly with the one before it.
        for months in [1, 12, 24, 36] {
            let last = oracle::before(oracle::months_later((y, m, 1), months));
            let strict = oracle::before((last.0, last.1, 1));
            for form in [format!("生产日期{y}年{m}月 有效期{months}个月"), format!("MFG {m:02}/{y}, shelf life {months} months")]
            {
                assert_eq!(last_days(&form), (of(last), of(strict)), "{form}");
            }
        }
        for days in [1, 30, 365] {
            let last = (1..days).fold(day, |at, _| oracle::after(at));
            let form = format!("生产日期 {y}-{m:02}-{d:02} 保质期{days}天");
            assert_eq!(last_days(&form), (of(last), of(oracle::before(last))), "{form}");
        }
        // What was made is printed beside the end, and changes nothing about it.
        let form = format!("生产日期2020.01.31 有效期至{y}.{m:02}.{d:02}");
        assert_eq!(last_days(&form), (of(day), yesterday), "{form}");
        // A bar code that says the last day of a month is taken at its word here, and asked back where a barcode is all there is.
        let form = format!("17{short:02}{m:02}{d:02}");
        assert_eq!(last_days(&form), (of(day), yesterday), "{form}");
        for months in [1, 6, 12, 18, 24, 36, 60] {
            let last = oracle::before(oracle::months_later(day, months));
            let form = format!("生产日期{y}{m:02}{d:02} 有效期{months}个月");
            assert_eq!(last_days(&form), (of(last), of(oracle::before(last))), "{form}");
        }
        // Years last: understood exactly where the day cannot be a month.
        let exchangeable = d <= 12 && d != m;
        let read_back = read(&format!("{d:02}/{m:02}/{y}"), YEAR);
        let expected = if exchangeable { Err(Ask::DayMonthExchangeable) } else { Ok(LabelDate::until(Point::Day(of(day)))) };
        assert_eq!(read_back, expected, "{d:02}/{m:02}/{y}");
        seen += 1;
        day = oracle::after(day);
    }
    assert_eq!(seen, 1461);
}

#[test]
fn strict_is_never_later_than_lenient_and_both_languages_are_read_back() {
    let mut day = (2024, 1, 1);
    while day < (2028, 1, 1) {
        let (on, month) = (Point::Day(of(day)), Point::Month(of((day.0, day.1, 1))));
        let made = Some(Point::Day(date("2020-02-29")));
        for says in [
            Says::Until(on),
            Says::Until(month),
            Says::Lapses(on),
            Says::Lapses(month),
            Says::Keeps { made: on, life: Life::Months(24) },
            Says::Keeps { made: on, life: Life::Days(45) },
            Says::Keeps { made: month, life: Life::Months(18) },
        ] {
            let made = made.filter(|_| !matches!(says, Says::Keeps { .. }));
            let label = LabelDate { says, made };
            assert!(label.strict_last_day() <= label.lenient_last_day());
            for language in [Language::Chinese, Language::English] {
                let written = label.written(language);
                assert_eq!(read(&written, YEAR), Ok(label), "{written}");
            }
        }
        day = oracle::after(day);
    }
}

/// A fuzz target: runs as a test with a thousand texts, and with `cargo bolero` for as long as anybody likes.
#[test]
fn any_text_is_understood_or_asked_back_and_never_panics() {
    bolero::check!().with_type::<String>().for_each(|text| {
        if let Ok(label) = read(text, YEAR) {
            assert!(label.strict_last_day() <= label.lenient_last_day());
            assert_eq!(read(&label.written(Language::Chinese), YEAR), Ok(label));
        }
    });
}

/// The same with texts that look like labels: words, digits and separators in any order.
#[test]
fn any_heap_of_label_words_is_understood_or_asked_back() {
    const WORDS: [&str; 24] = [
        "有效期至",
        "失效期",
        "生产日期",
        "有效期",
        "批号",
        "EXP",
        "MFG",
        "年",
        "月",
        "日",
        "个月",
        "天",
        "2026",
        "2024",
        "26",
        "11",
        "02",
        "31",
        "00",
        ".",
        "/",
        "-",
        " ",
        "NOV",
    ];
    bolero::check!().with_type::<Vec<u8>>().for_each(|choice| {
        let text: String = choice.iter().take(12).map(|n| WORDS[usize::from(*n) % WORDS.len()]).collect();
        if let Ok(label) = read(&text, YEAR) {
            assert!(label.strict_last_day() <= label.lenient_last_day(), "{text}");
            assert_eq!(read(&label.written(Language::English), YEAR), Ok(label), "{text}");
        }
    });
}
