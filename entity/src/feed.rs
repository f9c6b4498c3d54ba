//! A calendar that somebody subscribes to, by an address that nobody guesses.

use sea_orm::entity::prelude::*;

use crate::ids::{FeedId, MemberId, SpaceId, StationId};

/// One calendar, of exactly one of member, station and space.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "feed")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FeedId,
    /// SHA-256 of the token in its address; the token itself is stored nowhere.
    pub token_hash: Vec<u8>,
    /// The bookings of this member.
    pub member_id: Option<MemberId>,
    /// What is on at this station.
    pub station_id: Option<StationId>,
    /// When this space is taken.
    pub space_id: Option<SpaceId>,
    /// Who has made it, and may revoke it.
    pub made_by: MemberId,
    /// The tag of the language it is in.
    pub language: String,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was revoked.
    pub revoked_at: Option<DateTimeUtc>,
}

crate::bare_table!();
