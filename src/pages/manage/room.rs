//! What is behind the figures: use, what is out, what ends, what happened month by month.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};

use super::{Asked, Inside, Room, enter, sections};
use crate::{
    desk::{
        self, Desk,
        reports::{PAGE, Scope},
    },
    pages::{
        frame::Frame,
        reports::{self, Section},
        trouble,
        visitor::Visitor,
    },
    rules::figures::Period,
    speech::texts::Reports as T,
    store,
};

#[derive(Template)]
#[template(path = "manage/room.html")]
struct RoomPage {
    frame: Frame,
    base: String,
    asked: Asked,
    room: Room,
    /// Which days, in words.
    days: String,
    /// The stations to choose from: plate and name.
    stations: Vec<(String, String)>,
    sections: Vec<Section>,
    /// The loan after which the next page begins.
    next: Option<String>,
}

impl RoomPage {
    /// The periods to choose from.
    fn periods(&self) -> Vec<(&'static str, &'static str, bool)> {
        let name = |period| match period {
            Period::ThisMonth => T::ThisMonth,
            Period::LastMonth => T::LastMonth,
            Period::Ninety => T::Ninety,
            Period::Year => T::Year,
        };
        let chosen = self.asked.period();
        Period::ALL.iter().map(|period| (period.as_str(), self.frame.say(name(*period)), *period == chosen)).collect()
    }
}

/// When and what people borrow.
pub(super) async fn usage(visitor: Visitor, Path(community): Path<String>, Query(asked): Query<Asked>) -> Response {
    render(visitor, &community, asked, Room::Use).await
}

/// What is out.
pub(super) async fn out(visitor: Visitor, Path(community): Path<String>, Query(asked): Query<Asked>) -> Response {
    render(visitor, &community, asked, Room::Out).await
}

/// What ends, what is blocked, what is missing.
pub(super) async fn expiry(visitor: Visitor, Path(community): Path<String>, Query(asked): Query<Asked>) -> Response {
    render(visitor, &community, asked, Room::Expiry).await
}

/// Month by month.
pub(super) async fn activity(visitor: Visitor, Path(community): Path<String>, Query(asked): Query<Asked>) -> Response {
    render(visitor, &community, asked, Room::Activity).await
}

async fn render(visitor: Visitor, community: &str, asked: Asked, room: Room) -> Response {
    let Inside { frame, desk, community, scope } = match enter(visitor, community, &asked).await {
        Ok(inside) => inside,
        Err(response) => return response,
    };
    let read = async {
        let stations = store::stations::list(desk.app.db.read(), Some(community.id), None, 2_000).await?;
        Ok((stations, shown(&desk, &frame, &scope, room, &asked).await?))
    };
    let (stations, (sections, next)) = match read.await {
        Ok(read) => read,
        Err(error) => return trouble::page(&frame, &error),
    };
    let page = RoomPage {
        frame: frame.clone(),
        base: format!("/manage/{}", community.id),
        days: asked.days(&frame, &scope, room),
        asked,
        room,
        stations: stations.into_iter().map(|station| (station.code, station.name)).collect(),
        sections,
        next,
    };
    frame.page(StatusCode::OK, &page)
}

/// The parts of a room; of a long list, one page.
async fn shown(
    desk: &Desk,
    frame: &Frame,
    scope: &Scope,
    room: Room,
    asked: &Asked,
) -> desk::Result<(Vec<Section>, Option<String>)> {
    if room != Room::Out {
        return Ok((sections(desk, frame, scope, room, asked).await?, None));
    }
    let after = match asked.after.as_str() {
        "" => None,
        id => Some(id.parse().map_err(|_| desk::Error::NotFound("loan"))?),
    };
    let view = desk::reports::out(desk, scope, after, PAGE).await?;
    Ok((reports::out(frame, &view), view.next))
}
