//! Characters: what stands for the same, and what is no date but a bar code.

/// The same text in plain characters: half-width, upper case, Chinese numerals as digits.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            '\u{ff01}'..='\u{ff5e}' => plain.extend(char::from_u32(c as u32 - 0xfee0)),
            '\u{3000}' | '\u{a0}' | '\t' | '\n' | '\r' => plain.push(' '),
            '—' | '–' | '−' | '‐' | '‑' | '﹣' => plain.push('-'),
            '。' | '·' | '・' | '•' => plain.push('.'),
            '、' => plain.push(','),
            '【' | '〔' => plain.push('['),
            '】' | '〕' => plain.push(']'),
            c => plain.push(c),
        }
    }
    numerals_as_digits(&plain).to_uppercase()
}

/// 二〇二六 → 2026, 十一 → 11, 二十四 → 24. A run that is no number stays as it is.
fn numerals_as_digits(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run: Vec<char> = Vec::new();
    for c in text.chars().chain(std::iter::once('\0')) {
        if digit(c).is_some() || c == '十' {
            run.push(c);
            continue;
        }
        out.push_str(&number(&run).unwrap_or_else(|| run.iter().collect()));
        run.clear();
        if c != '\0' {
            out.push(c);
        }
    }
    out
}

fn digit(c: char) -> Option<u32> {
    Some(match c {
        '〇' | '零' | '○' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

fn number(run: &[char]) -> Option<String> {
    match run.iter().position(|c| *c == '十') {
        None => run.iter().map(|c| digit(*c).and_then(|d| char::from_digit(d, 10))).collect(),
        Some(at) if at <= 1 && run.len() <= at + 2 => {
            let tens = run[..at].first().map_or(Some(1), |c| digit(*c))?;
            let ones = run[at + 1..].first().map_or(Some(0), |c| digit(*c))?;
            Some((tens * 10 + ones).to_string())
        }
        Some(_) => None,
    }
}

/// The date of GS1 application identifier 17, where the text is one: `(17)261115`, `AI17 261100`, or the eight digits
/// `17261115`, which no calendar date begins with.
pub(super) fn six_digits_of_ai_17(text: &str) -> Option<&str> {
    if let Some(at) = text.find("(17)") {
        return first_six(text[at + 4..].trim_start());
    }
    if let Some(rest) = text.strip_prefix("AI") {
        let rest = rest.trim_start().trim_start_matches('(').strip_prefix("17")?;
        return whole_six(rest.trim_start_matches([')', ' ', ':', '=']));
    }
    let bare = text.strip_prefix("17")?;
    (text.len() == 8).then_some(bare).and_then(whole_six)
}

fn first_six(text: &str) -> Option<&str> {
    text.get(..6).filter(|six| six.bytes().all(|b| b.is_ascii_digit()))
}

fn whole_six(text: &str) -> Option<&str> {
    first_six(text).filter(|six| six.len() == text.len())
}
