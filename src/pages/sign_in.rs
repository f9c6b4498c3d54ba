//! Sign in with a code sent to the phone: once per device, then back to where one was.

use askama::Template;
use axum::{
    extract::{Form, Query, State},
    http::StatusCode,
    response::Response,
};
use entity::values::{Language, Phone};
use serde::Deserialize;

use super::{
    page, said,
    visitor::{Visitor, go_with_session},
};
use crate::{app::App, desk, speech::Page as Text};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    language: Language,
    /// Where to go afterwards.
    next: String,
    phone: String,
    /// A code is on its way.
    sent: bool,
    reasons: Vec<String>,
}

impl SignInPage {
    fn t(&self, text: Text) -> String {
        text.words().in_language(self.language).to_owned()
    }
}

/// Where one was.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    next: String,
}

/// Only to our own pages: an address that begins with one slash.
fn own_page(next: &str) -> String {
    let own = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\');
    if own { next.to_owned() } else { "/sign-in".to_owned() }
}

/// Asks for the phone number.
pub(super) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Response {
    let next = own_page(&asked.next);
    page(StatusCode::OK, &SignInPage { language: visitor.language, next, phone: String::new(), sent: false, reasons: Vec::new() })
}

/// The form: first with the number, then with the code.
#[derive(Deserialize)]
pub(super) struct SignInForm {
    phone: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

/// Sends a code, or signs in with it.
pub(super) async fn submit(State(app): State<App>, visitor: Visitor, Form(form): Form<SignInForm>) -> Response {
    let next = own_page(&form.next);
    let shown = |status, sent, reasons| {
        page(status, &SignInPage { language: visitor.language, next: next.clone(), phone: form.phone.clone(), sent, reasons })
    };
    let phone = match Phone::parse(&form.phone) {
        Ok(phone) => phone,
        Err(malformed) => {
            let (status, reasons) = said(&desk::Error::Invalid { field: "phone", problem: malformed.into() }, visitor.language);
            return shown(status, false, reasons);
        }
    };
    let code = form.code.trim().to_owned();
    if code.is_empty() {
        return match desk::answer(visitor.desk, phone, desk::verify_phone::send_code).await {
            Ok(_) => shown(StatusCode::OK, true, Vec::new()),
            Err(error) => {
                let (status, reasons) = said(&error, visitor.language);
                shown(status, true, reasons)
            }
        };
    }
    match desk::answer(visitor.desk, (phone, code), desk::verify_phone::sign_in).await {
        Ok(done) => go_with_session(&app, &next, Some(&done.into_receipt().refresh_token)),
        Err(error) => {
            let (status, reasons) = said(&error, visitor.language);
            shown(status, true, reasons)
        }
    }
}

/// Signs out.
pub(super) async fn sign_out(State(app): State<App>, visitor: Visitor) -> Response {
    // Nobody signed in is signed out already.
    let _ = desk::answer(visitor.desk, (), desk::sign_in::sign_out).await;
    go_with_session(&app, "/sign-in", None)
}
