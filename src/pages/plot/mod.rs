//! Plots as SVG, drawn on the server: numbers in, shapes out. Nothing here knows what it draws. A plot is 360 wide, so that its
//! text is as large as the page's on a phone; whoever cannot see it reads its label, and the table behind it.

mod columns;
mod day;
mod heat;
mod rows;
mod scale;

use askama::Template;

pub(super) use columns::{Column, columns};
pub(super) use day::{Stretch, day};
pub(super) use heat::heat;
pub(super) use rows::rows;

/// How wide every plot is.
const WIDTH: f64 = 360.0;

/// A plot.
#[derive(Clone, Debug, PartialEq, Template)]
#[template(path = "plot/plot.html")]
pub(super) struct Plot {
    /// What it shows, in a sentence.
    label: String,
    height: f64,
    shapes: Vec<Shape>,
}

/// What a plot is made of.
#[derive(Clone, Debug, PartialEq)]
enum Shape {
    /// A filled rectangle.
    Rect { x: f64, y: f64, w: f64, h: f64, class: &'static str },
    /// A level line of the scale.
    Level { y: f64, x1: f64 },
    /// A line through points.
    Path { points: String },
    /// Words or a number. `anchor` is `start`, `middle` or `end`.
    Text { x: f64, y: f64, anchor: &'static str, text: String },
}

/// To a tenth: more is invisible, and weighs.
fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// Counts as lengths. Nothing that is counted here comes near 2^52.
#[expect(clippy::cast_precision_loss, reason = "counts of a neighbourhood are far below 2^52")]
fn length(count: i64) -> f64 {
    count as f64
}

impl Plot {
    fn new(label: String, height: f64) -> Self {
        Self { label, height: tenth(height), shapes: Vec::new() }
    }

    fn rect(&mut self, (x, y): (f64, f64), (w, h): (f64, f64), class: &'static str) {
        self.shapes.push(Shape::Rect { x: tenth(x), y: tenth(y), w: tenth(w), h: tenth(h), class });
    }

    fn text(&mut self, (x, y): (f64, f64), anchor: &'static str, text: String) {
        self.shapes.push(Shape::Text { x: tenth(x), y: tenth(y), anchor, text });
    }

    /// As it stands in a page.
    pub(super) fn svg(&self) -> String {
        self.render().unwrap_or_default()
    }
}
