//! What a keeper does with a booking: put things aside, check somebody in, cancel, say yes or no.

use axum::{extract::Path, http::StatusCode, response::Response};
use serde::Deserialize;

use super::{Kept, Notes, given, keep_sent, list, one, to};
use crate::{
    desk::{
        self,
        bookings::{cancel as give_up, check_in as arrive, decide as answer, prepare as put_aside},
    },
    pages::{keeper::code_in, sent::Sent},
    speech::texts::KeeperBookings as T,
};

/// Codes, one after the other.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReadyForm {
    /// Those that were scanned before.
    had: String,
    code: String,
}

impl ReadyForm {
    fn codes(&self) -> Vec<String> {
        let mut codes: Vec<String> = Vec::new();
        for code in self.had.split_whitespace().chain(self.code.split_whitespace()).map(code_in).filter(|code| !code.is_empty()) {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        codes
    }
}

/// Puts aside, when all have been scanned.
pub(super) async fn prepare(Path((code, id)): Path<(String, String)>, sent: Sent<ReadyForm>) -> Response {
    let (kept, desk, form) = match keep_sent(sent, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let row = match one::find(&kept, &id).await {
        Ok(row) => row,
        Err(error) => return kept.trouble(&error),
    };
    let codes = form.codes();
    if i32::try_from(codes.len()).unwrap_or(i32::MAX) < row.quantity - row.collected {
        return one::render(&kept, &id, StatusCode::OK, Notes::default(), codes.join(" ")).await;
    }
    let order = put_aside::Prepare { booking: row.id, items: codes };
    match desk::answer(desk, order, put_aside::prepare).await {
        Ok(_) => to(&kept.station, "bookings?done=ready"),
        Err(desk::Error::Invalid { field: "items", .. }) => {
            let notes = Notes::no(vec![kept.frame.say(T::WrongCode).to_owned()]);
            one::render(&kept, &id, StatusCode::UNPROCESSABLE_ENTITY, notes, String::new()).await
        }
        Err(error) => not_done(&kept, &id, &error).await,
    }
}

/// A form with nothing in it but its key.
#[derive(Debug, Deserialize)]
pub(super) struct Tap {}

/// Checks somebody in.
pub(super) async fn check_in(Path((code, id)): Path<(String, String)>, sent: Sent<Tap>) -> Response {
    let (kept, desk, Tap {}) = match keep_sent(sent, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let row = match one::find(&kept, &id).await {
        Ok(row) => row,
        Err(error) => return kept.trouble(&error),
    };
    match desk::answer(desk, row.id, arrive::check_in).await {
        Ok(_) => match row.occasion_id {
            Some(occasion) => to(&kept.station, &format!("sessions/{occasion}?done=here")),
            None => to(&kept.station, "bookings?done=here"),
        },
        Err(error) => not_done(&kept, &id, &error).await,
    }
}

/// Why.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WhyForm {
    reason: String,
    approved: bool,
}

/// Cancels.
pub(super) async fn cancel(Path((code, id)): Path<(String, String)>, sent: Sent<WhyForm>) -> Response {
    let (kept, desk, form) = match keep_sent(sent, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let row = match one::find(&kept, &id).await {
        Ok(row) => row,
        Err(error) => return kept.trouble(&error),
    };
    let order = give_up::Cancel { booking: row.id, reason: given(&form.reason) };
    match desk::answer(desk, order, give_up::cancel).await {
        Ok(_) => to(&kept.station, "bookings?done=cancelled"),
        Err(error) => not_done(&kept, &id, &error).await,
    }
}

/// Says yes or no.
pub(super) async fn decide(Path((code, id)): Path<(String, String)>, sent: Sent<WhyForm>) -> Response {
    let (kept, desk, form) = match keep_sent(sent, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let row = match one::find(&kept, &id).await {
        Ok(row) => row,
        Err(error) => return kept.trouble(&error),
    };
    let order = answer::Decide { booking: row.id, approved: form.approved, reason: given(&form.reason) };
    match desk::answer(desk, order, answer::decide).await {
        Ok(_) => to(&kept.station, "bookings?done=decided"),
        Err(error) => {
            let (status, reasons) = kept.frame.said(&error);
            list::render(&kept, status, Notes::no(reasons)).await
        }
    }
}

async fn not_done(kept: &Kept, id: &str, error: &desk::Error) -> Response {
    let (status, reasons) = kept.frame.said(error);
    one::render(kept, id, status, Notes::no(reasons), String::new()).await
}
