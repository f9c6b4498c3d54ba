//! What a bar code on a pack says: GS1 element strings and Digital Links, Chinese drug trace codes 药品追溯码, plain EAN and GTIN.
//!
//! Not every code carries a lot or a date: a trace code is only the identity of one sales pack. What can be split in more than
//! one way (a variable field without its separator) is asked back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::label_date::{self, Ask, Point};

/// A code that was understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackCode {
    /// What it is.
    pub scheme: Scheme,
    /// The product, as 14 digits.
    pub gtin: Option<String>,
    /// The first seven digits of a trace code: the product 药品标识码.
    pub drug: Option<String>,
    /// The number of the lot, as it stands in the code.
    pub lot: Option<String>,
    /// The last day, as it stands in the code (AI 17): a day, or day 00 for the whole month.
    pub expiry: Option<Point>,
    /// When it was made (AI 11).
    pub made: Option<Point>,
    /// The serial number (AI 21): tells this pack from others of the same product, and of no other.
    pub serial: Option<String>,
    /// The trace code 药品追溯码 itself: tells this pack from all others.
    pub trace: Option<String>,
}

/// Which kind of code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// GS1 application identifiers, from DataMatrix, Code 128 or a Digital Link.
    #[default]
    Gs1,
    /// A Chinese drug trace code of 20 digits.
    Trace,
    /// EAN-8, UPC-A, EAN-13 or GTIN-14: the product and nothing else.
    Ean,
}

/// Why a code was not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoCode {
    /// No code that is known here.
    Unknown,
    /// The check digit does not fit: a digit was mistyped or misread.
    CheckDigit,
    /// A field without its end: it can be split in more than one way.
    Ambiguous,
    /// A date in it is no date.
    BadDate,
}

/// The separator that ends a field of variable length (FNC1), and what keyboards make of it.
const SEPARATOR: char = '\u{1d}';
const SEPARATORS_TYPED: [&str; 6] = ["Alt029", "<GS>", "{GS}", "[FNC1]", "<FNC1>", "␝"];
/// What scanners put before it to say which symbol of GS1 it was: whoever sends these sends the separators too.
const SYMBOLS: [&str; 4] = ["]C1", "]d2", "]Q3", "]e0"];
/// A DataMatrix that does not say of itself that it is one of GS1.
const BARE_SYMBOL: &str = "]d1";
/// A pack has two or three codes, and no page full of them.
const MOST_CODES: usize = 8;
/// A code is short; a whole page of text is none.
const LONGEST: usize = 300;

/// Reads a code as a scanner or a keyboard gives it.
///
/// # Errors
/// [`NoCode`].
pub fn read(text: &str, this_year: i32) -> Result<PackCode, NoCode> {
    let mut text = text.trim().to_owned();
    if text.len() > LONGEST || !text.is_ascii() && !text.contains('␝') {
        return Err(NoCode::Unknown);
    }
    let scheme = text.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    if matches!(scheme.as_deref(), Some("http" | "https")) {
        return digital_link(&text, this_year);
    }
    for typed in SEPARATORS_TYPED {
        text = text.replace(typed, &SEPARATOR.to_string());
    }
    if let Some(rest) = SYMBOLS.iter().find_map(|symbol| text.strip_prefix(symbol)) {
        return elements(rest, true, this_year);
    }
    if let Some(rest) = text.strip_prefix(BARE_SYMBOL) {
        return elements(rest, false, this_year);
    }
    if text.starts_with('(') {
        return from_fields(bracketed(&text)?, this_year);
    }
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    match text.len() {
        8 | 12 | 13 | 14 if digits => ean(&text),
        20 if digits && !text.starts_with("01") => Ok(trace(text)),
        _ => elements(&text, false, this_year),
    }
}

/// Reads the codes of one pack, one to a line: what one lacks another gives.
///
/// # Errors
/// [`NoCode`]; [`NoCode::Ambiguous`] when they contradict each other.
pub fn read_all(text: &str, this_year: i32) -> Result<PackCode, NoCode> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.len() > MOST_CODES {
        return Err(NoCode::Unknown);
    }
    let mut whole: Option<PackCode> = None;
    for line in lines {
        let code = read(line, this_year)?;
        whole = Some(match whole {
            None => code,
            Some(before) => before.joined_with(&code).ok_or(NoCode::Ambiguous)?,
        });
    }
    whole.ok_or(NoCode::Unknown)
}

fn trace(text: String) -> PackCode {
    PackCode { scheme: Scheme::Trace, drug: Some(text[..7].to_owned()), trace: Some(text), ..PackCode::default() }
}

fn ean(text: &str) -> Result<PackCode, NoCode> {
    let gtin = format!("{text:0>14}");
    if !check_digit_fits(&gtin) {
        return Err(NoCode::CheckDigit);
    }
    Ok(PackCode { scheme: Scheme::Ean, gtin: Some(gtin), ..PackCode::default() })
}

/// GS1 General Specifications 7.9: weights 3 and 1 from the right, the sum a multiple of ten.
fn check_digit_fits(gtin: &str) -> bool {
    let weighted = gtin.bytes().rev().zip([1, 3].into_iter().cycle());
    weighted.map(|(digit, weight)| u32::from(digit - b'0') * weight).sum::<u32>() % 10 == 0
}

type Fields = BTreeMap<String, String>;

/// How long the value of an application identifier is: exactly, or at most. Those a pack may carry.
fn length_of(ai: &str) -> Option<(usize, bool)> {
    Some(match ai {
        "00" => (18, true),
        "01" | "02" => (14, true),
        "11" | "12" | "13" | "15" | "16" | "17" => (6, true),
        "20" => (2, true),
        "10" | "21" | "22" => (20, false),
        "30" | "37" => (8, false),
        "235" => (28, false),
        "240" | "241" | "250" | "251" | "710" | "711" | "712" | "713" | "714" => (30, false),
        "90" | "91" | "92" | "93" | "94" | "95" | "96" | "97" | "98" | "99" => (90, false),
        _ => return None,
    })
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// Is this a value of an application identifier? Counts (30, 37) are digits too, though not of a fixed number.
fn is_value(ai: &str, value: &str) -> bool {
    let Some((length, exact)) = length_of(ai) else { return false };
    let fits = if exact { value.len() == length } else { (1..=length).contains(&value.len()) };
    fits && (is_digits(value) || !(exact || ai == "30" || ai == "37"))
}

/// `01…17…10…` with separators where fields of variable length end; where there is none, every split that works is tried. A
/// symbol of GS1, or a separator at the start, says that separators are sent: then a field without one runs to the end.
fn elements(text: &str, separators_sent: bool, this_year: i32) -> Result<PackCode, NoCode> {
    let anywhere = !separators_sent && !text.contains(SEPARATOR);
    let text = text.trim_start_matches(SEPARATOR).trim_end_matches(SEPARATOR);
    let mut search = Search { anywhere, found: Vec::new(), steps: MOST_STEPS };
    search.split(text, Fields::new());
    let mut splits = search.found;
    splits.dedup();
    match splits.len() {
        0 if search.steps == 0 => Err(NoCode::Ambiguous),
        0 => Err(NoCode::Unknown),
        1 => from_fields(splits.remove(0), this_year),
        _ => Err(NoCode::Ambiguous),
    }
}

/// The most ways that are looked for: two are too many already.
const ENOUGH: usize = 2;
/// The most steps of a search: nobody's phone waits for a text made to have a million splits.
const MOST_STEPS: usize = 5_000;

/// A search for all ways to split a text into fields.
struct Search {
    /// A field of variable length may end anywhere: there is no separator in the text.
    anywhere: bool,
    found: Vec<Fields>,
    steps: usize,
}

impl Search {
    fn split(&mut self, text: &str, fields: Fields) {
        if text.is_empty() {
            if fields.contains_key("01") || fields.contains_key("10") || fields.contains_key("17") {
                self.found.push(fields);
            }
            return;
        }
        for width in [2, 3] {
            let Some((ai, rest)) = text.split_at_checked(width) else { continue };
            let Some((length, exact)) = length_of(ai).filter(|_| !fields.contains_key(ai)) else { continue };
            let lengths = if exact { length..=length } else { 1..=length.min(rest.len()) };
            for length in lengths.rev() {
                if self.found.len() >= ENOUGH || self.steps == 0 {
                    return;
                }
                self.steps -= 1;
                let Some((value, rest)) = rest.split_at_checked(length) else { continue };
                let ends = rest.is_empty() || rest.starts_with(SEPARATOR);
                let fits = !value.contains(SEPARATOR) && (exact || ends || self.anywhere) && is_value(ai, value);
                if fits && (ai != "01" || check_digit_fits(value)) {
                    let mut fields = fields.clone();
                    fields.insert(ai.to_owned(), value.to_owned());
                    self.split(rest.trim_start_matches(SEPARATOR), fields);
                }
            }
        }
    }
}

/// `(01)…(17)…(10)…` as people type it.
fn bracketed(text: &str) -> Result<Fields, NoCode> {
    let mut fields = Fields::new();
    for part in text.split('(').skip(1) {
        let (ai, value) = part.split_once(')').ok_or(NoCode::Unknown)?;
        let value = value.trim().trim_end_matches(SEPARATOR);
        if !is_value(ai, value) || fields.insert(ai.to_owned(), value.to_owned()).is_some() {
            return Err(NoCode::Unknown);
        }
    }
    Ok(fields)
}

/// What may follow the product in the path of a Digital Link, in this order.
const QUALIFIERS: [&str; 4] = ["22", "10", "21", "235"];

/// `https://host/01/{gtin}/10/{lot}/21/{serial}?17=YYMMDD`: key and qualifiers in the path, attributes in the query. What is
/// said twice, or in another order, is no Digital Link.
fn digital_link(text: &str, this_year: i32) -> Result<PackCode, NoCode> {
    let (_, rest) = text.split_once("://").ok_or(NoCode::Unknown)?;
    let rest = rest.split('#').next().unwrap_or_default();
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let segments: Vec<_> = path.trim_end_matches('/').split('/').skip(1).collect();
    let at = segments.iter().position(|segment| *segment == "01").ok_or(NoCode::Unknown)?;
    let mut fields = Fields::new();
    let mut add = |ai: &str, value: &str| {
        let mut value = percent_decoded(value).ok_or(NoCode::Unknown)?;
        if ai == "01" && is_digits(&value) && value.len() <= 14 {
            value = format!("{value:0>14}");
        }
        let once = is_value(ai, &value) && fields.insert(ai.to_owned(), value).is_none();
        if once { Ok(()) } else { Err(NoCode::Unknown) }
    };
    let mut may_follow = &QUALIFIERS[..];
    for pair in segments[at..].chunks(2) {
        let [ai, value] = *pair else { return Err(NoCode::Unknown) };
        if ai != "01" {
            let place = may_follow.iter().position(|next| *next == ai).ok_or(NoCode::Unknown)?;
            may_follow = &may_follow[place + 1..];
        }
        add(ai, value)?;
    }
    for (ai, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        if length_of(ai).is_some() {
            add(ai, value)?;
        }
    }
    from_fields(fields, this_year)
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut out = Vec::new();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let hex = [bytes.next()?, bytes.next()?];
            out.push(u8::from_str_radix(std::str::from_utf8(&hex).ok()?, 16).ok()?);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok().filter(|text| text.is_ascii())
}

fn from_fields(mut fields: Fields, this_year: i32) -> Result<PackCode, NoCode> {
    let gtin = fields.remove("01").or_else(|| fields.remove("02"));
    if gtin.as_deref().is_some_and(|gtin| !check_digit_fits(gtin)) {
        return Err(NoCode::CheckDigit);
    }
    let date = |digits: Option<String>| {
        let read = |digits: String| label_date::gs1_date(&digits, this_year);
        digits.map(read).transpose().map_err(|_: Ask| NoCode::BadDate)
    };
    let (expiry, made) = (date(fields.remove("17"))?, date(fields.remove("11"))?);
    let (lot, serial) = (fields.remove("10"), fields.remove("21"));
    if gtin.is_none() && lot.is_none() && expiry.is_none() {
        return Err(NoCode::Unknown);
    }
    Ok(PackCode { scheme: Scheme::Gs1, gtin, drug: None, lot, expiry, made, serial, trace: None })
}

impl PackCode {
    /// Joins what two scans of one pack said: the product on one bar code, lot and date on another. What one lacks the other
    /// gives; what both say must be the same.
    #[must_use]
    pub fn joined_with(self, other: &Self) -> Option<Self> {
        fn one<T: Clone + PartialEq>(a: Option<T>, b: Option<&T>) -> Option<Option<T>> {
            match (a, b) {
                (Some(a), Some(b)) if a != *b => None,
                (a, b) => Some(a.or_else(|| b.cloned())),
            }
        }
        let scheme = if self.scheme == Scheme::Ean { other.scheme } else { self.scheme };
        Some(Self {
            scheme,
            gtin: one(self.gtin, other.gtin.as_ref())?,
            drug: one(self.drug, other.drug.as_ref())?,
            lot: one(self.lot, other.lot.as_ref())?,
            expiry: one(self.expiry, other.expiry.as_ref())?,
            made: one(self.made, other.made.as_ref())?,
            serial: one(self.serial, other.serial.as_ref())?,
            trace: one(self.trace, other.trace.as_ref())?,
        })
    }

    /// Under which names this one pack is known, and no other: its trace code; its serial number together with its product,
    /// for which alone it is unique. None where the code stands on every pack of the lot.
    #[must_use]
    pub fn identities(&self) -> Vec<String> {
        let trace = self.trace.as_ref().map(|digits| format!("trace:{digits}"));
        let serial = self.gtin.as_ref().zip(self.serial.as_ref()).map(|(gtin, serial)| format!("gs1:{gtin}:{serial}"));
        trace.into_iter().chain(serial).collect()
    }
}

/// The number of a lot for comparison: half-width, upper case, without spaces. `O` and `0` stay apart.
#[must_use]
pub fn lot_key(number: &str) -> String {
    let half = number.chars().map(|c| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        c => c,
    });
    half.filter(|c| !c.is_whitespace() && *c != '\u{3000}').flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GTIN: &str = "06901234567892";

    fn understood(text: &str) -> PackCode {
        read(text, 2026).unwrap_or_else(|no| panic!("{text:?}: {no:?}"))
    }

    #[test]
    fn an_element_string_is_read_with_and_without_what_scanners_add() {
        let forms = [
            format!("]d201{GTIN}1726111510A12\u{1d}21S7"),
            format!("\u{1d}01{GTIN}1726111510A12\u{1d}21S7"),
            format!("01{GTIN}1726111510A12<GS>21S7"),
            format!("]C101{GTIN}1726111510A12Alt02921S7"),
            format!("(01){GTIN}(17)261115(10)A12(21)S7"),
            format!("https://id.gs1.org/01/{GTIN}/10/A12/21/S7?17=261115"),
            "https://example.cn/x/01/6901234567892/10/%41%31%32/21/S7?17=261115&linkType=x#top".to_owned(),
        ];
        for form in forms {
            let code = understood(&form);
            assert_eq!(code.gtin.as_deref(), Some(GTIN), "{form:?}");
            assert_eq!((code.lot.as_deref(), code.serial.as_deref()), (Some("A12"), Some("S7")), "{form:?}");
            assert_eq!(code.expiry.unwrap().last_day(), "2026-11-15".parse().unwrap(), "{form:?}");
        }
    }

    #[test]
    fn day_zero_is_the_whole_month_also_in_a_leap_year() {
        let code = understood(&format!("01{GTIN}17280200"));
        assert_eq!(code.expiry.unwrap().last_day(), "2028-02-29".parse().unwrap());
        assert_eq!(read(&format!("01{GTIN}17280230"), 2026), Err(NoCode::BadDate));
    }

    #[test]
    fn a_field_without_its_end_is_asked_back_if_it_can_be_split_in_two_ways() {
        // Lot "A1217261115", or lot "A12" and the date 2026-11-15?
        assert_eq!(read(&format!("01{GTIN}10A1217261115"), 2026), Err(NoCode::Ambiguous));
        assert_eq!(understood(&format!("01{GTIN}10A12\u{1d}17261115")).lot.as_deref(), Some("A12"));
        assert_eq!(understood(&format!("01{GTIN}1726111510A12")).lot.as_deref(), Some("A12"));
    }

    #[test]
    fn a_trace_code_is_the_identity_of_a_pack_and_nothing_else() {
        let code = understood("81234560000000000017");
        assert_eq!((code.scheme, code.drug.as_deref(), code.expiry), (Scheme::Trace, Some("8123456"), None));
        assert_eq!(code.identities(), ["trace:81234560000000000017"]);
    }

    #[test]
    fn a_mistyped_digit_of_a_product_code_is_seen() {
        assert_eq!(understood("6901234567892").gtin.as_deref(), Some(GTIN));
        assert_eq!(read("6901234567829", 2026), Err(NoCode::CheckDigit));
        assert_eq!(read("(01)06901234567829(10)A", 2026), Err(NoCode::CheckDigit));
        for nonsense in ["", "布洛芬", "hello world", "(10)", "(99", "https://example.cn/", "123"] {
            assert!(read(nonsense, 2026).is_err(), "{nonsense:?}");
        }
    }

    #[test]
    fn two_scans_of_one_pack_are_joined_unless_they_contradict() {
        let product = understood("6901234567892");
        let rest = understood("(10)A12(17)261115");
        let both = product.clone().joined_with(&rest).unwrap();
        assert_eq!((both.gtin.as_deref(), both.lot.as_deref()), (Some(GTIN), Some("A12")));
        assert_eq!(understood("(10)A12").joined_with(&understood("(10)A13")), None);
    }

    #[test]
    fn whoever_sends_the_symbol_or_a_leading_separator_sends_all_separators() {
        // Lots with "30", "240" or "93" inside, at the end of the text.
        for lot in ["20240930", "A930", "B372401"] {
            for before in ["]d2", "]C1", "\u{1d}", "]d2\u{1d}"] {
                let code = understood(&format!("{before}01{GTIN}1726111510{lot}"));
                assert_eq!(code.lot.as_deref(), Some(lot), "{before:?}");
            }
        }
        // A count is digits: "30A1" can only be part of the lot.
        assert_eq!(understood(&format!("01{GTIN}17261115105Z30A1")).lot.as_deref(), Some("5Z30A1"));
        assert!(read("(01)06901234567892(10)A(30)x", 2026).is_err());
    }

    #[test]
    fn a_digital_link_says_each_thing_once_and_in_order() {
        assert_eq!(understood(&format!("HTTPS://ID.GS1.ORG/01/{GTIN}/10/A12/")).lot.as_deref(), Some("A12"));
        for wrong in ["10/A12/10/A13", "21/S7/10/A12", "10/A12?10=A13", "10/A12?17=261115&17=271115", "10", "99/x", "10/A12/01/x"]
        {
            assert_eq!(read(&format!("https://id.gs1.org/01/{GTIN}/{wrong}"), 2026), Err(NoCode::Unknown), "{wrong}");
        }
    }

    #[test]
    fn a_serial_number_is_one_of_its_product_and_two_codes_of_a_pack_are_two_names() {
        let text = format!("(01){GTIN}(17)261115(10)A12(21)1\n81234560000000000017\n");
        let both = read_all(&text, 2026).unwrap();
        assert_eq!(both.identities(), ["trace:81234560000000000017".to_owned(), format!("gs1:{GTIN}:1")]);
        assert_eq!((both.drug.as_deref(), both.lot.as_deref()), (Some("8123456"), Some("A12")));
        assert!(understood("(10)A12(21)1").identities().is_empty(), "of which product nobody knows");
        assert_eq!(read_all("(10)A12\n(10)A13", 2026), Err(NoCode::Ambiguous));
        assert_eq!(read_all(" \n", 2026), Err(NoCode::Unknown));
    }

    #[test]
    fn lot_numbers_are_compared_without_case_width_and_space_but_zero_is_no_letter() {
        assert_eq!(lot_key(" ａ１２-b "), "A12-B");
        assert_ne!(lot_key("AO1"), lot_key("A01"));
    }

    #[test]
    fn any_text_is_a_code_or_none() {
        bolero::check!().with_type::<String>().for_each(|text| {
            let _ = read(text, 2026);
            let _ = read(&format!("01{GTIN}{text}"), 2026);
            let _ = read(&format!("https://x/01/{GTIN}/{text}"), 2026);
        });
    }
}
