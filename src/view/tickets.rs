//! Tickets 报修/问题单.

use chrono::{DateTime, Utc};
use entity::{
    ticket::{self, Matter, Outcome},
    ticket_note,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What a reporter is told.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReportedView {
    /// The ticket.
    pub ticket_id: Uuid,
    /// Others had reported the thing before; this was added to theirs.
    pub joined: bool,
}

/// A ticket, as keepers see it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TicketView {
    /// Its id.
    pub id: Uuid,
    /// At which station.
    pub station_id: Option<Uuid>,
    /// About which thing; none for the station itself.
    pub item_id: Option<Uuid>,
    /// `broken`, `part_missing`, `dirty`, `wrong_sticker`, `place`, `wish` or `other`.
    #[schema(value_type = String, example = "broken")]
    pub what: Matter,
    /// How many reports it has gathered.
    pub reports: i32,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When the last report came.
    pub reported_at: DateTime<Utc>,
    /// When a keeper had seen all of it.
    pub seen_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// `repaired`, `replaced`, `no_fault`, `retired` or `answered`.
    #[schema(value_type = Option<String>)]
    pub outcome: Option<Outcome>,
    /// What was said about the end.
    pub answer: Option<String>,
}

impl From<&ticket::Model> for TicketView {
    fn from(row: &ticket::Model) -> Self {
        Self {
            id: row.id.0,
            station_id: row.station_id.map(|id| id.0),
            item_id: row.item_id.map(|id| id.0),
            what: row.what,
            reports: row.reports,
            opened_at: row.opened_at,
            reported_at: row.reported_at,
            seen_at: row.seen_at,
            closed_at: row.closed_at,
            outcome: row.outcome,
            answer: row.answer.clone(),
        }
    }
}

/// One report in a ticket.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TicketNoteView {
    /// What is the matter.
    #[schema(value_type = String, example = "broken")]
    pub what: Matter,
    /// In the reporter's words.
    pub note: Option<String>,
    /// A picture, at `/photos/{id}`.
    pub photo_id: Option<Uuid>,
    /// By somebody who keeps the station.
    pub by_keeper: bool,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl From<&ticket_note::Model> for TicketNoteView {
    fn from(row: &ticket_note::Model) -> Self {
        Self {
            what: row.what,
            note: row.note.clone(),
            photo_id: row.photo_id.map(|id| id.0),
            by_keeper: row.by_keeper,
            created_at: row.created_at,
        }
    }
}

/// A ticket with its reports.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WholeTicketView {
    /// The ticket.
    pub ticket: TicketView,
    /// Its reports, oldest first.
    pub notes: Vec<TicketNoteView>,
}
