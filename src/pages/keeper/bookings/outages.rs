//! What is out of use for a time.

use std::collections::BTreeSet;

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use entity::{claim, ids::ClaimId};
use serde::Deserialize;

use super::{Kept, Notes, keep, keep_sent, to, verbs::Tap};
use crate::{
    desk::{
        self,
        bookings::{
            availability::all_at,
            bookable::{Bookable, Subject},
        },
        outages::TakeOut,
    },
    pages::{
        booked::{address_of, name_of, picture_of, target_of},
        frame::Frame,
        sent::Sent,
        visitor::Visitor,
    },
    speech::{
        self,
        texts::{KeeperBookings, Spaces as T},
    },
    store,
    view::OutageView,
};

#[derive(Template)]
#[template(path = "keeper/bookings/outages.html")]
struct OutagesPage {
    frame: Frame,
    station: String,
    notes: Notes,
    rows: Vec<Row>,
    /// What can be taken out of use.
    choices: Vec<(String, String)>,
    typed: OutageForm,
}

struct Row {
    id: ClaimId,
    picture: String,
    name: String,
    when: String,
    note: String,
}

/// What is taken out of use.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OutageForm {
    what: String,
    quantity: String,
    starts_at: String,
    ends_at: String,
    note: String,
}

impl OutageForm {
    fn order(&self, kept: &Kept) -> desk::Result<TakeOut> {
        let bad = |field| desk::Error::Invalid { field, problem: desk::Problem::OutOfRange };
        let (sort, id) = self.what.split_once('/').ok_or_else(|| bad("what"))?;
        Ok(TakeOut {
            target: target_of(&kept.station.code, sort, id)?,
            quantity: self.quantity.trim().parse().unwrap_or(1),
            starts_at: kept.instant(&self.starts_at).ok_or_else(|| bad("time"))?,
            ends_at: kept.instant(&self.ends_at).ok_or_else(|| bad("time"))?,
            note: self.note.clone(),
        })
    }
}

/// What is said about a form with times that was not done.
pub(super) fn said(kept: &Kept, error: &desk::Error) -> (StatusCode, Vec<String>) {
    match error {
        desk::Error::Invalid { field: "time" | "ends_at", .. } => {
            (StatusCode::UNPROCESSABLE_ENTITY, vec![kept.frame.say(T::BadTime).to_owned()])
        }
        error => kept.frame.said(error),
    }
}

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    done: String,
}

/// Shows them.
pub(super) async fn list(visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    let kept = match keep(visitor, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let notes = Notes::done((!asked.done.is_empty()).then(|| kept.frame.say(T::Saved)));
    render(&kept, StatusCode::OK, notes, OutageForm::default()).await
}

async fn render(kept: &Kept, status: StatusCode, notes: Notes, typed: OutageForm) -> Response {
    match read(kept).await {
        Ok(page) => kept.frame.page(status, &OutagesPage { notes, typed, ..page }),
        Err(error) => kept.trouble(&error),
    }
}

async fn read(kept: &Kept) -> desk::Result<OutagesPage> {
    let (desk, frame, now) = (&kept.desk, &kept.frame, kept.desk.now());
    let all = all_at(desk, &kept.station.code, now, now + chrono::TimeDelta::days(60)).await?;
    let pools: BTreeSet<_> = all.iter().flat_map(|(subject, _)| subject.pool_ids()).collect();
    let outages = store::claims::list_outages(desk.app.db.read(), pools.into_iter().collect(), now.timestamp()).await?;
    // What is divided is out of use in all its parts, and is one line.
    let parts = |claim: &claim::Model| {
        let of_one = |other: &&claim::Model| other.outage_id == claim.outage_id;
        outages.iter().filter(of_one).map(|other| other.pool_id).collect::<BTreeSet<_>>()
    };
    let owner = |claim: &claim::Model| {
        let wanted = parts(claim);
        let owns = |subject: &&Bookable| subject.pool_ids().into_iter().collect::<BTreeSet<_>>() == wanted;
        // Where it has been divided anew since, the first of its parts stands for it.
        let holds = |subject: &&Bookable| subject.pool_ids() == [claim.pool_id];
        let mut subjects = all.iter().map(|(subject, _)| subject);
        subjects.clone().find(owns).or_else(|| subjects.find(holds))
    };
    let first = |claim: &&claim::Model| claim.outage_id == Some(claim.id);
    let row = |claim: &claim::Model| {
        let subject = owner(claim)?;
        let (out, name) = (OutageView::from(claim), name_of(frame, subject));
        Some(Row {
            id: claim.id,
            picture: picture_of(subject),
            name: if out.quantity > 1 { format!("{name} × {}", out.quantity) } else { name },
            when: frame.words(&speech::span(out.starts_at, out.ends_at, kept.station.zone())),
            note: out.note,
        })
    };
    let offered = all.iter().filter(|(subject, _)| !matches!(subject.subject, Subject::Occasion(_)));
    Ok(OutagesPage {
        rows: outages.iter().filter(first).filter_map(row).collect(),
        choices: offered.map(|(subject, _)| (address_of(subject), name_of(frame, subject))).collect(),
        notes: Notes::default(),
        typed: OutageForm::default(),
        station: kept.station.code.clone(),
        frame: frame.clone(),
    })
}

/// Takes something out of use.
pub(super) async fn take_out(Path(code): Path<String>, sent: Sent<OutageForm>) -> Response {
    let (kept, desk, form) = match keep_sent(sent, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let ended = match form.order(&kept) {
        Ok(order) => desk::answer(desk, order, desk::outages::take_out).await,
        Err(error) => Err(error),
    };
    match ended {
        Ok(_) => to(&kept.station, "outages?done=saved"),
        Err(error) => {
            let (status, reasons) = said(&kept, &error);
            render(&kept, status, Notes::no(reasons), form).await
        }
    }
}

/// It is in use again.
pub(super) async fn end(Path((code, id)): Path<(String, String)>, sent: Sent<Tap>) -> Response {
    let (kept, desk, Tap {}) = match keep_sent(sent, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let Ok(id) = id.parse::<ClaimId>() else { return kept.trouble(&desk::Error::NotFound("outage")) };
    match desk::answer(desk, id, desk::outages::end).await {
        Ok(_) => to(&kept.station, "outages?done=over"),
        Err(error) => {
            let (status, reasons) = kept.frame.said(&error);
            render(&kept, status, Notes::no(reasons), OutageForm::default()).await
        }
    }
}
