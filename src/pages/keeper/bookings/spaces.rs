//! Spaces: entered, divided into parts, edited, given up.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use entity::{ids::SpaceId, space};
use serde::Deserialize;

use super::{Kept, Notes, given, keep, keep_sent, seen_at, to, verbs::Tap};
use crate::{
    desk::{self, spaces::Particulars},
    pages::{frame::Frame, sent::Sent, visitor::Visitor},
    speech::texts::{KeeperBookings, Spaces as T},
    store,
};

#[derive(Template)]
#[template(path = "keeper/bookings/spaces.html")]
struct SpacesPage {
    frame: Frame,
    station: String,
    notes: Notes,
    rows: Vec<Row>,
    /// Those that can be divided: not parts themselves.
    wholes: Vec<(SpaceId, String)>,
    typed: SpaceForm,
}

struct Row {
    id: SpaceId,
    picture: String,
    name: String,
    part_of: Option<String>,
    seats: Option<i32>,
}

#[derive(Template)]
#[template(path = "keeper/bookings/space.html")]
struct SpacePage {
    frame: Frame,
    station: String,
    notes: Notes,
    id: SpaceId,
    typed: SpaceForm,
}

/// What is said of a space.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SpaceForm {
    name: String,
    name_en: String,
    emoji: String,
    seats: String,
    part_of: String,
    rev: i64,
}

impl SpaceForm {
    fn of(row: &space::Model) -> Self {
        Self {
            name: row.name.clone(),
            name_en: row.name_en.clone().unwrap_or_default(),
            emoji: row.emoji.clone().unwrap_or_default(),
            seats: row.seats.map(|seats| seats.to_string()).unwrap_or_default(),
            part_of: String::new(),
            rev: row.rev,
        }
    }

    fn particulars(&self) -> desk::Result<Particulars> {
        let bad = |_| desk::Error::Invalid { field: "seats", problem: desk::Problem::OutOfRange };
        Ok(Particulars {
            name: Some(self.name.clone()),
            name_en: Some(given(&self.name_en)),
            emoji: Some(given(&self.emoji)),
            seats: Some(given(&self.seats).map(|seats| seats.parse().map_err(bad)).transpose()?),
        })
    }
}

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    done: String,
}

/// Shows them all.
pub(super) async fn list(visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    let kept = match keep(visitor, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let done = match asked.done.as_str() {
        "saved" => Some(T::Saved),
        "given-up" => Some(T::GivenUp),
        _ => None,
    };
    render_list(&kept, StatusCode::OK, Notes::done(done.map(|text| kept.frame.say(text))), SpaceForm::default()).await
}

async fn render_list(kept: &Kept, status: StatusCode, notes: Notes, typed: SpaceForm) -> Response {
    let spaces = match store::spaces::list_at(kept.desk.app.db.read(), kept.station.id).await {
        Ok(spaces) => spaces,
        Err(error) => return kept.trouble(&error.into()),
    };
    let frame = kept.frame.clone();
    let called = |row: &space::Model| frame.name(&row.name, row.name_en.as_deref()).to_owned();
    let row = |row: &space::Model| Row {
        id: row.id,
        picture: row.emoji.clone().unwrap_or_else(|| "🚪".to_owned()),
        name: called(row),
        part_of: row.part_of.and_then(|id| spaces.iter().find(|whole| whole.id == id)).map(called),
        seats: row.seats,
    };
    let page = SpacesPage {
        rows: spaces.iter().map(row).collect(),
        wholes: spaces.iter().filter(|row| row.part_of.is_none()).map(|row| (row.id, called(row))).collect(),
        station: kept.station.code.clone(),
        notes,
        typed,
        frame: frame.clone(),
    };
    kept.frame.page(status, &page)
}

/// Enters one.
pub(super) async fn create(Path(code): Path<String>, sent: Sent<SpaceForm>) -> Response {
    let (kept, desk, form) = match keep_sent(sent, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let whole = form.part_of.parse::<SpaceId>().ok();
    let ended = match form.particulars() {
        Ok(what) => desk::answer(desk, (kept.station.id, whole, what), desk::spaces::create).await,
        Err(error) => Err(error),
    };
    match ended {
        Ok(_) => to(&kept.station, "spaces?done=saved"),
        Err(error) => {
            let (status, reasons) = kept.frame.said(&error);
            render_list(&kept, status, Notes::no(reasons), form).await
        }
    }
}

/// Shows one.
pub(super) async fn show(visitor: Visitor, Path((code, id)): Path<(String, String)>) -> Response {
    match keep(visitor, &code).await {
        Ok(kept) => render(&kept, &id, StatusCode::OK, Notes::default(), None).await,
        Err(page) => page,
    }
}

async fn find(kept: &Kept, id: &str) -> desk::Result<space::Model> {
    let id: SpaceId = id.parse().map_err(|_| desk::Error::NotFound("space"))?;
    let row = store::spaces::find(kept.desk.app.db.read(), id).await?;
    row.filter(|row| row.station_id == kept.station.id && row.retired_at.is_none()).ok_or(desk::Error::NotFound("space"))
}

async fn render(kept: &Kept, id: &str, status: StatusCode, notes: Notes, typed: Option<SpaceForm>) -> Response {
    match find(kept, id).await {
        Ok(row) => {
            let typed = typed.unwrap_or_else(|| SpaceForm::of(&row));
            let (frame, station) = (kept.frame.clone(), kept.station.code.clone());
            kept.frame.page(status, &SpacePage { frame, station, notes, id: row.id, typed })
        }
        Err(error) => kept.trouble(&error),
    }
}

/// Edits one.
pub(super) async fn edit(Path((code, id)): Path<(String, String)>, sent: Sent<SpaceForm>) -> Response {
    let (kept, desk, form) = match keep_sent(sent, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let ended = match (find(&kept, &id).await, form.particulars()) {
        (Ok(row), Ok(what)) => desk::answer(seen_at(desk, form.rev), (row.id, what), desk::spaces::edit).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    match ended {
        Ok(_) => to(&kept.station, "spaces?done=saved"),
        Err(error) => {
            let (status, reasons) = kept.frame.said(&error);
            render(&kept, &id, status, Notes::no(reasons), Some(form)).await
        }
    }
}

/// Gives one up.
pub(super) async fn give_up(Path((code, id)): Path<(String, String)>, sent: Sent<Tap>) -> Response {
    let (kept, desk, Tap {}) = match keep_sent(sent, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let ended = match find(&kept, &id).await {
        Ok(row) => desk::answer(desk, row.id, desk::spaces::retire).await,
        Err(error) => Err(error),
    };
    match ended {
        Ok(_) => to(&kept.station, "spaces?done=given-up"),
        Err(error) => {
            let (status, reasons) = kept.frame.said(&error);
            render(&kept, &id, status, Notes::no(reasons), None).await
        }
    }
}
