//! Secrets of this installation: signing keys, the sealing key where none was configured, the hash of the setup code.

use sea_orm::entity::prelude::*;

/// One secret.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "app_secret")]
pub struct Model {
    /// What it is for: `sealing`, `setup`, `signing:<key id>`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// The secret; sealed where a secret key is configured.
    pub value: Vec<u8>,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("app_secret").field("name", &self.name).finish_non_exhaustive()
    }
}

crate::bare_table!();
