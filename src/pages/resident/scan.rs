//! The page behind a sticker: what it is, may I, until when, why not, and one big button.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, Utc};
use entity::{ids::LoanId, loan};
use serde::Deserialize;

use crate::{
    desk::{self, Desk, stickers::as_printed},
    pages::{frame::Frame, trouble, visitor::Visitor},
    speech::{
        self,
        texts::{Booking, Queue, Scan as T},
    },
    store,
    view::{ItemView, KindView, ScanView, StationView},
};

#[derive(Template)]
#[template(path = "resident/scan.html")]
struct ItemPage {
    frame: Frame,
    code: String,
    kind: String,
    picture: String,
    item: ItemView,
    station: Option<StationView>,
    state: State,
    asks: Asks,
    reasons: Vec<String>,
    /// What has just been done.
    done: Option<Done>,
    /// Somebody has reported a fault.
    fault_reported: bool,
    /// Where it could be given back.
    stations: Vec<StationView>,
    typed_phone: String,
    /// Somebody has booked it after whoever borrows it now.
    booked_next: bool,
    /// Where it is booked for later.
    to_book: Option<String>,
    /// Where one waits for one like it, while somebody else has it.
    to_wait: Option<String>,
}

/// Where the thing is, as far as anybody may know.
enum State {
    /// It may be borrowed, and would be due then.
    Free { due: String },
    /// Somebody has it.
    Out(Out),
    /// It is not to be had, for the reasons given.
    NotAvailable,
}

/// A loan, as whoever stands there with the thing may see it.
struct Out {
    /// When it is due.
    due: String,
    late: bool,
    /// It is lent to whoever looks, by name.
    mine: bool,
    /// The loan, where it may be renewed.
    renewable: Option<LoanId>,
}

/// What must be known before it is lent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asks {
    Nothing,
    Phone,
    SignIn,
}

/// What has just been done.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    Lent,
    Renewed,
    Returned,
    Seen,
    Told,
}

#[derive(Template)]
#[template(path = "resident/sticker.html")]
struct StickerPage {
    frame: Frame,
    code: String,
    picture: &'static str,
    title: &'static str,
    lines: Vec<String>,
}

/// What the address says beyond the code: what has just been done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
    booked: Option<String>,
}

/// What was tried before the page is shown.
#[derive(Default)]
pub(super) struct Attempt {
    /// Why it was not done.
    pub(super) reasons: Vec<String>,
    /// The number that was typed.
    pub(super) phone: String,
    /// What was just done.
    pub(super) done: Option<Done>,
    /// It is due earlier than usual, because somebody has booked it.
    pub(super) booked_next: bool,
}

/// Shows what a scan finds.
pub(super) async fn show(visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    let done = match asked.done.as_deref() {
        Some("lent") => Some(Done::Lent),
        Some("renewed") => Some(Done::Renewed),
        Some("returned") => Some(Done::Returned),
        Some("seen") => Some(Done::Seen),
        Some("told") => Some(Done::Told),
        _ => None,
    };
    let booked_next = asked.booked.is_some();
    render(visitor, &code, StatusCode::OK, Attempt { done, booked_next, ..Attempt::default() }).await
}

/// The page, after something was tried.
pub(super) async fn render(visitor: Visitor, code: &str, status: StatusCode, attempt: Attempt) -> Response {
    let Visitor { desk, mut frame } = visitor;
    let code = as_printed(code);
    let found = match desk::scan::scan(&desk, &code).await {
        Ok(found) => found,
        Err(desk::Error::NotFound(_)) => {
            let lines = vec![frame.say(T::UnknownCodeHelp).to_owned()];
            return sticker(&frame, StatusCode::NOT_FOUND, code, ("🔍", frame.say(T::UnknownCode)), lines);
        }
        Err(error) => return trouble::page(&frame, &error),
    };
    frame.place = found.station.as_ref().map(|station| station.name.clone());
    let (Some(item), Some(kind)) = (found.item.clone(), found.kind.clone()) else { return other(&frame, code, &found) };
    match item_page(&desk, frame, code, (&found, item, kind), attempt).await {
        Ok(page) => page.frame.page(status, &page),
        Err((frame, error)) => trouble::page(&frame, &error),
    }
}

/// A sticker on anything but an item.
fn other(frame: &Frame, code: String, found: &ScanView) -> Response {
    let station = found.station.as_ref().map(|station| &station.code);
    match (found.what.as_str(), station, &found.kind) {
        ("station", Some(station), _) => Redirect::to(&format!("/s/{station}")).into_response(),
        ("shelf", Some(station), Some(kind)) => Redirect::to(&format!("/s/{station}/take/{}", kind.id)).into_response(),
        ("card", ..) => sticker(frame, StatusCode::OK, code, ("🪪", frame.say(T::CardSticker)), Vec::new()),
        ("retired", ..) => {
            let lines = found.note.iter().cloned().chain([frame.say(T::RetiredHelp).to_owned()]).collect();
            sticker(frame, StatusCode::OK, code, ("🏷️", frame.say(T::Retired)), lines)
        }
        _ => sticker(frame, StatusCode::OK, code, ("🏷️", frame.say(T::Blank)), vec![frame.say(T::BlankHelp).to_owned()]),
    }
}

fn sticker(
    frame: &Frame,
    status: StatusCode,
    code: String,
    (picture, title): (&'static str, &'static str),
    lines: Vec<String>,
) -> Response {
    frame.page(status, &StickerPage { frame: frame.clone(), code, picture, title, lines })
}

async fn item_page(
    desk: &Desk,
    frame: Frame,
    code: String,
    (found, item, kind): (&ScanView, ItemView, KindView),
    attempt: Attempt,
) -> Result<ItemPage, (Frame, desk::Error)> {
    let asks = asks(&frame, found);
    let mut reasons = attempt.reasons;
    if reasons.is_empty() && attempt.done.is_none() && !item.out && asks == Asks::Nothing {
        let all = found.borrow.iter().flat_map(|may| &may.reasons);
        reasons = all.map(|reason| frame.words(&speech::Words::new(&reason.zh, &reason.en))).collect();
    }
    let (state, stations) = match state(desk, &frame, found, &item, asks).await {
        Ok(read) => read,
        Err(error) => return Err((frame, error)),
    };
    let bookable = match bookable(desk, found, &kind).await {
        Ok(what) => what,
        Err(error) => return Err((frame, error)),
    };
    let way = |verb: &str| bookable.as_ref().map(|(station, what)| format!("/stations/{station}/{verb}/{what}"));
    let elsewhere = matches!(&state, State::Out(out) if !out.mine);
    Ok(ItemPage {
        booked_next: attempt.booked_next || found.borrow.as_ref().is_some_and(|may| may.booked_from.is_some()),
        to_book: way("book"),
        to_wait: way("wait").filter(|_| elsewhere),
        kind: frame.name(&kind.name, kind.name_en.as_deref()).to_owned(),
        picture: kind.emoji.unwrap_or_else(|| speech::category(&kind.category).1.to_owned()),
        station: found.station.clone(),
        fault_reported: found.fault_reported_at.is_some(),
        done: attempt.done,
        typed_phone: attempt.phone,
        frame,
        code,
        item,
        state,
        asks,
        reasons,
        stations,
    })
}

/// The station and the address of things like this one, where they are booked ahead.
async fn bookable(desk: &Desk, found: &ScanView, kind: &KindView) -> desk::Result<Option<(String, String)>> {
    let Some(station) = &found.station else { return Ok(None) };
    let bookable = desk::bookings::availability::bookable_kinds(desk, station.id.into(), &[kind.id.into()]).await?;
    Ok((!bookable.is_empty()).then(|| (station.code.clone(), format!("thing/{}", kind.id))))
}

/// What must be known before it is lent, if nothing else stands in the way.
fn asks(frame: &Frame, found: &ScanView) -> Asks {
    let Some(may) = found.borrow.as_ref().filter(|may| may.reasons.len() == 1) else { return Asks::Nothing };
    let needs = |needed: &str| may.reasons.iter().any(|r| r.code == "identity-needed" && r.data["needed"] == needed);
    if needs("phone") {
        Asks::Phone
    } else if !frame.signed_in && (needs("verified") || needs("approved")) {
        Asks::SignIn
    } else {
        Asks::Nothing
    }
}

async fn state(
    desk: &Desk,
    frame: &Frame,
    found: &ScanView,
    item: &ItemView,
    asks: Asks,
) -> desk::Result<(State, Vec<StationView>)> {
    let zone = found.station.as_ref().and_then(|station| station.time_zone.parse().ok()).unwrap_or(chrono_tz::Asia::Shanghai);
    let said = |at: DateTime<Utc>| frame.day_and_time(at, zone);
    if item.out {
        let conn = desk.app.db.read();
        let loan = store::loans::find_open_of_item(conn, item.id.into()).await?.ok_or(desk::Error::NotFound("loan"))?;
        let stations = store::stations::list(conn, None, None, 200).await?;
        let stations = stations.iter().filter(|station| station.closed_at.is_none()).map(StationView::from).collect();
        return Ok((State::Out(out(desk, &loan, said(loan.due_at))), stations));
    }
    let may = found.borrow.as_ref().filter(|may| may.allowed || asks != Asks::Nothing);
    let due = may.and_then(|may| may.due_at).map(said);
    Ok((due.map_or(State::NotAvailable, |due| State::Free { due }), Vec::new()))
}

fn out(desk: &Desk, loan: &loan::Model, due: String) -> Out {
    let mine = loan.member_id.is_some() && loan.member_id == desk.actor.member();
    // Whoever has the thing in hand may keep one longer that nobody gave a name for.
    let renewable = (mine || loan.member_id.is_none()) && loan.renewals < loan.rule_renewals;
    Out { due, late: loan.due_at < desk.now(), mine, renewable: Some(loan.id).filter(|_| renewable) }
}

impl ItemPage {
    /// It cannot be had now: later, perhaps.
    fn is_not_here(&self) -> bool {
        match &self.state {
            State::Free { .. } => false,
            State::Out(out) => !out.mine,
            State::NotAvailable => true,
        }
    }

    fn is_here(&self, station: &StationView) -> bool {
        self.station.as_ref().is_some_and(|here| here.id == station.id)
    }
}
