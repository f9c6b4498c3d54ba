//! A role that a member holds: keeper of a station, manager of a community, or admin.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{CommunityId, GrantId, MemberId, StationId};

/// One role of one member.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "grant_of_role")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: GrantId,
    /// Who holds it.
    pub member_id: MemberId,
    /// Which role.
    pub role: Role,
    /// The community of a manager.
    pub community_id: Option<CommunityId>,
    /// The station of a keeper.
    pub station_id: Option<StationId>,
    /// Who granted it; none for the first admin.
    pub granted_by: Option<MemberId>,
    /// When.
    pub granted_at: DateTimeUtc,
    /// When it was taken back.
    pub revoked_at: Option<DateTimeUtc>,
}

/// A role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(8))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 站长: runs one station.
    Keeper,
    /// Runs the stations of one community.
    Manager,
    /// Runs the installation.
    Admin,
}

crate::bare_table!();
