//! Taking from the medicine box: what is there, one decision per screen, the pack in hand made sure of, and undone within
//! minutes. The answers to questions go from screen to screen in the form and are kept nowhere.

use askama::Template;
use axum::{
    Router,
    extract::{Path, Query},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use entity::ids::TakeId;
use serde::Deserialize;

use crate::{
    app::App,
    desk::{self, Desk},
    pages::{frame::Frame, sent::Sent, trouble, visitor::Visitor},
    speech::{self, texts::Take as T},
    store,
    view::{ShelfView, TakeView},
};

mod steps;

/// The table of contents.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/s/{station}/take", get(list))
        .route("/s/{station}/take/{kind}", get(steps::begin).post(steps::go_on))
        .route("/s/{station}/taken/{take}", get(taken))
        .route("/s/{station}/taken/{take}/undo", post(undo))
}

#[derive(Template)]
#[template(path = "resident/medicine/list.html")]
struct ListPage {
    frame: Frame,
    station: String,
    lines: Vec<Line>,
}

/// A kind on the shelf.
struct Line {
    kind: uuid::Uuid,
    name: String,
    picture: String,
    available: i32,
    unit: String,
}

/// Shows what may be taken at a station.
async fn list(mut visitor: Visitor, Path(station): Path<String>) -> Response {
    match read(&visitor.desk, &mut visitor.frame, &station).await {
        Ok(lines) => {
            let frame = visitor.frame;
            frame.page(StatusCode::OK, &ListPage { frame: frame.clone(), station, lines })
        }
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

async fn read(desk: &Desk, frame: &mut Frame, code: &str) -> desk::Result<Vec<Line>> {
    let conn = desk.app.db.read();
    let station = store::stations::find_by_code(conn, code).await?.ok_or(desk::Error::NotFound("station"))?;
    frame.place = Some(station.name);
    let shelf = desk::stock::shelf::shelf(desk, conn, code).await?;
    let kinds = store::kinds::list_by_ids(conn, shelf.iter().map(|kind| kind.kind_id.into()).collect()).await?;
    let line = |shelf: ShelfView| {
        let kind = kinds.iter().find(|kind| kind.id.0 == shelf.kind_id);
        let picture = kind.map(|kind| kind.emoji.clone().unwrap_or_else(|| speech::category(&kind.category).1.to_owned()));
        Line {
            kind: shelf.kind_id,
            name: frame.name(&shelf.name, shelf.name_en.as_deref()).to_owned(),
            picture: picture.unwrap_or_default(),
            available: shelf.available,
            unit: shelf.base_unit,
        }
    };
    let mut lines: Vec<Line> = shelf.into_iter().map(line).collect();
    // What is there first; what is not, is said all the same.
    lines.sort_by(|a, b| (a.available == 0, &a.name).cmp(&(b.available == 0, &b.name)));
    Ok(lines)
}

#[derive(Template)]
#[template(path = "resident/medicine/taken.html")]
struct TakenPage {
    frame: Frame,
    station: String,
    name: String,
    picture: String,
    take: TakeView,
    lines: Vec<String>,
    counted: bool,
    undoable: bool,
    reasons: Vec<String>,
}

/// Nothing is asked beyond the address.
#[derive(Debug, Default, Deserialize)]
struct Asked {}

/// The receipt. Whoever knows the id of the take sees what it was, and nothing about anybody.
async fn taken(visitor: Visitor, Path((station, id)): Path<(String, TakeId)>, Query(Asked {}): Query<Asked>) -> Response {
    receipt(&visitor, station, id, StatusCode::OK, Vec::new()).await
}

async fn receipt(visitor: &Visitor, station: String, id: TakeId, status: StatusCode, reasons: Vec<String>) -> Response {
    let frame = &visitor.frame;
    match read_receipt(&visitor.desk, frame, station, id).await {
        Ok(page) => frame.page(status, &TakenPage { reasons, ..page }),
        Err(error) => trouble::page(frame, &error),
    }
}

async fn read_receipt(desk: &Desk, frame: &Frame, station: String, id: TakeId) -> desk::Result<TakenPage> {
    let conn = desk.app.db.read();
    let take = store::takes::find(conn, id).await?.ok_or(desk::Error::NotFound("take"))?;
    let kind = store::kinds::find(conn, take.kind_id).await?.ok_or(desk::Error::NotFound("kind"))?;
    let profile = store::consumables::find(conn, kind.id).await?;
    let unit = profile.map(|profile| profile.base_unit).unwrap_or_default();
    let moved = store::movements::list_of_take(conn, id).await?;
    let mut lines = Vec::new();
    for line in moved.iter().filter(|line| line.available < 0) {
        let lot = store::lots::find(conn, line.lot_id).await?;
        let amount = frame.amount(-line.available, &unit);
        // What has no date is just so many.
        lines.push(match lot.and_then(|lot| lot.last_day) {
            Some(last) => frame.say2(T::TakenLine, amount, last),
            None => amount,
        });
    }
    Ok(TakenPage {
        station,
        name: frame.name(&kind.name, kind.name_en.as_deref()).to_owned(),
        picture: kind.emoji.unwrap_or_else(|| speech::category(&kind.category).1.to_owned()),
        counted: take.person_key.is_some(),
        undoable: take.undone_at.is_none() && desk.now() - take.taken_at < chrono::TimeDelta::minutes(10),
        take: TakeView::from(&take),
        lines,
        reasons: Vec::new(),
        frame: frame.clone(),
    })
}

/// Undoes a take within minutes.
async fn undo(Path((station, id)): Path<(String, TakeId)>, sent: Sent<Asked>) -> Response {
    match desk::answer(sent.desk, id, desk::stock::undo_take::undo).await {
        Ok(_) => Redirect::to(&format!("/s/{station}/taken/{id}")).into_response(),
        Err(error) => {
            let (status, reasons) = sent.visitor.frame.said(&error);
            receipt(&sent.visitor, station, id, status, reasons).await
        }
    }
}
