//! What the label of a lot was said to be, from the first reading on. Lines are added, never changed.

use sea_orm::entity::prelude::*;

use crate::ids::{LotId, MemberId, PhotoId};

/// One reading.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lot_label")]
pub struct Model {
    /// Of which lot.
    #[sea_orm(primary_key, auto_increment = false)]
    pub lot_id: LotId,
    /// The how-manieth reading.
    #[sea_orm(primary_key, auto_increment = false)]
    pub n: i32,
    /// As typed.
    pub label_text: Option<String>,
    /// The last day that counted from then on.
    pub last_day: Option<Date>,
    /// Why it was read again.
    pub reason: String,
    /// What it was read from.
    pub photo_id: Option<PhotoId>,
    /// Who read it.
    pub written_by: Option<MemberId>,
    /// When.
    pub written_at: DateTimeUtc,
}

crate::bare_table!();
