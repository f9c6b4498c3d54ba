//! On which terms something is booked, said by the keeper.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;

use super::{Kept, Notes, keep, keep_sent, to};
use crate::{
    desk::{
        self,
        bookings::{
            availability::all_at,
            bookable::{Bookable, Subject},
            terms::{SetTerms, set as say},
        },
    },
    pages::{
        booked::{address_of, name_of, picture_of, target_of},
        frame::Frame,
        sent::Sent,
        visitor::Visitor,
    },
    speech::texts::{KeeperBookings, Spaces as T},
    view::{QuotaView, TermsView},
};

#[derive(Template)]
#[template(path = "keeper/bookings/terms_list.html")]
struct ListPage {
    frame: Frame,
    station: String,
    notes: Notes,
    /// The address, the picture, the name, and what matters most.
    rows: Vec<(String, String, String, &'static str)>,
}

#[derive(Template)]
#[template(path = "keeper/bookings/terms.html")]
struct TermsPage {
    frame: Frame,
    station: String,
    notes: Notes,
    to: String,
    picture: String,
    name: String,
    bookable: bool,
    approval: bool,
    /// What is asked of most, and the rest: the name of the field, its words, its value.
    first: Vec<Field>,
    rest: Vec<Field>,
}

/// A number that is asked.
struct Field {
    name: &'static str,
    words: &'static str,
    value: String,
    /// It may be left empty.
    optional: bool,
}

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    done: String,
}

/// Shows what there is to say it of.
pub(super) async fn list(visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    let kept = match keep(visitor, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let now = kept.desk.now();
    let all = match all_at(&kept.desk, &kept.station.code, now, now + chrono::TimeDelta::days(60)).await {
        Ok(all) => all,
        Err(error) => return kept.trouble(&error),
    };
    let row = |subject: &Bookable| {
        let words = match (subject.terms.bookable, subject.terms.approval) {
            (false, _) => T::CannotBook,
            (true, true) => T::WithYes,
            (true, false) => T::CanBook,
        };
        (address_of(subject), picture_of(subject), name_of(&kept.frame, subject), kept.frame.say(words))
    };
    let page = ListPage {
        rows: all.iter().map(|(subject, _)| row(subject)).collect(),
        notes: Notes::done((!asked.done.is_empty()).then(|| kept.frame.say(T::Saved))),
        station: kept.station.code.clone(),
        frame: kept.frame.clone(),
    };
    kept.frame.page(StatusCode::OK, &page)
}

/// Shows the terms of one thing.
pub(super) async fn show(visitor: Visitor, Path((code, sort, id)): Path<(String, String, String)>) -> Response {
    match keep(visitor, &code).await {
        Ok(kept) => render(&kept, (&sort, &id), StatusCode::OK, Notes::default(), None).await,
        Err(page) => page,
    }
}

async fn find(kept: &Kept, (sort, id): (&str, &str)) -> desk::Result<Bookable> {
    let target = target_of(&kept.station.code, sort, id)?;
    let subject = Bookable::find(kept.desk.app.db.read(), &target).await?;
    if subject.station.id == kept.station.id { Ok(subject) } else { Err(desk::Error::NotFound("bookable")) }
}

async fn render(kept: &Kept, what: (&str, &str), status: StatusCode, notes: Notes, typed: Option<TermsForm>) -> Response {
    let subject = match find(kept, what).await {
        Ok(subject) => subject,
        Err(error) => return kept.trouble(&error),
    };
    let terms = TermsView::from(&subject.terms);
    let things = matches!(subject.subject, Subject::Things(_));
    let field = |(name, words, optional): (&'static str, T, bool)| {
        let typed = typed.as_ref().and_then(|form| form.numbers.get(name).cloned());
        Field { name, words: kept.frame.say(words), value: typed.unwrap_or_else(|| value(&terms, name)), optional }
    };
    let shown = |(name, ..): &&(&str, T, bool)| things || *name != "protect";
    let page = TermsPage {
        to: address_of(&subject),
        picture: picture_of(&subject),
        name: name_of(&kept.frame, &subject),
        bookable: typed.as_ref().map_or(terms.bookable, |form| form.bookable.is_some()),
        approval: typed.as_ref().map_or(terms.approval, |form| form.approval.is_some()),
        first: FIRST.into_iter().map(field).collect(),
        rest: REST.iter().filter(shown).copied().map(field).collect(),
        station: kept.station.code.clone(),
        frame: kept.frame.clone(),
        notes,
    };
    kept.frame.page(status, &page)
}

const FIRST: [(&str, T, bool); 5] = [
    ("horizon", T::Horizon, false),
    ("least", T::Least, false),
    ("most", T::Most, false),
    ("turnaround", T::Turnaround, false),
    ("no_show", T::NoShow, true),
];
const REST: [(&str, T, bool); 16] = [
    ("notice", T::Notice, false),
    ("grid", T::Grid, false),
    ("most_units", T::MostUnits, false),
    ("ahead", T::Ahead, true),
    ("per_day", T::PerDay, true),
    ("per_week", T::PerWeek, true),
    ("per_month", T::PerMonth, true),
    ("time_per_day", T::TimePerDay, true),
    ("time_per_week", T::TimePerWeek, true),
    ("time_per_month", T::TimePerMonth, true),
    ("pause_between", T::PauseBetween, false),
    ("cancel_until", T::CancelUntil, false),
    ("early", T::Early, false),
    ("strikes", T::Strikes, false),
    ("pause_days", T::PauseDays, false),
    ("protect", T::Protect, false),
];

fn value(terms: &TermsView, name: &str) -> String {
    let number = match name {
        "horizon" => Some(terms.horizon_days),
        "least" => Some(terms.least_minutes),
        "most" => Some(terms.most_minutes),
        "turnaround" => Some(terms.turnaround_minutes),
        "no_show" => terms.no_show_after_minutes,
        "notice" => Some(terms.notice_minutes),
        "grid" => Some(terms.grid_minutes),
        "most_units" => Some(terms.most_units),
        "ahead" => terms.quota.ahead,
        "per_day" => terms.quota.per_day,
        "per_week" => terms.quota.per_week,
        "per_month" => terms.quota.per_month,
        "time_per_day" => terms.quota.minutes_per_day,
        "time_per_week" => terms.quota.minutes_per_week,
        "time_per_month" => terms.quota.minutes_per_month,
        "pause_between" => Some(terms.pause_between_minutes),
        "cancel_until" => Some(terms.cancel_until_minutes),
        "early" => Some(terms.early_minutes),
        "strikes" => Some(terms.strikes),
        "pause_days" => Some(terms.pause_days),
        "protect" => Some(terms.protect_minutes),
        _ => None,
    };
    number.map(|number| number.to_string()).unwrap_or_default()
}

/// The form; a field that is not sent stays as it was.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct TermsForm {
    #[serde(default)]
    bookable: Option<String>,
    #[serde(default)]
    approval: Option<String>,
    /// Back to the usual ones.
    #[serde(default)]
    usual: Option<String>,
    #[serde(flatten)]
    numbers: BTreeMap<String, String>,
}

impl TermsForm {
    fn terms(&self, was: &TermsView) -> desk::Result<TermsView> {
        let number = |name: &str, was: Option<u32>| match self.numbers.get(name).map(|typed| typed.trim()) {
            None => Ok(was),
            Some("") => Ok(None),
            Some(typed) => {
                typed.parse().map(Some).map_err(|_| desk::Error::Invalid { field: "terms", problem: desk::Problem::OutOfRange })
            }
        };
        let whole = |name: &str, was: u32| {
            number(name, Some(was))?.ok_or(desk::Error::Invalid { field: "terms", problem: desk::Problem::Missing })
        };
        let mut terms = TermsView {
            bookable: self.bookable.is_some(),
            approval: self.approval.is_some(),
            notice_minutes: whole("notice", was.notice_minutes)?,
            horizon_days: whole("horizon", was.horizon_days)?,
            least_minutes: whole("least", was.least_minutes)?,
            most_minutes: whole("most", was.most_minutes)?,
            grid_minutes: whole("grid", was.grid_minutes)?,
            turnaround_minutes: whole("turnaround", was.turnaround_minutes)?,
            protect_minutes: whole("protect", was.protect_minutes)?,
            most_units: whole("most_units", was.most_units)?,
            pause_between_minutes: whole("pause_between", was.pause_between_minutes)?,
            cancel_until_minutes: whole("cancel_until", was.cancel_until_minutes)?,
            early_minutes: whole("early", was.early_minutes)?,
            no_show_after_minutes: number("no_show", was.no_show_after_minutes)?,
            strikes: whole("strikes", was.strikes)?,
            pause_days: whole("pause_days", was.pause_days)?,
            ..was.clone()
        };
        terms.quota = QuotaView {
            ahead: number("ahead", was.quota.ahead)?,
            per_day: number("per_day", was.quota.per_day)?,
            per_week: number("per_week", was.quota.per_week)?,
            per_month: number("per_month", was.quota.per_month)?,
            minutes_per_day: number("time_per_day", was.quota.minutes_per_day)?,
            minutes_per_week: number("time_per_week", was.quota.minutes_per_week)?,
            minutes_per_month: number("time_per_month", was.quota.minutes_per_month)?,
        };
        Ok(terms)
    }
}

/// Says it.
pub(super) async fn set(Path((code, sort, id)): Path<(String, String, String)>, sent: Sent<TermsForm>) -> Response {
    let (kept, desk, form) = match keep_sent(sent, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let order = match find(&kept, (&sort, &id)).await {
        Ok(subject) if form.usual.is_none() => form.terms(&TermsView::from(&subject.terms)).map(Some),
        Ok(_) => Ok(None),
        Err(error) => Err(error),
    };
    let ended = match (order, target_of(&kept.station.code, &sort, &id)) {
        (Ok(terms), Ok(target)) => desk::answer(desk, SetTerms { target, terms }, say).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    match ended {
        Ok(_) => to(&kept.station, "booking-terms?done=saved"),
        Err(error) => {
            let (status, reasons) = match &error {
                desk::Error::Invalid { .. } => (StatusCode::UNPROCESSABLE_ENTITY, vec![kept.frame.say(T::BadTerms).to_owned()]),
                error => kept.frame.said(error),
            };
            render(&kept, (&sort, &id), status, Notes::no(reasons), Some(form)).await
        }
    }
}
