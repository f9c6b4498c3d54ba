//! The ledger of a lot, in words: what happened, what was taken back, and what can be.

use std::collections::BTreeMap;

use entity::{
    ids::{MovementId, TakeId},
    lot, movement, station, take,
};

use crate::{
    desk::{self, Desk},
    pages::frame::Frame,
    rules::{ledger::Change, reversal},
    speech::{self, texts::Lots as T},
    store,
};

/// A line of the ledger, in words.
pub(super) struct Entry {
    pub(super) id: MovementId,
    pub(super) when: String,
    pub(super) what: String,
    pub(super) change: String,
    pub(super) note: String,
    /// What it takes back, or when it was taken back.
    pub(super) pair: Option<String>,
    /// A keeper may take it back.
    pub(super) reversible: bool,
}

/// Lines of a lot, with their other halves.
pub(super) async fn entries(
    desk: &Desk,
    frame: &Frame,
    station: &station::Model,
    lot: &lot::Model,
    lines: &[movement::Model],
) -> desk::Result<Vec<Entry>> {
    let conn = desk.app.db.read();
    let halves = store::movements::list_other_halves(conn, lines).await?;
    let takes = store::takes::list_some(conn, lines.iter().filter_map(|line| line.take_id).collect()).await?;
    let takes: BTreeMap<TakeId, take::Model> = takes.into_iter().map(|take| (take.id, take)).collect();
    let entry = |line: &movement::Model| {
        let back = halves.iter().find(|other| other.reversal_of == Some(line.id));
        let first = halves.iter().find(|other| Some(other.id) == line.reversal_of);
        let take = line.take_id.and_then(|id| takes.get(&id));
        Entry {
            pair: pair(frame, station, first, back),
            reversible: reversal::reverse(line, take, back.is_some(), lot).is_ok(),
            ..entry(frame, station, line)
        }
    };
    Ok(lines.iter().map(entry).collect())
}

fn pair(
    frame: &Frame,
    station: &station::Model,
    first: Option<&movement::Model>,
    back: Option<&movement::Model>,
) -> Option<String> {
    let when = |line: &movement::Model| frame.day_and_time(line.recorded_at, station.zone());
    match (first, back) {
        (Some(first), _) => Some(frame.say2(T::TakesBack, when(first), frame.words(&speech::movement(first.reason)))),
        (None, Some(back)) => Some(frame.say1(T::TakenBack, when(back))),
        (None, None) => None,
    }
}

/// One line by itself.
pub(super) fn entry(frame: &Frame, station: &station::Model, line: &movement::Model) -> Entry {
    let note = line.note.as_deref().map(|note| frame.words(&speech::own_note(note)));
    Entry {
        id: line.id,
        when: frame.day_and_time(line.occurred_at, station.zone()),
        what: frame.words(&speech::movement(line.reason)),
        change: change(frame, reversal::change_of(line)),
        note: note.unwrap_or_default(),
        pair: None,
        reversible: false,
    }
}

/// What each place gains or loses.
pub(super) fn change(frame: &Frame, change: Change) -> String {
    let parts =
        [(change.available, T::Shelf), (change.held, T::Held), (change.quarantined, T::Apart), (change.to_dispose, T::RedBox)];
    let moved = parts.iter().filter(|(units, _)| *units != 0).map(|(units, place)| format!("{} {units:+}", frame.say(*place)));
    moved.collect::<Vec<_>>().join(" · ")
}
