//! Columns over time, in parts on top of each other; and a line over them, if there is something to compare.

use super::{Plot, Shape, WIDTH, length, scale::ticks, tenth};

const TOP: f64 = 14.0;
const LEFT: f64 = 52.0;
const TALL: f64 = 170.0;
const BELOW: f64 = 34.0;

/// One column.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// What stands under it; some are enough.
    pub(crate) mark: String,
    /// Its parts, from the bottom.
    pub(crate) parts: Vec<i64>,
    /// Where the line passes.
    pub(crate) line: Option<i64>,
}

/// Columns, with the classes of their parts.
pub(crate) fn columns(label: String, all: &[Column], classes: &[&'static str]) -> Plot {
    let mut plot = Plot::new(label, TOP + TALL + BELOW);
    let most = all.iter().map(|one| one.parts.iter().sum::<i64>().max(one.line.unwrap_or_default())).max().unwrap_or_default();
    let ticks = ticks(most, 4);
    let top = ticks.last().copied().unwrap_or(1);
    let at = |value: i64| TOP + TALL - TALL * length(value) / length(top);
    for tick in &ticks {
        plot.shapes.push(Shape::Level { y: tenth(at(*tick)), x1: LEFT });
        plot.text((LEFT - 6.0, at(*tick) + 6.0), "end", tick.to_string());
    }
    let step = (WIDTH - LEFT - 4.0) / length(i64::try_from(all.len().max(1)).unwrap_or(1));
    let wide = (step * 0.8).max(0.6);
    let mut points = Vec::new();
    for (x, one) in (0..).map(|n| LEFT + step * length(n)).zip(all) {
        let mut below = 0;
        for (part, class) in one.parts.iter().zip(classes) {
            if *part > 0 {
                let (low, high) = (at(below), at(below + part));
                plot.rect((x + (step - wide) / 2.0, high), (wide, low - high), class);
            }
            below += part;
        }
        if let Some(value) = one.line {
            points.push(format!("{},{}", tenth(x + step / 2.0), tenth(at(value))));
        }
    }
    if points.len() > 1 {
        plot.shapes.push(Shape::Path { points: points.join(" ") });
    }
    marks(&mut plot, all, step);
    plot
}

/// Under the first, the last, and as many between as have room.
fn marks(plot: &mut Plot, all: &[Column], step: f64) {
    let longest = all.iter().map(|one| super::rows::wide(&one.mark)).max().unwrap_or(1);
    let room = length(longest) * 11.6 + 10.0;
    let every = (1..=all.len().max(1)).find(|n| step * length(i64::try_from(*n).unwrap_or(1)) >= room).unwrap_or(1);
    let mut free = 0.0;
    for (n, one) in all.iter().enumerate().filter(|(n, _)| n % every == 0) {
        let x = LEFT + step * (length(i64::try_from(n).unwrap_or_default()) + 0.5);
        let x = x.clamp(room / 2.0, WIDTH - room / 2.0);
        if x - room / 2.0 >= free {
            plot.text((x, TOP + TALL + 24.0), "middle", one.mark.clone());
            free = x + room / 2.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(mark: &str, parts: &[i64], line: Option<i64>) -> Column {
        Column { mark: mark.to_owned(), parts: parts.to_vec(), line }
    }

    #[test]
    fn columns_stand_on_the_ground_and_their_parts_on_each_other() {
        let plot =
            columns("l".to_owned(), &[column("a", &[2, 2], Some(1)), column("b", &[0, 1], Some(4))], &["mark", "mark out"]);
        let rects: Vec<_> =
            plot.shapes.iter().filter_map(|s| if let Shape::Rect { y, h, .. } = s { Some((*y, *h)) } else { None }).collect();
        assert_eq!(rects, [(99.0, 85.0), (14.0, 85.0), (141.5, 42.5)]);
        assert!(plot.shapes.iter().any(|s| matches!(s, Shape::Path { points } if points.ends_with(",14"))));
    }

    #[test]
    fn nothing_at_all_is_still_a_plot() {
        assert!(columns(String::new(), &[], &["mark"]).svg().contains("<svg"));
        assert!(columns("\"<".to_owned(), &[column("a", &[0], None)], &["mark"]).svg().contains("aria-label=\"&#34;&#60;\""));
    }

    #[test]
    fn marks_do_not_run_into_each_other() {
        let days: Vec<_> = (1..=31).map(|day| column(&format!("11-{day:02}"), &[1], None)).collect();
        let plot = columns(String::new(), &days, &["mark"]);
        let xs: Vec<f64> = plot
            .shapes
            .iter()
            .filter_map(|s| if let Shape::Text { x, anchor: "middle", .. } = s { Some(*x) } else { None })
            .collect();
        assert!(xs.len() > 2 && xs.windows(2).all(|pair| pair[1] - pair[0] >= 67.0), "{xs:?}");
    }
}
