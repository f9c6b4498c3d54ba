//! A day as lines of time: one row for each thing, and on it what is taken, from when until when.

use super::{Plot, Shape, WIDTH, length, rows::cut, tenth};

const LEFT: f64 = 8.0;
const ROW: f64 = 54.0;
const HEAD: f64 = 30.0;
const BAR: f64 = 20.0;

/// A stretch of time, in minutes of the day, with its class.
pub(crate) type Stretch = (i64, i64, &'static str);

/// Rows of stretches between two hours of the day.
pub(crate) fn day(label: String, (first, last): (i64, i64), rows: &[(String, Vec<Stretch>)]) -> Plot {
    let last = last.max(first + 1);
    let count = i64::try_from(rows.len()).unwrap_or_default();
    let mut plot = Plot::new(label, HEAD + ROW * length(count) + 8.0);
    let wide = WIDTH - 2.0 * LEFT;
    let at = |minute: i64| LEFT + wide * length(minute.clamp(first * 60, last * 60) - first * 60) / length((last - first) * 60);
    let every = ((last - first) / 6).max(1);
    for hour in (first..=last).filter(|hour| (hour - first) % every == 0) {
        let anchor = if hour == first {
            "start"
        } else if hour == last {
            "end"
        } else {
            "middle"
        };
        plot.text((at(hour * 60), HEAD - 10.0), anchor, hour.to_string());
    }
    for (y, (name, stretches)) in (0..).map(|n| HEAD + ROW * length(n)).zip(rows) {
        plot.text((LEFT, y + 18.0), "start", cut(name, 34));
        plot.rect((LEFT, y + 26.0), (wide, BAR), "grid");
        for (from, to, class) in stretches {
            let (x, end) = (at(*from), at(*to));
            if end > x {
                plot.rect((x, y + 26.0), ((end - x).max(2.0), BAR), class);
            }
        }
        plot.shapes.push(Shape::Level { y: tenth(y + ROW - 1.0), x1: LEFT });
    }
    plot
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_lies_where_its_hours_are_and_is_cut_at_the_edges() {
        let rows =
            [("活动室".to_owned(), vec![(8 * 60, 12 * 60, "mark some"), (0, 6 * 60, "mark full"), (19 * 60, 1440, "mark full")])];
        let svg = day("x".to_owned(), (8, 20), &rows).svg();
        assert!(svg.contains("x=\"8\" y=\"56\" width=\"114.7\""), "{svg}");
        assert_eq!(svg.matches("mark full").count(), 1, "{svg}");
    }
}
