//! A recall 召回: it blocks what is there and what will come, at all stations, until two people lift it.

use sea_orm::entity::prelude::*;

use crate::ids::{KindId, MemberId, RecallId};

/// One recall.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recall")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RecallId,
    /// Of which kind.
    pub kind_id: Option<KindId>,
    /// Of which product: a GTIN, or the first seven digits of trace codes.
    pub product: Option<String>,
    /// Which lots: `*` for all, `A12*` for those that begin so, or one number; several with commas.
    pub lots: String,
    /// Who says so: the notice and its number.
    pub source: String,
    /// Who entered it.
    pub made_by: Option<MemberId>,
    /// When.
    pub made_at: DateTimeUtc,
    /// Why it is to be lifted.
    pub lift_reason: Option<String>,
    /// Who says that it may be lifted.
    pub lift_proposed_by: Option<MemberId>,
    /// When.
    pub lift_proposed_at: Option<DateTimeUtc>,
    /// Who agreed; never the same person.
    pub lifted_by: Option<MemberId>,
    /// When it was lifted.
    pub lifted_at: Option<DateTimeUtc>,
}

crate::bare_table!();
