//! What I have, and what I had.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use chrono_tz::Tz;
use entity::{
    ids::{KindId, LoanId, StationId},
    item, kind, loan,
};
use serde::Deserialize;

use super::booking;
use crate::{
    desk::{self, Desk, renew::Renew},
    pages::{booked, frame::Frame, sent::Sent, trouble, visitor::Visitor, waiting::Wait},
    speech::{
        self,
        texts::{Booking, Calendars, Mine as T, Queue},
    },
    store::{
        self,
        loans::{State, Whose},
    },
};

/// Past loans on one page.
const PAGE: u64 = 20;

#[derive(Template)]
#[template(path = "resident/mine.html")]
struct MinePage {
    frame: Frame,
    have: Vec<Line>,
    had: Vec<Line>,
    /// What is booked ahead.
    booked: Vec<booked::Line>,
    /// What is waited for.
    waiting: Vec<Wait>,
    /// The last one shown, if there may be more.
    more: Option<LoanId>,
    suspended: Vec<String>,
    reasons: Vec<String>,
    renewed: bool,
}

/// A loan of mine.
struct Line {
    loan: LoanId,
    name: String,
    picture: String,
    label: String,
    code: String,
    /// When it is due, or when it came back.
    when: String,
    late: bool,
    renewable: bool,
}

/// What has just been done, and from where on past loans are shown.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    before: Option<LoanId>,
    done: Option<String>,
}

/// Shows both.
pub(super) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Response {
    render(&visitor, asked, StatusCode::OK, Vec::new()).await
}

async fn render(visitor: &Visitor, asked: Asked, status: StatusCode, reasons: Vec<String>) -> Response {
    match read(&visitor.desk, &visitor.frame, asked).await {
        Ok(page) => visitor.frame.page(status, &MinePage { reasons, ..page }),
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

async fn read(desk: &Desk, frame: &Frame, asked: Asked) -> desk::Result<MinePage> {
    let me = desk::me::me(desk).await?;
    let (conn, now, whose) = (desk.app.db.read(), desk.now(), Whose::Member(me.id.into()));
    let have = match asked.before {
        None => store::loans::list(conn, &whose, Some(State::Open), now, None, 200).await?,
        Some(_) => Vec::new(),
    };
    let had = store::loans::list(conn, &whose, Some(State::Closed), now, asked.before, PAGE).await?;
    let names = Names::of(desk, have.iter().chain(&had)).await?;
    let last = had.last().map(|(loan, _)| loan.id);
    Ok(MinePage {
        more: last.filter(|_| had.len() as u64 == PAGE),
        have: have.iter().map(|(loan, item)| names.line(frame, desk, loan, item)).collect(),
        had: had.iter().map(|(loan, item)| names.line(frame, desk, loan, item)).collect(),
        suspended: me.suspensions.iter().map(|block| suspended(frame, block.ends_at)).collect(),
        booked: booking::mine::standing(desk, frame).await?,
        waiting: booking::place::mine(desk, frame).await?,
        reasons: Vec::new(),
        renewed: asked.done.is_some(),
        frame: frame.clone(),
    })
}

fn suspended(frame: &Frame, until: Option<chrono::DateTime<chrono::Utc>>) -> String {
    match until {
        Some(until) => frame.say1(T::Suspended, frame.day_and_time(until, chrono_tz::Asia::Shanghai)),
        None => frame.say(T::SuspendedForNow).to_owned(),
    }
}

/// What the things on a page are called, and the zones of their stations.
struct Names {
    kinds: BTreeMap<KindId, kind::Model>,
    zones: BTreeMap<StationId, Tz>,
}

impl Names {
    async fn of(desk: &Desk, loans: impl Iterator<Item = &(loan::Model, item::Model)>) -> desk::Result<Self> {
        let conn = desk.app.db.read();
        let (kinds, stations): (Vec<_>, Vec<_>) = loans.map(|(loan, _)| (loan.kind_id, loan.station_id)).unzip();
        let kinds = store::kinds::list_by_ids(conn, kinds).await?;
        let stations = store::stations::list_by_ids(conn, stations.into_iter().flatten().collect()).await?;
        Ok(Self {
            kinds: kinds.into_iter().map(|kind| (kind.id, kind)).collect(),
            zones: stations.into_iter().map(|station| (station.id, station.zone())).collect(),
        })
    }

    fn line(&self, frame: &Frame, desk: &Desk, loan: &loan::Model, item: &item::Model) -> Line {
        let zone = loan.station_id.and_then(|id| self.zones.get(&id).copied()).unwrap_or(chrono_tz::Asia::Shanghai);
        let kind = self.kinds.get(&loan.kind_id);
        Line {
            loan: loan.id,
            name: kind.map(|kind| frame.name(&kind.name, kind.name_en.as_deref()).to_owned()).unwrap_or_default(),
            picture: kind.map_or_else(
                || "📦".to_owned(),
                |kind| kind.emoji.clone().unwrap_or_else(|| speech::category(&kind.category).1.to_owned()),
            ),
            label: item.label.clone().unwrap_or_default(),
            code: item.code.clone(),
            when: frame.day_and_time(loan.returned_at.unwrap_or(loan.due_at), zone),
            late: loan.returned_at.is_none() && loan.due_at < desk.now(),
            renewable: loan.returned_at.is_none() && loan.renewals < loan.rule_renewals,
        }
    }
}

/// The form of a loan in the list.
#[derive(Debug, Deserialize)]
pub(super) struct RenewForm {
    loan: LoanId,
}

/// Keeps a thing longer.
pub(super) async fn renew(sent: Sent<RenewForm>) -> Response {
    let order = Renew { loan: sent.form.loan, override_reason: None };
    match desk::answer(sent.desk, order, desk::renew::renew).await {
        Ok(_) => Redirect::to("/mine?done=renewed").into_response(),
        Err(error) => {
            let (status, reasons) = sent.visitor.frame.said(&error);
            render(&sent.visitor, Asked::default(), status, reasons).await
        }
    }
}
