//! Does a recall mean this lot? The registry outlives the stock: what arrives later is asked too.

use entity::{ids::KindId, lot, recall};

use super::pack_code::{self, lot_key};

/// The lots that a recall means, as people write them: with a comma of any width, a semicolon, a 、 or a space between. None
/// where a part of it would mean nothing: a range, a star in the middle, or no part at all.
#[must_use]
pub fn patterns(text: &str) -> Option<Vec<String>> {
    let between = |c: char| matches!(c, ',' | '，' | '、' | ';' | '；') || c.is_whitespace();
    let all: Vec<String> = text.split(between).map(lot_key).filter(|part| !part.is_empty()).collect();
    let means_something = |part: &String| {
        let start = part.strip_suffix('*').unwrap_or(part);
        !start.contains(['*', '~', '～', '至', '到'])
    };
    (!all.is_empty() && all.iter().all(means_something)).then_some(all)
}

/// The code of a product in the form in which it is learnt: a GTIN as 14 digits, however many are printed, or the first 7 of
/// a trace code. None for anything else.
#[must_use]
pub fn product(text: &str, this_year: i32) -> Option<String> {
    let text = lot_key(text);
    if text.len() == 7 && text.bytes().all(|b| b.is_ascii_digit()) {
        return Some(text);
    }
    let code = pack_code::read(&text, this_year).ok()?;
    code.gtin.or(code.drug)
}

/// Does it? `products` are the codes that are known of the lot's kind.
#[must_use]
pub fn means(recall: &recall::Model, lot: &lot::Model, products: &[String]) -> bool {
    means_number(recall, lot.kind_id, &lot.number_key, products)
}

/// As [`means`], for a lot that is not stored yet.
#[must_use]
pub fn means_number(recall: &recall::Model, kind: KindId, number_key: &str, products: &[String]) -> bool {
    let same_kind = recall.kind_id == Some(kind);
    let same_product = recall.product.as_ref().is_some_and(|product| products.contains(product));
    let fits_one = || patterns(&recall.lots).unwrap_or_default().iter().any(|pattern| fits(pattern, number_key));
    recall.lifted_at.is_none() && (same_kind || same_product) && fits_one()
}

/// `*` fits all, `A12*` what begins so, anything else itself.
fn fits(pattern: &str, number_key: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => number_key.starts_with(start),
        None => pattern == number_key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_all_a_beginning_or_one_number() {
        let one = |text: &str, key: &str| patterns(text).is_some_and(|all| all.iter().any(|p| fits(p, key)));
        assert!(one("*", "A12") && one("a1*", "A12") && one(" a12 ", "A12") && one("Ａ１２", "A12"));
        assert!(!one("A1", "A12") && !one("B*", "A12") && !one("", "A12"));
        for list in ["A12,A13", "A12，A13", "A12、A13", "A12 A13", "A12；A13", "A12;\nA13", " a12,, a13 ", "A12　A13"] {
            assert_eq!(patterns(list).unwrap(), ["A12", "A13"], "{list:?}");
        }
        for nothing in ["", "，、", "A1*2", "A12~A20", "A12～A20", "A12至A20"] {
            assert_eq!(patterns(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn a_product_is_typed_in_many_ways_and_known_in_one() {
        for typed in ["6901234567892", "06901234567892", "０6901234 567892", "(01)06901234567892(10)A1"] {
            assert_eq!(product(typed, 2026).as_deref(), Some("06901234567892"), "{typed}");
        }
        assert_eq!(product("96385074", 2026).as_deref(), Some("00000096385074"));
        assert_eq!(product("8123456", 2026).as_deref(), Some("8123456"));
        assert_eq!(product("81234560000000000017", 2026).as_deref(), Some("8123456"));
        for nothing in ["", "ABC", "6901234567829", "812345", "布洛芬", "(10)A12"] {
            assert_eq!(product(nothing, 2026), None, "{nothing}");
        }
    }
}
