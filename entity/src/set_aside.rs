//! A thing that stands ready for a booking: nobody else is lent it.

use sea_orm::entity::prelude::*;

use crate::ids::{BookingId, ItemId, MemberId, SetAsideId};

/// One thing set aside; while it is, it is so for one booking only.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "set_aside")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SetAsideId,
    /// For which booking.
    pub booking_id: BookingId,
    /// Which thing.
    pub item_id: ItemId,
    /// Since when.
    pub made_at: DateTimeUtc,
    /// By which keeper.
    pub made_by: Option<MemberId>,
    /// When it was collected, or put back.
    pub ended_at: Option<DateTimeUtc>,
}

crate::bare_table!();
