//! A line of the ledger that was a mistake: what taking it back will change, and why.

use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use entity::{
    ids::{LotId, MovementId},
    movement, station,
};
use serde::Deserialize;

use super::{
    ledger::{self, Entry},
    lot_head::{Head, head},
    station_of,
};
use crate::{
    desk::{self, Desk},
    pages::{frame::Frame, sent::Sent, staff::Tab, trouble, visitor::Visitor},
    rules::{ledger as rule, reversal},
    speech::{
        self,
        texts::{Lots as T, TakeBack as B},
    },
    store,
};

#[derive(Template)]
#[template(path = "keeper/take_back.html")]
struct TakeBackPage {
    frame: Frame,
    head: Head,
    line: Entry,
    /// What each place will gain or lose; none where it cannot be taken back.
    change: Option<String>,
    /// How many are where, before and after.
    places: Vec<(&'static str, i32, i32)>,
    reasons: Vec<String>,
    typed: String,
}

/// Why it was a mistake.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WhyForm {
    reason: String,
}

/// Shows what it will change.
pub(super) async fn show(mut visitor: Visitor, Path((code, lot, line)): Path<(String, LotId, MovementId)>) -> Response {
    match station_of(&mut visitor, &code, Tab::Things).await {
        Ok(station) => render(&visitor, &station, (lot, line), StatusCode::OK, (String::new(), Vec::new())).await,
        Err(page) => page,
    }
}

/// Takes it back, and comes to the lot.
pub(super) async fn take_back(Path((code, lot, line)): Path<(String, LotId, MovementId)>, mut sent: Sent<WhyForm>) -> Response {
    let station = match station_of(&mut sent.visitor, &code, Tab::Things).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    match desk::answer(sent.desk, (line, sent.form.reason.clone()), desk::stock::reverse::reverse).await {
        Ok(_) => super::to(&station, &format!("lots/{lot}?done=back")),
        Err(error) => {
            let (status, reasons) = said(&sent.visitor.frame, &error);
            render(&sent.visitor, &station, (lot, line), status, (sent.form.reason, reasons)).await
        }
    }
}

fn said(frame: &Frame, error: &desk::Error) -> (StatusCode, Vec<String>) {
    match error {
        desk::Error::Invalid { field: "reason", .. } => {
            (StatusCode::UNPROCESSABLE_ENTITY, vec![frame.say(B::ReasonMissing).to_owned()])
        }
        error => frame.said(error),
    }
}

async fn render(
    visitor: &Visitor,
    station: &station::Model,
    which: (LotId, MovementId),
    status: StatusCode,
    (typed, reasons): (String, Vec<String>),
) -> Response {
    match read(&visitor.desk, &visitor.frame, station, which).await {
        Ok(mut page) => {
            // What is said about the try is said once.
            if !reasons.is_empty() {
                page.reasons = reasons;
            }
            visitor.frame.page(status, &TakeBackPage { typed, ..page })
        }
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

async fn read(
    desk: &Desk,
    frame: &Frame,
    station: &station::Model,
    (lot, line): (LotId, MovementId),
) -> desk::Result<TakeBackPage> {
    let conn = desk.app.db.read();
    let head = head(desk, frame, station, lot).await?;
    let line = store::movements::find(conn, line).await?.filter(|line| line.lot_id == lot);
    let line = line.ok_or(desk::Error::NotFound("movement"))?;
    let (change, places, reasons) = match weigh(desk, &head, &line).await? {
        Ok((change, after)) => {
            let places = [
                (T::Shelf, head.lot.available, after.available),
                (T::Held, head.lot.held, after.held),
                (T::Apart, head.lot.quarantined, after.quarantined),
                (T::RedBox, head.lot.to_dispose, after.to_dispose),
            ];
            let changed = places.into_iter().filter(|(_, before, after)| before != after);
            let places = changed.map(|(place, before, after)| (frame.say(place), before, after)).collect();
            (Some(ledger::change(frame, change)), places, Vec::new())
        }
        Err(no) => (None, Vec::new(), no.iter().map(|no| frame.words(&speech::refusal(no))).collect()),
    };
    let entry = ledger::entries(desk, frame, station, &head.lot, std::slice::from_ref(&line)).await?.pop();
    let line = entry.ok_or(desk::Error::NotFound("movement"))?;
    Ok(TakeBackPage { frame: frame.clone(), head, line, change, places, reasons, typed: String::new() })
}

type Weighed = Result<(rule::Change, entity::lot::Model), Vec<crate::rules::refusal::Refusal>>;

/// What taking it back would do now, or why it cannot be.
async fn weigh(desk: &Desk, head: &Head, line: &movement::Model) -> desk::Result<Weighed> {
    let conn = desk.app.db.read();
    let take = match line.take_id {
        Some(take) => store::takes::find(conn, take).await?,
        None => None,
    };
    let reversed = store::movements::find_reversal_of(conn, line.id).await?.is_some();
    let change = reversal::reverse(line, take.as_ref(), reversed, &head.lot);
    Ok(change.and_then(|change| match rule::apply(&head.lot, change) {
        Ok(after) => Ok((change, after)),
        Err(no) => Err(vec![no]),
    }))
}
