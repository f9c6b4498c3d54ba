//! One session: who comes, as a list to check in and to print; edited, called off.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use entity::{booking::State, ids::OccasionId, occasion};
use serde::Deserialize;

use super::{
    Kept, Notes, given, keep, keep_sent,
    list::{Coming, People},
    seen_at, to,
};
use crate::{
    desk::{self, occasions::Edit},
    pages::{booked::Things, frame::Frame, sent::Sent, visitor::Visitor},
    speech::{
        self,
        texts::{KeeperBookings, Spaces as T},
    },
    store,
};

#[derive(Template)]
#[template(path = "keeper/bookings/session.html")]
struct SessionPage {
    frame: Frame,
    station: String,
    notes: Notes,
    id: OccasionId,
    picture: String,
    name: String,
    when: String,
    full: String,
    called_off: Option<String>,
    /// It can still be changed.
    open: bool,
    rows: Vec<Guest>,
    typed: EditForm,
}

/// Somebody who has booked.
struct Guest {
    coming: Coming,
    seats: i32,
    here: bool,
}

/// What is changed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EditForm {
    name: String,
    name_en: String,
    note: String,
    seats: String,
    rev: i64,
}

impl EditForm {
    fn of(row: &occasion::Model) -> Self {
        Self {
            name: row.name.clone(),
            name_en: row.name_en.clone().unwrap_or_default(),
            note: row.note.clone().unwrap_or_default(),
            seats: row.seats.to_string(),
            rev: row.rev,
        }
    }

    fn edit(&self) -> desk::Result<Edit> {
        let seats = self.seats.trim().parse();
        let seats = seats.map_err(|_| desk::Error::Invalid { field: "seats", problem: desk::Problem::OutOfRange })?;
        Ok(Edit {
            name: Some(self.name.clone()),
            name_en: Some(given(&self.name_en)),
            note: Some(given(&self.note)),
            seats: Some(seats),
        })
    }
}

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    done: String,
}

/// Shows it.
pub(super) async fn show(visitor: Visitor, Path((code, id)): Path<(String, String)>, Query(asked): Query<Asked>) -> Response {
    let kept = match keep(visitor, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let done = match asked.done.as_str() {
        "here" => Some(kept.frame.say(KeeperBookings::DoneHere)),
        "saved" => Some(kept.frame.say(T::Saved)),
        "off" => Some(kept.frame.say(T::CalledOff)),
        _ => None,
    };
    render(&kept, &id, StatusCode::OK, Notes::done(done), None).await
}

async fn render(kept: &Kept, id: &str, status: StatusCode, notes: Notes, typed: Option<EditForm>) -> Response {
    match read(kept, id).await {
        Ok(page) => {
            let typed = typed.unwrap_or_else(|| page.typed.clone());
            kept.frame.page(status, &SessionPage { notes, typed, ..page })
        }
        Err(error) => kept.trouble(&error),
    }
}

async fn find(kept: &Kept, id: &str) -> desk::Result<occasion::Model> {
    let id: OccasionId = id.parse().map_err(|_| desk::Error::NotFound("occasion"))?;
    let row = store::spaces::find_occasion(kept.desk.app.db.read(), id).await?;
    row.filter(|row| row.station_id == kept.station.id).ok_or(desk::Error::NotFound("occasion"))
}

async fn read(kept: &Kept, id: &str) -> desk::Result<SessionPage> {
    let (desk, frame, now) = (&kept.desk, &kept.frame, kept.desk.now());
    let row = find(kept, id).await?;
    let booked = store::bookings::list_of_occasion(desk.app.db.read(), row.id).await?;
    let (people, things) = (People::of(desk, &booked).await?, Things::of(desk, &booked).await?);
    let guest = |row: &entity::booking::Model| {
        let coming = people.coming(desk, frame, &things, row);
        Guest { seats: row.quantity, here: coming.line.state == State::Collected, coming }
    };
    let rows: Vec<Guest> = booked.iter().map(guest).collect();
    let taken: i32 = rows.iter().map(|guest| guest.seats).sum();
    Ok(SessionPage {
        picture: row.emoji.clone().unwrap_or_else(|| "📅".to_owned()),
        name: frame.name(&row.name, row.name_en.as_deref()).to_owned(),
        when: frame.words(&speech::span(row.starts_at, row.ends_at, kept.station.zone())),
        full: frame.say2(T::Taken, taken, row.seats),
        called_off: row.cancelled_at.map(|_| row.cancel_reason.clone().unwrap_or_default()),
        open: row.cancelled_at.is_none() && row.ends_at > now,
        typed: EditForm::of(&row),
        id: row.id,
        rows,
        notes: Notes::default(),
        station: kept.station.code.clone(),
        frame: frame.clone(),
    })
}

/// Edits it.
pub(super) async fn edit(Path((code, id)): Path<(String, String)>, sent: Sent<EditForm>) -> Response {
    let (kept, desk, form) = match keep_sent(sent, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let ended = match (find(&kept, &id).await, form.edit()) {
        (Ok(row), Ok(what)) => desk::answer(seen_at(desk, form.rev), (row.id, what), desk::occasions::edit).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    match ended {
        Ok(_) => to(&kept.station, &format!("sessions/{id}?done=saved")),
        Err(error) => {
            let (status, reasons) = kept.frame.said(&error);
            render(&kept, &id, status, Notes::no(reasons), Some(form)).await
        }
    }
}

/// Why.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WhyForm {
    reason: String,
}

/// Calls it off.
pub(super) async fn call_off(Path((code, id)): Path<(String, String)>, sent: Sent<WhyForm>) -> Response {
    let (kept, desk, form) = match keep_sent(sent, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let ended = match find(&kept, &id).await {
        Ok(row) => desk::answer(desk, (row.id, form.reason), desk::occasions::call_off).await,
        Err(error) => Err(error),
    };
    match ended {
        Ok(_) => to(&kept.station, &format!("sessions/{id}?done=off")),
        Err(error) => {
            let (status, reasons) = kept.frame.said(&error);
            render(&kept, &id, status, Notes::no(reasons), None).await
        }
    }
}
