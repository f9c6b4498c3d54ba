//! In what things are counted: 片, 盒, 支 … What is on packs here is Chinese; the usual words have an English form.

use std::fmt::Display;

use super::Words;

/// One of it, and several.
fn english(unit: &str) -> Option<(&'static str, &'static str)> {
    Some(match unit {
        "片" | "个" | "只" | "件" | "支" | "枚" | "块" | "条" | "根" | "把" | "张" | "台" | "顶" => {
            ("piece", "pieces")
        }
        "粒" | "丸" | "颗" | "锭" => ("pill", "pills"),
        "盒" => ("box", "boxes"),
        "瓶" => ("bottle", "bottles"),
        "袋" => ("sachet", "sachets"),
        "包" => ("pack", "packs"),
        "贴" => ("patch", "patches"),
        "卷" => ("roll", "rolls"),
        "板" => ("blister", "blisters"),
        "管" => ("tube", "tubes"),
        "罐" | "听" => ("tin", "tins"),
        "双" | "副" | "对" => ("pair", "pairs"),
        "套" => ("set", "sets"),
        "份" => ("portion", "portions"),
        "毫升" => ("ml", "ml"),
        "克" => ("g", "g"),
        "米" => ("m", "m"),
        _ => return None,
    })
}

/// A unit by itself, as it stands beside a field: how many pieces? What has no English form stays as it was typed.
#[must_use]
pub fn unit(unit: &str) -> Words {
    Words::new(unit, english(unit).map_or(unit, |(_, several)| several))
}

/// So many of it: 3 片, 3 pieces.
#[must_use]
pub fn amount(count: impl Display, unit: &str) -> Words {
    let count = count.to_string();
    let word = english(unit).map_or(unit, |(one, several)| if count == "1" { one } else { several });
    Words::new(format!("{count} {unit}").trim_end(), format!("{count} {word}").trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_a_piece_and_two_are_pieces() {
        assert_eq!(amount(1, "片"), Words::new("1 片", "1 piece"));
        assert_eq!(amount(0, "盒"), Words::new("0 盒", "0 boxes"));
        assert_eq!(amount(12, "毫升"), Words::new("12 毫升", "12 ml"));
        assert_eq!(amount(2, "筐"), Words::new("2 筐", "2 筐"));
        assert_eq!(amount(2, ""), Words::new("2", "2"));
        assert_eq!(unit("瓶"), Words::new("瓶", "bottles"));
    }
}
