//! The words that stand on labels, and how a label falls into them.

/// What a word announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Until,
    Lapses,
    Made,
    /// 有效期: a date or a length follows.
    Life,
    /// 批号: what follows up to the next space is no date.
    Batch,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Mark(Mark),
    Number(String),
    /// 年 月 日 behind a number.
    Year,
    Month,
    Day,
    /// 个月, years, days: a length.
    Years,
    Months,
    Days,
    NamedMonth(u32),
    /// 前, 之前, 前使用 behind a date: that date is not in it.
    Before,
    Separator,
    Unreadable,
}

/// Words in plain characters. Of two that begin alike the longer one is listed first.
const WORDS: &[(&str, Option<Token>)] = &[
    ("有效期限", Some(Token::Mark(Mark::Life))),
    ("有效日期", Some(Token::Mark(Mark::Until))),
    ("有效期", Some(Token::Mark(Mark::Life))),
    ("有效至", Some(Token::Mark(Mark::Until))),
    ("保质期", Some(Token::Mark(Mark::Life))),
    ("使用期限", Some(Token::Mark(Mark::Life))),
    ("限期使用日期", Some(Token::Mark(Mark::Until))),
    ("限用日期", Some(Token::Mark(Mark::Until))),
    ("失效日期", Some(Token::Mark(Mark::Lapses))),
    ("失效期", Some(Token::Mark(Mark::Lapses))),
    ("失效日", Some(Token::Mark(Mark::Lapses))),
    ("EXPIRED FROM", Some(Token::Mark(Mark::Lapses))),
    ("生产批号", Some(Token::Mark(Mark::Batch))),
    ("产品批号", Some(Token::Mark(Mark::Batch))),
    ("批号", Some(Token::Mark(Mark::Batch))),
    ("生产日期", Some(Token::Mark(Mark::Made))),
    ("制造日期", Some(Token::Mark(Mark::Made))),
    ("生产", Some(Token::Mark(Mark::Made))),
    ("制造", Some(Token::Mark(Mark::Made))),
    ("之前使用", Some(Token::Before)),
    ("以前使用", Some(Token::Before)),
    ("前使用", Some(Token::Before)),
    ("之前", Some(Token::Before)),
    ("以前", Some(Token::Before)),
    ("至", Some(Token::Mark(Mark::Until))),
    ("到", None),
    ("前", Some(Token::Before)),
    ("止", None),
    ("为", None),
    ("个月", Some(Token::Months)),
    ("年", Some(Token::Year)),
    ("月", Some(Token::Month)),
    ("日期", None),
    ("日", Some(Token::Day)),
    ("号", Some(Token::Day)),
    ("天", Some(Token::Days)),
    ("EXPIRATION DATE", Some(Token::Mark(Mark::Until))),
    ("EXPIRATION", Some(Token::Mark(Mark::Until))),
    ("EXPIRY DATE", Some(Token::Mark(Mark::Until))),
    ("EXPIRES", Some(Token::Mark(Mark::Until))),
    ("EXPIRY", Some(Token::Mark(Mark::Until))),
    ("EXP DATE", Some(Token::Mark(Mark::Until))),
    ("EXP", Some(Token::Mark(Mark::Until))),
    ("USE BY", Some(Token::Mark(Mark::Until))),
    ("USE-BY", Some(Token::Mark(Mark::Until))),
    ("BEST BEFORE", Some(Token::Mark(Mark::Until))),
    ("VALID UNTIL", Some(Token::Mark(Mark::Until))),
    ("VALID TO", Some(Token::Mark(Mark::Until))),
    ("SHELF LIFE", Some(Token::Mark(Mark::Life))),
    ("PRODUCTION DATE", Some(Token::Mark(Mark::Made))),
    ("MANUFACTURED", Some(Token::Mark(Mark::Made))),
    ("MFG DATE", Some(Token::Mark(Mark::Made))),
    ("MFG", Some(Token::Mark(Mark::Made))),
    ("MFD", Some(Token::Mark(Mark::Made))),
    ("MADE", Some(Token::Mark(Mark::Made))),
    ("BATCH", Some(Token::Mark(Mark::Batch))),
    ("LOT", Some(Token::Mark(Mark::Batch))),
    ("DATE", None),
    ("NO", None),
    ("OF", None),
    ("ON", None),
    ("YEARS", Some(Token::Years)),
    ("YEAR", Some(Token::Years)),
    ("MONTHS", Some(Token::Months)),
    ("MONTH", Some(Token::Months)),
    ("DAYS", Some(Token::Days)),
    ("DAY", Some(Token::Days)),
];

const MONTHS: [&str; 12] =
    ["JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE", "JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"];

/// The words and numbers of a label in plain characters.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if tokens.last() == Some(&Token::Mark(Mark::Batch)) {
            // The number of the batch, whatever it is.
            rest = rest.trim_start_matches([' ', ':', '.', '#']);
            let end = rest.find([' ', ',', ';']).unwrap_or(rest.len());
            rest = &rest[end..];
            tokens.push(Token::Separator);
            continue;
        }
        if c.is_ascii_digit() {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            tokens.push(Token::Number(rest[..end].to_owned()));
            rest = &rest[end..];
        } else if let Some((word, token)) = WORDS.iter().find(|(word, _)| begins_with_word(rest, word)) {
            tokens.extend(token.clone());
            rest = &rest[word.len()..];
        } else if c.is_ascii_alphabetic() {
            let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
            tokens.push(named_month(&rest[..end]).map_or(Token::Unreadable, Token::NamedMonth));
            rest = &rest[end..];
        } else {
            match c {
                ' ' | ':' | ',' | ';' | '(' | ')' | '[' | ']' => {}
                '.' | '/' | '-' => tokens.push(Token::Separator),
                _ => tokens.push(Token::Unreadable),
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    tokens
}

/// Latin words end where no letter follows; Chinese ones need no end.
fn begins_with_word(text: &str, word: &str) -> bool {
    let latin = word.starts_with(|c: char| c.is_ascii());
    text.strip_prefix(word).is_some_and(|rest| !latin || !rest.starts_with(|c: char| c.is_ascii_alphabetic()))
}

fn named_month(word: &str) -> Option<u32> {
    let is = |name: &str| word == name || (word.len() >= 3 && word.len() <= 4 && name.starts_with(word));
    (1..).zip(MONTHS).find_map(|(n, name)| is(name).then_some(n))
}
