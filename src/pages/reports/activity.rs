//! What happened month by month.

use chrono::{Datelike, NaiveDate};

use super::Section;
use crate::{
    pages::{
        frame::Frame,
        plot::{Column, columns},
        table::{Cell, Table},
    },
    speech::texts::Reports as T,
    view::{ActivityView, MonthFigures},
};

const FIGURES: [T; 11] = [
    T::Loans,
    T::Borrowers,
    T::Returns,
    T::LateShare,
    T::Late,
    T::Elsewhere,
    T::Losses,
    T::Takes,
    T::Repairs,
    T::ChecksDone,
    T::ChecksMissed,
];

fn figures(one: &MonthFigures) -> [Cell; 11] {
    [
        Cell::Whole(one.loans),
        Cell::Whole(one.borrowers),
        Cell::Whole(one.returns),
        one.late_share().map_or(Cell::Empty, Cell::Share),
        Cell::Whole(one.late),
        Cell::Whole(one.elsewhere),
        Cell::Whole(one.losses),
        Cell::Whole(one.takes),
        Cell::Whole(one.repairs),
        Cell::Whole(one.checks),
        Cell::Whole(one.missed),
    ]
}

/// The months.
pub(crate) fn by_month(frame: &Frame, view: &ActivityView) -> Section {
    let titles = std::iter::once(T::Month).chain(FIGURES).map(|text| frame.say(text));
    let table = Table::new(frame.say(T::PerMonth), titles);
    let line = |(month, one): &(NaiveDate, MonthFigures)| {
        std::iter::once(Cell::text(month.format("%Y-%m").to_string())).chain(figures(one)).collect()
    };
    let nothing = view.months.iter().all(|(_, one)| one.is_empty());
    let table = if nothing { table } else { table.with(view.months.iter().map(line)) };
    let bar = |(month, one): &(NaiveDate, MonthFigures)| Column {
        mark: format!("{}-{:02}", month.year() % 100, month.month()),
        parts: vec![one.loans],
        line: Some(one.returns),
    };
    let bars: Vec<_> = view.months.iter().map(bar).collect();
    let sum = |of: fn(&MonthFigures) -> i64| view.months.iter().map(|(_, one)| of(one)).sum::<i64>();
    let plot = columns(frame.say2(T::PerDayLabel, sum(|one| one.loans), sum(|one| one.returns)), &bars, &["mark"]);
    Section::plot(frame, plot, Some(T::BarsAndLine), table, T::Nothing)
}

/// The stations in the last month.
pub(crate) fn by_station(frame: &Frame, view: &ActivityView) -> Section {
    let titles = [T::Station, T::Code].into_iter().chain(FIGURES).map(|text| frame.say(text));
    let table = Table::new(frame.say(T::StationsInMonth), titles);
    let table =
        table.with(view.stations.iter().map(|(station, one)| {
            [Cell::text(&station.name), Cell::text(&station.code)].into_iter().chain(figures(one)).collect()
        }));
    Section::table(frame, table, T::NoStations)
}
