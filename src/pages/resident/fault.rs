//! Something is wrong with a thing, or at a station: what, in big choices, a photo, a word. Thank you.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::ticket::Matter;
use serde::Deserialize;

use crate::{
    desk::{
        self, Desk,
        stickers::as_printed,
        tickets::report::{Report, Subject, report},
    },
    pages::{
        frame::Frame,
        matter::{OF_A_STATION, OF_A_THING, matter},
        sent::Sent,
        trouble,
        visitor::Visitor,
    },
    speech::{
        self,
        texts::{Around, Fault as T},
    },
};

#[derive(Template)]
#[template(path = "resident/fault.html")]
struct FaultPage {
    frame: Frame,
    title: &'static str,
    picture: String,
    name: String,
    number: Option<String>,
    /// About a thing; otherwise about a station.
    thing: bool,
    action: String,
    back: String,
    choices: Vec<Choice>,
    note: String,
    reasons: Vec<String>,
    /// It was told; and others had said so before.
    told: Option<bool>,
}

struct Choice {
    value: &'static str,
    icon: &'static str,
    words: &'static str,
    chosen: bool,
}

/// What the address says beyond the code.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
}

/// The form.
#[derive(Debug, Default, Deserialize)]
pub(super) struct FaultForm {
    what: Option<Matter>,
    #[serde(default)]
    note: String,
}

/// What was tried before the page is shown.
#[derive(Default)]
struct Attempt {
    form: FaultForm,
    reasons: Vec<String>,
    told: Option<bool>,
}

/// The form about a thing.
pub(super) async fn show_item(visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    render(visitor, &Subject::Item(as_printed(&code)), StatusCode::OK, told(&asked)).await
}

/// The form about a station.
pub(super) async fn show_station(visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    render(visitor, &Subject::Station(code), StatusCode::OK, told(&asked)).await
}

fn told(asked: &Asked) -> Attempt {
    Attempt { told: asked.done.as_deref().map(|done| done == "joined"), ..Attempt::default() }
}

/// Takes it down.
pub(super) async fn send_item(Path(code): Path<String>, sent: Sent<FaultForm>) -> Response {
    send(Subject::Item(as_printed(&code)), sent).await
}

/// Takes it down.
pub(super) async fn send_station(Path(code): Path<String>, sent: Sent<FaultForm>) -> Response {
    send(Subject::Station(code), sent).await
}

async fn send(subject: Subject, mut sent: Sent<FaultForm>) -> Response {
    let photo = sent.photo("photo");
    let Sent { visitor, desk, form, .. } = sent;
    let Some(what) = form.what else {
        let reasons = vec![visitor.frame.say(T::ChooseOne).to_owned()];
        return render(visitor, &subject, StatusCode::UNPROCESSABLE_ENTITY, Attempt { form, reasons, told: None }).await;
    };
    let note = entity::values::text(&form.note, 500).ok();
    let order = Report { subject: subject.clone(), what, note, photo, round: None };
    match desk::answer(desk, order, report).await {
        Ok(done) => {
            let done = if done.into_receipt().joined { "joined" } else { "told" };
            Redirect::to(&format!("{}?done={done}", action(&subject))).into_response()
        }
        Err(error) => {
            let (status, reasons) = visitor.frame.said(&error);
            render(visitor, &subject, status, Attempt { form, reasons, told: None }).await
        }
    }
}

fn action(subject: &Subject) -> String {
    match subject {
        Subject::Item(code) => format!("/q/{}/fault", trouble::encoded(code)),
        Subject::Station(code) => format!("/s/{}/report", trouble::encoded(code)),
    }
}

async fn render(visitor: Visitor, subject: &Subject, status: StatusCode, attempt: Attempt) -> Response {
    let Visitor { desk, mut frame } = visitor;
    match about(&desk, &mut frame, subject).await {
        Ok((picture, name, number)) => {
            let page = page(frame.clone(), subject, (picture, name, number), attempt);
            frame.page(status, &page)
        }
        Err(error) => trouble::page(&frame, &error),
    }
}

/// Picture, name and number of what it is about.
async fn about(desk: &Desk, frame: &mut Frame, subject: &Subject) -> desk::Result<(String, String, Option<String>)> {
    match subject {
        Subject::Station(code) => {
            let place = desk::offers::at(desk, code).await?;
            frame.place = Some(place.station.name.clone());
            Ok(("🏠".to_owned(), place.station.name, None))
        }
        Subject::Item(code) => {
            let found = desk::scan::scan(desk, code).await?;
            let (Some(item), Some(kind)) = (found.item, found.kind) else { return Err(desk::Error::NotFound("item")) };
            frame.place = found.station.map(|station| station.name);
            let name = frame.name(&kind.name, kind.name_en.as_deref()).to_owned();
            let picture = kind.emoji.unwrap_or_else(|| speech::category(&kind.category).1.to_owned());
            Ok((picture, name, Some(item.label.unwrap_or(item.code))))
        }
    }
}

fn page(
    frame: Frame,
    subject: &Subject,
    (picture, name, number): (String, String, Option<String>),
    attempt: Attempt,
) -> FaultPage {
    let thing = matches!(subject, Subject::Item(_));
    let offered: &[Matter] = if thing { &OF_A_THING } else { &OF_A_STATION };
    let choice = |what: &Matter| {
        let (icon, value, words) = matter(*what);
        Choice { value, icon, words: frame.say(words), chosen: attempt.form.what == Some(*what) }
    };
    let action = action(subject);
    let back = action.rsplit_once('/').map_or("/", |(back, _)| back).to_owned();
    FaultPage {
        title: frame.say(if thing { T::TitleThing } else { T::TitleStation }),
        choices: offered.iter().map(choice).collect(),
        frame,
        picture,
        name,
        number,
        thing,
        action,
        back,
        note: attempt.form.note,
        reasons: attempt.reasons,
        told: attempt.told,
    }
}
