//! What a keeper does at a station: the list of the day and what each line asks for, tickets, the round, the nightly checks.

use axum::{
    Router,
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use entity::{ids::PhotoId, station};

use super::{
    frame::Frame,
    staff::{Tab, at_station},
    trouble,
    visitor::Visitor,
};
use crate::{
    app::App,
    desk::{self, Desk},
};

mod checks;
mod counting;
mod done;
mod faults;
mod lines;
mod look;
mod record;
mod red_box;
mod restock;
mod round;
mod task;
mod ticket;
mod today;

/// The table of contents.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/staff/{station}/today", get(today::show))
        .route("/staff/{station}/tasks/{task}", get(task::show))
        .route("/staff/{station}/tasks/{task}/seen", post(done::seen))
        .route("/staff/{station}/tasks/{task}/done", post(done::finished))
        .route("/staff/{station}/tasks/{task}/taken-out", post(done::taken_out))
        .route("/staff/{station}/tasks/{task}/label", post(done::label))
        .route("/staff/{station}/tasks/{task}/found", post(done::found))
        .route("/staff/{station}/tasks/{task}/thing", post(done::decided))
        .route("/staff/{station}/tasks/{task}/remind", post(done::reminded))
        .route("/staff/{station}/count", get(counting::list))
        .route("/staff/{station}/count/{lot}", get(counting::show).post(counting::count))
        .route("/staff/{station}/red-box", get(red_box::show).post(red_box::hand_over))
        .route("/staff/{station}/red-box/confirm", post(red_box::confirm))
        .route("/staff/{station}/restock", get(restock::show))
        .route("/staff/{station}/faults", get(faults::show))
        .route("/staff/{station}/faults/{ticket}", get(ticket::show))
        .route("/staff/{station}/faults/{ticket}/seen", post(ticket::seen))
        .route("/staff/{station}/faults/{ticket}/close", post(ticket::close))
        .route("/staff/{station}/round", get(round::show))
        .route("/staff/{station}/round/photo", post(look::photo))
        .route("/staff/{station}/round/good", post(look::good))
        .route("/staff/{station}/round/fault", post(look::fault))
        .route("/staff/{station}/round/missing", post(look::missing))
        .route("/staff/{station}/checks", get(checks::show))
        .route("/staff/{station}/checks/{check}", get(record::show))
        .route("/staff/{station}/photos/{photo}", get(photo))
}

/// A keeper who stands at a station.
struct Kept {
    desk: Desk,
    frame: Frame,
    station: station::Model,
}

/// The keeper of the station with this plate; for anybody else the page that says why not.
async fn keep(mut visitor: Visitor, code: &str) -> Result<Kept, Response> {
    let station = at_station(&mut visitor, code, Tab::Today).await?;
    Ok(Kept { desk: visitor.desk, frame: visitor.frame, station })
}

impl Kept {
    /// A page, or what went wrong on the way to it.
    fn show<T: askama::Template>(&self, page: desk::Result<T>) -> Response {
        match page {
            Ok(page) => self.frame.page(axum::http::StatusCode::OK, &page),
            Err(error) => trouble::page(&self.frame, &error),
        }
    }

    /// A time as it is said here.
    fn at(&self, at: chrono::DateTime<chrono::Utc>) -> String {
        self.frame.day_and_time(at, self.station.zone())
    }
}

/// A photo that belongs to a ticket.
async fn photo(visitor: Visitor, Path((_, id)): Path<(String, PhotoId)>) -> Response {
    match desk::photos::of_kept(&visitor.desk.app, &visitor.desk.actor, id).await {
        Ok(jpeg) => ([(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "no-store")], jpeg).into_response(),
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}
