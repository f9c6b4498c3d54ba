//! Sign in: residents with a code sent to the phone, once per device; staff with a password. Then back to where one was.

use askama::Template;
use axum::{
    extract::{Form, Query, State},
    http::StatusCode,
    response::Response,
};
use entity::values::Phone;
use serde::Deserialize;

use crate::{
    app::App,
    desk::{self, sign_in::STAFF_SESSION},
    pages::{
        frame::Frame,
        look::own_page,
        trouble::encoded,
        visitor::{Visitor, go_as_resident, go_with_session},
    },
    speech::texts::{Around, Mine, SignIn as T},
};

#[derive(Template)]
#[template(path = "resident/sign_in.html")]
struct SignInPage {
    frame: Frame,
    /// Where to go afterwards.
    next: String,
    phone: String,
    /// A code is on its way.
    sent: bool,
    /// With a password.
    staff: bool,
    erased: bool,
    reasons: Vec<String>,
}

impl SignInPage {
    fn next_encoded(&self) -> String {
        encoded(&self.next)
    }
}

/// Where one was, and whether one is staff.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    next: String,
    #[serde(default)]
    staff: Option<String>,
    /// Somebody has just been erased, and is told so.
    #[serde(default)]
    erased: Option<String>,
}

/// Where a resident goes who came from nowhere.
fn next_of(next: &str, staff: bool) -> String {
    match own_page(next).as_str() {
        "/" if staff => "/staff".to_owned(),
        "/" => "/mine".to_owned(),
        own => own.to_owned(),
    }
}

/// Asks for the phone number; staff for the password too.
pub(super) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Response {
    let staff = asked.staff.is_some() || asked.next.starts_with("/staff") || asked.next.starts_with("/manage");
    let next = next_of(&asked.next, staff);
    let frame = visitor.frame;
    let page = SignInPage {
        frame: frame.clone(),
        next,
        phone: String::new(),
        sent: false,
        staff,
        reasons: Vec::new(),
        erased: asked.erased.is_some(),
    };
    frame.page(StatusCode::OK, &page)
}

/// The form: a resident's first with the number, then with the code; staff's with the password.
#[derive(Deserialize)]
pub(super) struct SignInForm {
    phone: String,
    #[serde(default)]
    code: String,
    password: Option<String>,
    #[serde(default)]
    next: String,
}

/// Sends a code, or signs in.
pub(super) async fn submit(State(app): State<App>, visitor: Visitor, Form(form): Form<SignInForm>) -> Response {
    let Visitor { desk, frame } = visitor;
    let staff = form.password.is_some();
    let next = next_of(&form.next, staff);
    let shown = |status, sent, reasons| {
        let page = SignInPage {
            frame: frame.clone(),
            next: next.clone(),
            phone: form.phone.clone(),
            sent,
            staff,
            reasons,
            erased: false,
        };
        frame.page(status, &page)
    };
    let said = |error: &desk::Error, sent| {
        let (status, reasons) = frame.said(error);
        shown(status, sent, reasons)
    };
    let phone = match Phone::parse(&form.phone) {
        Ok(phone) => phone,
        Err(malformed) => return said(&desk::Error::Invalid { field: "phone", problem: malformed.into() }, false),
    };
    if let Some(password) = form.password.clone() {
        return match desk::answer(desk, (phone, password), desk::sign_in::with_password).await {
            Ok(done) => go_with_session(&app, &next, Some((&done.into_receipt().refresh_token, STAFF_SESSION))),
            Err(error) => said(&error, false),
        };
    }
    let code = form.code.trim().to_owned();
    if code.is_empty() {
        return match desk::answer(desk, phone, desk::verify_phone::send_code).await {
            Ok(_) => shown(StatusCode::OK, true, Vec::new()),
            Err(error) => said(&error, true),
        };
    }
    match desk::answer(desk, (phone, code), desk::verify_phone::sign_in).await {
        Ok(done) => go_as_resident(&app, &next, &done.into_receipt().refresh_token),
        Err(error) => said(&error, true),
    }
}

/// Signs out.
pub(super) async fn sign_out(State(app): State<App>, visitor: Visitor) -> Response {
    // Nobody signed in is signed out already.
    let _ = desk::answer(visitor.desk, (), desk::sign_in::sign_out).await;
    go_with_session(&app, "/", None)
}
