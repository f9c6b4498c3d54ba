//! Who waits for what at this station, and why: as staff see them.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use entity::{
    hold,
    ids::{HoldId, MemberId},
    member,
};
use serde::Deserialize;

use super::{Kept, Notes, keep, keep_sent, masked, to, verbs::Tap};
use crate::{
    desk,
    pages::{
        frame::Frame,
        sent::Sent,
        visitor::Visitor,
        waiting::{Wait, waits},
    },
    speech::texts::{KeeperBookings, KeeperQueue as T},
    store::{self, bookings::Whose},
};

/// So many on one page.
const PAGE: u64 = 50;
/// So many beside the pick-ups of the day.
const FEW: u64 = 6;

#[derive(Template)]
#[template(path = "keeper/bookings/queue.html")]
struct QueuePage {
    frame: Frame,
    station: String,
    notes: Notes,
    rows: Vec<Waiting>,
    /// The last one shown, if there may be more.
    more: Option<HoldId>,
}

/// Somebody who waits.
pub(super) struct Waiting {
    pub(super) wait: Wait,
    pub(super) who: String,
    /// Why they wait still, said of them.
    pub(super) why: String,
}

/// From where on, and what has just been done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    after: Option<HoldId>,
    done: String,
}

/// Shows them.
pub(super) async fn show(visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    let kept = match keep(visitor, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let notes = Notes::done((!asked.done.is_empty()).then(|| kept.frame.say(T::DoneLeft)));
    render(&kept, asked.after, StatusCode::OK, notes).await
}

async fn render(kept: &Kept, after: Option<HoldId>, status: StatusCode, notes: Notes) -> Response {
    match read(kept, after, PAGE).await {
        Ok((rows, more)) => {
            let (frame, station) = (kept.frame.clone(), kept.station.code.clone());
            kept.frame.page(status, &QueuePage { frame, station, notes, rows, more })
        }
        Err(error) => kept.trouble(&error),
    }
}

/// Those who wait here, the newest first, with what is asked for the next page.
async fn read(kept: &Kept, after: Option<HoldId>, limit: u64) -> desk::Result<(Vec<Waiting>, Option<HoldId>)> {
    let (desk, conn) = (&kept.desk, kept.desk.app.db.read());
    let rows = store::holds::list(conn, &Whose::Stations(vec![kept.station.id]), false, after, limit).await?;
    let more = rows.last().map(|row| row.id).filter(|_| rows.len() as u64 == limit);
    let people = store::members::list_by_ids(conn, rows.iter().map(|row| row.member_id).collect()).await?;
    let people: BTreeMap<MemberId, member::Model> = people.into_iter().map(|member| (member.id, member)).collect();
    let said = waits(desk, &kept.frame, &rows).await?;
    let mut waiting: Vec<Waiting> = rows.iter().zip(said).map(|(row, wait)| line(kept, &people, row, wait)).collect();
    // What belongs together stands together, in the order in which it is their turn.
    waiting.sort_by(|a, b| (&a.wait.name, a.wait.view.position).cmp(&(&b.wait.name, b.wait.view.position)));
    Ok((waiting, more))
}

fn line(kept: &Kept, people: &BTreeMap<MemberId, member::Model>, row: &hold::Model, wait: Wait) -> Waiting {
    Waiting {
        who: people.get(&row.member_id).map(|member| masked(&kept.desk, member)).unwrap_or_default(),
        why: why(kept, &wait),
        wait,
    }
}

/// Why somebody waits still, said to whoever keeps the station.
fn why(kept: &Kept, wait: &Wait) -> String {
    let (frame, view) = (&kept.frame, &wait.view);
    let at = |at| frame.day_and_time(at, kept.station.zone());
    match (view.why.code.as_str(), view.lapses_at, view.why.next_return) {
        ("your-turn", Some(until), _) => frame.say1(T::HeldUntil, at(until)),
        ("first-come", ..) => frame.say(T::FirstCome).to_owned(),
        ("passed-over", ..) => {
            let reasons = view.why.reasons.iter().map(|no| frame.words(&crate::speech::Words::new(&no.zh, &no.en)));
            frame.say1(T::PassedOver, reasons.collect::<Vec<_>>().join(" "))
        }
        (_, _, Some(back)) => frame.say1(T::NextBack, at(back)),
        _ => frame.say(T::NoneFree).to_owned(),
    }
}

/// The few who came last, for the page of the day, and whether there are more.
///
/// # Errors
/// The database.
pub(super) async fn few(kept: &Kept) -> desk::Result<Vec<Waiting>> {
    Ok(read(kept, None, FEW).await?.0)
}

/// Somebody has said that they wait no longer.
pub(super) async fn leave(Path((code, id)): Path<(String, String)>, sent: Sent<Tap>) -> Response {
    let (kept, desk, Tap {}) = match keep_sent(sent, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let Ok(id) = id.parse::<HoldId>() else { return kept.trouble(&desk::Error::NotFound("hold")) };
    match desk::answer(desk, id, desk::queue::leave::leave).await {
        Ok(_) => to(&kept.station, "queue?done=left"),
        Err(error @ desk::Error::NotFound(_)) => kept.trouble(&error),
        Err(error) => {
            let (status, reasons) = kept.frame.said(&error);
            render(&kept, None, status, Notes::no(reasons)).await
        }
    }
}
