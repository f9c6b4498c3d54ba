//! A hand-over of what was in the red box to a named point.

use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};

use crate::ids::{DisposalId, LotId, MemberId, PhotoId, StationId};

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
    /// What was in the box: lots and base units.
    pub lines: Lines,
    /// Who confirmed it; never whoever did it.
    pub witness_id: Option<MemberId>,
    /// When. Only then it leaves the books.
    pub confirmed_at: Option<DateTimeUtc>,
    /// A picture of the receipt.
    pub photo_id: Option<PhotoId>,
    /// Who handed it over.
    pub actor_id: Option<MemberId>,
    /// When.
    pub disposed_at: DateTimeUtc,
}

/// Lots and base units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Lines(pub Vec<(LotId, i32)>);

crate::bare_table!();
