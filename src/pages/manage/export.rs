//! A report leaves the house as a file: written down first, then made.

use axum::{
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{Asked, Inside, Room, enter, sections};
use crate::{
    desk::{
        self, Desk, Problem,
        reports::{Export, Scope},
    },
    pages::{
        frame::Frame,
        sent::Sent,
        staff::{Tab, at_station},
        table::{Cell, Table, csv, excel},
        trouble,
    },
    speech::texts::Reports as T,
};

/// What is to be exported, and how.
#[derive(Debug, Default, Deserialize)]
pub(super) struct ExportForm {
    #[serde(default)]
    what: String,
    #[serde(default)]
    form: String,
    #[serde(default)]
    period: String,
    #[serde(default)]
    station: String,
    #[serde(default)]
    month: String,
}

impl ExportForm {
    fn asked(&self) -> Asked {
        let (period, station, month) = (self.period.clone(), self.station.clone(), self.month.clone());
        Asked { period, station, month, after: String::new() }
    }

    /// Which room, and is it an Excel file?
    fn chosen(&self) -> desk::Result<(Room, bool)> {
        let no = |field| desk::Error::Invalid { field, problem: Problem::Unknown };
        let excel = match self.form.as_str() {
            "xlsx" => true,
            "csv" => false,
            _ => return Err(no("form")),
        };
        Ok((Room::named(&self.what).ok_or(no("what"))?, excel))
    }
}

/// For whoever runs a community.
pub(super) async fn of_community(Path(community): Path<String>, sent: Sent<ExportForm>) -> Response {
    let Sent { visitor, desk, form, .. } = sent;
    let Inside { frame, scope, community, .. } = match enter(visitor, &community, &form.asked()).await {
        Ok(inside) => inside,
        Err(response) => return response,
    };
    let chosen = form.chosen();
    answer(desk, &frame, scope, chosen, &form.asked(), &community.name).await
}

/// For a keeper: the monthly report of her station.
pub(super) async fn of_station(Path(code): Path<String>, sent: Sent<ExportForm>) -> Response {
    let Sent { mut visitor, desk, form, .. } = sent;
    let station = match at_station(&mut visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(response) => return response,
    };
    let scope = match Scope::of_station(&desk, &station) {
        Ok(scope) => scope,
        Err(error) => return trouble::page(&visitor.frame, &error),
    };
    let chosen = form.chosen().map(|(_, excel)| (Room::Report, excel));
    answer(desk, &visitor.frame, scope, chosen, &form.asked(), &station.name).await
}

async fn answer(
    desk: Desk,
    frame: &Frame,
    scope: Scope,
    chosen: desk::Result<(Room, bool)>,
    asked: &Asked,
    place: &str,
) -> Response {
    let made = async {
        let (room, as_excel) = chosen?;
        let mut tables = vec![about(frame, &scope, room, asked, place)];
        let all = sections(&desk, frame, &scope, room, asked).await?;
        tables.extend(all.into_iter().map(|section| section.table));
        let broken = |error: &dyn std::fmt::Display| desk::Error::from(sea_orm::DbErr::Custom(error.to_string()));
        let file = match as_excel {
            true => excel(&tables, scope.now()).map_err(|error| broken(&error))?,
            false => csv(&tables).map_err(|error| broken(&error))?,
        };
        let form = if as_excel { "xlsx" } else { "csv" };
        let name = format!("yizhan-{}-{}.{form}", room.as_str(), scope.today());
        let period = asked.days(frame, &scope, room);
        desk::answer(desk, Export { scope, what: room.as_str(), form, period }, desk::reports::export).await?;
        Ok((file, name, as_excel))
    };
    match made.await {
        Ok((file, name, as_excel)) => download(file, &name, as_excel),
        Err(error) => trouble::page(frame, &error),
    }
}

/// The first sheet: what it is about.
fn about(frame: &Frame, scope: &Scope, room: Room, asked: &Asked, place: &str) -> Table {
    let line = |what: T, value: Cell| vec![Cell::text(frame.say(what)), value];
    let stations: Vec<_> = scope.stations().iter().map(|station| station.name.as_str()).collect();
    let stations = if scope.is_single() { stations.join("") } else { frame.say(T::AllStations).to_owned() };
    Table::new(frame.say(T::About), [frame.say(T::AboutWhat), frame.say(T::AboutValue)]).with([
        line(T::Rooms, Cell::text(format!("{place} · {}", frame.say(room.title())))),
        line(T::Station, Cell::text(stations)),
        line(T::Period, Cell::text(asked.days(frame, scope, room))),
        line(T::MadeAt, Cell::time(scope.now(), scope.zone())),
    ])
}

fn download(file: Vec<u8>, name: &str, as_excel: bool) -> Response {
    let kind = match as_excel {
        true => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        false => "text/csv; charset=utf-8",
    };
    let mut response = (StatusCode::OK, file).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
