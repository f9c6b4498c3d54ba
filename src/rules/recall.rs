//! Does a recall mean this lot? The registry outlives the stock: what arrives later is asked too.

use entity::{ids::KindId, lot, recall};

use super::pack_code::lot_key;

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
    recall.lifted_at.is_none() && (same_kind || same_product) && recall.lots.split(',').any(|p| fits(p, number_key))
}

/// `*` fits all, `A12*` what begins so, anything else itself.
fn fits(pattern: &str, number_key: &str) -> bool {
    let pattern = lot_key(pattern);
    match pattern.strip_suffix('*') {
        Some(start) => number_key.starts_with(start),
        None => !pattern.is_empty() && pattern == number_key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_all_a_beginning_or_one_number() {
        assert!(fits("*", "A12") && fits("a1*", "A12") && fits(" a12 ", "A12") && fits("Ａ１２", "A12"));
        assert!(!fits("A1", "A12") && !fits("B*", "A12") && !fits("", "A12"));
    }
}
