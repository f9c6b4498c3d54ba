//! The page behind a sticker: what it is, may I, until when, and one big button.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{ids::LoanId, loan::Condition, values::Phone};
use serde::Deserialize;

use crate::{
    desk::{self, borrow::Borrow, give_back::GiveBack, stickers::as_printed},
    pages::{frame::Frame, sent::Sent, trouble, visitor::Visitor},
    speech::{self, day_and_time, texts::Scan as T},
    store,
    view::{ScanView, StationView},
};

#[derive(Template)]
#[template(path = "resident/scan.html")]
struct ScanPage {
    frame: Frame,
    code: String,
    found: ScanView,
    /// When it is due, or would be.
    due: Option<String>,
    asks_phone: bool,
    asks_sign_in: bool,
    reasons: Vec<String>,
    /// What has just been done.
    done: Option<Done>,
    /// Where it could be given back.
    stations: Vec<StationView>,
    typed_phone: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Done {
    Lent,
    Returned,
    Seen,
}

#[derive(Template)]
#[template(path = "resident/unknown.html")]
struct UnknownPage {
    frame: Frame,
    code: String,
}

impl ScanPage {
    fn kind_name(&self) -> &str {
        self.found.kind.as_ref().map(|kind| self.frame.name(&kind.name, kind.name_en.as_deref())).unwrap_or_default()
    }

    fn is_out(&self) -> bool {
        self.found.item.as_ref().is_some_and(|item| item.out)
    }

    fn may_borrow(&self) -> bool {
        self.found.borrow.as_ref().is_some_and(|may| may.allowed) || self.asks_phone
    }

    fn is_here(&self, station: &StationView) -> bool {
        self.found.station.as_ref().is_some_and(|here| here.id == station.id)
    }
}

/// What the address says beyond the code.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// The loan that has just been made.
    lent: Option<LoanId>,
    /// It has just been given back (`yes`), or was not out (`seen`).
    returned: Option<String>,
}

/// Shows what a scan finds.
pub(super) async fn show(visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    let done = match (asked.lent, asked.returned.as_deref()) {
        (Some(_), _) => Some(Done::Lent),
        (None, Some("seen")) => Some(Done::Seen),
        (None, Some(_)) => Some(Done::Returned),
        (None, None) => None,
    };
    render(visitor, &code, StatusCode::OK, Attempt { done, lent: asked.lent, ..Attempt::default() }).await
}

/// What was tried before the page is shown.
#[derive(Default)]
struct Attempt {
    done: Option<Done>,
    lent: Option<LoanId>,
    reasons: Vec<String>,
    typed_phone: String,
}

async fn render(visitor: Visitor, code: &str, status: StatusCode, attempt: Attempt) -> Response {
    let (desk, mut frame) = (visitor.desk, visitor.frame);
    let code = as_printed(code);
    let found = match desk::scan::scan(&desk, &code).await {
        Ok(found) => found,
        Err(desk::Error::NotFound(_)) => {
            return frame.page(StatusCode::NOT_FOUND, &UnknownPage { frame: frame.clone(), code });
        }
        Err(error) => return trouble::page(&frame, &error),
    };
    frame.place = found.station.as_ref().map(|station| station.name.clone());
    let mut reasons = attempt.reasons;
    let needs = |needed: &str| {
        found
            .borrow
            .as_ref()
            .is_some_and(|may| may.reasons.iter().any(|r| r.code == "identity-needed" && r.data["needed"] == needed))
    };
    let only_identity = found.borrow.as_ref().is_some_and(|may| may.reasons.len() == 1);
    let asks_phone = only_identity && needs("phone");
    let asks_sign_in = only_identity && !frame.signed_in && (needs("verified") || needs("approved"));
    if reasons.is_empty() && attempt.done.is_none() && !asks_phone {
        let all = found.borrow.iter().flat_map(|may| &may.reasons);
        reasons = all.map(|r| frame.words(&speech::Words::new(&r.zh, &r.en))).collect();
    }
    let due = match due(&desk, &found, attempt.lent).await {
        Ok(due) => due.map(|words| frame.words(&words)),
        Err(error) => return trouble::page(&frame, &error),
    };
    let stations = match &found.item {
        Some(item) if item.out => store::stations::list(desk.app.db.read(), None, None, 200).await.unwrap_or_default(),
        _ => Vec::new(),
    };
    let template = ScanPage {
        frame: frame.clone(),
        code,
        due,
        asks_phone,
        asks_sign_in,
        reasons,
        done: attempt.done,
        stations: stations.iter().filter(|s| s.closed_at.is_none()).map(StationView::from).collect(),
        typed_phone: attempt.typed_phone,
        found,
    };
    frame.page(status, &template)
}

/// When the loan that was just made is due, or when it would be, in the station's time.
async fn due(desk: &desk::Desk, found: &ScanView, lent: Option<LoanId>) -> desk::Result<Option<speech::Words>> {
    let zone = found.station.as_ref().and_then(|station| station.time_zone.parse().ok()).unwrap_or(chrono_tz::Asia::Shanghai);
    let loan = match lent {
        Some(id) => store::loans::find(desk.app.db.read(), id).await?,
        None => None,
    };
    let of_this = loan.filter(|loan| found.item.as_ref().is_some_and(|item| item.id == loan.item_id.0));
    let instant = of_this.map(|loan| loan.due_at).or_else(|| found.borrow.as_ref().and_then(|may| may.due_at));
    Ok(instant.map(|instant| day_and_time(instant, zone)))
}

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
                let attempt = Attempt { reasons, typed_phone: form.phone, ..Attempt::default() };
                return render(visitor, &code, StatusCode::UNPROCESSABLE_ENTITY, attempt).await;
            }
        },
    };
    let order = Borrow { code: as_printed(&code), phone, ..Borrow::default() };
    match desk::answer(desk, order, desk::borrow::borrow).await {
        Ok(done) => Redirect::to(&format!("/q/{code}?lent={}", done.into_receipt().loan.id)).into_response(),
        Err(error) => {
            let (status, reasons) = visitor.frame.said(&error);
            render(visitor, &code, status, Attempt { reasons, typed_phone: form.phone, ..Attempt::default() }).await
        }
    }
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
pub(super) async fn give_back(Path(code): Path<String>, sent: Sent<ReturnForm>) -> Response {
    let Sent { visitor, desk, form, .. } = sent;
    let order = GiveBack {
        code: as_printed(&code),
        station_code: Some(form.station_code).filter(|code| !code.is_empty()),
        condition: form.condition,
        note: entity::values::text(&form.note, 500).ok(),
        photo: None,
    };
    match desk::answer(desk, order, desk::give_back::give_back).await {
        Ok(done) => {
            let what = if done.into_receipt().loan.is_some() { "yes" } else { "seen" };
            Redirect::to(&format!("/q/{code}?returned={what}")).into_response()
        }
        Err(error) => {
            let (status, reasons) = visitor.frame.said(&error);
            render(visitor, &code, status, Attempt { reasons, ..Attempt::default() }).await
        }
    }
}
