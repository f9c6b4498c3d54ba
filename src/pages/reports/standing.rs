//! How stations stand now, as a table.

use chrono::{DateTime, Utc};

use super::Section;
use crate::{
    pages::{
        frame::Frame,
        table::{Cell, Table},
    },
    rules::expiry::Light,
    speech::texts::Reports as T,
    view::StandingView,
};

const TITLES: [T; 15] = [
    T::Station,
    T::Code,
    T::State,
    T::OnShelf,
    T::OutNow,
    T::Overdue,
    T::InRepair,
    T::Tasks,
    T::OldestTask,
    T::UsableKinds,
    T::ShortKinds,
    T::NightlyCheck,
    T::LoansThisMonth,
    T::LoansLastMonth,
    T::LastActivity,
];

/// Every station in a line.
pub(crate) fn standing(frame: &Frame, view: &[StandingView]) -> Section {
    let titles = TITLES.iter().map(|text| frame.say(*text));
    let table = Table::new(frame.say(T::OverviewTitle), titles).with(view.iter().map(|one| line(frame, one)));
    Section::table(frame, table, T::NoStations)
}

fn line(frame: &Frame, one: &StandingView) -> Vec<Cell> {
    let time = |instant: Option<DateTime<Utc>>| instant.map_or(Cell::Empty, |at| Cell::time(at, one.station.zone));
    let count = |n: usize| Cell::Whole(i64::try_from(n).unwrap_or(i64::MAX));
    vec![
        Cell::text(&one.station.name),
        Cell::text(&one.station.code),
        Cell::text(state(frame, one)),
        Cell::Whole(one.on_shelf),
        Cell::Whole(one.out),
        Cell::Whole(one.overdue),
        Cell::Whole(one.in_repair),
        Cell::Whole(one.tasks),
        time(one.oldest_task),
        one.usable_kinds.map_or(Cell::Empty, count),
        count(one.short_kinds),
        Cell::text(frame.say(light_name(one.light))),
        Cell::Whole(one.this_month),
        Cell::Whole(one.last_month),
        time(one.last_activity),
    ]
}

/// Open, closed, given up; and whether nobody comes.
fn state(frame: &Frame, one: &StandingView) -> String {
    let open = match (one.closed_down, one.open_now) {
        (true, _) => T::ClosedDown,
        (false, true) => T::OpenNow,
        (false, false) => T::ClosedNow,
    };
    let neglected = one.neglected_for.map(|days| frame.say1(T::Neglected, days));
    std::iter::once(frame.say(open).to_owned()).chain(neglected).collect::<Vec<_>>().join(" · ")
}

/// What the light of the nightly check says.
pub(crate) fn light_name(light: Option<Light>) -> T {
    match light {
        None => T::NoBox,
        Some(Light::Green) => T::CheckGreen,
        Some(Light::Amber) => T::CheckAmber,
        Some(Light::Red) => T::CheckRed,
    }
}
