//! The first start: five short steps from an empty database to the first printed sticker. Which step it is, the database says:
//! whoever closes the browser goes on where they were.

use askama::Template;
use axum::{
    Router,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use entity::values::Phone;
use serde::Deserialize;

use super::{
    frame::Frame,
    sent::Sent,
    trouble,
    visitor::{Visitor, go_with_session},
};
use crate::{
    app::App,
    desk::{self, Desk, set_up::SetUp, sign_in::STAFF_SESSION},
    speech::texts::FirstStart as T,
    store,
};

mod place;
mod stickers;

/// The table of contents.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/setup", get(show).post(submit_code))
        .route("/setup/you", post(submit_you))
        .route("/setup/place", get(place::show_place).post(place::submit_place))
        .route("/setup/things", get(place::show_things).post(place::submit_things))
        .route("/setup/stickers", get(stickers::show))
}

#[derive(Template)]
#[template(path = "first_start/you.html")]
struct YouPage {
    frame: Frame,
    step: u8,
    code: String,
    name: String,
    phone: String,
    reasons: Vec<String>,
}

impl YouPage {
    /// Which of the five steps is done, and which is this one.
    fn steps(&self) -> [(bool, bool); 5] {
        [1, 2, 3, 4, 5].map(|step| (step < self.step, step == self.step))
    }
}

/// A code that stands in the address: the log prints a link.
#[derive(Debug, Default, Deserialize)]
struct Linked {
    #[serde(default)]
    code: String,
}

/// Where whoever comes here has to go on: to the first step, or past it.
async fn show(visitor: Visitor, Query(linked): Query<Linked>) -> Response {
    match next(&visitor.desk).await {
        Ok(Some(to)) => Redirect::to(to).into_response(),
        Ok(None) => you(&visitor.frame, StatusCode::OK, (1, linked.code), Vec::new()),
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

/// The next step for somebody who is past the first two; none where there is no admin yet.
async fn next(desk: &Desk) -> desk::Result<Option<&'static str>> {
    let conn = desk.app.db.read();
    if store::roles::count_admins(conn).await? == 0 {
        return Ok(None);
    }
    desk.actor.admin()?;
    if store::stations::list(conn, None, None, 1).await?.is_empty() {
        return Ok(Some("/setup/place"));
    }
    Ok(Some(if store::kinds::list(conn, None, 1).await?.is_empty() { "/setup/things" } else { "/staff" }))
}

fn you(frame: &Frame, status: StatusCode, (step, code): (u8, String), reasons: Vec<String>) -> Response {
    let page = YouPage { frame: frame.clone(), step, code, name: String::new(), phone: String::new(), reasons };
    frame.page(status, &page)
}

/// The form of the first step.
#[derive(Debug, Deserialize)]
struct CodeForm {
    #[serde(default)]
    code: String,
}

/// Tries the code, and goes on to the second step.
async fn submit_code(sent: Sent<CodeForm>) -> Response {
    let Sent { visitor, form, .. } = sent;
    match desk::set_up::check_code(&visitor.desk, &form.code).await {
        Ok(()) => you(&visitor.frame, StatusCode::OK, (2, form.code), Vec::new()),
        Err(error) => {
            let (status, reasons) = visitor.frame.said(&error);
            you(&visitor.frame, status, (1, form.code), reasons)
        }
    }
}

/// The form of the second step.
#[derive(Deserialize)]
struct YouForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    password: String,
}

/// Makes the first admin, and signs them in.
async fn submit_you(State(app): State<App>, sent: Sent<YouForm>) -> Response {
    let Sent { visitor, form, .. } = sent;
    // An answer with a session in it is never written down, so it has no key: the code is good once.
    let desk = visitor.desk.clone();
    let order = Phone::parse(&form.phone).map_err(|malformed| desk::Error::Invalid { field: "phone", problem: malformed.into() });
    let ended = match order {
        Ok(phone) => {
            let order = SetUp { code: form.code.clone(), name: form.name.clone(), phone, password: form.password };
            desk::answer(desk, order, desk::set_up::set_up).await
        }
        Err(error) => Err(error),
    };
    match ended {
        Ok(done) => go_with_session(&app, "/setup/place", Some((&done.into_receipt().refresh_token, STAFF_SESSION))),
        Err(error) => {
            let frame = &visitor.frame;
            let (status, mut reasons) = frame.said(&error);
            reasons.extend(field(frame, &error));
            let page = YouPage { frame: frame.clone(), step: 2, code: form.code, name: form.name, phone: form.phone, reasons };
            frame.page(status, &page)
        }
    }
}

/// Which field is wrong, by its name on the page.
fn field(frame: &Frame, error: &desk::Error) -> Option<String> {
    let desk::Error::Invalid { field, .. } = error else { return None };
    let text = match *field {
        "name" => T::Name,
        "phone" => T::Phone,
        "password" => T::Password,
        "code" => T::Plate,
        _ => return None,
    };
    Some(format!("→ {}", frame.say(text)))
}
