//! Where staff stand: at a station they keep, or in a community they manage; and the ways from there.

use axum::{
    Router,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use entity::{community, grant::Role, station};

use super::{
    frame::{Frame, Way},
    trouble,
    visitor::Visitor,
};
use crate::{app::App, desk, speech::texts::Around as T, store};

/// The table of contents.
pub(super) fn router() -> Router<App> {
    Router::new().route("/staff", get(go_to_work))
}

/// The ways of staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    /// What is to be done today.
    Today,
    /// Lending and taking back for others.
    Counter,
    /// Items, kinds and lots.
    Things,
    /// Everything else at the station.
    More,
    /// Stations side by side.
    Overview,
}

fn ways(frame: &Frame, station: Option<&str>, community: Option<String>, tab: Tab) -> Vec<Way> {
    let mut ways = Vec::new();
    if let Some(code) = station {
        for (icon, text, path, of) in [
            ("📋", T::Today, "today", Tab::Today),
            ("🤝", T::Counter, "counter", Tab::Counter),
            ("☂️", T::Things, "things", Tab::Things),
            ("⋯", T::More, "more", Tab::More),
        ] {
            let to = format!("/staff/{code}/{path}");
            ways.push(Way { to, icon, name: frame.say(text).to_owned(), here: of == tab });
        }
    }
    if let Some(community) = community {
        let name = frame.say(T::Overview).to_owned();
        ways.push(Way { to: format!("/manage/{community}"), icon: "📊", name, here: tab == Tab::Overview });
    }
    ways
}

/// The station with this plate, for one of its keepers, or somebody above: with the page's frame set up for it.
///
/// # Errors
/// The page that says why not, or leads to the sign-in.
pub(super) async fn at_station(visitor: &mut Visitor, code: &str, tab: Tab) -> Result<station::Model, Response> {
    let frame = &mut visitor.frame;
    let desk = &visitor.desk;
    let found = store::stations::find_by_code(desk.app.db.read(), code).await.map_err(desk::Error::from);
    let station = found.and_then(|station| station.ok_or(desk::Error::NotFound("station")));
    let station = station.and_then(|station| desk.actor.keeper_of(&station).map(|_| station));
    let station = station.map_err(|error| trouble::page(frame, &error))?;
    let manages = desk.actor.manager_of(station.community_id).is_ok();
    frame.place = Some(station.name.clone());
    frame.ways = ways(frame, Some(code), manages.then(|| station.community_id.to_string()), tab);
    Ok(station)
}

/// The community with this id, for one of its managers, or an admin: with the page's frame set up for it.
///
/// # Errors
/// The page that says why not, or leads to the sign-in.
pub(super) async fn in_community(visitor: &mut Visitor, id: &str) -> Result<community::Model, Response> {
    let frame = &mut visitor.frame;
    let desk = &visitor.desk;
    let found = match uuid::Uuid::parse_str(id) {
        Ok(id) => store::communities::find(desk.app.db.read(), id.into()).await.map_err(desk::Error::from),
        Err(_) => Ok(None),
    };
    let community = found.and_then(|community| community.ok_or(desk::Error::NotFound("community")));
    let community = community.and_then(|community| desk.actor.manager_of(community.id).map(|_| community));
    let community = community.map_err(|error| trouble::page(frame, &error))?;
    frame.place = Some(community.name.clone());
    frame.ways = ways(frame, None, Some(community.id.to_string()), Tab::Overview);
    Ok(community)
}

/// To where whoever is signed in works: their station, or else their community; an admin to the first one there is.
async fn go_to_work(visitor: Visitor) -> Response {
    match workplace(&visitor).await {
        Ok(to) => Redirect::to(&to).into_response(),
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

async fn workplace(visitor: &Visitor) -> desk::Result<String> {
    let desk = &visitor.desk;
    desk.actor.staff()?;
    let conn = desk.app.db.read();
    let roles = desk.actor.roles();
    if let Some(station) = roles.iter().filter(|role| role.role == Role::Keeper).find_map(|role| role.station_id) {
        let station = store::stations::find(conn, station).await?.ok_or(desk::Error::NotFound("station"))?;
        return Ok(format!("/staff/{}/today", station.code));
    }
    if let Some(community) = roles.iter().filter(|role| role.role == Role::Manager).find_map(|role| role.community_id) {
        return Ok(format!("/manage/{community}"));
    }
    let first = store::communities::list(conn, None, 1).await?;
    Ok(first.first().map_or_else(|| "/setup".to_owned(), |community| format!("/manage/{}", community.id)))
}
