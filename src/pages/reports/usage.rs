//! When people borrow, and what.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::{Section, category_name, kind_name, short_day};
use crate::{
    pages::{
        frame::Frame,
        plot::{Column, columns, heat, rows},
        table::{Cell, Table},
    },
    speech::texts::Reports as T,
    view::{Traffic, UseView},
};

/// More days than this are shown week by week.
const MOST_DAYS: usize = 62;

const WEEK: [T; 7] = [T::Monday, T::Tuesday, T::Wednesday, T::Thursday, T::Friday, T::Saturday, T::Sunday];

/// All of it.
pub(crate) fn usage(frame: &Frame, view: &UseView) -> Vec<Section> {
    let mut all = vec![by_hour(frame, view), by_day(frame, view), by_category(frame, view), by_kind(frame, view)];
    if view.stations.len() > 1 {
        all.push(by_station(frame, view));
    }
    all
}

/// Weekdays and hours.
pub(crate) fn by_hour(frame: &Frame, view: &UseView) -> Section {
    let total: i64 = view.hours.iter().flatten().sum();
    let cells = (0..7).flat_map(|day| (0..24).map(move |hour| (day, hour)));
    let busiest = cells.max_by_key(|(day, hour)| view.hours[*day][*hour]).unwrap_or_default();
    let busiest = format!("{} {:02}:00", frame.say(WEEK[busiest.0]), busiest.1);
    let names = WEEK.map(|day| frame.say(day));
    let table = Table::new(frame.say(T::ByHour), std::iter::once(frame.say(T::Hour)).chain(names));
    let line = |hour: usize| {
        let first = Cell::text(format!("{hour:02}:00"));
        std::iter::once(first).chain(view.hours.iter().map(|day| Cell::Whole(day[hour]))).collect()
    };
    let table = if total == 0 { table } else { table.with((0..24).map(line)) };
    let plot = heat(frame.say2(T::ByHourLabel, total, busiest), &view.hours, names.map(short_weekday));
    Section::plot(frame, plot, Some(T::ByHourLegend), table, T::Nothing)
}

/// 周一 as 一; Mon stays.
fn short_weekday(name: &str) -> &str {
    name.strip_prefix('周').unwrap_or(name)
}

/// Days, or weeks if there are too many.
pub(crate) fn by_day(frame: &Frame, view: &UseView) -> Section {
    let weekly = view.days.len() > MOST_DAYS;
    let shown = if weekly { weeks(view) } else { view.days.clone() };
    let total = view.total();
    let (title, first) = if weekly { (T::PerWeek, T::WeekFrom) } else { (T::PerDay, T::Day) };
    let table = Table::new(frame.say(title), [first, T::Loans, T::Returns].map(|text| frame.say(text)));
    let line = |(day, one): &(NaiveDate, Traffic)| vec![Cell::Day(*day), Cell::Whole(one.lent), Cell::Whole(one.returned)];
    let table = if total == Traffic::default() { table } else { table.with(shown.iter().map(line)) };
    let bar =
        |(day, one): &(NaiveDate, Traffic)| Column { mark: short_day(*day), parts: vec![one.lent], line: Some(one.returned) };
    let bars: Vec<_> = shown.iter().map(bar).collect();
    let plot = columns(frame.say2(T::PerDayLabel, total.lent, total.returned), &bars, &["mark"]);
    Section::plot(frame, plot, Some(T::BarsAndLine), table, T::Nothing)
}

fn weeks(view: &UseView) -> Vec<(NaiveDate, Traffic)> {
    let mut weeks: BTreeMap<NaiveDate, Traffic> = BTreeMap::new();
    for (day, one) in &view.days {
        let into = u64::try_from((*day - view.first).num_days() % 7).unwrap_or_default();
        let week = weeks.entry(*day - Days::new(into)).or_default();
        week.lent += one.lent;
        week.returned += one.returned;
    }
    weeks.into_iter().collect()
}

fn by_category(frame: &Frame, view: &UseView) -> Section {
    let mut named: Vec<(String, i64)> = Vec::new();
    for (slug, n) in &view.categories {
        let name = category_name(frame, slug);
        match named.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sum)) => *sum += n,
            None => named.push((name, *n)),
        }
    }
    let table = Table::new(frame.say(T::PerCategory), [T::Category, T::Loans].map(|text| frame.say(text)));
    let table = table.with(named.iter().map(|(name, n)| vec![Cell::text(name), Cell::Whole(*n)]));
    let plot = rows(frame.say1(T::PerCategoryLabel, named.len()), &named);
    Section::plot(frame, plot, None, table, T::Nothing)
}

/// Kinds, most first.
pub(crate) fn by_kind(frame: &Frame, view: &UseView) -> Section {
    let table = Table::new(frame.say(T::PerKind), [T::Kind, T::Category, T::Loans].map(|text| frame.say(text)));
    let line = |(kind, category, n): &(_, String, i64)| {
        vec![Cell::text(kind_name(frame, kind)), Cell::text(category_name(frame, category)), Cell::Whole(*n)]
    };
    Section::table(frame, table.with(view.kinds.iter().map(line)), T::Nothing)
}

fn by_station(frame: &Frame, view: &UseView) -> Section {
    let table = Table::new(frame.say(T::PerStation), [T::Station, T::Code, T::Loans, T::Returns].map(|text| frame.say(text)));
    let mut stations: Vec<_> = view.stations.iter().collect();
    stations.sort_by_key(|(_, one)| std::cmp::Reverse(one.lent));
    let table = table.with(stations.iter().map(|(station, one)| {
        vec![Cell::text(&station.name), Cell::text(&station.code), Cell::Whole(one.lent), Cell::Whole(one.returned)]
    }));
    let most: Vec<_> = stations.iter().take(20).map(|(station, one)| (station.name.clone(), one.lent)).collect();
    let plot = rows(frame.say1(T::PerStationLabel, stations.len()), &most);
    Section::plot(frame, plot, None, table, T::Nothing)
}
