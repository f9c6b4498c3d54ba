//! An active ingredient 有效成分: limits are kept for it, not for the product, since it hides in many.

use sea_orm::entity::prelude::*;

use crate::ids::IngredientId;

/// One ingredient. The numbers come from leaflets, with the name of whoever compared them; never from code.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ingredient")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IngredientId,
    /// What it is called; unique.
    pub name: String,
    /// The most anybody may take in 24 hours, in micrograms.
    pub most_in_24_hours: i64,
    /// The most anybody may take in 72 hours, in micrograms.
    pub most_in_72_hours: i64,
    /// Which leaflet says so.
    pub source: String,
    /// Who has compared it.
    pub reviewed_by: String,
    /// When it was entered.
    pub created_at: DateTimeUtc,
}

crate::bare_table!();
