//! What a bar code says about the product: learnt when a keeper first confirms it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::KindId;

/// One code.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "product_code")]
pub struct Model {
    /// Which kind of code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub scheme: Scheme,
    /// 14 digits of a GTIN, or the first seven of a trace code 药品标识码.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// Which kind it is.
    pub kind_id: KindId,
}

/// Which kind of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// A GTIN of 14 digits.
    Gtin,
    /// 药品标识码: the first seven digits of a trace code.
    Drug,
}

crate::bare_table!();
