//! The counter 柜台: one field that understands what is scanned, and says what can be done with it.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    ids::{KindId, MemberId},
    item, kind,
    kind::Identity,
    station,
    sticker::StuckOn,
};
use serde::Deserialize;

use super::{
    code_in,
    counter_lines::{Line, clean, lines},
    masked, named, picture, station_of,
};
use crate::{
    desk::{self, Desk},
    pages::{frame::Frame, staff::Tab, trouble, visitor::Visitor},
    rules::search::plain,
    speech::{self, texts::Counter as T},
    store,
};

#[derive(Template)]
#[template(path = "keeper/counter.html")]
pub(super) struct CounterPage {
    frame: Frame,
    station: String,
    pile: bool,
    person: Option<Person>,
    lines: Vec<Line>,
    log: String,
    found: Found,
    typed: Typed,
    reasons: Vec<String>,
}

/// To whom things are lent, one after another.
#[derive(Clone)]
pub(super) struct Person {
    id: MemberId,
    name: String,
}

/// What is behind the code.
pub(super) enum Found {
    Nothing,
    /// It is on the shelf, or should be.
    Here(Thing),
    /// Somebody has it.
    Out(Thing, Holder),
    /// A sticker on nothing yet.
    Blank {
        code: String,
        kinds: Vec<(KindId, String)>,
    },
    /// A shelf, the plate of a station.
    Place {
        name: String,
        to: String,
    },
    /// Somebody's card: further things are lent to them.
    Card(MemberId),
}

/// An item.
pub(super) struct Thing {
    code: String,
    name: String,
    label: String,
    picture: String,
    /// How well we must know who borrows.
    identity: Identity,
    /// Until when, if it is lent now.
    due: String,
    /// Why it cannot be lent to anybody.
    stands: Vec<String>,
}

/// Who has it, and until when.
pub(super) struct Holder {
    who: Option<String>,
    due: String,
    late: bool,
}

/// What was typed, when it has to be shown again.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    pub(super) card: String,
    #[serde(default)]
    pub(super) phone: String,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) reason: String,
}

/// What the address says.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    pub(super) code: String,
    #[serde(default)]
    pub(super) mode: String,
    #[serde(default)]
    pub(super) log: String,
    /// The member to whom things are lent.
    #[serde(default, rename = "for")]
    pub(super) member: Option<MemberId>,
}

/// What was tried before the page is shown.
#[derive(Default)]
pub(super) struct Attempt {
    pub(super) typed: Typed,
    pub(super) reasons: Vec<String>,
}

/// Shows the field, and what is behind a code that was scanned.
pub(super) async fn show(mut visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    match station_of(&mut visitor, &code, Tab::Counter).await {
        Ok(station) => render(&visitor, &station, asked, StatusCode::OK, Attempt::default()).await,
        Err(page) => page,
    }
}

/// The page, after something was tried.
pub(super) async fn render(
    visitor: &Visitor,
    station: &station::Model,
    asked: Asked,
    status: StatusCode,
    attempt: Attempt,
) -> Response {
    let here = At { desk: &visitor.desk, frame: &visitor.frame, station };
    match here.page(asked, attempt).await {
        Ok(Shown::Page(page)) => visitor.frame.page(status, &*page),
        Ok(Shown::Elsewhere(to)) => Redirect::to(&to).into_response(),
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

/// Reasons that have nothing to do with who borrows.
const OF_THE_THING: [&str; 5] = ["item-not-in-service", "kind-not-lent", "kind-retired", "station-closed-down", "inspection-due"];

/// Where the counter stands.
struct At<'a> {
    desk: &'a Desk,
    frame: &'a Frame,
    station: &'a station::Model,
}

enum Shown {
    Page(Box<CounterPage>),
    Elsewhere(String),
}

impl At<'_> {
    async fn page(&self, asked: Asked, attempt: Attempt) -> desk::Result<Shown> {
        let Attempt { typed, mut reasons } = attempt;
        let code = code_in(&asked.code);
        let found = if code.is_empty() { Found::Nothing } else { self.look_up(&code, &asked, &mut reasons).await? };
        if let Found::Card(member) = found {
            return Ok(Shown::Elsewhere(format!("/staff/{}/counter?for={member}&log={}", self.station.code, clean(&asked.log))));
        }
        let person = match asked.member {
            Some(id) => store::members::find(self.desk.app.db.read(), id).await?.filter(|m| m.erased_at.is_none()),
            None => None,
        };
        Ok(Shown::Page(Box::new(CounterPage {
            lines: lines(self.desk, self.frame, self.station, &asked.log).await?,
            frame: self.frame.clone(),
            station: self.station.code.clone(),
            pile: asked.mode == "pile",
            person: person.map(|member| Person { id: member.id, name: masked(self.desk, &member) }),
            log: asked.log,
            found,
            typed,
            reasons,
        })))
    }

    async fn look_up(&self, code: &str, asked: &Asked, reasons: &mut Vec<String>) -> desk::Result<Found> {
        let conn = self.desk.app.db.read();
        let sticker = store::stickers::find(conn, code).await?;
        if let Some(sticker) = &sticker {
            if sticker.retired_at.is_some() {
                let why = sticker.retired_reason.clone().unwrap_or_default();
                reasons.push(self.frame.say1(T::GivenUp, why));
                return Ok(Found::Nothing);
            }
            match sticker.stuck_on {
                None => {
                    let kinds = store::kinds::list_in_use(conn, self.station.community_id).await?;
                    let kinds = kinds.iter().map(|kind| (kind.id, named(self.frame, kind))).collect();
                    return Ok(Found::Blank { code: code.to_owned(), kinds });
                }
                Some(StuckOn::Card) => return Ok(sticker.member_id.map_or(Found::Nothing, Found::Card)),
                Some(StuckOn::Station | StuckOn::Shelf) => return self.place(sticker.kind_id).await,
                Some(StuckOn::Item) => {}
            }
        }
        match item_called(self.desk, self.station, code, &asked.code).await? {
            Some(item) => self.thing(&item).await,
            None => {
                reasons.push(self.frame.say1(T::Unknown, &asked.code));
                Ok(Found::Nothing)
            }
        }
    }

    async fn place(&self, kind: Option<KindId>) -> desk::Result<Found> {
        let kind = match kind {
            Some(id) => store::kinds::find(self.desk.app.db.read(), id).await?,
            None => None,
        };
        let base = format!("/staff/{}", self.station.code);
        Ok(match kind {
            Some(kind) if kind.tracked == kind::Tracked::Lot => {
                Found::Place { name: named(self.frame, &kind), to: format!("{base}/lots?kind={}", kind.id) }
            }
            Some(kind) => Found::Place { name: named(self.frame, &kind), to: format!("{base}/kinds/{}", kind.id) },
            None => Found::Place { name: self.station.name.clone(), to: format!("{base}/more") },
        })
    }

    /// What stands against lending it, whoever wants it.
    async fn stands(&self, item: &item::Model) -> desk::Result<Vec<String>> {
        let reasons = desk::scan::scan(self.desk, &item.code).await?.borrow.map(|may| may.reasons).unwrap_or_default();
        let of_it = reasons.iter().filter(|reason| OF_THE_THING.contains(&reason.code.as_str()));
        Ok(of_it.map(|reason| self.frame.words(&speech::Words::new(&reason.zh, &reason.en))).collect())
    }

    async fn thing(&self, item: &item::Model) -> desk::Result<Found> {
        let conn = self.desk.app.db.read();
        let around = desk::surroundings::Surroundings::of(conn, item).await?;
        let policy = around.policy(conn, None).await?;
        let due = around.calendar.due(self.desk.now(), policy.length).at;
        let thing = Thing {
            code: item.code.clone(),
            name: named(self.frame, &around.kind),
            label: item.label.clone().unwrap_or_default(),
            picture: picture(&around.kind),
            identity: policy.identity,
            due: self.frame.day_and_time(due, self.station.zone()),
            stands: self.stands(item).await?,
        };
        let Some(loan) = store::loans::find_open_of_item(conn, item.id).await? else { return Ok(Found::Here(thing)) };
        let who = match loan.member_id {
            Some(id) => store::members::find(conn, id).await?.map(|member| masked(self.desk, &member)),
            None => None,
        };
        let due = self.frame.day_and_time(loan.due_at, self.station.zone());
        Ok(Found::Out(thing, Holder { who, due, late: loan.is_overdue(self.desk.now()) }))
    }
}

/// The item with this code, or the only one here with this number on it.
pub(super) async fn item_called(
    desk: &Desk,
    station: &station::Model,
    code: &str,
    typed: &str,
) -> desk::Result<Option<item::Model>> {
    let conn = desk.app.db.read();
    if let Some(item) = store::items::find_by_code(conn, code).await? {
        return Ok(Some(item));
    }
    let text = plain(typed);
    let sought = store::items::Sought { station: station.id, text: text.clone(), kinds: Vec::new(), state: None };
    let mut called = store::items::search(conn, &sought, desk.now(), None, 50).await?;
    called.retain(|item| item.label.as_deref().is_some_and(|label| plain(label) == text));
    Ok(if called.len() == 1 { called.pop() } else { None })
}

impl CounterPage {
    /// Nothing is found that has to be decided on: the field waits for a scan.
    fn waits(&self) -> bool {
        matches!(self.found, Found::Nothing)
    }

    /// It may be lent at once: nobody has to be named, and nobody is.
    fn needs_nobody(&self) -> bool {
        self.person.is_none() && matches!(&self.found, Found::Here(thing) if thing.identity == Identity::Anonymous)
    }

    fn has_typed(&self) -> bool {
        [&self.typed.phone, &self.typed.card, &self.typed.name].iter().any(|text| !text.is_empty())
    }
}
