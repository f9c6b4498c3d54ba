//! A week by hours: hours from top to bottom, weekdays from left to right, a number in every cell where something was.

use super::{Plot, WIDTH, length};

const CLASSES: [&str; 5] = ["heat h1", "heat h2", "heat h3", "heat h4", "heat h5"];
const LEFT: f64 = 62.0;
const HEAD: f64 = 30.0;
const ROW: f64 = 30.0;

/// How strong a cell is coloured: a fifth of the most after the other; nothing for nothing.
fn class(n: i64, most: i64) -> Option<&'static str> {
    let fifth = usize::try_from((n * 5 + most - 1) / most.max(1)).unwrap_or_default();
    CLASSES.get(fifth.checked_sub(1)?).copied()
}

/// The hours between the first and the last in which something was; all of a working day at least.
fn shown(hours: &[[i64; 24]; 7]) -> std::ops::Range<usize> {
    let used = |hour: &usize| hours.iter().any(|day| day[*hour] > 0);
    let first = (0..24).find(used).unwrap_or(8).min(8);
    let last = (0..24).rev().find(used).unwrap_or(18).max(18);
    first..last + 1
}

/// `hours` by weekday, Monday first; `days` are their short names.
pub(crate) fn heat(label: String, hours: &[[i64; 24]; 7], days: [&str; 7]) -> Plot {
    let most = hours.iter().flatten().copied().max().unwrap_or_default();
    let shown = shown(hours);
    let count = i64::try_from(shown.len()).unwrap_or_default();
    let mut plot = Plot::new(label, HEAD + ROW * length(count) + 6.0);
    let wide = (WIDTH - LEFT - 4.0) / 7.0;
    for (x, day) in (0..).map(|n| LEFT + wide * length(n)).zip(days) {
        plot.text((x + wide / 2.0, HEAD - 10.0), "middle", day.to_owned());
    }
    for (y, hour) in (0..).map(|n| HEAD + ROW * length(n)).zip(shown) {
        plot.text((LEFT - 8.0, y + 21.0), "end", format!("{hour:02}:00"));
        for (x, day) in (0..).map(|n| LEFT + wide * length(n)).zip(hours) {
            let n = day[hour];
            if let Some(class) = class(n, most) {
                plot.rect((x + 1.0, y + 1.0), (wide - 2.0, ROW - 2.0), class);
                plot.text((x + wide / 2.0, y + 21.0), "middle", n.to_string());
            }
        }
    }
    plot
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_fifths_of_the_most_and_nothing_has_none() {
        assert_eq!(
            [0, 1, 2, 3, 9, 10].map(|n| class(n, 10)),
            [None, Some(CLASSES[0]), Some(CLASSES[0]), Some(CLASSES[1]), Some(CLASSES[4]), Some(CLASSES[4])]
        );
        assert_eq!(class(1, 1), Some(CLASSES[4]));
        assert_eq!(class(0, 0), None);
    }

    #[test]
    fn the_night_is_shown_only_where_somebody_was_awake() {
        let mut hours = [[0; 24]; 7];
        assert_eq!(shown(&hours), 8..19);
        hours[6][23] = 4;
        assert_eq!(shown(&hours), 8..24);
        let svg = heat("x".to_owned(), &hours, ["一", "二", "三", "四", "五", "六", "日"]).svg();
        assert!(svg.contains(">23:00<") && svg.contains(">4<") && svg.matches("<rect").count() == 1, "{svg}");
    }
}
