//! The keeper's room: the counter, things and lots, deliveries, stickers, people, the station itself.

use axum::{
    Router,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use entity::{kind, member, station};

use super::{
    frame::Frame,
    staff::{Tab, at_station},
    visitor::Visitor,
};
use crate::{
    app::App,
    desk::{self, Desk, stickers::as_printed},
    speech,
};

mod bind;
pub(super) mod bookings;
mod closures;
mod counter;
mod counter_lines;
mod hand_out;
mod item;
mod keepers;
mod kind_form;
mod kinds;
mod ledger;
mod levels;
mod lot;
mod lot_head;
mod lot_verbs;
mod lots;
mod more;
pub(super) mod paper;
mod people;
mod person;
mod pile;
mod receive;
mod receive_steps;
mod relabel;
mod settings;
mod sheet;
mod stickers;
mod take_back;
mod things;
mod written;

/// The table of contents.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/staff/{station}/more", get(more::show))
        .merge(bookings::router())
        .merge(counter_routes())
        .merge(thing_routes())
        .merge(stock_routes())
        .merge(people_routes())
}

fn counter_routes() -> Router<App> {
    Router::new()
        .route("/staff/{station}/counter", get(counter::show))
        .route("/staff/{station}/counter/photo", post(pile::photo))
        .route("/staff/{station}/counter/lend", post(hand_out::lend))
        .route("/staff/{station}/counter/return", post(hand_out::take_back))
        .route("/staff/{station}/counter/pile", post(pile::take_back))
        .route("/staff/{station}/counter/bind", post(bind::bind))
        .route("/staff/{station}/stickers", get(stickers::show))
        .route("/staff/{station}/stickers/make", post(stickers::make))
        .route("/staff/{station}/stickers/bind", post(stickers::bind))
        .route("/staff/{station}/stickers/label", post(stickers::label_place))
        .route("/staff/{station}/stickers/give-up", post(stickers::give_up))
        .route("/staff/{station}/stickers/print", get(sheet::choose))
        .route("/staff/{station}/stickers/sheet", get(sheet::show))
}

fn thing_routes() -> Router<App> {
    Router::new()
        .route("/staff/{station}/things", get(things::show))
        .route("/staff/{station}/things/{code}", get(item::show))
        .route("/staff/{station}/things/{code}/photo/{photo}", get(item::photo))
        .route("/staff/{station}/things/{code}/service", post(item::set_service))
        .route("/staff/{station}/things/{code}/edit", post(item::edit))
        .route("/staff/{station}/kinds", get(kinds::list))
        .route("/staff/{station}/kinds/new", get(kind_form::blank).post(kind_form::create))
        .route("/staff/{station}/kinds/{kind}", get(kinds::show))
        .route("/staff/{station}/kinds/{kind}/edit", get(kind_form::show).post(kind_form::edit))
        .route("/staff/{station}/kinds/{kind}/terms", post(kinds::set_terms))
        .route("/staff/{station}/kinds/{kind}/items", post(kinds::register))
}

fn stock_routes() -> Router<App> {
    Router::new()
        .route("/staff/{station}/lots", get(lots::show))
        .route("/staff/{station}/lots/{lot}", get(lot::show))
        .route("/staff/{station}/lots/{lot}/photo/{photo}", get(lot::photo))
        .route("/staff/{station}/lots/{lot}/count", post(lot_verbs::count))
        .route("/staff/{station}/lots/{lot}/apart", post(lot_verbs::put_apart))
        .route("/staff/{station}/lots/{lot}/block", post(lot_verbs::block))
        .route("/staff/{station}/lots/{lot}/lift", post(lot_verbs::lift))
        .route("/staff/{station}/lots/{lot}/verify", post(lot_verbs::verify))
        .route("/staff/{station}/lots/{lot}/open", post(lot_verbs::open))
        .route("/staff/{station}/lots/{lot}/closed", post(lot_verbs::see_closed))
        .route("/staff/{station}/lots/{lot}/transfer", post(lot_verbs::transfer))
        .route("/staff/{station}/lots/{lot}/relabel", get(relabel::show).post(relabel::go_on))
        .route("/staff/{station}/lots/{lot}/ledger/{line}/back", get(take_back::show).post(take_back::take_back))
        .route("/staff/{station}/lots/{lot}/written", get(written::show).post(written::write))
        .route("/staff/{station}/receive", get(receive::begin).post(receive::go_on))
}

fn people_routes() -> Router<App> {
    Router::new()
        .route("/staff/{station}/people", get(people::show))
        .route("/staff/{station}/people/find", post(people::find))
        .route("/staff/{station}/people/enter", post(people::enter))
        .route("/staff/{station}/people/{member}", get(person::show))
        .route("/staff/{station}/people/{member}/approve", post(person::approve))
        .route("/staff/{station}/people/{member}/suspend", post(person::suspend))
        .route("/staff/{station}/people/{member}/lift", post(person::lift))
        .route("/staff/{station}/people/{member}/card", post(person::make_card))
        .route("/staff/{station}/people/{member}/card/give-up", post(person::give_up_card))
        .route("/staff/{station}/settings", get(settings::show).post(settings::save))
        .route("/staff/{station}/settings/closures", post(closures::add))
        .route("/staff/{station}/settings/closures/{closure}/remove", post(closures::remove))
        .route("/staff/{station}/keepers", get(keepers::show).post(keepers::grant))
        .route("/staff/{station}/keepers/{role}/take-back", post(keepers::take_back))
        .route("/staff/{station}/keepers/{member}/password", post(keepers::set_password))
        .route("/staff/{station}/levels", get(levels::show).post(levels::set))
}

/// What is said above a page: that something was done, or why it was not.
#[derive(Clone, Debug, Default)]
struct Notes {
    /// Why not, reason by reason.
    reasons: Vec<String>,
    /// What was just done.
    done: Option<&'static str>,
}

impl Notes {
    fn no(reasons: Vec<String>) -> Self {
        Self { reasons, done: None }
    }

    fn done(done: Option<&'static str>) -> Self {
        Self { reasons: Vec::new(), done }
    }
}

/// The code in what was typed, or read by a camera: as it is printed, or with the address around it.
fn code_in(typed: &str) -> String {
    let typed = typed.trim();
    let code = typed.rsplit_once("/q/").map_or(typed, |(_, code)| code);
    as_printed(code.split(['?', '#']).next().unwrap_or_default())
}

/// The picture of a kind.
fn picture(kind: &kind::Model) -> String {
    kind.emoji.clone().unwrap_or_else(|| speech::category(&kind.category).1.to_owned())
}

/// A person as staff see them: 王* 138****8011.
fn masked(desk: &Desk, member: &member::Model) -> String {
    let view = desk::members::masked(&desk.app, member);
    let parts: Vec<String> = [view.name, view.phone].into_iter().flatten().collect();
    if parts.is_empty() { "—".to_owned() } else { parts.join(" ") }
}

/// The desk for one of several verbs that are done with one form: each under a key of its own.
fn keyed(desk: &Desk, step: &str) -> Desk {
    Desk { key: desk.key.clone().map(|(key, print)| (format!("{key}:{step}"), print)), ..desk.clone() }
}

/// The desk for an edit of what was seen at this version.
fn seen_at(desk: Desk, rev: i64) -> Desk {
    Desk { if_match: Some(rev), ..desk }
}

/// What was typed, if anything was.
fn given(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// An instant that was typed by the clock of the station.
fn instant(station: &station::Model, typed: &str) -> Option<DateTime<Utc>> {
    let wall = NaiveDateTime::parse_from_str(typed, "%Y-%m-%dT%H:%M").ok()?;
    station.zone().from_local_datetime(&wall).earliest().map(|at| at.to_utc())
}

/// On to another page of the station.
fn to(station: &station::Model, path: &str) -> Response {
    Redirect::to(&format!("/staff/{}/{path}", station.code)).into_response()
}

/// The station, for one of its keepers; `Err` is the page that says why not.
async fn station_of(visitor: &mut Visitor, code: &str, tab: Tab) -> Result<station::Model, Response> {
    at_station(visitor, code, tab).await
}

/// A count and a unit are said by what they are, whatever the language of the frame.
fn named(frame: &Frame, kind: &kind::Model) -> String {
    frame.name(&kind.name, kind.name_en.as_deref()).to_owned()
}
