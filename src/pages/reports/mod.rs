//! Figures as sections of a page: a title, a picture, and the table behind it, which is also what is exported.

mod activity;
mod horizon;
mod out;
mod standing;
mod usage;

use askama::Template;
use chrono::{Datelike, NaiveDate};

pub(super) use self::{
    activity::{by_month, by_station},
    out::out,
    standing::{light_name, standing},
    usage::{by_day, by_hour, by_kind, usage},
};
use super::{frame::Frame, plot::Plot, table::Table};
use crate::{
    speech::texts::{Reports as T, Text as _},
    view::{HorizonView, KindName},
};

/// A part of a report.
#[derive(Clone, Debug, Template)]
#[template(path = "reports/section.html")]
pub(super) struct Section {
    plot: Option<Plot>,
    /// How to read the picture.
    legend: Option<&'static str>,
    /// What the table is called that the picture folds away.
    fold: &'static str,
    /// What is said if there is nothing.
    empty: &'static str,
    pub(super) table: Table,
}

/// What ends when, what is blocked, what is missing.
pub(super) fn horizon(frame: &Frame, view: &HorizonView) -> Vec<Section> {
    let mut view = view.clone();
    let lots = view.ending.iter_mut().chain(&mut view.blocked).map(|lot| &mut lot.kind);
    for kind in lots.chain(view.needs.iter_mut().map(|need| &mut need.kind)) {
        kind.unit = frame.unit(&kind.unit);
    }
    horizon::horizon(frame, &view)
}

impl Section {
    /// A table to be read as it is.
    pub(super) fn table(frame: &Frame, table: Table, empty: T) -> Self {
        Self { plot: None, legend: None, fold: frame.say(T::AsTable), empty: frame.say(empty), table }
    }

    /// A picture, with its table behind it.
    pub(super) fn plot(frame: &Frame, plot: Plot, legend: Option<T>, table: Table, empty: T) -> Self {
        let legend = legend.map(|text| frame.say(text));
        Self { plot: Some(plot), legend, ..Self::table(frame, table, empty) }
    }

    /// A table with more than a few columns has the whole width of a desk.
    fn is_wide(&self) -> bool {
        self.plot.is_none() && self.table.width() > 3
    }

    /// As it stands in a page.
    pub(super) fn html(&self) -> String {
        self.render().unwrap_or_default()
    }

    /// The picture alone, for a sheet of paper.
    pub(super) fn picture(&self) -> String {
        self.plot.as_ref().filter(|_| !self.table.is_empty()).map(Plot::svg).unwrap_or_default()
    }

    /// How to read it.
    pub(super) fn legend(&self) -> &'static str {
        self.legend.unwrap_or_default()
    }
}

/// A kind in the language of the page.
fn kind_name(frame: &Frame, kind: &KindName) -> String {
    frame.name(&kind.name, kind.name_en.as_deref()).to_owned()
}

/// A month: 2026年11月.
pub(super) fn month_name(frame: &Frame, month: NaiveDate) -> String {
    frame.words(&T::EnglishMonth.filled(&[&month.year(), &format!("{:02}", month.month())]))
}

/// A day under a picture: 11-24.
fn short_day(day: NaiveDate) -> String {
    day.format("%m-%d").to_string()
}

/// A category of the catalogue; its slug where nobody has named it here.
fn category_name(frame: &Frame, slug: &str) -> String {
    let text = match slug {
        "umbrella" | "rain" => T::CatUmbrella,
        "mobility" => T::CatMobility,
        "health" => T::CatHealth,
        "tool" => T::CatTool,
        "light" => T::CatLight,
        "power" => T::CatPower,
        "reading" => T::CatReading,
        "medicine" => T::CatMedicine,
        "other" => T::CatOther,
        _ => return slug.to_owned(),
    };
    frame.say(text).to_owned()
}
