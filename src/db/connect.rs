//! Opening the database: one writer and several read-only readers, migrations under a lock.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use log::LevelFilter;
use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, FromQueryResult, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};

use super::{
    group_commit::GroupCommit,
    trouble::{Trouble, is_locked},
};

/// Which engine is behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded, one file.
    Sqlite,
    /// A server, for several replicas.
    Postgres,
}

/// The database. Clones share its connections.
#[derive(Clone)]
pub struct Db {
    reader: DatabaseConnection,
    writer: Writer,
    statements: Arc<AtomicU64>,
}

#[derive(Clone)]
pub(super) enum Writer {
    Sqlite(Arc<GroupCommit>),
    Postgres(DatabaseConnection),
}

/// The first SQLite without the bug that could corrupt a file when its log is reset (3.7.0 to 3.51.2).
const SQLITE_AT_LEAST: (u32, u32, u32) = (3, 51, 3);
/// How many verbs may share a commit on SQLite: more than that gains nothing, and makes the first one wait.
const SHARE_LIMIT: usize = 64;
/// The advisory lock of migrations on PostgreSQL; any number will do, as long as it stays.
const MIGRATION_LOCK: i64 = 0x7969_7a68_616e;

impl Db {
    /// Opens the database at `url` (`sqlite://path` or `postgres://…`). Does not create or change tables.
    ///
    /// # Errors
    /// [`Trouble`] when it cannot be reached, or when the SQLite library has a known corruption bug.
    pub async fn connect(url: &str) -> Result<Self, Trouble> {
        Self::connect_sharing(url, SHARE_LIMIT).await
    }

    /// As [`Db::connect`], with at most `share_limit` verbs to a commit on SQLite. With 1 there is no sharing: the benchmark's
    /// other side.
    ///
    /// # Errors
    /// As [`Db::connect`].
    pub async fn connect_sharing(url: &str, share_limit: usize) -> Result<Self, Trouble> {
        let statements = Arc::new(AtomicU64::new(0));
        let open = async |options: ConnectOptions| {
            let mut connection = connect_patiently(options).await?;
            let counter = Arc::clone(&statements);
            connection.set_metric_callback(move |_| {
                counter.fetch_add(1, Relaxed);
            });
            Ok::<_, Trouble>(connection)
        };
        if url.starts_with("sqlite:") {
            let options = sqlite_options(url, false);
            let writer = open(options.clone()).await?;
            require_sound_sqlite(&writer).await?;
            let reader = open(sqlite_options(url, true)).await?;
            Ok(Self { reader, writer: Writer::Sqlite(GroupCommit::new(writer, options, share_limit)), statements })
        } else {
            let writer = open(postgres_options(url, false)).await?;
            let reader = open(postgres_options(url, true)).await?;
            Ok(Self { reader, writer: Writer::Postgres(writer), statements })
        }
    }

    /// The readers' connections. A write through them fails.
    #[must_use]
    pub fn read(&self) -> &DatabaseConnection {
        &self.reader
    }

    pub(super) fn writer(&self) -> &Writer {
        &self.writer
    }

    /// Which engine this is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.writer {
            Writer::Sqlite(_) => Engine::Sqlite,
            Writer::Postgres(_) => Engine::Postgres,
        }
    }

    /// How many SQL statements were sent since it was opened, without BEGIN, COMMIT and savepoints.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Relaxed)
    }

    /// Brings the schema up to date. Several processes may do so at once: all changes happen in one locked transaction.
    ///
    /// # Errors
    /// [`Trouble::Fault`] when a change failed; nothing is left half done.
    pub async fn migrate(url: &str) -> Result<(), Trouble> {
        let sqlite = url.starts_with("sqlite:");
        let options = if sqlite { sqlite_options(url, false) } else { postgres_options(url, false) };
        let connection = connect_patiently(options).await?;
        let immediate = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        #[expect(clippy::disallowed_methods, reason = "migrations have their own lock, before there is a gate")]
        let tx = if sqlite { connection.begin_with_options(immediate).await? } else { connection.begin().await? };
        if !sqlite {
            tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
        }
        Migrator::up(&tx, None).await?;
        tx.commit().await?;
        connection.close().await?;
        Ok(())
    }

    /// Closes all connections. On SQLite the writer's is the last: it alone can bring the log home into the file.
    ///
    /// # Errors
    /// [`Trouble`] of the driver.
    pub async fn close(self) -> Result<(), Trouble> {
        self.reader.close().await?;
        match self.writer {
            Writer::Sqlite(gate) => gate.close().await,
            Writer::Postgres(writer) => writer.close().await?,
        }
        Ok(())
    }
}

/// Connects, and waits while another process has the file: the switch of a new file to its log (`journal_mode=WAL`) answers
/// "locked" at once, whatever the busy timeout says, and several processes may start at once.
async fn connect_patiently(options: ConnectOptions) -> Result<DatabaseConnection, Trouble> {
    for _ in 0..100 {
        match Database::connect(options.clone()).await {
            Err(error) if is_locked(&error) => tokio::time::sleep(Duration::from_millis(100)).await,
            Err(error) => return Err(Trouble::Fault(error.to_string())),
            Ok(connection) => return Ok(connection),
        }
    }
    Err(Trouble::Busy)
}

fn sqlite_options(url: &str, read_only: bool) -> ConnectOptions {
    use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};

    let mut options = ConnectOptions::new(url);
    // One writer: SQLite has one anyway, and a queue in memory is fair and cheap where its file lock is neither.
    options
        .max_connections(if read_only { 4 } else { 1 })
        .acquire_timeout(Duration::from_secs(5))
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .sqlx_logging_level(LevelFilter::Trace)
        .map_sqlx_sqlite_opts(move |sqlite| {
            let sqlite = sqlite
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(5))
                .statement_cache_capacity(256)
                .pragma("temp_store", "MEMORY")
                .pragma("trusted_schema", "OFF");
            if read_only {
                sqlite.read_only(true).pragma("cache_size", "-4000")
            } else {
                // FULL: with NORMAL a power cut loses acknowledged loans (measured: up to 38 of 240).
                sqlite
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .pragma("cache_size", "-16000")
                    .pragma("secure_delete", "ON")
            }
        });
    options
}

fn postgres_options(url: &str, read_only: bool) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        // Four replicas fit into the hundred connections that PostgreSQL allows by default. More writers would only wait for each
        // other's locks; whoever finds none free waits its turn, as on SQLite.
        .max_connections(if read_only { 6 } else { 10 })
        .acquire_timeout(Duration::from_secs(if read_only { 5 } else { 15 }))
        .max_lifetime(Duration::from_secs(30 * 60))
        .sqlx_logging_level(LevelFilter::Trace)
        .test_before_acquire(false)
        .map_sqlx_postgres_opts(move |postgres| {
            let common = [("lock_timeout", "3s"), ("statement_timeout", "10s"), ("idle_in_transaction_session_timeout", "15s")];
            let postgres = postgres.application_name("yizhan").statement_cache_capacity(256).options(common);
            if read_only { postgres.options([("default_transaction_read_only", "on")]) } else { postgres }
        });
    options
}

async fn require_sound_sqlite(connection: &DatabaseConnection) -> Result<(), Trouble> {
    #[derive(FromQueryResult)]
    struct Version {
        version: String,
    }
    let ask = Statement::from_string(DbBackend::Sqlite, "SELECT sqlite_version() AS version");
    let version = Version::find_by_statement(ask).one(connection).await?.map(|v| v.version).unwrap_or_default();
    let mut numbers = version.split('.').map(|n| n.parse().unwrap_or_default());
    let mut next = || numbers.next().unwrap_or_default();
    if (next(), next(), next()) >= SQLITE_AT_LEAST {
        Ok(())
    } else {
        Err(Trouble::Fault(format!("SQLite {version} can corrupt its file when the log is reset; 3.51.3 or later is needed")))
    }
}
