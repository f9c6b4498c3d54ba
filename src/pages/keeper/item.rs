//! One thing: where it is, its history, its stickers, what becomes of it.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use entity::{
    ids::{LoanId, PhotoId, StationId},
    inspection,
    item::{self, Lifecycle},
    kind, loan, station,
};
use serde::Deserialize;

use super::{Notes, code_in, given, masked, named, picture, seen_at, station_of, things::Whereabouts};
use crate::{
    desk::{
        self, Desk,
        items::{Edit, Service},
    },
    pages::{frame::Frame, sent::Sent, staff::Tab, trouble, visitor::Visitor},
    speech::texts::Things as T,
    store,
};

/// Loans on one page.
const PAGE: u64 = 20;

#[derive(Template)]
#[template(path = "keeper/item.html")]
struct ItemPage {
    frame: Frame,
    station: String,
    item: item::Model,
    kind: kind::Model,
    name: String,
    picture: String,
    at: Whereabouts,
    holder: Option<String>,
    stickers: Vec<String>,
    loans: Vec<Past>,
    more: Option<LoanId>,
    inspections: Vec<inspection::Model>,
    photos: Vec<PhotoId>,
    /// Where it may belong: the stations that whoever looks keeps.
    homes: Vec<(StationId, String)>,
    notes: Notes,
}

/// A loan in the history.
struct Past {
    who: String,
    from: String,
    to: String,
    late: bool,
    note: String,
}

/// What has just been done, and from where on the history is shown.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
    #[serde(default)]
    before: Option<LoanId>,
}

/// Shows it.
pub(super) async fn show(
    mut visitor: Visitor,
    Path((station, code)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Response {
    let station = match station_of(&mut visitor, &station, Tab::Things).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let done = match asked.done.as_str() {
        "service" => Some(T::ServiceChanged),
        "edited" => Some(T::Edited),
        _ => None,
    };
    let notes = Notes::done(done.map(|text| visitor.frame.say(text)));
    render(&visitor, &station, &code, asked, StatusCode::OK, notes).await
}

async fn render(
    visitor: &Visitor,
    station: &station::Model,
    code: &str,
    asked: Asked,
    status: StatusCode,
    notes: Notes,
) -> Response {
    match read(&visitor.desk, &visitor.frame, station, code, asked).await {
        Ok(page) => visitor.frame.page(status, &ItemPage { notes, ..page }),
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

/// The thing with this code, if it is at the station, or belongs there.
async fn kept(desk: &Desk, station: &station::Model, code: &str) -> desk::Result<item::Model> {
    let item = store::items::find_by_code(desk.app.db.read(), &code_in(code)).await?;
    let here = |item: &item::Model| [item.station_id, item.home_station_id].contains(&Some(station.id));
    item.filter(here).ok_or(desk::Error::NotFound("item"))
}

async fn read(desk: &Desk, frame: &Frame, station: &station::Model, code: &str, asked: Asked) -> desk::Result<ItemPage> {
    let conn = desk.app.db.read();
    let item = kept(desk, station, code).await?;
    let kind = store::kinds::find(conn, item.kind_id).await?.ok_or(desk::Error::NotFound("kind"))?;
    let open = store::loans::find_open_of_item(conn, item.id).await?;
    let history = store::loans::list_of_item(conn, item.id, asked.before, PAGE).await?;
    let last = history.last().map(|loan| loan.id).filter(|_| history.len() as u64 == PAGE);
    let mut loans = Vec::with_capacity(history.len());
    for loan in &history {
        loans.push(past(desk, frame, station, loan).await?);
    }
    let holder = match &open {
        Some(loan) => Some(who(desk, frame, loan).await?),
        None => None,
    };
    let homes = store::stations::list(conn, None, None, 500).await?;
    let homes = homes.into_iter().filter(|home| home.closed_at.is_none() && desk.actor.keeper_of(home).is_ok());
    Ok(ItemPage {
        station: station.code.clone(),
        name: named(frame, &kind),
        picture: picture(&kind),
        at: super::things::whereabouts(desk, frame, station, &item, open.as_ref()),
        holder,
        stickers: store::stickers::list_on_item(conn, item.id).await?.into_iter().map(|sticker| sticker.code).collect(),
        loans,
        more: last,
        inspections: store::inspections::list_of(conn, item.id).await?,
        photos: store::photos::list_of_item(conn, item.id).await?.into_iter().map(|(id, ..)| id).take(12).collect(),
        homes: homes.map(|home| (home.id, home.name)).collect(),
        notes: Notes::default(),
        frame: frame.clone(),
        item,
        kind,
    })
}

async fn who(desk: &Desk, frame: &Frame, loan: &loan::Model) -> desk::Result<String> {
    let member = match loan.member_id {
        Some(id) => store::members::find(desk.app.db.read(), id).await?,
        None => None,
    };
    Ok(member.map_or_else(|| frame.say(T::Unnamed).to_owned(), |member| masked(desk, &member)))
}

async fn past(desk: &Desk, frame: &Frame, station: &station::Model, loan: &loan::Model) -> desk::Result<Past> {
    let day = |at| frame.day_and_time(at, station.zone());
    let note: Vec<&str> = [&loan.returned_note, &loan.override_reason].into_iter().flatten().map(String::as_str).collect();
    Ok(Past {
        who: who(desk, frame, loan).await?,
        from: day(loan.lent_at),
        to: loan.returned_at.map_or_else(|| frame.say(T::StillOut).to_owned(), day),
        late: loan.returned_at.unwrap_or(desk.now()) > loan.due_at,
        note: note.join(" · "),
    })
}

/// One photo of it.
pub(super) async fn photo(mut visitor: Visitor, Path((station, code, id)): Path<(String, String, PhotoId)>) -> Response {
    let station = match station_of(&mut visitor, &station, Tab::Things).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let found = async {
        let item = kept(&visitor.desk, &station, &code).await?;
        let photo = store::photos::find(visitor.desk.app.db.read(), id).await?;
        photo.filter(|photo| photo.item_id == item.id).ok_or(desk::Error::NotFound("photo"))
    };
    match found.await {
        Ok(photo) => jpeg(photo.jpeg),
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

/// A picture that nobody keeps.
pub(super) fn jpeg(bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "no-store")], bytes).into_response()
}

/// What becomes of it.
#[derive(Debug, Deserialize)]
pub(super) struct ServiceForm {
    lifecycle: Lifecycle,
    #[serde(default)]
    reason: String,
}

/// Takes it out of service, or puts it back.
pub(super) async fn set_service(Path((station, code)): Path<(String, String)>, mut sent: Sent<ServiceForm>) -> Response {
    let station = match station_of(&mut sent.visitor, &station, Tab::Things).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let order = Service { code: code.clone(), lifecycle: sent.form.lifecycle, reason: given(&sent.form.reason) };
    let ended = desk::answer(sent.desk, order, desk::items::set_service).await;
    go_on(&sent.visitor, &station, &code, ended.map(|_| "service")).await
}

/// What is written on it, and where it belongs.
#[derive(Debug, Deserialize)]
pub(super) struct EditForm {
    #[serde(default)]
    label: String,
    home: StationId,
    rev: i64,
}

/// Writes another number on it, or moves it.
pub(super) async fn edit(Path((station, code)): Path<(String, String)>, mut sent: Sent<EditForm>) -> Response {
    let station = match station_of(&mut sent.visitor, &station, Tab::Things).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let form = sent.form;
    let order = Edit { code: code.clone(), label: Some(given(&form.label)), home_station: Some(form.home) };
    let ended = desk::answer(seen_at(sent.desk, form.rev), order, desk::items::edit).await;
    go_on(&sent.visitor, &station, &code, ended.map(|_| "edited")).await
}

async fn go_on(visitor: &Visitor, station: &station::Model, code: &str, ended: desk::Result<&'static str>) -> Response {
    match ended {
        Ok(done) => super::to(station, &format!("things/{code}?done={done}")),
        Err(error) => {
            let (status, reasons) = visitor.frame.said(&error);
            render(visitor, station, code, Asked::default(), status, Notes::no(reasons)).await
        }
    }
}
