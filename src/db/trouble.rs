//! What may go wrong between us and the database, by what the caller can do about it.

use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// A write or a read that did not go through.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Trouble {
    /// Not done; nothing was written. Try again a little later.
    #[error("the database is busy")]
    Busy,
    /// Not done: two writers met. The whole verb may be run again at once.
    #[error("two writers met: {0}")]
    Contention(String),
    /// It is not known whether it was done: ask again with the same key.
    #[error("the outcome is unknown: {0}")]
    Unknown(String),
    /// Not done: a unique index refused it. The verb should have looked first; another writer was faster.
    #[error("already there: {0}")]
    Duplicate(String),
    /// This request was answered before, and this was the answer. It is durable.
    #[error("answered before with {status}")]
    Answered {
        /// The HTTP status of that answer.
        status: u16,
        /// The receipt, or the reasons of the refusal, as JSON.
        body: String,
    },
    /// The key was used for another request.
    #[error("this idempotency key was used for another request")]
    KeyReused,
    /// A guard in a statement's WHERE did not match what the rule had read: the lock does not lock. A fault of ours.
    #[error("a guard did not hold: {0}")]
    GuardFailed(&'static str),
    /// A fault of ours or of the machine. Nothing was written.
    #[error("{0}")]
    Fault(String),
}

/// What a driver's error code says, on either engine.
enum Sign {
    Contention,
    Busy,
}

fn sign(error: &DbErr) -> Option<Sign> {
    let (DbErr::Exec(RuntimeErr::SqlxError(error))
    | DbErr::Query(RuntimeErr::SqlxError(error))
    | DbErr::Conn(RuntimeErr::SqlxError(error))) = error
    else {
        return None;
    };
    match error.as_database_error()?.code()?.as_ref() {
        // PostgreSQL: serialization failure, deadlock, lock timeout. SQLite: a reader tried to become a writer.
        "40001" | "40P01" | "55P03" | "517" => Some(Sign::Contention),
        // SQLite: another process holds the file. PostgreSQL: too many connections, shutting down or starting up.
        "5" | "261" | "53300" | "57P01" | "57P02" | "57P03" => Some(Sign::Busy),
        _ => None,
    }
}

/// Another process holds SQLite's file.
pub(super) fn is_locked(error: &DbErr) -> bool {
    matches!(sign(error), Some(Sign::Busy))
}

impl From<DbErr> for Trouble {
    /// Classifies by kind, never by the name of a constraint: names differ between the engines.
    fn from(error: DbErr) -> Self {
        if let DbErr::ConnectionAcquire(_) | DbErr::Conn(_) = error {
            return Self::Busy;
        }
        match (sign(&error), error.sql_err()) {
            (Some(Sign::Contention), _) => Self::Contention(error.to_string()),
            (Some(Sign::Busy), _) => Self::Busy,
            (None, Some(SqlErr::UniqueConstraintViolation(what))) => Self::Duplicate(what),
            _ => Self::Fault(error.to_string()),
        }
    }
}

impl Trouble {
    /// What an error of COMMIT itself means: where the engine did not say clearly that it refused, nobody knows.
    pub(super) fn at_commit(error: DbErr) -> Self {
        match Self::from(error) {
            contention @ Self::Contention(_) => contention,
            duplicate @ Self::Duplicate(_) => duplicate,
            other => Self::Unknown(other.to_string()),
        }
    }
}
