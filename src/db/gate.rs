//! The write gate: the one way in which anything is written.
//!
//! [`Db::write`] gives a [`WriteTx`], the proof that every writing function of the store demands; [`WriteTx::commit`] turns
//! a receipt into a [`Done`], which can be made nowhere else. So what is answered as done has been committed.
//!
//! - **SQLite**: verbs share a commit, each inside its own savepoint (see `group_commit`).
//! - **PostgreSQL**: one READ COMMITTED transaction per verb; when two writers meet ([`Trouble::Contention`]), the desk runs
//!   the verb again, at most three times.
//! - **Both**: what an unsafe request was answered is written in the transaction of its effect. The same request with the
//!   same key gets the same answer; another request with the same key is refused.
//!
//! What is deliberately absent: an autocommitted write, and a timeout around a database future. A transaction that is
//! dropped is rolled back.

use std::marker::PhantomData;

use chrono::{DateTime, Utc};
use entity::answered_request;
use sea_orm::{ActiveValue::Set, DatabaseConnection, DatabaseTransaction, EntityTrait, TransactionTrait};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    connect::{Db, Writer},
    group_commit::{Leave, Seat},
    trouble::Trouble,
};

/// What is to become of a write.
#[derive(Clone, Debug, Default)]
pub struct Intent {
    /// The request behind it, if it carries an idempotency key.
    pub request: Option<Request>,
    /// A dry run: everything is done, and then rolled back.
    pub rehearsal: bool,
}

/// An unsafe request with an idempotency key.
#[derive(Clone, Debug)]
pub struct Request {
    /// Who asks: a member's id, or `visitor`.
    pub principal: String,
    /// The `Idempotency-Key`.
    pub key: String,
    /// SHA-256 of method, path and body.
    pub fingerprint: Vec<u8>,
    /// When it arrived.
    pub at: DateTime<Utc>,
}

/// A receipt of something that has happened and is durable (or, in a dry run, would have).
#[derive(Debug)]
pub struct Done<R> {
    receipt: R,
    how: How,
    /// Made by the gate alone.
    _gate: PhantomData<()>,
}

/// How a receipt came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Done now.
    Fresh,
    /// Done before; this is the stored answer.
    Replayed,
    /// A dry run: not done.
    Rehearsed,
}

impl<R> Done<R> {
    fn new(receipt: R, how: How) -> Self {
        Self { receipt, how, _gate: PhantomData }
    }

    /// The receipt and how it came about.
    pub fn into_parts(self) -> (R, How) {
        (self.receipt, self.how)
    }

    /// The receipt.
    pub fn into_receipt(self) -> R {
        self.receipt
    }
}

impl<R: DeserializeOwned> Done<R> {
    /// The receipt of a stored answer.
    ///
    /// # Errors
    /// [`Trouble::Fault`] when a newer version cannot read what an older one stored.
    pub fn replay(body: &str) -> Result<Self, Trouble> {
        let receipt = serde_json::from_str(body).map_err(|e| Trouble::Fault(e.to_string()))?;
        Ok(Self::new(receipt, How::Replayed))
    }
}

/// A write in progress: the proof that every writing function of the store demands. Dropped, it is rolled back.
pub struct WriteTx {
    /// The transaction, or on SQLite the savepoint. `None` only after the end.
    work: Option<DatabaseTransaction>,
    /// The turn at SQLite's writer.
    seat: Option<Seat>,
    intent: Intent,
    /// For the answer of whoever was faster.
    reader: DatabaseConnection,
}

impl Db {
    /// Opens a write. Waits its turn.
    ///
    /// # Errors
    /// [`Trouble::Answered`] when the request was answered before, [`Trouble::KeyReused`] when its key was used for another,
    /// [`Trouble::Busy`] when no connection was to be had.
    pub async fn write(&self, intent: Intent) -> Result<WriteTx, Trouble> {
        let (writer, reader) = (self.writer().clone(), self.read().clone());
        // In a task of its own, so that whoever gives up waiting does not stop it half-way: a `BEGIN` or a savepoint that is
        // cancelled while it is made would take the open batch down, and those who ride in it would not be told. A write that
        // nobody waits for any more is dropped whole, and rolled back.
        let begun = tokio::spawn(async move {
            let (seat, work) = match writer {
                Writer::Sqlite(gate) => {
                    let (seat, savepoint) = gate.board().await?;
                    (Some(seat), savepoint)
                }
                #[expect(clippy::disallowed_methods, reason = "this is the gate")]
                Writer::Postgres(pool) => (None, pool.begin().await?),
            };
            Ok::<_, Trouble>(WriteTx { work: Some(work), seat, intent, reader })
        });
        let mut tx = begun.await.map_err(|e| Trouble::Fault(e.to_string()))??;
        match tx.answered_before().await? {
            None => Ok(tx),
            Some(answer) => {
                // The answer may be in the batch that is not yet durable: ride along to its commit.
                tx.end(Leave::Keep).await?;
                Err(answer)
            }
        }
    }
}

impl WriteTx {
    /// The connection, for the store's own statements.
    pub(crate) fn conn(&self) -> &DatabaseTransaction {
        self.work.as_ref().expect("a write is used only before its end")
    }

    /// The connection, for tests that want to break something.
    #[doc(hidden)]
    #[must_use]
    pub fn conn_for_tests(&self) -> &DatabaseTransaction {
        self.conn()
    }

    async fn answered_before(&self) -> Result<Option<Trouble>, Trouble> {
        let Some(request) = &self.intent.request else { return Ok(None) };
        let key = (request.principal.clone(), request.key.clone());
        let row = answered_request::Entity::find_by_id(key).one(self.conn()).await?;
        Ok(row.map(|row| answer_of(row, request)))
    }

    /// Makes everything durable, the answer with it, and returns the receipt.
    ///
    /// # Errors
    /// [`Trouble::Answered`] when the same request was faster elsewhere; nothing of this one is kept then.
    /// [`Trouble::Unknown`] when the connection was lost at the commit itself.
    pub async fn commit<R: Serialize>(self, receipt: R) -> Result<Done<R>, Trouble> {
        if self.intent.rehearsal {
            self.roll_back().await?;
            return Ok(Done::new(receipt, How::Rehearsed));
        }
        let body = if self.intent.request.is_some() {
            serde_json::to_string(&receipt).map_err(|e| Trouble::Fault(e.to_string()))?
        } else {
            String::new()
        };
        self.answer_and_end(200, body).await?;
        Ok(Done::new(receipt, How::Fresh))
    }

    /// Stores a refusal as the final answer to its request. The verb must not have written anything.
    ///
    /// # Errors
    /// As [`WriteTx::commit`].
    pub async fn refuse(self, status: u16, body: String) -> Result<(), Trouble> {
        if self.intent.rehearsal || self.intent.request.is_none() {
            return self.roll_back().await;
        }
        self.answer_and_end(status, body).await
    }

    /// Undoes everything.
    ///
    /// # Errors
    /// [`Trouble::Fault`] when even that did not work; the engine then undoes it by itself.
    pub async fn roll_back(mut self) -> Result<(), Trouble> {
        self.end(Leave::Undo).await
    }

    async fn answer_and_end(mut self, status: u16, body: String) -> Result<(), Trouble> {
        if let Some(request) = self.intent.request.clone() {
            let row = answered_request::ActiveModel {
                principal: Set(request.principal.clone()),
                key: Set(request.key.clone()),
                fingerprint: Set(request.fingerprint.clone()),
                status: Set(i32::from(status)),
                body: Set(body),
                created_at: Set(request.at),
            };
            let stored = answered_request::Entity::insert(row).exec_without_returning(self.conn()).await;
            match stored.map_err(Trouble::from) {
                Ok(_) => {}
                Err(Trouble::Duplicate(_)) => {
                    // PostgreSQL: the same request ran beside this one and has committed. Its answer counts.
                    self.end(Leave::Undo).await?;
                    let key = (request.principal.clone(), request.key.clone());
                    let first = answered_request::Entity::find_by_id(key).one(&self.reader).await?;
                    return Err(first.map_or(Trouble::Busy, |row| answer_of(row, &request)));
                }
                Err(other) => return Err(other),
            }
        }
        self.end(Leave::Keep).await
    }

    async fn end(&mut self, how: Leave) -> Result<(), Trouble> {
        let Some(work) = self.work.take() else { return Ok(()) };
        match (self.seat.take(), how) {
            (Some(seat), how) => seat.leave(work, how).await,
            (None, Leave::Keep) => {
                let ended = tokio::spawn(work.commit()).await.map_err(|e| Trouble::Unknown(e.to_string()))?;
                ended.map_err(Trouble::at_commit)
            }
            (None, Leave::Undo) => Ok(work.rollback().await?),
        }
    }
}

impl Drop for WriteTx {
    fn drop(&mut self) {
        // PostgreSQL's transaction rolls itself back when dropped. SQLite's savepoint shares its transaction with others:
        // the seat must not be given on before the savepoint is gone.
        if let (Some(work), Some(seat)) = (self.work.take(), self.seat.take())
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(seat.leave(work, Leave::Undo));
        }
    }
}

fn answer_of(row: answered_request::Model, request: &Request) -> Trouble {
    if row.fingerprint == request.fingerprint {
        Trouble::Answered { status: u16::try_from(row.status).unwrap_or(500), body: row.body }
    } else {
        Trouble::KeyReused
    }
}
