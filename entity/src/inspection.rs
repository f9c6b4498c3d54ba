//! An inspection 巡检 of an item: calibrated, tested, or found wanting.

use sea_orm::entity::prelude::*;

use crate::ids::{InspectionId, ItemId, MemberId};

/// One inspection.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "inspection")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InspectionId,
    /// Of which item.
    pub item_id: ItemId,
    /// On which day.
    pub inspected_on: Date,
    /// Is it good?
    pub passed: bool,
    /// The last day on which it may be lent without another one.
    pub good_until: Option<Date>,
    /// The number of the certificate.
    pub certificate: Option<String>,
    /// What was found.
    pub note: Option<String>,
    /// By whom.
    pub inspected_by: Option<MemberId>,
    /// When it was written down.
    pub created_at: DateTimeUtc,
}

crate::bare_table!();
