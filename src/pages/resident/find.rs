//! The first page: find a station, or type the code on a thing.

use askama::Template;
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    desk::{self, stickers::as_printed},
    pages::{frame::Frame, trouble, visitor::Visitor},
    speech::{self, texts::Find as T},
    store,
    view::PlaceView,
};

#[derive(Template)]
#[template(path = "resident/find.html")]
struct FindPage {
    frame: Frame,
    places: Vec<Line>,
}

/// A station in the list.
struct Line {
    to: String,
    name: String,
    community: String,
    opening: String,
    open: bool,
    far: Option<String>,
    /// The pictures of what is there.
    pictures: Vec<(String, i64)>,
}

/// Where somebody is.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Here {
    lat: Option<f64>,
    lon: Option<f64>,
}

/// Shows all stations; before there is anybody, the way through the first start.
pub(super) async fn show(visitor: Visitor, Query(here): Query<Here>) -> Response {
    let Visitor { desk, frame } = visitor;
    let near = here.lat.zip(here.lon).filter(|(north, east)| north.abs() <= 90.0 && east.abs() <= 180.0);
    match desk::offers::nearby(&desk, near).await {
        Ok(places) if places.is_empty() && is_new(&desk).await => Redirect::to("/setup").into_response(),
        Ok(places) => {
            let places = places.iter().map(|place| line(&frame, &desk, place)).collect();
            frame.page(StatusCode::OK, &FindPage { frame: frame.clone(), places })
        }
        Err(error) => trouble::page(&frame, &error),
    }
}

async fn is_new(desk: &desk::Desk) -> bool {
    store::roles::count_admins(desk.app.db.read()).await.is_ok_and(|admins| admins == 0)
}

fn line(frame: &Frame, desk: &desk::Desk, place: &PlaceView) -> Line {
    let mut pictures: Vec<(String, i64)> = Vec::new();
    for offer in place.offers.iter().filter(|offer| offer.on_shelf > 0) {
        let picture = speech::category(&offer.kind.category).1;
        match pictures.iter_mut().find(|(known, _)| known == picture) {
            Some((_, count)) => *count += offer.on_shelf,
            None => pictures.push((picture.to_owned(), offer.on_shelf)),
        }
    }
    Line {
        to: format!("/s/{}", place.station.code),
        name: place.station.name.clone(),
        community: place.community.clone(),
        opening: super::station::opening(frame, desk, place),
        open: place.open,
        far: place.metres.map(|metres| frame.words(&speech::distance(metres))),
        pictures,
    }
}

/// A code that was typed, or read by the camera: as it is printed, or with the address around it.
#[derive(Debug, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    code: String,
}

/// Goes to what is behind a code.
pub(super) async fn by_code(Query(typed): Query<Typed>) -> Response {
    let code = typed.code.trim();
    let code = code.rsplit_once("/q/").map_or(code, |(_, code)| code);
    let code: String = as_printed(code).chars().filter(char::is_ascii_alphanumeric).collect();
    Redirect::to(&if code.is_empty() { "/".to_owned() } else { format!("/q/{code}") }).into_response()
}
