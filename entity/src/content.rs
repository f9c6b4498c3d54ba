//! How much of an ingredient is in a kind.

use sea_orm::entity::prelude::*;

use crate::ids::{IngredientId, KindId};

/// One content.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "content")]
pub struct Model {
    /// In which kind.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind_id: KindId,
    /// Which ingredient.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ingredient_id: IngredientId,
    /// How much a base unit holds.
    pub micrograms_per_unit: i64,
}

crate::bare_table!();
