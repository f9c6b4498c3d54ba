//! Members, roles, suspensions, sessions. Names and phone numbers only masked, but to their owner.

use chrono::{DateTime, Utc};
use entity::{
    block,
    block::Cause,
    grant,
    grant::Role,
    member,
    values::{Phone, masked_name},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A member 居民, as staff see them.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MemberView {
    /// Their id.
    pub id: Uuid,
    /// The first character of the name: `王*`.
    pub name: Option<String>,
    /// The phone number, masked: `138****8000`.
    pub phone: Option<String>,
    /// The group that policies speak of.
    pub member_group: String,
    /// When the phone was last verified.
    pub verified_at: Option<DateTime<Utc>>,
    /// When a keeper approved them.
    pub approved_at: Option<DateTime<Utc>>,
    /// When they were erased.
    pub erased_at: Option<DateTime<Utc>>,
    /// When they were first known.
    pub created_at: DateTime<Utc>,
    /// Their version; the `ETag`.
    pub rev: i64,
}

impl MemberView {
    /// From the row and what the vault opened.
    #[must_use]
    pub fn masked(row: &member::Model, name: Option<&str>, phone: Option<&Phone>) -> Self {
        Self {
            id: row.id.0,
            name: name.map(masked_name),
            phone: phone.map(Phone::masked),
            member_group: row.member_group.clone(),
            verified_at: row.verified_at,
            approved_at: row.approved_at,
            erased_at: row.erased_at,
            created_at: row.created_at,
            rev: row.rev,
        }
    }
}

/// Who I am. The only answer with a phone number in full.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MeView {
    /// My id.
    pub id: Uuid,
    /// My name.
    pub name: Option<String>,
    /// My phone number.
    pub phone: Option<String>,
    /// The group that policies speak of.
    pub member_group: String,
    /// When my phone was last verified.
    pub verified_at: Option<DateTime<Utc>>,
    /// When a keeper approved me.
    pub approved_at: Option<DateTime<Utc>>,
    /// What I may do for others.
    pub roles: Vec<RoleView>,
    /// Why I may not borrow, if so.
    pub suspensions: Vec<BlockView>,
    /// The version of my record; the `ETag` for editing it.
    pub rev: i64,
}

/// A role of a member.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RoleView {
    /// Its id.
    pub id: Uuid,
    /// `keeper`, `manager` or `admin`.
    #[schema(value_type = String, example = "keeper")]
    pub role: Role,
    /// The community of a manager.
    pub community_id: Option<Uuid>,
    /// The station of a keeper.
    pub station_id: Option<Uuid>,
    /// When it was granted.
    pub granted_at: DateTime<Utc>,
}

impl From<&grant::Model> for RoleView {
    fn from(row: &grant::Model) -> Self {
        Self {
            id: row.id.0,
            role: row.role,
            community_id: row.community_id.map(|id| id.0),
            station_id: row.station_id.map(|id| id.0),
            granted_at: row.granted_at,
        }
    }
}

/// A suspension 停借.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct BlockView {
    /// Its id.
    pub id: Uuid,
    /// Who is suspended.
    pub member_id: Uuid,
    /// `late` or `manual`.
    #[schema(value_type = String, example = "late")]
    pub cause: Cause,
    /// What the member is told.
    pub reason: String,
    /// From when.
    pub starts_at: DateTime<Utc>,
    /// Until when; open-ended if none.
    pub ends_at: Option<DateTime<Utc>>,
    /// When it was lifted before its end.
    pub lifted_at: Option<DateTime<Utc>>,
}

impl From<&block::Model> for BlockView {
    fn from(row: &block::Model) -> Self {
        Self {
            id: row.id.0,
            member_id: row.member_id.0,
            cause: row.cause,
            reason: row.reason.clone(),
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            lifted_at: row.lifted_at,
        }
    }
}

/// The tokens of a session. Never stored.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SessionView {
    /// For the `Authorization: Bearer` header.
    pub access_token: String,
    /// For the next pair of tokens; good once.
    pub refresh_token: String,
    /// Always `Bearer`.
    pub token_type: String,
    /// Seconds until the access token ends.
    pub expires_in: i64,
    /// Who is signed in.
    pub member_id: Uuid,
}

/// A one-time code is on its way.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct VerificationView {
    /// Seconds until the code stops working.
    pub expires_in: i64,
}
