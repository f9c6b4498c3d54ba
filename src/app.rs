//! The parts of a running process, joined. The only place where they are.

use std::sync::Arc;

use entity::app_secret;
use tokio_util::task::TaskTracker;

use crate::{
    clock::Clock,
    config::{BadConfig, Config},
    db::{Db, Intent, Trouble},
    store,
    tokens::{SigningKey, Tokens},
    vault::{KEY_LENGTH, Vault},
};

/// The running process. Clones share everything.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What the process is made of.
pub struct Parts {
    /// The settings.
    pub config: Config,
    /// Time and chance.
    pub clock: Clock,
    /// The database.
    pub db: Db,
    /// Names and phone numbers.
    pub vault: Vault,
    /// Access tokens.
    pub tokens: Tokens,
    /// Since when it runs.
    pub started_at: chrono::DateTime<chrono::Utc>,
    /// Verbs at work: they end even when whoever asked has hung up. Awaited before the process ends.
    pub verbs: TaskTracker,
}

impl std::ops::Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// Why a process cannot start.
#[derive(Debug, thiserror::Error)]
pub enum CannotStart {
    /// Settings that cannot be used.
    #[error(transparent)]
    Config(#[from] BadConfig),
    /// The database is not there, or not as it should be.
    #[error("the database: {0}")]
    Database(#[from] Trouble),
}

impl From<sea_orm::DbErr> for CannotStart {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Database(error.into())
    }
}

const SEALING: &str = "sealing";
const SIGNING: &str = "signing:";

impl App {
    /// Joins the parts over an open database with the newest schema. Makes the keys that are not there yet.
    ///
    /// # Errors
    /// [`CannotStart`].
    pub async fn open(config: Config, clock: Clock, db: Db) -> Result<Self, CannotStart> {
        let key = match config.secret_key()? {
            Some(key) => key,
            None => kept_key(&db, &clock).await?,
        };
        let vault = Vault::new(&key, clock.clone());
        if store::app_secrets::list(db.read(), SIGNING).await?.is_empty() {
            add_signing_key(&db, &clock).await?;
        }
        let tokens = Tokens::new(signing_keys(&db).await?);
        let started_at = clock.now();
        Ok(Self(Arc::new(Parts { config, clock, db, vault, tokens, started_at, verbs: TaskTracker::new() })))
    }

    /// Reads the signing keys again: another replica may have made a new one.
    ///
    /// # Errors
    /// [`Trouble`] of the database.
    pub async fn reload_signing_keys(&self) -> Result<(), Trouble> {
        self.tokens.replace(signing_keys(&self.db).await?);
        Ok(())
    }

    /// The rows of the signing keys, newest first.
    ///
    /// # Errors
    /// [`Trouble`] of the database.
    pub async fn signing_keys_by_age(&self) -> Result<Vec<app_secret::Model>, Trouble> {
        Ok(store::app_secrets::list(self.db.read(), SIGNING).await?)
    }

    /// Makes a new signing key; tokens of the old ones stay good until they end.
    ///
    /// # Errors
    /// [`Trouble`] of the database.
    pub async fn rotate_signing_key(&self) -> Result<(), Trouble> {
        add_signing_key(&self.db, &self.clock).await?;
        self.reload_signing_keys().await
    }
}

/// The secret key that was made for an installation without a configured one.
async fn kept_key(db: &Db, clock: &Clock) -> Result<[u8; KEY_LENGTH], Trouble> {
    let mut kept = store::app_secrets::find(db.read(), SEALING).await?;
    if kept.is_none() {
        let tx = db.write(Intent::default()).await?;
        let value = clock.random::<KEY_LENGTH>().to_vec();
        store::app_secrets::keep_first(&tx, app_secret::Model { name: SEALING.to_owned(), value, created_at: clock.now() })
            .await?;
        tx.commit(()).await?;
        kept = store::app_secrets::find(db.read(), SEALING).await?;
    }
    kept.and_then(|row| row.value.try_into().ok()).ok_or_else(|| Trouble::Fault("the kept secret key is not 32 bytes".to_owned()))
}

async fn add_signing_key(db: &Db, clock: &Clock) -> Result<(), Trouble> {
    let tx = db.write(Intent::default()).await?;
    let id: uuid::Uuid = clock.id();
    let row = app_secret::Model {
        name: format!("{SIGNING}{}", id.simple()),
        value: clock.random::<32>().to_vec(),
        created_at: clock.now(),
    };
    store::app_secrets::keep_first(&tx, row).await?;
    tx.commit(()).await?;
    Ok(())
}

async fn signing_keys(db: &Db) -> Result<Vec<SigningKey>, Trouble> {
    let rows = store::app_secrets::list(db.read(), SIGNING).await?;
    Ok(rows.into_iter().map(|row| SigningKey { id: row.name[SIGNING.len()..].to_owned(), secret: row.value }).collect())
}
