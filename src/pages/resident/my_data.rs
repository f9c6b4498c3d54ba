//! What is kept about me: see it, take it along, have it erased; and my paper card.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    app::App,
    desk::{self, Desk},
    pages::{
        frame::Frame,
        sent::Sent,
        trouble,
        visitor::{Visitor, go_with_session},
    },
    qr,
    speech::texts::{Around, Mine as T},
    store,
    view::MeView,
};

#[derive(Template)]
#[template(path = "resident/my_data.html")]
struct DataPage {
    frame: Frame,
    me: MeView,
    name: String,
    saved: bool,
    reasons: Vec<String>,
}

#[derive(Template)]
#[template(path = "resident/my_card.html")]
struct CardPage {
    frame: Frame,
    card: Option<Card>,
}

/// A paper card: its code, and the QR code as a path in a square.
struct Card {
    code: String,
    side: usize,
    path: String,
    name: String,
}

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
}

/// Shows what is kept.
pub(super) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Response {
    render(&visitor, None, asked.done.is_some(), StatusCode::OK, Vec::new()).await
}

async fn render(visitor: &Visitor, typed: Option<String>, saved: bool, status: StatusCode, reasons: Vec<String>) -> Response {
    let frame = &visitor.frame;
    match desk::me::me(&visitor.desk).await {
        Ok(me) => {
            let name = typed.or_else(|| me.name.clone()).unwrap_or_default();
            frame.page(status, &DataPage { frame: frame.clone(), me, name, saved, reasons })
        }
        Err(error) => trouble::page(frame, &error),
    }
}

/// What may be changed.
#[derive(Debug, Deserialize)]
pub(super) struct DataForm {
    #[serde(default)]
    name: String,
    rev: i64,
}

/// Keeps the name.
pub(super) async fn edit(sent: Sent<DataForm>) -> Response {
    let Sent { visitor, desk, form, .. } = sent;
    let Ok(me) = desk.actor.resident() else { return trouble::page(&visitor.frame, &desk::Error::NotSignedIn) };
    let what = desk::members::Edit { name: Some(form.name.clone()), ..desk::members::Edit::default() };
    let desk = Desk { if_match: Some(form.rev), ..desk };
    match desk::answer(desk, (me.id(), what), desk::members::edit).await {
        Ok(_) => Redirect::to("/mine/data?done=saved").into_response(),
        Err(error) => {
            let (status, reasons) = visitor.frame.said(&error);
            render(&visitor, Some(form.name), false, status, reasons).await
        }
    }
}

/// A copy of everything, as a file.
pub(super) async fn copy(visitor: Visitor) -> Response {
    match desk::me::copy(&visitor.desk).await {
        Ok(copy) => {
            let text = serde_json::to_string_pretty(&copy).unwrap_or_default();
            let headers = [
                (header::CONTENT_TYPE, "application/json; charset=utf-8"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"yizhan-my-data.json\""),
                (header::CACHE_CONTROL, "no-store"),
            ];
            (headers, text).into_response()
        }
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

/// Whoever wants to be erased must say so twice.
#[derive(Debug, Deserialize)]
pub(super) struct EraseForm {
    #[serde(default)]
    sure: Option<String>,
}

/// Erases whoever is signed in, and signs them out.
pub(super) async fn erase(State(app): State<App>, sent: Sent<EraseForm>) -> Response {
    let Sent { visitor, desk, form, .. } = sent;
    let Ok(me) = desk.actor.resident() else { return trouble::page(&visitor.frame, &desk::Error::NotSignedIn) };
    if form.sure.is_none() {
        return Redirect::to("/mine/data").into_response();
    }
    match desk::answer(desk, me.id(), desk::members::erase).await {
        Ok(_) => go_with_session(&app, "/sign-in?next=/mine&erased=1", None),
        Err(error) => {
            let (status, reasons) = visitor.frame.said(&error);
            render(&visitor, None, false, status, reasons).await
        }
    }
}

/// Shows the paper card.
pub(super) async fn card(visitor: Visitor) -> Response {
    match read_card(&visitor.desk).await {
        Ok(card) => visitor.frame.page(StatusCode::OK, &CardPage { frame: visitor.frame.clone(), card }),
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

async fn read_card(desk: &Desk) -> desk::Result<Option<Card>> {
    let me = desk::me::me(desk).await?;
    let card = store::stickers::find_card(desk.app.db.read(), me.id.into()).await?;
    Ok(card.and_then(|card| {
        let (side, path) = qr::path(&desk.app.config.sticker_url(&card.code))?;
        Some(Card { code: card.code, side, path, name: me.name.as_deref().map(entity::values::masked_name).unwrap_or_default() })
    }))
}

/// Nothing is asked but that there be a card.
#[derive(Debug, Deserialize)]
pub(super) struct CardForm {}

/// Makes the paper card.
pub(super) async fn make_card(sent: Sent<CardForm>) -> Response {
    let CardForm {} = sent.form;
    match desk::answer(sent.desk, (), desk::me::card).await {
        Ok(_) => Redirect::to("/mine/card").into_response(),
        Err(error) => trouble::page(&sent.visitor.frame, &error),
    }
}
