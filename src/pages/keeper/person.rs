//! One person, as much of them as a keeper needs: what they have, whether they may borrow, their paper card.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use chrono::{DateTime, Days, Utc};
use entity::{
    ids::{BlockId, MemberId},
    loan, member, station,
};
use serde::Deserialize;

use super::{Notes, masked, named, picture, seen_at, station_of, stickers::made_for};
use crate::{
    desk::{self, Desk, members::Edit, stickers::To},
    pages::{frame::Frame, sent::Sent, staff::Tab, trouble, visitor::Visitor},
    speech::{self, texts::People as T},
    store::{
        self,
        loans::{State, Whose},
    },
};

/// The most things that are shown; nobody may have so many.
const MOST: u64 = 100;

#[derive(Template)]
#[template(path = "keeper/person.html")]
struct PersonPage {
    frame: Frame,
    station: String,
    member: member::Model,
    name: String,
    verified: bool,
    loans: Vec<Line>,
    blocks: Vec<(BlockId, String, String)>,
    card: Option<String>,
    notes: Notes,
}

struct Line {
    picture: String,
    name: String,
    code: String,
    due: String,
    late: bool,
    /// Lent at this station, so that the page of the thing is here.
    here: bool,
}

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

/// Shows them.
pub(super) async fn show(
    mut visitor: Visitor,
    Path((code, id)): Path<(String, MemberId)>,
    Query(asked): Query<Asked>,
) -> Response {
    let station = match station_of(&mut visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    // Who has looked is written down.
    if let Err(error) = desk::answer(visitor.desk.clone(), (id, Some(station.id)), desk::read_member::read_member).await {
        return trouble::page(&visitor.frame, &error);
    }
    let notes = Notes::done((!asked.done.is_empty()).then(|| visitor.frame.say(T::Done)));
    render(&visitor, &station, id, StatusCode::OK, notes).await
}

async fn render(visitor: &Visitor, station: &station::Model, id: MemberId, status: StatusCode, notes: Notes) -> Response {
    match read(&visitor.desk, &visitor.frame, station, id).await {
        Ok(page) => visitor.frame.page(status, &PersonPage { notes, ..page }),
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

async fn read(desk: &Desk, frame: &Frame, station: &station::Model, id: MemberId) -> desk::Result<PersonPage> {
    let conn = desk.app.db.read();
    let member = store::members::find(conn, id).await?.filter(|member| member.erased_at.is_none());
    let member = member.ok_or(desk::Error::NotFound("member"))?;
    let mut loans = Vec::new();
    for (loan, item) in store::loans::list(conn, &Whose::Member(id), Some(State::Open), desk.now(), None, MOST).await? {
        let kind = store::kinds::find(conn, loan.kind_id).await?.ok_or(desk::Error::NotFound("kind"))?;
        let here = loan.station_id == Some(station.id);
        // What tells about somebody's health is no business of other stations.
        let hidden = kind.sensitive && !here;
        loans.push(Line {
            picture: if hidden { "📦".to_owned() } else { picture(&kind) },
            name: if hidden { frame.say(T::Something).to_owned() } else { called(frame, &kind, item.label.as_deref()) },
            code: item.code,
            due: due(frame, station, &loan),
            late: loan.is_overdue(desk.now()),
            here,
        });
    }
    let blocks = store::blocks::list_of(conn, id, desk.now()).await?;
    let until = |at: Option<DateTime<Utc>>| match at {
        Some(at) => frame.say1(T::Until, frame.day_and_time(at, station.zone())),
        None => frame.say(T::NoEnd).to_owned(),
    };
    Ok(PersonPage {
        frame: frame.clone(),
        station: station.code.clone(),
        name: masked(desk, &member),
        verified: member.verified_at.is_some(),
        loans,
        blocks: blocks
            .iter()
            .map(|block| (block.id, frame.words(&speech::own_note(&block.reason)), until(block.ends_at)))
            .collect(),
        card: store::stickers::find_card(conn, id).await?.map(|card| card.code),
        notes: Notes::default(),
        member,
    })
}

fn called(frame: &Frame, kind: &entity::kind::Model, label: Option<&str>) -> String {
    let kind = named(frame, kind);
    label.map_or_else(|| kind.clone(), |label| format!("{label} · {kind}"))
}

fn due(frame: &Frame, station: &station::Model, loan: &loan::Model) -> String {
    frame.day_and_time(loan.due_at, station.zone())
}

async fn go_on(visitor: &Visitor, station: &station::Model, id: MemberId, ended: desk::Result<&'static str>) -> Response {
    match ended {
        Ok(done) => super::to(station, &format!("people/{id}?done={done}")),
        Err(error) => {
            let (status, reasons) = visitor.frame.said(&error);
            render(visitor, station, id, status, Notes::no(reasons)).await
        }
    }
}

/// Approved, or no longer.
#[derive(Debug, Deserialize)]
pub(super) struct ApproveForm {
    #[serde(default)]
    approved: Option<String>,
    rev: i64,
}

/// Approves them for things worth more, or takes that back.
pub(super) async fn approve(Path((code, id)): Path<(String, MemberId)>, mut sent: Sent<ApproveForm>) -> Response {
    let station = match station_of(&mut sent.visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let what = Edit { approved: Some(sent.form.approved.is_some()), ..Edit::default() };
    let ended = desk::answer(seen_at(sent.desk, sent.form.rev), (id, what), desk::members::edit).await;
    go_on(&sent.visitor, &station, id, ended.map(|_| "approved")).await
}

/// Why, and for how long.
#[derive(Debug, Deserialize)]
pub(super) struct SuspendForm {
    #[serde(default)]
    reason: String,
    /// Days; none for open-ended.
    #[serde(default)]
    days: String,
}

/// Suspends them.
pub(super) async fn suspend(Path((code, id)): Path<(String, MemberId)>, mut sent: Sent<SuspendForm>) -> Response {
    let station = match station_of(&mut sent.visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let days = sent.form.days.trim().parse::<u64>().ok().filter(|days| *days <= 3_650);
    let until = days.and_then(|days| sent.desk.now().checked_add_days(Days::new(days)));
    let ended = desk::answer(sent.desk, (id, sent.form.reason, until), desk::block_member::block).await;
    go_on(&sent.visitor, &station, id, ended.map(|_| "suspended")).await
}

/// Which suspension.
#[derive(Debug, Deserialize)]
pub(super) struct LiftForm {
    block: BlockId,
}

/// Lifts a suspension.
pub(super) async fn lift(Path((code, id)): Path<(String, MemberId)>, mut sent: Sent<LiftForm>) -> Response {
    let station = match station_of(&mut sent.visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let ended = desk::answer(sent.desk, sent.form.block, desk::block_member::lift).await;
    go_on(&sent.visitor, &station, id, ended.map(|_| "lifted")).await
}

/// Nothing is asked but that it be done.
#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

/// Makes a paper card, and goes on to printing it.
pub(super) async fn make_card(Path((code, id)): Path<(String, MemberId)>, mut sent: Sent<Nothing>) -> Response {
    let Nothing {} = sent.form;
    let station = match station_of(&mut sent.visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    match made_for(&sent.desk, To::Card(id)).await {
        Ok(card) => super::to(&station, &format!("stickers/print?code={card}")),
        Err(error) => go_on(&sent.visitor, &station, id, Err(error)).await,
    }
}

/// Gives the card up: it was lost.
pub(super) async fn give_up_card(Path((code, id)): Path<(String, MemberId)>, mut sent: Sent<Nothing>) -> Response {
    let Nothing {} = sent.form;
    let station = match station_of(&mut sent.visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let card = store::stickers::find_card(sent.desk.app.db.read(), id).await.map_err(desk::Error::from);
    let ended = match card.and_then(|card| card.ok_or(desk::Error::NotFound("sticker"))) {
        Ok(card) => desk::answer(sent.desk, (card.code, "借物卡作废".to_owned()), desk::stickers::give_up).await,
        Err(error) => Err(error),
    };
    go_on(&sent.visitor, &station, id, ended.map(|_| "card")).await
}
