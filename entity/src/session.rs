//! A signed-in device. One row stands behind both doors: the cookie of the pages and the tokens of the API.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{MemberId, SessionId};

/// One session. Only SHA-256 hashes of its secrets are kept.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// Its id; the `sid` of its access tokens.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    /// Who is signed in.
    pub member_id: MemberId,
    /// How they proved it.
    pub proof: Proof,
    /// Hash of the secret that is good now: the cookie, or the refresh token of this generation.
    pub secret_hash: Vec<u8>,
    /// Hash of the secret before it, for an answer that got lost on its way.
    pub previous_hash: Option<Vec<u8>>,
    /// Which generation of refresh token is good now.
    pub generation: i32,
    /// The newest generation that has been seen in use.
    pub generation_used: i32,
    /// When it began.
    pub created_at: DateTimeUtc,
    /// When it ends by itself.
    pub expires_at: DateTimeUtc,
    /// When it was ended.
    pub revoked_at: Option<DateTimeUtc>,
}

/// How somebody proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(8))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// With a password; staff.
    Password,
    /// With a one-time code sent to the phone; residents. Carries no role.
    Code,
}

impl Model {
    /// Good at this instant?
    #[must_use]
    pub fn is_live(&self, now: DateTimeUtc) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

crate::bare_table!();
