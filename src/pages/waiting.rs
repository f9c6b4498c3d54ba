//! Who waits for what, as pages say it: for whoever waits, and for keepers.

use std::collections::BTreeMap;

use entity::{
    hold,
    hold::State,
    ids::{HoldId, StationId},
};

use super::{booked::Things, frame::Frame};
use crate::{
    desk::{self, Desk},
    speech::{self, Words, texts::Queue as T},
    store,
    view::QueueView,
};

/// A place in the queue, in words.
pub(super) struct Wait {
    pub(super) id: HoldId,
    pub(super) picture: String,
    pub(super) name: String,
    /// At which stations.
    pub(super) places: String,
    /// For when it is wanted.
    pub(super) when: String,
    /// Which place it is, or what became of it, with its colour and its sign.
    pub(super) words: String,
    pub(super) class: &'static str,
    pub(super) sign: &'static str,
    /// Why it waits still, to whoever waits.
    pub(super) why: String,
    /// The rest of what is known of it.
    pub(super) view: QueueView,
}

/// Places in the queue as they stand now, in a number of statements that does not grow with them.
///
/// # Errors
/// The database.
pub(super) async fn waits(desk: &Desk, frame: &Frame, rows: &[hold::Model]) -> desk::Result<Vec<Wait>> {
    let conn = desk.app.db.read();
    let mut places: BTreeMap<HoldId, Vec<StationId>> = BTreeMap::new();
    for place in store::holds::list_places(conn, rows.iter().map(|row| row.id).collect()).await? {
        places.entry(place.hold_id).or_default().push(place.station_id);
    }
    let things = Things::waited_for(desk, rows, places.values().flatten().copied().collect()).await?;
    let views = desk::queue::look::views(desk, conn, rows).await?;
    let here = |row: &hold::Model| places.get(&row.id).map_or(&[][..], Vec::as_slice);
    Ok(rows.iter().zip(views).map(|(row, view)| wait(frame, &things, here(row), row, view)).collect())
}

fn wait(frame: &Frame, things: &Things, stations: &[StationId], row: &hold::Model, view: QueueView) -> Wait {
    let (picture, name) = things.named(frame, row.kind_id, row.space_id, row.occasion_id);
    let (class, sign) = match row.state {
        State::Waiting => ("out", "…"),
        State::Offered | State::Met => ("good", "✓"),
        State::Left | State::Missed | State::Over => ("calm", "–"),
    };
    let words = match (row.state, view.position) {
        (State::Waiting, position) => frame.say1(T::Position, position.unwrap_or(1)),
        (State::Offered, _) => frame.say(T::YourTurn).to_owned(),
        (State::Met, _) => frame.say(T::Met).to_owned(),
        (State::Left | State::Missed | State::Over, _) => frame.say(T::Ended).to_owned(),
    };
    Wait {
        id: row.id,
        picture,
        name: if row.quantity > 1 { format!("{name} × {}", row.quantity) } else { name },
        places: stations.iter().filter_map(|id| things.station(*id)).map(|s| s.name.as_str()).collect::<Vec<_>>().join("、"),
        when: when(frame, things, row),
        words,
        class,
        sign,
        why: frame.words(&Words::new(&view.why.zh, &view.why.en)),
        view,
    }
}

fn when(frame: &Frame, things: &Things, row: &hold::Model) -> String {
    let Some((from, to)) = row.starts_at.zip(row.ends_at) else { return frame.say(T::Soonest).to_owned() };
    let zone = things.station(row.station_id).map_or(chrono_tz::Asia::Shanghai, entity::station::Model::zone);
    let said = frame.words(&speech::span(from, to, zone));
    match u32::try_from(row.flexible_minutes) {
        Ok(minutes) if minutes > 0 => frame.say2(T::GiveOrTake, said, frame.words(&speech::length(minutes)).trim()),
        _ => said,
    }
}
