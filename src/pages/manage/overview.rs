//! Stations side by side; and one of them, with the ways on from it.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use chrono::{DateTime, Utc};
use entity::grant::Role;

use super::{Asked, Inside, Room, enter};
use crate::{
    desk::{self, Desk},
    pages::{
        frame::Frame,
        reports::{self, Section},
        trouble,
        visitor::Visitor,
    },
    rules::expiry::Light,
    speech::texts::Reports as T,
    store,
    view::StandingView,
};

#[derive(Template)]
#[template(path = "manage/overview.html")]
struct OverviewPage {
    frame: Frame,
    /// Where its pages begin.
    base: String,
    asked: Asked,
    room: Room,
    now: DateTime<Utc>,
    stations: Vec<StandingView>,
    /// The same as a table.
    table: Section,
    /// Communities that the visitor runs besides: id and name.
    others: Vec<(String, String)>,
}

impl OverviewPage {
    /// One station alone.
    fn is_single(&self) -> bool {
        self.asked.station().is_some()
    }

    fn title(&self) -> String {
        let alone = self.stations.first().filter(|_| self.is_single());
        alone.map_or_else(|| self.frame.say(T::OverviewTitle).to_owned(), |one| one.station.name.clone())
    }

    /// 3 天前.
    fn ago(&self, instant: &DateTime<Utc>) -> String {
        match (self.now - *instant).num_days() {
            ..=0 => self.frame.say(T::Today).to_owned(),
            days => self.frame.say1(T::DaysAgo, days),
        }
    }

    /// The colour of the nightly check, its sign, and its word.
    fn light(&self, one: &StandingView) -> (&'static str, &'static str, &'static str) {
        let (class, sign) = match one.light {
            None => ("calm", "–"),
            Some(Light::Green) => ("good", "✓"),
            Some(Light::Amber) => ("out", "!"),
            Some(Light::Red) => ("bad", "✕"),
        };
        (class, sign, self.frame.say(reports::light_name(one.light)))
    }

    /// The rooms about one station.
    fn doors(&self) -> [Room; 5] {
        [Room::Use, Room::Out, Room::Expiry, Room::Activity, Room::Report]
    }
}

/// All stations.
pub(super) async fn show(visitor: Visitor, Path(community): Path<String>, Query(asked): Query<Asked>) -> Response {
    render(visitor, &community, Asked { station: String::new(), ..asked }).await
}

/// One station.
pub(super) async fn show_station(visitor: Visitor, Path((community, code)): Path<(String, String)>) -> Response {
    render(visitor, &community, Asked { station: code, ..Asked::default() }).await
}

async fn render(visitor: Visitor, community: &str, asked: Asked) -> Response {
    let Inside { frame, desk, community, scope } = match enter(visitor, community, &asked).await {
        Ok(inside) => inside,
        Err(response) => return response,
    };
    let read = async { Ok((desk::reports::standing(&desk, &scope).await?, others(&desk, community.id).await?)) };
    let (stations, others) = match read.await {
        Ok(read) => read,
        Err(error) => return trouble::page(&frame, &error),
    };
    let base = format!("/manage/{}", community.id);
    let table = reports::standing(&frame, &stations);
    let now = scope.now();
    let page = OverviewPage { frame: frame.clone(), base, asked, room: Room::Overview, now, stations, table, others };
    frame.page(StatusCode::OK, &page)
}

/// The communities that somebody runs besides this one.
async fn others(desk: &Desk, this: entity::ids::CommunityId) -> desk::Result<Vec<(String, String)>> {
    let several = desk.actor.admin().is_ok() || desk.actor.roles().iter().filter(|role| role.role == Role::Manager).count() > 1;
    if !several {
        return Ok(Vec::new());
    }
    let all = store::communities::list(desk.app.db.read(), None, 200).await?;
    let theirs = all.into_iter().filter(|other| other.id != this && desk.actor.manager_of(other.id).is_ok());
    Ok(theirs.map(|other| (other.id.to_string(), other.name)).collect())
}
