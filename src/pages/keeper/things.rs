//! Things 物品: found by name, by the first letters of how it is read aloud, by number, by code; by where they are.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use entity::{
    ids::{ItemId, KindId, LoanId},
    item::{self, Lifecycle},
    kind, loan, station,
};
use serde::Deserialize;

use super::{code_in, named, picture, station_of};
use crate::{
    desk::{self, Desk},
    pages::{
        frame::Frame,
        staff::Tab,
        trouble::{self, encoded},
        visitor::Visitor,
    },
    rules::search::{means, plain},
    speech::texts::Things as T,
    store::{
        self,
        items::{Sought, State},
    },
};

/// Things on one page.
const PAGE: u64 = 50;

#[derive(Template)]
#[template(path = "keeper/things.html")]
struct ThingsPage {
    frame: Frame,
    station: String,
    typed: String,
    state: String,
    states: Vec<(&'static str, &'static str)>,
    rows: Vec<Row>,
    /// Where the next page is.
    more: Option<String>,
}

/// A thing in the list.
struct Row {
    code: String,
    name: String,
    label: String,
    picture: String,
    at: Whereabouts,
}

/// Where a thing is, as a sign and a word.
#[derive(Clone)]
pub(super) struct Whereabouts {
    pub(super) class: &'static str,
    pub(super) said: String,
}

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    after: Option<ItemId>,
}

/// Shows what is found.
pub(super) async fn show(mut visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    let station = match station_of(&mut visitor, &code, Tab::Things).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    match read(&visitor.desk, &visitor.frame, &station, asked).await {
        Ok(page) => visitor.frame.page(StatusCode::OK, &page),
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

fn state_of(word: &str) -> Option<State> {
    match word {
        "shelf" => Some(State::OnShelf),
        "out" => Some(State::Out),
        "overdue" => Some(State::Overdue),
        "repair" => Some(State::Repair),
        "missing" => Some(State::Missing),
        "retired" => Some(State::Retired),
        _ => None,
    }
}

async fn read(desk: &Desk, frame: &Frame, station: &station::Model, asked: Asked) -> desk::Result<ThingsPage> {
    let conn = desk.app.db.read();
    let kinds = store::kinds::list_in_use(conn, station.community_id).await?;
    let called =
        |kind: &&kind::Model| means(&kind.name, &asked.q) || kind.name_en.as_deref().is_some_and(|en| means(en, &asked.q));
    let text = plain(&code_in(&asked.q));
    let meant = if text.is_empty() { Vec::new() } else { kinds.iter().filter(called).map(|kind| kind.id).collect() };
    let sought = Sought { station: station.id, text, kinds: meant, state: state_of(&asked.state) };
    let mut items = store::items::search(conn, &sought, desk.now(), asked.after, PAGE + 1).await?;
    if items.is_empty() && asked.after.is_none() {
        // The code of a sticker is not always the code of the thing.
        let stuck = store::items::find_by_code(conn, &code_in(&asked.q)).await?;
        items.extend(stuck.filter(|item| item.station_id == Some(station.id)));
    }
    let full = items.len() as u64 > PAGE;
    items.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let last = items.last().map(|item| item.id).filter(|_| full);
    let query = format!("q={}&state={}", encoded(&asked.q), encoded(&asked.state));
    let states = [
        ("", T::AllStates),
        ("shelf", T::OnShelf),
        ("out", T::Out),
        ("overdue", T::Overdue),
        ("repair", T::InRepair),
        ("missing", T::Missing),
        ("retired", T::Retired),
    ];
    Ok(ThingsPage {
        rows: rows(desk, frame, station, &items).await?,
        more: last.map(|id| format!("/staff/{}/things?{query}&after={id}", station.code)),
        states: states.map(|(word, text)| (word, frame.say(text))).to_vec(),
        frame: frame.clone(),
        station: station.code.clone(),
        typed: asked.q,
        state: asked.state,
    })
}

async fn rows(desk: &Desk, frame: &Frame, station: &station::Model, items: &[item::Model]) -> desk::Result<Vec<Row>> {
    let conn = desk.app.db.read();
    let kinds = store::kinds::list_by_ids(conn, items.iter().map(|item| item.kind_id).collect()).await?;
    let kinds: BTreeMap<KindId, kind::Model> = kinds.into_iter().map(|kind| (kind.id, kind)).collect();
    let loans = store::loans::list_by_ids(conn, items.iter().filter_map(|item| item.open_loan_id).collect()).await?;
    let loans: BTreeMap<LoanId, loan::Model> = loans.into_iter().map(|loan| (loan.id, loan)).collect();
    let row = |item: &item::Model| {
        let kind = kinds.get(&item.kind_id);
        let loan = item.open_loan_id.and_then(|id| loans.get(&id));
        Row {
            code: item.code.clone(),
            name: kind.map(|kind| named(frame, kind)).unwrap_or_default(),
            label: item.label.clone().unwrap_or_default(),
            picture: kind.map_or_else(|| "📦".to_owned(), picture),
            at: whereabouts(desk, frame, station, item, loan),
        }
    };
    Ok(items.iter().map(row).collect())
}

/// Where it is, in a word and a colour.
pub(super) fn whereabouts(
    desk: &Desk,
    frame: &Frame,
    station: &station::Model,
    item: &item::Model,
    loan: Option<&loan::Model>,
) -> Whereabouts {
    let in_words = |class, said: &str| Whereabouts { class, said: said.to_owned() };
    if let Some(loan) = loan {
        let due = frame.day_and_time(loan.due_at, station.zone());
        return match loan.is_overdue(desk.now()) {
            true => Whereabouts { class: "bad", said: format!("! {}", frame.say1(T::LateSince, due)) },
            false => Whereabouts { class: "out", said: format!("● {}", frame.say1(T::OutUntil, due)) },
        };
    }
    match item.lifecycle {
        Lifecycle::Active => in_words("good", &format!("✓ {}", frame.say(T::OnShelf))),
        Lifecycle::Pending => in_words("calm", &format!("… {}", frame.say(T::Pending))),
        Lifecycle::Maintenance => in_words("out", &format!("🔧 {}", frame.say(T::InRepair))),
        Lifecycle::Missing => in_words("bad", &format!("? {}", frame.say(T::Missing))),
        Lifecycle::Retired => in_words("calm", &format!("✕ {}", frame.say(T::Retired))),
    }
}
