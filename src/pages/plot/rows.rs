//! Bars beside each other's names, each with its number: for what has a name and no order.

use super::{Plot, WIDTH, length};

const ROW: f64 = 50.0;

/// How wide a text is, in halves of a Chinese character.
pub(super) fn wide(text: &str) -> i64 {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// A text that fits, cut if need be.
pub(super) fn cut(text: &str, most: i64) -> String {
    if wide(text) <= most {
        return text.to_owned();
    }
    let mut cut = String::new();
    for c in text.chars() {
        if wide(&cut) + wide(&c.to_string()) + 2 > most {
            break;
        }
        cut.push(c);
    }
    cut + "…"
}

/// Bars.
pub(crate) fn rows(label: String, all: &[(String, i64)]) -> Plot {
    let most = all.iter().map(|(_, n)| *n).max().unwrap_or_default().max(1);
    let mut plot = Plot::new(label, 8.0 + ROW * length(i64::try_from(all.len()).unwrap_or_default()));
    for (y, (name, n)) in (0..).map(|n| 8.0 + ROW * length(n)).zip(all) {
        plot.text((8.0, y + 18.0), "start", cut(name, 28));
        plot.text((WIDTH - 8.0, y + 18.0), "end", n.to_string());
        if *n > 0 {
            plot.rect((8.0, y + 26.0), (((WIDTH - 16.0) * length(*n) / length(most)).max(1.0), 14.0), "mark");
        }
    }
    plot
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_and_the_longest_bar_is_whole() {
        assert_eq!(cut("练塘镇湾塘社区练北便民驿站服务点", 20), "练塘镇湾塘社区练北…");
        let svg = rows(String::new(), &[("雨伞".to_owned(), 10), ("轮椅".to_owned(), 5)]).svg();
        assert!(svg.contains("width=\"344\"") && svg.contains("width=\"172\"") && svg.contains("雨伞"), "{svg}");
    }
}
