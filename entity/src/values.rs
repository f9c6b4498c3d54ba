//! Values: parsed once at the edge, trusted afterwards.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a text is not the value it was meant to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Not a mainland mobile number.
    #[error("not a mainland mobile number")]
    Phone,
    /// Not eight Crockford base32 characters and their check character.
    #[error("not a sticker code")]
    StickerCode,
    /// The check character does not fit: one character was mistyped.
    #[error("the check character does not fit")]
    CheckCharacter,
    /// Empty, too long, or with control characters.
    #[error("empty, too long, or with control characters")]
    Text,
    /// Not a code of letters, digits, `-`, `_` or `.`, of 1 to 40 characters.
    #[error("not a code of letters, digits, dashes, underscores or dots")]
    Code,
}

/// A mainland mobile number in E.164 form, `+8613800138000`.
///
/// `Debug` shows the mask, so that a number cannot reach a log by accident.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

impl Phone {
    /// Reads a number as people type it: with or without `+86`, with spaces or dashes, in full-width digits.
    ///
    /// # Errors
    /// [`Malformed::Phone`] when it is not `1[3-9]` and nine more digits.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let mut digits = String::with_capacity(14);
        for c in text.trim().chars() {
            match c {
                '0'..='9' => digits.push(c),
                '０'..='９' => digits.extend(char::from_digit(c as u32 - '０' as u32, 10)),
                ' ' | '-' | '\u{a0}' | '\u{3000}' => {}
                '+' | '＋' if digits.is_empty() => {}
                _ => return Err(Malformed::Phone),
            }
        }
        let national = match digits.len() {
            13 => digits.strip_prefix("86"),
            15 => digits.strip_prefix("0086"),
            _ => Some(digits.as_str()),
        };
        match national.map(str::as_bytes) {
            Some(n) if n.len() == 11 && n[0] == b'1' && (b'3'..=b'9').contains(&n[1]) => {
                Ok(Self(format!("+86{}", national.unwrap_or_default())))
            }
            _ => Err(Malformed::Phone),
        }
    }

    /// The number in E.164 form. Only for sending to it, sealing it, and showing it to its owner.
    #[must_use]
    pub fn e164(&self) -> &str {
        &self.0
    }

    /// What staff may see: `138****8000`.
    #[must_use]
    pub fn masked(&self) -> String {
        format!("{}****{}", &self.0[3..6], &self.0[10..])
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", self.masked())
    }
}

/// What staff may see of a name: its first character, `王*`.
#[must_use]
pub fn masked_name(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| if chars.next().is_some() { format!("{first}*") } else { first.to_string() })
}

/// The characters of a sticker code: Crockford's base32, without I, L, O and U.
pub const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What a QR sticker says: eight random Crockford base32 characters and a check character of the same alphabet,
/// so that the whole can stand in an address. Upper case, nine characters.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StickerCode(String);

impl StickerCode {
    /// Makes a code from eight numbers below 32 (higher bits are ignored).
    #[must_use]
    pub fn from_digits(digits: [u8; 8]) -> Self {
        let mut code: String = digits.iter().map(|d| char::from(CROCKFORD[usize::from(d & 31)])).collect();
        code.push(check_character(code.as_bytes()));
        Self(code)
    }

    /// Reads a code as people type it: any case, with spaces or dashes, `O` for `0`, `I` and `L` for `1`.
    ///
    /// # Errors
    /// [`Malformed::StickerCode`] when the form is wrong, [`Malformed::CheckCharacter`] when one character was mistyped
    /// or two neighbours were swapped.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let mut code = String::with_capacity(9);
        for c in text.trim().chars() {
            match c.to_ascii_uppercase() {
                ' ' | '-' => {}
                'O' => code.push('0'),
                'I' | 'L' => code.push('1'),
                c if u8::try_from(c).is_ok_and(|b| CROCKFORD.contains(&b)) => code.push(c),
                _ => return Err(Malformed::StickerCode),
            }
        }
        if code.len() != 9 {
            return Err(Malformed::StickerCode);
        }
        if code.ends_with(check_character(&code.as_bytes()[..8])) { Ok(Self(code)) } else { Err(Malformed::CheckCharacter) }
    }

    /// The nine characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for StickerCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for StickerCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The check character of eight base32 characters: their polynomial in the field of 32 elements (x⁵ + x² + 1) at its
/// generator, which finds every single wrong character and every swap of two neighbours.
fn check_character(code: &[u8]) -> char {
    let times_x = |v: usize| ((v << 1) ^ if v & 16 == 0 { 0 } else { 0b10_0101 }) & 31;
    let value = |c: &u8| CROCKFORD.iter().position(|known| known == c).unwrap_or_default();
    char::from(CROCKFORD[code.iter().fold(0, |sum, c| times_x(sum ^ value(c)))])
}

/// A short text that people read: trimmed, 1 to `max` characters, no control characters but line breaks.
///
/// # Errors
/// [`Malformed::Text`].
pub fn text(raw: &str, max: usize) -> Result<String, Malformed> {
    let trimmed = raw.trim();
    let clean = trimmed.chars().all(|c| !c.is_control() || c == '\n');
    if clean && (1..=max).contains(&trimmed.chars().count()) { Ok(trimmed.to_owned()) } else { Err(Malformed::Text) }
}

/// A code that people write on things: `ST58`, `BIKE-0473`. ASCII letters, digits, `-`, `_`, `.`; 1 to 40 of them.
///
/// # Errors
/// [`Malformed::Code`].
pub fn code(raw: &str) -> Result<String, Malformed> {
    let trimmed = raw.trim();
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if (1..=40).contains(&trimmed.len()) && trimmed.chars().all(known) { Ok(trimmed.to_owned()) } else { Err(Malformed::Code) }
}

/// The two languages of the house.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    /// 简体中文, the first language.
    #[default]
    #[serde(rename = "zh-CN")]
    Chinese,
    /// English, the second.
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// The BCP 47 tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_is_read_as_people_type_it() {
        for typed in ["13800138000", "+86 138-0013-8000", "008613800138000", "１３８００１３８０００", " 138 0013 8000 "]
        {
            assert_eq!(Phone::parse(typed).map(|p| p.e164().to_owned()), Ok("+8613800138000".to_owned()), "{typed}");
        }
        for wrong in ["", "12800138000", "1380013800", "138001380001", "+1 202 555 0100", "1380013800a", "86", "138+00138000"] {
            assert_eq!(Phone::parse(wrong), Err(Malformed::Phone), "{wrong}");
        }
    }

    #[test]
    fn a_phone_number_never_shows_itself_in_a_log() {
        let phone = Phone::parse("13812345678").unwrap();
        assert_eq!(format!("{phone:?}"), "Phone(138****5678)");
    }

    #[test]
    fn names_are_masked_to_their_first_character() {
        assert_eq!(masked_name("王重阳"), "王*");
        assert_eq!(masked_name("王"), "王");
        assert_eq!(masked_name(""), "");
    }

    #[test]
    fn a_sticker_code_survives_the_way_people_type_it() {
        let code = StickerCode::from_digits([0, 1, 10, 31, 17, 5, 22, 9]);
        let typed = format!("{} {}", code.as_str()[..4].to_lowercase().replace('0', "o").replace('1', "l"), &code.as_str()[4..]);
        assert_eq!(StickerCode::parse(&typed), Ok(code));
    }

    #[test]
    fn one_wrong_character_in_a_sticker_code_is_always_found() {
        let code = StickerCode::from_digits([3, 7, 12, 30, 0, 19, 25, 8]);
        for position in 0..8 {
            for other in CROCKFORD {
                let mut wrong = code.as_str().as_bytes().to_vec();
                if wrong[position] == *other {
                    continue;
                }
                wrong[position] = *other;
                let wrong = String::from_utf8(wrong).unwrap();
                assert_eq!(StickerCode::parse(&wrong), Err(Malformed::CheckCharacter), "{wrong}");
            }
        }
    }

    #[test]
    fn two_swapped_neighbours_in_a_sticker_code_are_always_found() {
        for (a, b) in (0..32).flat_map(|a| (0..32).map(move |b| (a, b))).filter(|(a, b)| a != b) {
            let code = StickerCode::from_digits([3, a, b, 30, 0, 19, 25, 8]);
            let mut swapped = code.as_str().as_bytes().to_vec();
            swapped.swap(1, 2);
            assert_eq!(StickerCode::parse(&String::from_utf8(swapped).unwrap()), Err(Malformed::CheckCharacter));
        }
    }

    #[test]
    fn texts_and_codes_are_trimmed_and_bounded() {
        assert_eq!(text("  折叠雨伞 ", 10), Ok("折叠雨伞".to_owned()));
        assert_eq!(text("   ", 10), Err(Malformed::Text));
        assert_eq!(text("a\u{0}b", 10), Err(Malformed::Text));
        assert_eq!(text("一二三四", 3), Err(Malformed::Text));
        assert_eq!(code(" BIKE-0473 "), Ok("BIKE-0473".to_owned()));
        assert_eq!(code("伞07"), Err(Malformed::Code));
        assert_eq!(code("../etc"), Err(Malformed::Code));
    }
}
