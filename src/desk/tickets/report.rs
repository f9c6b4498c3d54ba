//! Report a fault of a thing, or something about a station. By anybody, without signing in. It takes nothing out of service: it
//! opens a ticket, or joins the one that is open, and asks the keeper to look.

use entity::{
    ids::{PhotoId, StationId},
    item::{self, Lifecycle},
    photo,
    task::{self, What},
    ticket::{self, Matter},
    ticket_note,
};

use crate::{
    db::{Done, WriteTx},
    desk::{About, Desk, Error, Problem, Result, borrow::new_task, invalid},
    picture,
    rules::tickets as rule,
    store,
    view::ReportedView,
};

/// What a report is about.
#[derive(Clone, Debug)]
pub enum Subject {
    /// A thing, by the code on it.
    Item(String),
    /// A station, by its plate.
    Station(String),
}

/// What is reported.
#[derive(Clone, Debug)]
pub struct Report {
    /// About what.
    pub subject: Subject,
    /// What is the matter.
    pub what: Matter,
    /// In the reporter's words.
    pub note: Option<String>,
    /// A picture, in any format that can be read.
    pub photo: Option<Vec<u8>>,
    /// The reporter keeps the station, and has the thing before them.
    pub round: Option<InHand>,
}

/// What a keeper does with the thing before them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InHand {
    /// It stays in service.
    Stays,
    /// It is not lent until it is mended.
    TakenOut,
}

/// Takes the report down.
///
/// # Errors
/// [`Error::NotFound`] for an unknown code; [`Error::Invalid`] for a picture that is none, or a word that is not said of such a
/// thing; [`Error::Forbidden`] for somebody else who says they are on a round.
pub async fn report(desk: Desk, order: Report) -> Result<Done<ReportedView>> {
    let note = order.note.as_deref().map(|text| entity::values::text(text, 500)).transpose().map_err(invalid("note"))?;
    if !rule::fits(order.what, matches!(order.subject, Subject::Item(_))) {
        return Err(Error::Invalid { field: "what", problem: Problem::Unknown });
    }
    let jpeg = match order.photo.clone() {
        None => None,
        Some(bytes) => {
            let jpeg = picture::normalise(bytes).await;
            Some(jpeg.ok_or(Error::Invalid { field: "photo", problem: Problem::NotAPicture })?)
        }
    };
    let tx = desk.open().await?;
    let told = Told { what: order.what, note, photo: None, by_keeper: false };
    let receipt = match &order.subject {
        Subject::Item(code) => about_item(&desk, &tx, code, (told, jpeg), order.round).await?,
        Subject::Station(code) => about_station(&desk, &tx, code, (told, jpeg)).await?,
    };
    desk.commit(tx, receipt).await
}

async fn about_item(
    desk: &Desk,
    tx: &WriteTx,
    code: &str,
    (mut told, jpeg): (Told, Option<Vec<u8>>),
    round: Option<InHand>,
) -> Result<ReportedView> {
    let mut item = store::items::lock_by_code(tx, code).await?.ok_or(Error::NotFound("item"))?;
    let station = match item.station_id {
        Some(id) => store::stations::find(tx.conn(), id).await?,
        None => None,
    };
    told.by_keeper = desk.actor.keeper_where(station.as_ref()).is_ok();
    if let Some(in_hand) = round {
        desk.actor.keeper_where(station.as_ref())?;
        item.last_seen_at = Some(desk.now());
        if in_hand == InHand::TakenOut && matches!(item.lifecycle, Lifecycle::Active | Lifecycle::Missing) {
            (item.lifecycle, item.lifecycle_reason) = (Lifecycle::Maintenance, told.note.clone());
        }
    }
    if let Some(jpeg) = jpeg {
        let id: PhotoId = desk.app.clock.id();
        store::photos::add(tx, photo::Model { id, item_id: item.id, loan_id: None, jpeg, created_at: desk.now() }).await?;
        told.photo = Some(id);
    }
    let item = store::items::change(tx, item).await?;
    let (row, joined) = join(desk, tx, &item, told).await?;
    let task = task::Model {
        natural_key: format!("{:?}:{}", What::Repair, item.id),
        station_id: item.station_id,
        item_id: Some(item.id),
        note: store::tickets::list_notes(tx.conn(), row.id).await?.into_iter().find_map(|note| note.note),
        ..new_task(desk, What::Repair)
    };
    store::tasks::open(tx, task).await?;
    let detail = Some(serde_json::json!({ "ticket": row.id, "what": row.what }));
    desk.record(tx, "fault_reported", About { item: Some(&item), detail, ..About::default() }).await?;
    Ok(ReportedView { ticket_id: row.id.0, joined })
}

async fn about_station(desk: &Desk, tx: &WriteTx, code: &str, (mut told, jpeg): (Told, Option<Vec<u8>>)) -> Result<ReportedView> {
    let station = store::stations::find_by_code(tx.conn(), code).await?.ok_or(Error::NotFound("station"))?;
    told.by_keeper = desk.actor.keeper_of(&station).is_ok();
    if let Some(jpeg) = jpeg {
        let id: PhotoId = desk.app.clock.id();
        store::tickets::add_station_photo(tx, id, station.id, jpeg, desk.now()).await?;
        told.photo = Some(id);
    }
    let row = open(desk, tx, (Some(station.id), None), &told).await?;
    add_note(desk, tx, &row, told).await?;
    let task = task::Model {
        natural_key: format!("{:?}:{}", What::Answer, station.id),
        station_id: Some(station.id),
        ..new_task(desk, What::Answer)
    };
    store::tasks::open(tx, task).await?;
    let detail = Some(serde_json::json!({ "ticket": row.id, "what": row.what }));
    desk.record(tx, "station_reported", About { station: Some(station.id), detail, ..About::default() }).await?;
    Ok(ReportedView { ticket_id: row.id.0, joined: false })
}

/// One report.
#[derive(Debug)]
pub(in crate::desk) struct Told {
    pub(in crate::desk) what: Matter,
    pub(in crate::desk) note: Option<String>,
    pub(in crate::desk) photo: Option<PhotoId>,
    pub(in crate::desk) by_keeper: bool,
}

/// Puts a report of a thing that is held into its open ticket, or opens one. Who has seen the ticket has not seen this.
pub(in crate::desk) async fn join(desk: &Desk, tx: &WriteTx, item: &item::Model, told: Told) -> Result<(ticket::Model, bool)> {
    let (row, joined) = match store::tickets::find_open_of_item(tx.conn(), item.id).await? {
        None => (open(desk, tx, (item.station_id, Some(item)), &told).await?, false),
        Some(row) => {
            let row = ticket::Model {
                reports: row.reports + 1,
                reported_at: desk.now(),
                seen_at: None,
                seen_by: None,
                station_id: item.station_id,
                ..row
            };
            store::tickets::change(tx, row.clone()).await?;
            (row, true)
        }
    };
    add_note(desk, tx, &row, told).await?;
    Ok((row, joined))
}

async fn open(
    desk: &Desk,
    tx: &WriteTx,
    (station, item): (Option<StationId>, Option<&item::Model>),
    told: &Told,
) -> Result<ticket::Model> {
    let row = ticket::Model {
        id: desk.app.clock.id(),
        station_id: station,
        item_id: item.map(|item| item.id),
        what: told.what,
        reports: 1,
        opened_at: desk.now(),
        reported_at: desk.now(),
        seen_at: None,
        seen_by: None,
        closed_at: None,
        closed_by: None,
        outcome: None,
        answer: None,
    };
    store::tickets::add(tx, row.clone()).await?;
    Ok(row)
}

async fn add_note(desk: &Desk, tx: &WriteTx, ticket: &ticket::Model, told: Told) -> Result<()> {
    let row = ticket_note::Model {
        id: desk.app.clock.id(),
        ticket_id: ticket.id,
        what: told.what,
        note: told.note,
        photo_id: told.photo,
        by_keeper: told.by_keeper,
        created_at: desk.now(),
    };
    Ok(store::tickets::add_note(tx, row).await?)
}
