//! The page behind a sticker: what it is, may I, until when, and one big button.

use askama::Template;
use axum::{
    extract::{Form, Path, Query},
    http::{Method, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    ids::LoanId,
    loan::Condition,
    values::{Language, Phone},
};
use serde::Deserialize;

use super::{
    page, said,
    visitor::{Visitor, remember_language},
};
use crate::{
    desk::{self, borrow::Borrow, give_back::GiveBack, stickers::as_printed},
    speech::{self, Page as Text, day_and_time},
    store,
    view::{ScanView, StationView},
    wire::fingerprint,
};

#[derive(Template)]
#[template(path = "scan.html")]
struct ScanPage {
    language: Language,
    code: String,
    signed_in: bool,
    /// A fresh key for the forms: a double tap, a resend and the back button do it once.
    key: String,
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
#[template(path = "unknown.html")]
struct UnknownPage {
    language: Language,
    code: String,
}

impl ScanPage {
    fn t(&self, text: Text) -> String {
        text.words().in_language(self.language).to_owned()
    }

    fn kind_name(&self) -> String {
        let kind = self.found.kind.as_ref();
        let english = kind.and_then(|kind| kind.name_en.clone()).filter(|_| self.language == Language::English);
        english.or_else(|| kind.map(|kind| kind.name.clone())).unwrap_or_default()
    }

    fn other_language(&self) -> &'static str {
        if self.language == Language::Chinese { "en" } else { "zh" }
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

impl UnknownPage {
    fn t(&self, text: Text) -> String {
        text.words().in_language(self.language).to_owned()
    }
}

/// What the address says beyond the code.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// The loan that has just been made.
    lent: Option<LoanId>,
    /// It has just been given back (`yes`), or was not out (`seen`).
    returned: Option<String>,
    /// A language was chosen: `en` or `zh`.
    lang: Option<String>,
}

/// Shows what a scan finds.
pub(super) async fn show(visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    let done = match (asked.lent, asked.returned.as_deref()) {
        (Some(_), _) => Some(Done::Lent),
        (None, Some("seen")) => Some(Done::Seen),
        (None, Some(_)) => Some(Done::Returned),
        (None, None) => None,
    };
    let shown = render(visitor, &code, StatusCode::OK, Attempt { done, lent: asked.lent, ..Attempt::default() }).await;
    match asked.lang.as_deref() {
        Some("en") => remember_language(shown, "en"),
        Some(_) => remember_language(shown, "zh"),
        None => shown,
    }
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
    let (desk, language) = (visitor.desk, visitor.language);
    let code = as_printed(code);
    let found = match desk::scan::scan(&desk, &code).await {
        Ok(found) => found,
        Err(desk::Error::NotFound(_)) => return page(StatusCode::NOT_FOUND, &UnknownPage { language, code }),
        Err(error) => return said(&error, language).0.into_response(),
    };
    let mut reasons = attempt.reasons;
    let needs = |needed: &str| {
        found
            .borrow
            .as_ref()
            .is_some_and(|may| may.reasons.iter().any(|r| r.code == "identity-needed" && r.data["needed"] == needed))
    };
    let only_identity = found.borrow.as_ref().is_some_and(|may| may.reasons.len() == 1);
    let asks_phone = only_identity && needs("phone");
    let asks_sign_in = only_identity && !visitor.signed_in && (needs("verified") || needs("approved"));
    if reasons.is_empty() && attempt.done.is_none() && !asks_phone {
        let all = found.borrow.iter().flat_map(|may| &may.reasons);
        reasons = all.map(|r| if language == Language::Chinese { r.zh.clone() } else { r.en.clone() }).collect();
    }
    let due = match due(&desk, &found, attempt.lent).await {
        Ok(due) => due.map(|words| words.in_language(language).to_owned()),
        Err(error) => return said(&error, language).0.into_response(),
    };
    let stations = match &found.item {
        Some(item) if item.out => store::stations::list(desk.app.db.read(), None, None, 200).await.unwrap_or_default(),
        _ => Vec::new(),
    };
    let template = ScanPage {
        language,
        code,
        signed_in: visitor.signed_in,
        key: desk.app.clock.id::<uuid::Uuid>().to_string(),
        due,
        asks_phone,
        asks_sign_in,
        reasons,
        done: attempt.done,
        stations: stations.iter().filter(|s| s.closed_at.is_none()).map(StationView::from).collect(),
        typed_phone: attempt.typed_phone,
        found,
    };
    page(status, &template)
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
    key: String,
    #[serde(default)]
    phone: String,
}

/// Borrows, and shows the receipt.
pub(super) async fn borrow(visitor: Visitor, Path(code): Path<String>, Form(form): Form<BorrowForm>) -> Response {
    let mut desk = visitor.desk.clone();
    let request = fingerprint(&Method::POST, &format!("/q/{code}/borrow"), form.phone.as_bytes());
    desk.key = Some((form.key, request));
    let phone = match form.phone.trim() {
        "" => None,
        typed => match Phone::parse(typed) {
            Ok(phone) => Some(phone),
            Err(malformed) => {
                let error = desk::Error::Invalid { field: "phone", problem: malformed.into() };
                let (status, _) = said(&error, visitor.language);
                let words = speech::Words::new(
                    "手机号好像不对，请检查是否 11 位数字。",
                    "This does not look like a mobile number of 11 digits.",
                );
                let reasons = vec![words.in_language(visitor.language).to_owned()];
                return render(visitor, &code, status, Attempt { reasons, typed_phone: form.phone, ..Attempt::default() }).await;
            }
        },
    };
    let order = Borrow { code: as_printed(&code), phone, ..Borrow::default() };
    match desk::answer(desk, order, desk::borrow::borrow).await {
        Ok(done) => Redirect::to(&format!("/q/{code}?lent={}", done.into_receipt().loan.id)).into_response(),
        Err(error) => {
            let (status, reasons) = said(&error, visitor.language);
            render(visitor, &code, status, Attempt { reasons, typed_phone: form.phone, ..Attempt::default() }).await
        }
    }
}

/// The form of the other big button.
#[derive(Debug, Deserialize)]
pub(super) struct ReturnForm {
    key: String,
    #[serde(default)]
    station_code: String,
    #[serde(default)]
    condition: Condition,
    #[serde(default)]
    note: String,
}

/// Gives back, and says thank you.
pub(super) async fn give_back(visitor: Visitor, Path(code): Path<String>, Form(form): Form<ReturnForm>) -> Response {
    let mut desk = visitor.desk.clone();
    let body = format!("{}|{:?}|{}", form.station_code, form.condition, form.note);
    desk.key = Some((form.key, fingerprint(&Method::POST, &format!("/q/{code}/return"), body.as_bytes())));
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
            let (status, reasons) = said(&error, visitor.language);
            render(visitor, &code, status, Attempt { reasons, ..Attempt::default() }).await
        }
    }
}
