//! How many, as people write it in a list: `3盒`, `1盒+4片`, `20`. A number alone counts base units; what can be read in two
//! ways is asked back.

use super::label_date::plain;

/// Why a quantity is not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoQuantity {
    /// Half a pack, about twenty, two numbers without their units.
    Unclear,
    /// A unit that is neither the base unit nor a pack.
    Unit(String),
    /// Nothing, or less.
    Nothing,
    /// More than a station can hold.
    TooMany,
}

/// What people call a pack, whatever the kind.
const PACKS: [&str; 10] = ["盒", "包", "瓶", "袋", "罐", "筒", "PACK", "PACKS", "BOX", "BOXES"];
/// What joins two parts.
const JOINTS: [char; 4] = ['+', '加', '又', '和'];
/// No station holds more of anything.
const MOST: i32 = 1_000_000;

/// Reads a quantity, in base units.
///
/// # Errors
/// [`NoQuantity`]: what must be asked back.
pub fn read(text: &str, pack_size: i32, base_unit: &str) -> Result<i32, NoQuantity> {
    let text = plain(text).replace(JOINTS, " ");
    let base_unit = plain(base_unit);
    let (mut sum, mut seen) = (0_i32, Vec::with_capacity(2));
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (digits, behind) = rest.split_at(end);
        if digits.is_empty() || digits.len() > 7 {
            return Err(if digits.is_empty() { NoQuantity::Unclear } else { NoQuantity::TooMany });
        }
        let behind = behind.trim_start();
        let end = behind.find(|c: char| c.is_ascii_digit() || c.is_whitespace()).unwrap_or(behind.len());
        let (unit, after) = behind.split_at(end);
        let n: i32 = digits.parse().map_err(|_| NoQuantity::TooMany)?;
        let in_packs = match unit {
            "" if seen.is_empty() && after.trim().is_empty() => false,
            // 1盒+4: four of what?
            "" => return Err(NoQuantity::Unclear),
            unit if unit == base_unit => false,
            unit if PACKS.contains(&unit) => true,
            unit if unit.starts_with(['.', '/', '-', '~', '*', 'X', '×']) => return Err(NoQuantity::Unclear),
            unit => return Err(NoQuantity::Unit(unit.to_owned())),
        };
        // 3盒2盒: five, or three corrected to two?
        if seen.contains(&in_packs) {
            return Err(NoQuantity::Unclear);
        }
        seen.push(in_packs);
        let each = if in_packs { pack_size } else { 1 };
        sum = n.checked_mul(each).and_then(|n| sum.checked_add(n)).filter(|n| *n <= MOST).ok_or(NoQuantity::TooMany)?;
        rest = after.trim_start();
    }
    match (seen.is_empty(), sum) {
        (true, _) => Err(NoQuantity::Unclear),
        (false, 0) => Err(NoQuantity::Nothing),
        (false, sum) => Ok(sum),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packs_and_base_units_are_understood_as_people_write_them() {
        let rows = [
            (30, "3盒|３盒|三盒|3 盒|30|30片|2盒+10片|２盒＋１０片|两盒十片|2盒 10片|2盒又10片|3 boxes"),
            (14, "1盒+4片|1盒4片|4片+1盒|十四片|１４|14 片 "),
        ];
        for (units, forms) in rows {
            for form in forms.split('|') {
                assert_eq!(read(form, 10, "片"), Ok(units), "{form}");
            }
        }
        // What is counted may be called like a pack.
        assert_eq!((read("3袋", 10, "袋"), read("3盒", 10, "袋")), (Ok(3), Ok(30)));
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_asked_back() {
        let rows = [
            (NoQuantity::Unclear, "|半盒|约20|1盒+4|4+1盒|3盒2盒|2.5盒|2-3盒|若干|-3|3×10"),
            (NoQuantity::Nothing, "0|0盒|零片0盒"),
            (NoQuantity::TooMany, "99999999|999999盒"),
        ];
        for (no, forms) in rows {
            for form in forms.split('|') {
                assert_eq!(read(form, 10, "片"), Err(no.clone()), "{form:?}");
            }
        }
        assert_eq!(read("3箱", 10, "片"), Err(NoQuantity::Unit("箱".to_owned())));
        assert_eq!(read("3板", 10, "片"), Err(NoQuantity::Unit("板".to_owned())));
    }

    #[test]
    fn any_text_is_understood_or_asked_back_and_never_panics() {
        bolero::check!().with_type::<(String, u8)>().for_each(|(text, pack)| {
            if let Ok(units) = read(text, i32::from(*pack) + 1, "片") {
                assert!((1..=MOST).contains(&units));
            }
        });
    }
}
