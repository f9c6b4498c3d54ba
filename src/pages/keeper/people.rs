//! People 居民: found by their whole number or their card, never browsed by name; entered by a keeper where they cannot do it.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use entity::{ids::MemberId, station, values::Phone};
use serde::Deserialize;

use super::{Notes, code_in, given, masked, station_of};
use crate::{
    desk::{self, Desk, members::Enter},
    pages::{frame::Frame, sent::Sent, staff::Tab, trouble, visitor::Visitor},
    speech::texts::{Around, People as T},
    store,
};

/// People on one page.
const PAGE: u64 = 50;

#[derive(Template)]
#[template(path = "keeper/people.html")]
struct PeoplePage {
    frame: Frame,
    station: String,
    rows: Vec<Row>,
    more: Option<MemberId>,
    typed: Typed,
    /// Nobody is known by the number that was typed: they may be entered.
    unknown: bool,
    notes: Notes,
}

struct Row {
    id: MemberId,
    name: String,
    approved: bool,
}

/// What was typed. Numbers are sent, never in an address.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    phone: String,
    #[serde(default)]
    card: String,
    #[serde(default)]
    name: String,
}

/// From where on the list is shown.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    after: Option<MemberId>,
}

/// Shows the way to somebody, and the list.
pub(super) async fn show(mut visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    let station = match station_of(&mut visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    render(&visitor, &station, asked.after, Typed::default(), false, StatusCode::OK, Notes::default()).await
}

async fn render(
    visitor: &Visitor,
    station: &station::Model,
    after: Option<MemberId>,
    typed: Typed,
    unknown: bool,
    status: StatusCode,
    notes: Notes,
) -> Response {
    match read(&visitor.desk, after).await {
        Ok((rows, more)) => {
            let (frame, station) = (visitor.frame.clone(), station.code.clone());
            visitor.frame.page(status, &PeoplePage { frame, station, rows, more, typed, unknown, notes })
        }
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

async fn read(desk: &Desk, after: Option<MemberId>) -> desk::Result<(Vec<Row>, Option<MemberId>)> {
    let mut members = store::members::list(desk.app.db.read(), after, PAGE + 1).await?;
    let full = members.len() as u64 > PAGE;
    members.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let last = members.last().map(|member| member.id).filter(|_| full);
    let known = members.iter().filter(|member| member.erased_at.is_none());
    let row = |member: &entity::member::Model| Row {
        id: member.id,
        name: masked(desk, member),
        approved: member.approved_at.is_some(),
    };
    Ok((known.map(row).collect(), last))
}

/// Finds somebody by number or card.
pub(super) async fn find(Path(code): Path<String>, mut sent: Sent<Typed>) -> Response {
    let station = match station_of(&mut sent.visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let typed = sent.form;
    match found(&sent.desk, &typed).await {
        Ok(Some(id)) => super::to(&station, &format!("people/{id}")),
        Ok(None) => {
            let unknown = !typed.phone.trim().is_empty();
            let text = if unknown { T::NobodyByPhone } else { T::NobodyByCard };
            let notes = Notes::no(vec![sent.visitor.frame.say(text).to_owned()]);
            render(&sent.visitor, &station, None, typed, unknown, StatusCode::NOT_FOUND, notes).await
        }
        Err(error) => again(&sent.visitor, &station, typed, &error).await,
    }
}

async fn again(visitor: &Visitor, station: &station::Model, typed: Typed, error: &desk::Error) -> Response {
    let (status, reasons) = match error {
        desk::Error::Invalid { field: "phone", .. } => {
            (StatusCode::UNPROCESSABLE_ENTITY, vec![visitor.frame.say(T::NotAPhone).to_owned()])
        }
        error => visitor.frame.said(error),
    };
    render(visitor, station, None, typed, false, status, Notes::no(reasons)).await
}

fn phone(text: &str) -> desk::Result<Phone> {
    Phone::parse(text).map_err(|bad| desk::Error::Invalid { field: "phone", problem: bad.into() })
}

async fn found(desk: &Desk, typed: &Typed) -> desk::Result<Option<MemberId>> {
    let conn = desk.app.db.read();
    if let Some(text) = given(&typed.phone) {
        let index = desk.app.vault.index(&phone(&text)?);
        return Ok(store::members::find_by_phone(conn, &index).await?.map(|member| member.id));
    }
    let card = store::stickers::find(conn, &code_in(&typed.card)).await?.filter(|card| card.retired_at.is_none());
    Ok(card.and_then(|card| card.member_id))
}

/// Enters somebody.
pub(super) async fn enter(Path(code): Path<String>, mut sent: Sent<Typed>) -> Response {
    let station = match station_of(&mut sent.visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let typed = sent.form;
    let number = given(&typed.phone).map(|text| phone(&text)).transpose();
    let ended = match number {
        Ok(phone) => {
            let order = Enter { name: given(&typed.name), phone, group: None };
            desk::answer(sent.desk, order, desk::members::enter).await
        }
        Err(error) => Err(error),
    };
    match ended {
        Ok(done) => super::to(&station, &format!("people/{}?done=entered", done.into_receipt().id)),
        Err(error) => again(&sent.visitor, &station, typed, &error).await,
    }
}
