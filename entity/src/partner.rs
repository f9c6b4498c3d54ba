//! A partner 合作单位: the licensed pharmacy or health centre that stands behind class-B OTC medicine.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{CommunityId, PartnerId};

/// One partner.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "partner")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PartnerId,
    /// For which community.
    pub community_id: CommunityId,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub sort: Sort,
    /// The number of its licence; unique within the community.
    pub licence_no: String,
    /// When it stopped being a partner.
    pub ended_at: Option<DateTimeUtc>,
    /// When it was entered.
    pub created_at: DateTimeUtc,
}

/// What a partner is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// 社区卫生服务中心.
    HealthCentre,
    /// A licensed pharmacy 药店.
    Pharmacy,
}

crate::bare_table!();
