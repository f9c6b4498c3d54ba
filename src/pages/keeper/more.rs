//! Everything else at the station.

use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};

use super::station_of;
use crate::{
    pages::{frame::Frame, staff::Tab, visitor::Visitor},
    speech::texts::{KeeperBookings, Station as T},
};

#[derive(Template)]
#[template(path = "keeper/more.html")]
struct MorePage {
    frame: Frame,
    station: String,
    rows: Vec<(&'static str, &'static str, &'static str, &'static str)>,
}

const ROWS: [(&str, &str, T, T); 10] = [
    ("receive", "📦", T::Receive, T::ReceiveHelp),
    ("stickers", "🏷️", T::Stickers, T::StickersHelp),
    ("people", "👥", T::People, T::PeopleHelp),
    ("faults", "🔧", T::Faults, T::FaultsHelp),
    ("round", "🔍", T::Round, T::RoundHelp),
    ("kinds", "🗂️", T::Kinds, T::KindsHelp),
    ("levels", "📏", T::LevelsTitle, T::LevelsShort),
    ("report", "📊", T::Report, T::ReportHelp),
    ("keepers", "🔑", T::KeepersTitle, T::KeepersHelp),
    ("settings", "🏠", T::Title, T::SettingsHelp),
];

/// Shows the ways on.
pub(super) async fn show(mut visitor: Visitor, Path(code): Path<String>) -> Response {
    let station = match station_of(&mut visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let frame = visitor.frame;
    let bookings = ("bookings", "📅", frame.say(KeeperBookings::Title), frame.say(KeeperBookings::Help));
    let others = ROWS.map(|(to, icon, name, help)| (to, icon, frame.say(name), frame.say(help)));
    let rows = std::iter::once(bookings).chain(others).collect();
    frame.page(StatusCode::OK, &MorePage { frame: frame.clone(), station: station.code, rows })
}
