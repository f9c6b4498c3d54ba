//! What was done at the counter, line by line. It stands in the address, so that the page needs no memory of its own; what the
//! lines say is read anew each time.

use entity::{kind, loan, station};

use super::{masked, named, picture};
use crate::{
    desk::{self, Desk},
    pages::frame::Frame,
    speech::texts::Counter as T,
    store,
};

/// The most lines in an address.
const MOST: usize = 60;

/// One thing that was done.
pub(super) struct Line {
    pub(super) picture: String,
    pub(super) name: String,
    pub(super) said: String,
}

/// The log as it may stand in an address, whatever somebody has written there.
pub(super) fn clean(log: &str) -> String {
    log.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.,".contains(*c)).collect()
}

/// The log with one line more: `l` lent, `r` returned, `s` seen although it was not out, `b` bound.
pub(super) fn with(log: &str, what: char, code: &str) -> String {
    let mut lines: Vec<String> = clean(log).split(',').filter(|line| !line.is_empty()).map(str::to_owned).collect();
    lines.push(format!("{what}.{}", clean(code).replace(',', "")));
    lines.split_off(lines.len().saturating_sub(MOST)).join(",")
}

/// What the log says, the newest first.
pub(super) async fn lines(desk: &Desk, frame: &Frame, station: &station::Model, log: &str) -> desk::Result<Vec<Line>> {
    let conn = desk.app.db.read();
    let parts: Vec<(&str, &str)> = log.split(',').filter_map(|line| line.split_once('.')).take(MOST).collect();
    let mut lines = Vec::with_capacity(parts.len());
    for (what, code) in parts {
        let Some(item) = store::items::find_by_code(conn, code).await? else {
            if what == "b" {
                let said = frame.say1(T::Bound, code);
                lines.push(Line { picture: "🏷️".to_owned(), name: code.to_owned(), said });
            }
            continue;
        };
        let Some(kind) = store::kinds::find(conn, item.kind_id).await? else { continue };
        let last = store::loans::list_of_item(conn, item.id, None, 1).await?.pop();
        let said = match (what, last) {
            ("b", _) => frame.say1(T::Bound, code),
            ("l", Some(loan)) if loan.is_open() => lent(desk, frame, station, &loan).await?,
            ("r", Some(loan)) if !loan.is_open() => back(frame, &loan),
            ("s", _) => frame.say(T::WasNotOut).to_owned(),
            _ => continue,
        };
        lines.push(Line { picture: picture(&kind), name: name(frame, &kind, item.label.as_deref()), said });
    }
    lines.reverse();
    Ok(lines)
}

fn name(frame: &Frame, kind: &kind::Model, label: Option<&str>) -> String {
    let kind = named(frame, kind);
    label.map_or_else(|| kind.clone(), |label| format!("{label} · {kind}"))
}

async fn lent(desk: &Desk, frame: &Frame, station: &station::Model, loan: &loan::Model) -> desk::Result<String> {
    let due = frame.day_and_time(loan.due_at, station.zone());
    let who = match loan.member_id {
        Some(id) => store::members::find(desk.app.db.read(), id).await?,
        None => None,
    };
    Ok(who.map_or_else(|| frame.say1(T::LentUntil, &due), |who| frame.say2(T::LentTo, masked(desk, &who), &due)))
}

fn back(frame: &Frame, loan: &loan::Model) -> String {
    let late = loan.returned_at.map(|at| (at - loan.due_at).num_hours()).unwrap_or_default();
    match late {
        ..=0 => frame.say(T::Returned).to_owned(),
        hours @ 1..=47 => frame.say1(T::ReturnedLateHours, hours),
        hours => frame.say1(T::ReturnedLateDays, hours / 24),
    }
}
