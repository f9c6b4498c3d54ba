//! What one does with the thing in hand: borrow it, give it back, keep it longer, say that it was found.

use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{ids::LoanId, loan::Condition, values::Phone};
use serde::Deserialize;

use super::scan::{Attempt, render};
use crate::{
    desk::{
        self,
        borrow::Borrow,
        give_back::GiveBack,
        renew::Renew,
        report::{Order, Report},
        stickers::as_printed,
    },
    pages::{sent::Sent, visitor::Visitor},
    speech::texts::Scan as T,
};

/// The form of the big button.
#[derive(Debug, Deserialize)]
pub(super) struct BorrowForm {
    #[serde(default)]
    phone: String,
}

/// Borrows, and shows the receipt.
pub(super) async fn borrow(Path(code): Path<String>, sent: Sent<BorrowForm>) -> Response {
    let Sent { visitor, desk, form, .. } = sent;
    let phone = match form.phone.trim() {
        "" => None,
        typed => match Phone::parse(typed) {
            Ok(phone) => Some(phone),
            Err(_) => {
                let reasons = vec![visitor.frame.say(T::NotAPhone).to_owned()];
                let attempt = Attempt { reasons, phone: form.phone, ..Attempt::default() };
                return render(visitor, &code, StatusCode::UNPROCESSABLE_ENTITY, attempt).await;
            }
        },
    };
    let order = Borrow { code: as_printed(&code), phone, ..Borrow::default() };
    let ended = desk::answer(desk, order, desk::borrow::borrow).await;
    let ended = ended.map(|done| if done.into_receipt().booked_from.is_some() { "lent&booked=1" } else { "lent" });
    go_on(visitor, &code, form.phone, ended).await
}

/// The form of the other big button.
#[derive(Debug, Deserialize)]
pub(super) struct ReturnForm {
    #[serde(default)]
    station_code: String,
    #[serde(default)]
    condition: Condition,
    #[serde(default)]
    note: String,
}

/// Gives back, and says thank you.
pub(super) async fn give_back(Path(code): Path<String>, mut sent: Sent<ReturnForm>) -> Response {
    let photo = sent.photo("photo");
    let Sent { visitor, desk, form, .. } = sent;
    let order = GiveBack {
        code: as_printed(&code),
        station_code: Some(form.station_code).filter(|code| !code.is_empty()),
        condition: form.condition,
        note: entity::values::text(&form.note, 500).ok(),
        photo,
    };
    let ended = desk::answer(desk, order, desk::give_back::give_back).await;
    let ended = ended.map(|done| if done.into_receipt().loan.is_some() { "returned" } else { "seen" });
    go_on(visitor, &code, String::new(), ended).await
}

/// The form for keeping it longer.
#[derive(Debug, Deserialize)]
pub(super) struct RenewForm {
    loan: LoanId,
}

/// Keeps it longer.
pub(super) async fn renew(Path(code): Path<String>, sent: Sent<RenewForm>) -> Response {
    let Sent { visitor, desk, form, .. } = sent;
    let order = Renew { loan: form.loan, override_reason: None };
    let ended = desk::answer(desk, order, desk::renew::renew).await;
    let ended = ended.map(|done| if done.into_receipt().booked_from.is_some() { "renewed&booked=1" } else { "renewed" });
    go_on(visitor, &code, String::new(), ended).await
}

/// The form of whoever found it.
#[derive(Debug, Deserialize)]
pub(super) struct FoundForm {
    #[serde(default)]
    note: String,
}

/// Tells the keeper that it turned up.
pub(super) async fn found(Path(code): Path<String>, sent: Sent<FoundForm>) -> Response {
    let Sent { visitor, desk, form, .. } = sent;
    let order = Order { code: as_printed(&code), what: Report::Found, note: entity::values::text(&form.note, 500).ok() };
    let ended = desk::answer(desk, order, desk::report::report).await;
    go_on(visitor, &code, String::new(), ended.map(|_| "told")).await
}

/// Back to the page of the thing: with what was done, or why not and what was typed.
async fn go_on(visitor: Visitor, code: &str, phone: String, ended: desk::Result<&'static str>) -> Response {
    match ended {
        Ok(done) => Redirect::to(&format!("/q/{}?done={done}", as_printed(code))).into_response(),
        Err(error) => {
            let (status, reasons) = visitor.frame.said(&error);
            render(visitor, code, status, Attempt { reasons, phone, ..Attempt::default() }).await
        }
    }
}
