//! One report in a ticket. Lines are added, never changed. Who reported is not kept: a fault needs no name.

use sea_orm::entity::prelude::*;

use crate::{
    ids::{PhotoId, TicketId, TicketNoteId},
    ticket::Matter,
};

/// One report.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket_note")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TicketNoteId,
    /// In which ticket.
    pub ticket_id: TicketId,
    /// What is the matter.
    pub what: Matter,
    /// In the reporter's words.
    pub note: Option<String>,
    /// A picture: a `photo` of the thing, or a `station_photo`.
    pub photo_id: Option<PhotoId>,
    /// By somebody who keeps the station.
    pub by_keeper: bool,
    /// When.
    pub created_at: DateTimeUtc,
}

crate::bare_table!();
