//! Does what was typed mean this name? By its characters, by how they are read aloud (折叠雨伞: "zhedieyusan"), by the first
//! letters of that ("zdys", "zhdys"), or a mixture. A character with several readings is found by each of them.

use pinyin::ToPinyinMulti as _;

/// The longest text that is looked for, in characters.
const LONGEST: usize = 40;

/// Small letters, half-width, without spaces.
#[must_use]
pub fn plain(text: &str) -> String {
    let half = text.chars().map(|c| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        c => c,
    });
    half.filter(|c| !c.is_whitespace() && *c != '\u{3000}').flat_map(char::to_lowercase).take(LONGEST).collect()
}

/// Is it meant? Nothing typed means everything.
#[must_use]
pub fn means(name: &str, typed: &str) -> bool {
    let (name, typed) = (plain(name), plain(typed));
    if name.contains(&typed) {
        return true;
    }
    let spelled: Vec<Vec<String>> = name.chars().map(spellings).collect();
    (0..spelled.len()).any(|from| goes_on(&spelled[from..], &typed))
}

/// All ways to write a character: itself, and for each reading the whole of it and its beginnings.
fn spellings(c: char) -> Vec<String> {
    let mut all = vec![c.to_string()];
    if let Some(readings) = c.to_pinyin_multi() {
        for reading in readings {
            let reading = reading.plain();
            let initial = if reading.starts_with("zh") || reading.starts_with("ch") || reading.starts_with("sh") { 2 } else { 1 };
            all.extend([reading, &reading[..initial], &reading[..1]].map(str::to_owned));
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Can what was typed be read from here on? Its last syllable may be cut off.
fn goes_on(spelled: &[Vec<String>], typed: &str) -> bool {
    let Some((first, rest)) = spelled.split_first() else { return typed.is_empty() };
    first.iter().any(|way| way.starts_with(typed) || typed.strip_prefix(way.as_str()).is_some_and(|more| goes_on(rest, more)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_its_characters_its_sound_and_its_initials() {
        for typed in ["雨伞", "zdys", "zhdys", "yusan", "ZheDieYuSan", "zdyus", "ys", "折叠", "", " z d "] {
            assert!(means("折叠雨伞", typed), "{typed}");
        }
        for typed in ["zdyx", "伞雨", "sy", "zdyst"] {
            assert!(!means("折叠雨伞", typed), "{typed}");
        }
    }

    #[test]
    fn every_reading_of_a_character_counts_in_every_combination() {
        // 一次性雨衣; 长 is chang and zhang, 重 is zhong and chong, 乐 is le and yue, 行 is xing and hang.
        assert!(means("一次性雨衣", "ycxyy"));
        for typed in ["cz", "cc", "zz", "zc", "chang", "zhangchong"] {
            assert!(means("长重", typed), "{typed}");
        }
        assert!(means("乐行", "yh") && means("乐行", "lx") && means("乐行", "yx") && means("乐行", "lehang"));
    }

    #[test]
    fn names_in_letters_and_digits_are_found_too() {
        assert!(means("USB 充电线", "usb") && means("USB 充电线", "usbcdx") && means("伞 07", "伞07") && means("伞 07", "s07"));
    }
}
