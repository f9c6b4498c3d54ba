//! What is out.

use super::{Section, kind_name};
use crate::{
    pages::{
        frame::Frame,
        plot::rows,
        table::{Cell, Table},
    },
    speech::texts::Reports as T,
    view::{OutLineView, OutView},
};

/// Counts, and the list.
pub(crate) fn out(frame: &Frame, view: &OutView) -> Vec<Section> {
    let columns = [T::Station, T::Code, T::OutNow, T::Overdue].map(|text| frame.say(text));
    let with_any: Vec<_> = view.stations.iter().filter(|(_, out, _)| *out > 0).collect();
    let counts = Table::new(frame.say(T::OutByStation), columns).with(with_any.iter().map(|(station, out, overdue)| {
        vec![Cell::text(&station.name), Cell::text(&station.code), Cell::Whole(*out), Cell::Whole(*overdue)]
    }));
    let bars: Vec<_> = with_any.iter().take(20).map(|(station, out, _)| (station.name.clone(), *out)).collect();
    let total: i64 = with_any.iter().map(|(_, out, _)| out).sum();
    let plot = rows(frame.say1(T::OutLabel, total), &bars);
    vec![Section::plot(frame, plot, None, counts, T::NothingOut), list(frame, view)]
}

fn list(frame: &Frame, view: &OutView) -> Section {
    let columns = [T::Kind, T::DaysOverdue, T::DueAt, T::LentAt, T::Station, T::Number, T::Code, T::Borrower];
    let line = |line: &OutLineView| {
        let zone = line.station.zone;
        let kind = line.kind.as_ref().map_or_else(|| frame.say(T::Unnamed).to_owned(), |kind| kind_name(frame, kind));
        vec![
            Cell::text(kind),
            Cell::Whole(line.days_overdue),
            Cell::time(line.due_at, zone),
            Cell::time(line.lent_at, zone),
            Cell::text(&line.station.name),
            Cell::maybe(line.label.as_deref()),
            Cell::text(&line.code),
            Cell::text(line.phone.as_deref().unwrap_or(frame.say(T::Unknown))),
        ]
    };
    let table = Table::new(frame.say(T::OutList), columns.map(|text| frame.say(text)));
    Section::table(frame, table.with(view.lines.iter().map(line)), T::NothingOut)
}
