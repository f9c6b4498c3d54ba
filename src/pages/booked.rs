//! What was booked, as pages say it: for residents, keepers and the display at a door.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    booking::{self, State},
    hold,
    ids::{BookingId, KindId, OccasionId, SpaceId, StationId},
    kind, occasion, series, space, station,
};

use super::frame::Frame;
use crate::{
    desk::{
        self, Desk,
        bookings::bookable::{Bookable, Subject, Target},
    },
    rules::booking_life,
    speech, store,
};

/// A kind, a space or an occasion.
type What = (Option<KindId>, Option<SpaceId>, Option<OccasionId>);

/// What bookings are of, and where: read in a number of statements that does not grow with them.
pub(super) struct Things {
    kinds: BTreeMap<KindId, kind::Model>,
    spaces: BTreeMap<SpaceId, space::Model>,
    occasions: BTreeMap<OccasionId, occasion::Model>,
    stations: BTreeMap<StationId, station::Model>,
}

impl Things {
    /// Of these bookings.
    pub(super) async fn of(desk: &Desk, rows: &[booking::Model]) -> desk::Result<Self> {
        let what = rows.iter().map(|row| (row.kind_id, row.space_id, row.occasion_id)).collect();
        Self::read(desk, what, rows.iter().map(|row| row.station_id).collect()).await
    }

    /// Of places in the queue, at these stations.
    pub(super) async fn waited_for(desk: &Desk, rows: &[hold::Model], mut stations: Vec<StationId>) -> desk::Result<Self> {
        let what = rows.iter().map(|row| (row.kind_id, row.space_id, row.occasion_id)).collect();
        stations.extend(rows.iter().map(|row| row.station_id));
        Self::read(desk, what, stations).await
    }

    /// Of series.
    pub(super) async fn repeated(desk: &Desk, rows: &[series::Model]) -> desk::Result<Self> {
        let what = rows.iter().map(|row| (row.wish.kind_id, row.wish.space_id, None)).collect();
        Self::read(desk, what, rows.iter().map(|row| row.station_id).collect()).await
    }

    async fn read(desk: &Desk, what: Vec<What>, stations: Vec<StationId>) -> desk::Result<Self> {
        let conn = desk.app.db.read();
        let kinds = store::kinds::list_by_ids(conn, what.iter().filter_map(|(kind, ..)| *kind).collect()).await?;
        let spaces = store::spaces::list_by_ids(conn, what.iter().filter_map(|(_, space, _)| *space).collect()).await?;
        let occasions = what.iter().filter_map(|(.., occasion)| *occasion).collect();
        let occasions = store::spaces::list_occasions_by_ids(conn, occasions).await?;
        let stations = store::stations::list_by_ids(conn, stations).await?;
        Ok(Self {
            kinds: kinds.into_iter().map(|row| (row.id, row)).collect(),
            spaces: spaces.into_iter().map(|row| (row.id, row)).collect(),
            occasions: occasions.into_iter().map(|row| (row.id, row)).collect(),
            stations: stations.into_iter().map(|row| (row.id, row)).collect(),
        })
    }

    /// A booking as it stands now.
    pub(super) fn line(&self, frame: &Frame, row: &booking::Model, now: DateTime<Utc>) -> Line {
        let station = self.stations.get(&row.station_id);
        let zone = station.map_or(chrono_tz::Asia::Shanghai, station::Model::zone);
        let (picture, name) = self.named(frame, row.kind_id, row.space_id, row.occasion_id);
        let state = booking_life::lapsed(row, now).unwrap_or(row.state);
        let (class, sign) = look_of(state);
        Line {
            id: row.id,
            picture,
            name: if row.quantity > 1 { format!("{name} × {}", row.quantity) } else { name },
            place: station.map(|station| station.name.clone()).unwrap_or_default(),
            when: frame.words(&speech::span(row.starts_at, row.ends_at, zone)),
            words: frame.words(&speech::booking_state(state)),
            class,
            sign,
            state,
            open: booking_life::stands(row, now),
            checks_in: booking_life::awaits_check_in(row, now),
        }
    }

    /// The picture and the name of one of them.
    pub(super) fn named(
        &self,
        frame: &Frame,
        kind: Option<KindId>,
        space: Option<SpaceId>,
        occasion: Option<OccasionId>,
    ) -> (String, String) {
        if let Some(kind) = kind.and_then(|id| self.kinds.get(&id)) {
            return (kind_picture(kind), frame.name(&kind.name, kind.name_en.as_deref()).to_owned());
        }
        if let Some(space) = space.and_then(|id| self.spaces.get(&id)) {
            return (space_picture(space), frame.name(&space.name, space.name_en.as_deref()).to_owned());
        }
        let occasion = occasion.and_then(|id| self.occasions.get(&id));
        occasion.map_or_else(
            || ("📅".to_owned(), String::new()),
            |occasion| (occasion_picture(occasion), frame.name(&occasion.name, occasion.name_en.as_deref()).to_owned()),
        )
    }

    /// One of the stations.
    pub(super) fn station(&self, id: StationId) -> Option<&station::Model> {
        self.stations.get(&id)
    }
}

/// A booking in a list.
pub(super) struct Line {
    pub(super) id: BookingId,
    pub(super) picture: String,
    pub(super) name: String,
    pub(super) place: String,
    pub(super) when: String,
    /// Its state in words, with its colour and its sign.
    pub(super) words: String,
    pub(super) class: &'static str,
    pub(super) sign: &'static str,
    pub(super) state: State,
    /// It stands.
    pub(super) open: bool,
    /// Whoever has it can check in now.
    pub(super) checks_in: bool,
}

impl Line {
    /// Held, and waiting to be confirmed.
    pub(super) fn held(&self) -> bool {
        self.state == State::Held
    }
}

fn look_of(state: State) -> (&'static str, &'static str) {
    match state {
        State::Confirmed | State::Ready | State::Collected => ("good", "✓"),
        State::Held | State::Pending => ("out", "…"),
        State::AtRisk => ("bad", "!"),
        State::Rejected | State::Displaced | State::NoShow => ("bad", "✕"),
        State::Ended | State::Cancelled | State::Expired => ("calm", "–"),
    }
}

fn kind_picture(kind: &kind::Model) -> String {
    kind.emoji.clone().unwrap_or_else(|| speech::category(&kind.category).1.to_owned())
}

fn space_picture(space: &space::Model) -> String {
    space.emoji.clone().unwrap_or_else(|| "🚪".to_owned())
}

fn occasion_picture(occasion: &occasion::Model) -> String {
    occasion.emoji.clone().unwrap_or_else(|| "📅".to_owned())
}

/// The picture of what can be booked.
pub(super) fn picture_of(subject: &Bookable) -> String {
    match &subject.subject {
        Subject::Things(kind) => kind_picture(kind),
        Subject::Space(space) => space_picture(space),
        Subject::Occasion(occasion) => occasion_picture(occasion),
    }
}

/// The name of what can be booked.
pub(super) fn name_of(frame: &Frame, subject: &Bookable) -> String {
    let (name, name_en) = match &subject.subject {
        Subject::Things(kind) => (&kind.name, &kind.name_en),
        Subject::Space(space) => (&space.name, &space.name_en),
        Subject::Occasion(occasion) => (&occasion.name, &occasion.name_en),
    };
    frame.name(name, name_en.as_deref()).to_owned()
}

/// Its part of an address: what sort it is, and its id.
pub(super) fn address_of(subject: &Bookable) -> String {
    match &subject.subject {
        Subject::Things(kind) => format!("thing/{}", kind.id),
        Subject::Space(space) => format!("space/{}", space.id),
        Subject::Occasion(occasion) => format!("session/{}", occasion.id),
    }
}

/// What such a part of an address means at a station.
pub(super) fn target_of(station: &str, sort: &str, id: &str) -> desk::Result<Target> {
    let id = uuid::Uuid::parse_str(id).map_err(|_| desk::Error::NotFound("bookable"))?;
    match sort {
        "thing" => Ok(Target::Things(station.to_owned(), id.into())),
        "space" => Ok(Target::Space(id.into())),
        "session" => Ok(Target::Occasion(id.into())),
        _ => Err(desk::Error::NotFound("bookable")),
    }
}

/// The same from the ids: of a kind, a space or an occasion.
pub(super) fn address_in(what: What) -> String {
    match what {
        (Some(kind), ..) => format!("thing/{kind}"),
        (_, Some(space), _) => format!("space/{space}"),
        (.., Some(occasion)) => format!("session/{occasion}"),
        _ => String::new(),
    }
}

/// The address of the page where a booking of this is begun.
pub(super) fn way_to_book(row: &booking::Model, station: &str) -> String {
    format!("/stations/{station}/book/{}", address_in((row.kind_id, row.space_id, row.occasion_id)))
}

/// An instant as it stands in an address: the wall clock of the station.
pub(super) fn in_address(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%Y-%m-%dT%H:%M").to_string()
}
