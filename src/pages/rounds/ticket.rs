//! One ticket: what was said, and how it ends.

use askama::Template;
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    ids::TicketId,
    item, kind,
    ticket::{self, Outcome},
    ticket_note,
};
use serde::Deserialize;

use super::{Kept, done::Tap, faults::named, keep};
use crate::{
    desk::{
        self, Error,
        tickets::{
            close::{Close, close as close_ticket},
            see::see,
        },
    },
    pages::{
        frame::Frame,
        matter::{lifecycle, matter, outcome},
        sent::Sent,
        trouble,
        visitor::Visitor,
    },
    speech::texts::Fault as T,
    store,
};

#[derive(Template)]
#[template(path = "rounds/ticket.html")]
struct TicketPage {
    frame: Frame,
    code: String,
    id: String,
    picture: String,
    title: String,
    number: Option<String>,
    state: &'static str,
    seen: bool,
    end: Option<&'static str>,
    answer: Option<String>,
    closed_at: String,
    notes: Vec<Note>,
    choices: Vec<Choice>,
    note: String,
    reasons: Vec<String>,
}

struct Note {
    icon: &'static str,
    matter: &'static str,
    text: Option<String>,
    at: String,
    by_keeper: bool,
    photo: Option<String>,
}

struct Choice {
    value: &'static str,
    words: &'static str,
    help: Option<&'static str>,
    chosen: bool,
}

/// The form.
#[derive(Debug, Default, Deserialize)]
pub(super) struct CloseForm {
    outcome: Option<Outcome>,
    #[serde(default)]
    note: String,
}

/// Shows a ticket.
pub(super) async fn show(visitor: Visitor, Path((code, id)): Path<(String, TicketId)>) -> Response {
    render(visitor, &code, id, StatusCode::OK, (CloseForm::default(), Vec::new())).await
}

/// Somebody has seen all of it.
pub(super) async fn seen(Path((code, id)): Path<(String, TicketId)>, sent: Sent<Tap>) -> Response {
    let ended = desk::answer(sent.desk, id, see).await.map(|_| ());
    go_on(sent.visitor, &code, id, CloseForm::default(), ended).await
}

/// It ends.
pub(super) async fn close(Path((code, id)): Path<(String, TicketId)>, sent: Sent<CloseForm>) -> Response {
    let Sent { visitor, desk, form, .. } = sent;
    let Some(outcome) = form.outcome else {
        let reasons = vec![visitor.frame.say(T::ChooseEnd).to_owned()];
        return render(visitor, &code, id, StatusCode::UNPROCESSABLE_ENTITY, (form, reasons)).await;
    };
    let order = Close { ticket: id, outcome, answer: entity::values::text(&form.note, 500).ok() };
    let ended = desk::answer(desk, order, close_ticket).await.map(|_| ());
    go_on(visitor, &code, id, form, ended).await
}

async fn go_on(visitor: Visitor, code: &str, id: TicketId, form: CloseForm, ended: desk::Result<()>) -> Response {
    match ended {
        Ok(()) => Redirect::to(&format!("/staff/{code}/faults/{id}")).into_response(),
        Err(error) => {
            let (status, reasons) = visitor.frame.said(&error);
            render(visitor, code, id, status, (form, reasons)).await
        }
    }
}

async fn render(
    visitor: Visitor,
    code: &str,
    id: TicketId,
    status: StatusCode,
    (form, reasons): (CloseForm, Vec<String>),
) -> Response {
    let kept = match keep(visitor, code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    match read(&kept, id).await {
        Ok((row, thing, notes)) => {
            let page = page(&kept, &row, thing.as_ref(), &notes, (form, reasons));
            kept.frame.page(status, &page)
        }
        Err(error) => trouble::page(&kept.frame, &error),
    }
}

type Read = (ticket::Model, Option<(item::Model, kind::Model)>, Vec<ticket_note::Model>);

async fn read(kept: &Kept, id: TicketId) -> desk::Result<Read> {
    let conn = kept.desk.app.db.read();
    let (row, item, station) = desk::tickets::kept(&kept.desk, conn, id).await?;
    if station.is_none_or(|station| station.id != kept.station.id) {
        return Err(Error::NotFound("ticket"));
    }
    let thing = match item {
        Some(item) => {
            let kind = store::kinds::find(conn, item.kind_id).await?.ok_or(Error::NotFound("kind"))?;
            Some((item, kind))
        }
        None => None,
    };
    Ok((row, thing, store::tickets::list_notes(conn, id).await?))
}

fn page(
    kept: &Kept,
    row: &ticket::Model,
    thing: Option<&(item::Model, kind::Model)>,
    notes: &[ticket_note::Model],
    (form, reasons): (CloseForm, Vec<String>),
) -> TicketPage {
    let frame = &kept.frame;
    let (picture, title, number) = named(kept, thing);
    let note = |note: &ticket_note::Model| {
        let (icon, _, words) = matter(note.what);
        Note {
            icon,
            matter: frame.say(words),
            text: note.note.clone(),
            at: kept.at(note.created_at),
            by_keeper: note.by_keeper,
            photo: note.photo_id.map(|id| id.to_string()),
        }
    };
    let offered: &[Outcome] = match thing {
        Some(_) => &[Outcome::Repaired, Outcome::Replaced, Outcome::NoFault, Outcome::Retired, Outcome::Answered],
        None => &[Outcome::Repaired, Outcome::Answered, Outcome::NoFault],
    };
    let help = |end: Outcome| match end {
        Outcome::Repaired if thing.is_some() => Some(frame.say(T::RepairedHelp)),
        Outcome::Replaced => Some(frame.say(T::ReplacedHelp)),
        Outcome::Retired => Some(frame.say(T::RetiredHelp)),
        Outcome::Repaired | Outcome::NoFault | Outcome::Answered => None,
    };
    let choice = |end: &Outcome| {
        let (value, words) = outcome(*end);
        Choice { value, words: frame.say(words), help: help(*end), chosen: form.outcome == Some(*end) }
    };
    TicketPage {
        code: kept.station.code.clone(),
        id: row.id.to_string(),
        picture,
        title,
        number,
        state: thing.map_or("", |(item, _)| frame.say(lifecycle(item.lifecycle, item.is_out()))),
        seen: row.seen_at.is_some(),
        end: row.outcome.map(|end| frame.say(outcome(end).1)),
        answer: row.answer.clone(),
        closed_at: row.closed_at.map(|at| kept.at(at)).unwrap_or_default(),
        notes: notes.iter().map(note).collect(),
        choices: offered.iter().map(choice).collect(),
        note: form.note,
        reasons,
        frame: frame.clone(),
    }
}
