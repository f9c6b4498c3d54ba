//! A label in plain characters: words that say what follows, and numbers that say when.

use chrono::Datelike;
use entity::lot::Precision;

use super::{
    Ask, LabelDate, Life, Point, Says, point,
    words::{Mark, Token, tokens},
};

/// What the words and numbers of one part of a label say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    Date(Point),
    /// 前使用: no longer good from then on.
    Before(Point),
    Life(Life),
}

/// Do a printed end, and when it was made with how long it keeps, go together? Art. 23 prints the day or month before the
/// anniversary. Later than that never; earlier by one unit of what is printed at most.
fn go_together(end: LabelDate, made: Point, life: Life) -> bool {
    let kept = LabelDate { says: Says::Keeps { made, life }, made: None }.lenient_last_day();
    let latest = match (made, life) {
        // Some day of the month.
        (Point::Month(first), Life::Days(_)) => kept + (made.last_day() - first),
        _ => kept,
    };
    let last = end.lenient_last_day();
    let month = |day: chrono::NaiveDate| day.year() * 12 + i32::try_from(day.month0()).unwrap_or_default();
    let by_month = end.precision() == Precision::Month || matches!(made, Point::Month(_));
    let near = if by_month { month(latest) - month(last) <= 1 } else { (latest - last).num_days() <= 1 };
    last <= latest && near
}

/// Reads a text in plain characters.
pub(super) fn read(text: &str) -> Result<LabelDate, Ask> {
    let mut ends: Vec<Says> = Vec::new();
    let (mut made, mut life) = (Vec::new(), Vec::new());
    for (mark, tokens) in parts(&tokens(text)) {
        let Some(value) = value(mark, &tokens)? else { continue };
        match (mark, value) {
            (_, Value::Life(length)) => life.push(length),
            (Some(Mark::Made), Value::Date(point)) => made.push(point),
            (Some(Mark::Lapses), Value::Date(point)) | (_, Value::Before(point)) => ends.push(Says::Lapses(point)),
            (_, Value::Date(point)) => ends.push(Says::Until(point)),
        }
    }
    for same in [ends.len(), made.len(), life.len()] {
        if same > 1 {
            return Err(Ask::DatesDisagree);
        }
    }
    let made = made.first().copied();
    match (ends.first(), made, life.first().copied()) {
        // A length beside a date of the end adds nothing, and must not contradict it.
        (Some(says), Some(made), Some(life)) => {
            let end = LabelDate { says: *says, made: Some(made) };
            if go_together(end, made, life) { Ok(end) } else { Err(Ask::DatesDisagree) }
        }
        (Some(says), made, _) => Ok(LabelDate { says: *says, made }),
        (None, Some(Point::Month(_)), Some(Life::Days(_))) | (None, None, Some(_)) => Err(Ask::ProductionDateMissing),
        (None, Some(made), Some(life)) => Ok(LabelDate { says: Says::Keeps { made, life }, made: None }),
        (None, Some(_), None) => Err(Ask::ShelfLifeMissing),
        (None, None, None) => Err(Ask::Illegible),
    }
}

/// The words of a label, each with the numbers behind it.
fn parts(tokens: &[Token]) -> Vec<(Option<Mark>, Vec<Token>)> {
    let mut parts = vec![(None, Vec::new())];
    for token in tokens {
        match token {
            Token::Mark(mark) => parts.push((Some(*mark), Vec::new())),
            other => {
                if let Some((_, words)) = parts.last_mut() {
                    words.push(other.clone());
                }
            }
        }
    }
    parts
}

fn value(mark: Option<Mark>, tokens: &[Token]) -> Result<Option<Value>, Ask> {
    let mut words: Vec<_> = tokens.iter().filter(|token| **token != Token::Separator).collect();
    let before = words.last() == Some(&&Token::Before);
    if before {
        words.pop();
    }
    if words.is_empty() {
        return Ok(None);
    }
    if words.iter().any(|token| matches!(token, Token::Unreadable | Token::Before)) || before && mark == Some(Mark::Made) {
        return Err(Ask::Illegible);
    }
    if let Some(length) = length(mark, &words)? {
        return Ok(Some(Value::Life(length)));
    }
    let point = if words.iter().any(|token| matches!(token, Token::NamedMonth(_))) {
        with_named_month(&words)?
    } else if words.iter().any(|token| matches!(token, Token::Year | Token::Month | Token::Day)) {
        with_characters(&words)?
    } else {
        let numbers: Option<Vec<&str>> =
            words.iter().map(|token| if let Token::Number(n) = token { Some(n.as_str()) } else { None }).collect();
        numbers_only(&numbers.ok_or(Ask::Illegible)?)?
    };
    Ok(Some(if before { Value::Before(point) } else { Value::Date(point) }))
}

/// `24 个月`, `2 年`, `2 年 6 个月`, `30 天`: how long it keeps, if that is what the words say.
fn length(mark: Option<Mark>, words: &[&Token]) -> Result<Option<Life>, Ask> {
    let says_length = words.iter().any(|token| matches!(token, Token::Months | Token::Years | Token::Days));
    let may_be = says_length || mark == Some(Mark::Life);
    if !may_be || !words.len().is_multiple_of(2) {
        return Ok(None);
    }
    let (mut months, mut days) = (0_u32, 0_u32);
    for pair in words.chunks(2) {
        let [Token::Number(number), unit] = pair else { return Ok(None) };
        // 2026年…: a date, not two thousand years.
        if number.len() > 3 {
            return Ok(None);
        }
        let n: u32 = number.parse().map_err(|_| Ask::Illegible)?;
        match unit {
            // Nothing keeps for longer than ten years: 26年 is a year without its century.
            Token::Year | Token::Years if n > 10 => return Err(Ask::YearWidthMissing),
            Token::Year | Token::Years => months += n * 12,
            Token::Month | Token::Months => months += n,
            Token::Day | Token::Days => days += n,
            _ => return Ok(None),
        }
    }
    match (months, days) {
        (0, 0) => Err(Ask::NoSuchDay),
        (months, 0) => Ok(Some(Life::Months(months))),
        (0, days) => Ok(Some(Life::Days(days))),
        (_, _) => Err(Ask::Illegible),
    }
}

/// `2026年11月15日`, also without the last character.
fn with_characters(words: &[&Token]) -> Result<Point, Ask> {
    let (mut year, mut month, mut day) = (None, None, None);
    let mut next = 0;
    let mut words = words.iter().peekable();
    while let Some(word) = words.next() {
        let Token::Number(number) = word else { return Err(Ask::Illegible) };
        let slot = match words.peek() {
            Some(Token::Year) => 0,
            Some(Token::Month) => 1,
            Some(Token::Day) => 2,
            None => next,
            Some(_) => return Err(Ask::Illegible),
        };
        words.next();
        if slot < next || slot > 2 {
            return Err(Ask::Illegible);
        }
        *[&mut year, &mut month, &mut day][slot] = Some(number.as_str());
        next = slot + 1;
    }
    let Some(year) = year.filter(|year| year.len() == 4) else { return Err(Ask::YearWidthMissing) };
    let (Some(month), day) = (month, day) else { return Err(Ask::MonthMissing) };
    from_digits(year, month, day)
}

/// `15 NOV 2026`, `NOV 2026`, `NOV 15, 2026`.
fn with_named_month(words: &[&Token]) -> Result<Point, Ask> {
    let (mut month, mut numbers) = (None, Vec::new());
    for word in words {
        match word {
            Token::NamedMonth(n) if month.is_none() => month = Some(*n),
            Token::Number(number) => numbers.push(number.as_str()),
            _ => return Err(Ask::Illegible),
        }
    }
    let month = month.ok_or(Ask::MonthMissing)?.to_string();
    let (years, days): (Vec<&str>, Vec<&str>) = numbers.into_iter().partition(|number| number.len() == 4);
    match (years.as_slice(), days.as_slice()) {
        ([year], []) => from_digits(year, &month, None),
        ([year], [day]) => from_digits(year, &month, Some(day)),
        ([], _) => Err(Ask::YearWidthMissing),
        _ => Err(Ask::Illegible),
    }
}

fn from_digits(year: &str, month: &str, day: Option<&str>) -> Result<Point, Ask> {
    let number = |text: &str| if text.len() <= 4 { text.parse::<u32>().map_err(|_| Ask::Illegible) } else { Err(Ask::Illegible) };
    let year = i32::try_from(number(year)?).map_err(|_| Ask::Illegible)?;
    point(year, number(month)?, day.map(number).transpose()?)
}

/// Numbers with separators between them, or one run of digits.
fn numbers_only(numbers: &[&str]) -> Result<Point, Ask> {
    match numbers {
        [run] => one_run(run),
        [year, month] if year.len() == 4 && month.len() <= 2 => from_digits(year, month, None),
        [month, year] if year.len() == 4 && month.len() <= 2 => from_digits(year, month, None),
        [year, month, day] if year.len() == 4 && month.len() <= 2 && day.len() <= 2 => from_digits(year, month, Some(day)),
        [a, b, year] if year.len() == 4 && a.len() <= 2 && b.len() <= 2 => day_and_month(a, b, year),
        all if all.iter().all(|n| n.len() <= 2) && (2..=3).contains(&all.len()) => Err(Ask::YearWidthMissing),
        all if all.len() > 3 => Err(Ask::DatesDisagree),
        _ => Err(Ask::Illegible),
    }
}

/// The year last: which of the others is the month?
fn day_and_month(a: &str, b: &str, year: &str) -> Result<Point, Ask> {
    match (from_digits(year, b, Some(a)), from_digits(year, a, Some(b))) {
        (Ok(one), Ok(other)) if one != other => Err(Ask::DayMonthExchangeable),
        (Ok(only), _) | (Err(_), Ok(only)) => Ok(only),
        (Err(ask), Err(_)) => Err(ask),
    }
}

fn one_run(run: &str) -> Result<Point, Ask> {
    let is_century = |year: &str| year.starts_with("19") || year.starts_with("20");
    // What the digits would say if the year had two of them.
    let short_year = run.len() == 6 && {
        let valid = |month: &str, day: &str| from_digits("2000", month, Some(day)).is_ok();
        valid(&run[2..4], &run[4..6]) || valid(&run[2..4], &run[0..2])
    };
    match run.len() {
        8 if is_century(&run[..4]) => from_digits(&run[..4], &run[4..6], Some(&run[6..])),
        8 if is_century(&run[4..]) => day_and_month(&run[..2], &run[2..4], &run[4..]),
        6 if is_century(&run[..4]) => match (from_digits(&run[..4], &run[4..], None), short_year) {
            (Ok(point), false) => Ok(point),
            (Err(ask), false) => Err(ask),
            (_, true) => Err(Ask::YearWidthMissing),
        },
        6 if is_century(&run[2..]) && from_digits(&run[2..], &run[..2], None).is_ok() && !short_year => {
            from_digits(&run[2..], &run[..2], None)
        }
        6 | 3 | 5 => Err(Ask::YearWidthMissing),
        4 if is_century(run) => Err(Ask::MonthMissing),
        4 => Err(Ask::YearWidthMissing),
        _ => Err(Ask::Illegible),
    }
}
