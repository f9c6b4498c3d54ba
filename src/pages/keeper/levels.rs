//! How much of each kind the station wants to have.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use entity::{ids::KindId, kind::Tracked, station};
use serde::Deserialize;

use super::{Notes, named, picture, station_of};
use crate::{
    desk::{self, Desk, stock::level::Level},
    pages::{frame::Frame, sent::Sent, staff::Tab, trouble, visitor::Visitor},
    speech::texts::{Around, Station as T},
    store,
};

#[derive(Template)]
#[template(path = "keeper/levels.html")]
struct LevelsPage {
    frame: Frame,
    station: String,
    rows: Vec<Row>,
    notes: Notes,
}

struct Row {
    kind: KindId,
    name: String,
    picture: String,
    unit: String,
    min: i32,
    max: i32,
}

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

/// Shows them.
pub(super) async fn show(mut visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    let station = match station_of(&mut visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let notes = Notes::done((!asked.done.is_empty()).then(|| visitor.frame.say(T::Saved)));
    render(&visitor, &station, None, StatusCode::OK, notes).await
}

async fn render(
    visitor: &Visitor,
    station: &station::Model,
    typed: Option<&LevelForm>,
    status: StatusCode,
    notes: Notes,
) -> Response {
    match read(&visitor.desk, &visitor.frame, station, typed).await {
        Ok(rows) => {
            let (frame, station) = (visitor.frame.clone(), station.code.clone());
            visitor.frame.page(status, &LevelsPage { frame, station, rows, notes })
        }
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

async fn read(desk: &Desk, frame: &Frame, station: &station::Model, typed: Option<&LevelForm>) -> desk::Result<Vec<Row>> {
    let conn = desk.app.db.read();
    let kinds = store::kinds::list_in_use(conn, station.community_id).await?;
    let kinds: Vec<_> = kinds.into_iter().filter(|kind| kind.tracked == Tracked::Lot).collect();
    let profiles = store::consumables::list(conn, kinds.iter().map(|kind| kind.id).collect()).await?;
    let levels = store::stock_levels::list_of(conn, station.id).await?;
    let row = |kind: &entity::kind::Model| {
        let profile = profiles.iter().find(|profile| profile.kind_id == kind.id)?;
        let level = levels.iter().find(|level| level.kind_id == kind.id).map(|level| (level.min_units, level.max_units));
        let typed = typed.filter(|form| form.kind == kind.id).map(|form| (form.min, form.max));
        let (min, max) = typed.or(level).unwrap_or_default();
        Some(Row { kind: kind.id, name: named(frame, kind), picture: picture(kind), unit: profile.base_unit.clone(), min, max })
    };
    Ok(kinds.iter().filter_map(row).collect())
}

/// One level.
#[derive(Debug, Deserialize)]
pub(super) struct LevelForm {
    kind: KindId,
    min: i32,
    max: i32,
}

/// Sets one.
pub(super) async fn set(Path(code): Path<String>, mut sent: Sent<LevelForm>) -> Response {
    let station = match station_of(&mut sent.visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let form = sent.form;
    let order = Level { station_code: station.code.clone(), kind: form.kind, min_units: form.min, max_units: form.max };
    match desk::answer(sent.desk, order, desk::stock::level::set).await {
        Ok(_) => super::to(&station, "levels?done=saved"),
        Err(error) => {
            let (status, reasons) = sent.visitor.frame.said(&error);
            render(&sent.visitor, &station, Some(&form), status, Notes::no(reasons)).await
        }
    }
}
