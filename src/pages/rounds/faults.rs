//! The tickets of a station: what waits, and what was closed.

use askama::Template;
use axum::{
    extract::{Path, Query},
    response::Response,
};
use entity::{ids::TicketId, item, kind, ticket};
use serde::Deserialize;

use super::{Kept, keep};
use crate::{
    desk,
    pages::{
        frame::Frame,
        matter::{matter, outcome},
        visitor::Visitor,
    },
    speech::{
        self,
        texts::{Around, Fault as T},
    },
    store::{self, tickets::State},
};

/// The lines of a page.
const LINES: usize = 30;

#[derive(Template)]
#[template(path = "rounds/faults.html")]
struct FaultsPage {
    frame: Frame,
    code: String,
    closed: bool,
    lines: Vec<Line>,
    next: Option<String>,
}

struct Line {
    id: String,
    picture: String,
    title: String,
    number: Option<String>,
    icon: &'static str,
    matter: &'static str,
    at: String,
    times: String,
    seen: bool,
    outcome: Option<&'static str>,
}

/// Which, and from where on.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    state: Option<String>,
    after: Option<TicketId>,
}

/// Shows them, newest first.
pub(super) async fn show(visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    match keep(visitor, &code).await {
        Ok(kept) => kept.show(read(&kept, &asked).await),
        Err(page) => page,
    }
}

async fn read(kept: &Kept, asked: &Asked) -> desk::Result<FaultsPage> {
    let conn = kept.desk.app.db.read();
    let closed = asked.state.as_deref() == Some("closed");
    let state = if closed { State::Closed } else { State::Open };
    let here = Some(vec![kept.station.id]);
    let mut rows = store::tickets::list(conn, here, Some(state), asked.after, LINES as u64 + 1).await?;
    let more = rows.len() > LINES;
    rows.truncate(LINES);
    let things = store::todo::name_things(conn, rows.iter().filter_map(|row| row.item_id).collect()).await?;
    let line = |row: &ticket::Model| {
        let thing = things.iter().find(|(item, _)| Some(item.id) == row.item_id);
        line(kept, row, thing)
    };
    Ok(FaultsPage {
        next: rows.last().filter(|_| more).map(|row| row.id.to_string()),
        lines: rows.iter().map(line).collect(),
        frame: kept.frame.clone(),
        code: kept.station.code.clone(),
        closed,
    })
}

fn line(kept: &Kept, row: &ticket::Model, thing: Option<&(item::Model, kind::Model)>) -> Line {
    let (picture, title, number) = named(kept, thing);
    let (icon, _, words) = matter(row.what);
    Line {
        id: row.id.to_string(),
        picture,
        title,
        number,
        icon,
        matter: kept.frame.say(words),
        at: kept.at(row.reported_at),
        times: kept.frame.say1(T::Times, row.reports),
        seen: row.seen_at.is_some(),
        outcome: row.outcome.map(|end| kept.frame.say(outcome(end).1)),
    }
}

/// Picture, name and number of what a ticket is about.
pub(super) fn named(kept: &Kept, thing: Option<&(item::Model, kind::Model)>) -> (String, String, Option<String>) {
    match thing {
        None => ("🏠".to_owned(), kept.frame.say(T::TheStation).to_owned(), None),
        Some((item, kind)) => {
            let picture = kind.emoji.clone().unwrap_or_else(|| speech::category(&kind.category).1.to_owned());
            let name = kept.frame.name(&kind.name, kind.name_en.as_deref()).to_owned();
            (picture, name, Some(item.label.clone().unwrap_or_else(|| item.code.clone())))
        }
    }
}
