//! A hand-over of what was in the red box to a named point.

use sea_orm::entity::prelude::*;

use crate::ids::{DisposalId, MemberId, PhotoId, StationId};

/// One hand-over.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "disposal")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DisposalId,
    /// From which station.
    pub station_id: StationId,
    /// To whom.
    pub handed_to: String,
    /// The number of the receipt.
    pub receipt_no: String,
    /// Who saw it; never whoever did it.
    pub witness_id: MemberId,
    /// A picture of the receipt.
    pub photo_id: Option<PhotoId>,
    /// Who handed it over.
    pub actor_id: Option<MemberId>,
    /// When.
    pub disposed_at: DateTimeUtc,
}

crate::bare_table!();
