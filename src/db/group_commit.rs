//! SQLite's side of the gate: verbs that arrive while another one commits share the next `BEGIN IMMEDIATE … COMMIT`.
//!
//! There is one writer connection and one turn at it. Whoever has the turn works inside a savepoint of the open batch and
//! then either leaves the batch open for the next in the queue, or, being the last, commits it. A verb is answered only
//! after the shared commit. One that is refused or fails rolls back to its own savepoint and harms nobody else.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use tokio::{
    runtime::Handle,
    sync::{Mutex, OwnedMutexGuard, oneshot},
};

use super::trouble::Trouble;

/// The writer and the queue before it.
pub(super) struct GroupCommit {
    turn: Arc<Mutex<Batch>>,
    /// How many wait for their turn.
    queue: AtomicUsize,
    /// How many verbs may share a commit; 1 turns sharing off.
    limit: usize,
}

/// The open transaction and those who wait for its end.
struct Batch {
    writer: DatabaseConnection,
    options: ConnectOptions,
    open: Option<DatabaseTransaction>,
    riders: Vec<oneshot::Sender<Result<(), Trouble>>>,
    /// The connection can no longer be trusted to know whether it is in a transaction.
    broken: bool,
}

/// The turn at the writer.
pub(super) struct Seat {
    gate: Arc<GroupCommit>,
    batch: OwnedMutexGuard<Batch>,
}

/// How a verb leaves its seat.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Leave {
    /// Its effects join the shared commit.
    Keep,
    /// Its effects are rolled back.
    Undo,
}

impl GroupCommit {
    pub(super) fn new(writer: DatabaseConnection, options: ConnectOptions, limit: usize) -> Arc<Self> {
        let batch = Batch { writer, options, open: None, riders: Vec::new(), broken: false };
        Arc::new(Self { turn: Arc::new(Mutex::new(batch)), queue: AtomicUsize::new(0), limit })
    }

    /// Closes the connection once nobody is at work.
    pub(super) async fn close(&self) {
        let mut batch = self.turn.lock().await;
        batch.close().await;
        let _ = batch.writer.get_sqlite_connection_pool().close().await;
    }

    /// Waits for the turn, opens the batch if there is none, and opens a savepoint in it.
    pub(super) async fn board(self: &Arc<Self>) -> Result<(Seat, DatabaseTransaction), Trouble> {
        let mut ticket = Ticket::draw(self);
        let batch = Arc::clone(&self.turn).lock_owned().await;
        ticket.boarded = true;
        drop(ticket);
        let mut seat = Seat { gate: Arc::clone(self), batch };
        let others_ride = seat.batch.open.is_some();
        match seat.batch.savepoint().await {
            Ok(savepoint) => Ok((seat, savepoint)),
            Err(trouble) => {
                seat.batch.broken |= others_ride;
                seat.close_unless_others_wait().await;
                Err(trouble)
            }
        }
    }
}

/// A place in the queue.
struct Ticket {
    gate: Arc<GroupCommit>,
    boarded: bool,
}

impl Ticket {
    fn draw(gate: &Arc<GroupCommit>) -> Self {
        gate.queue.fetch_add(1, SeqCst);
        Self { gate: Arc::clone(gate), boarded: false }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let last = self.gate.queue.fetch_sub(1, SeqCst) == 1;
        // Somebody may have left the batch open for us to close. Given up, the place still owes that.
        if last
            && !self.boarded
            && let Ok(runtime) = Handle::try_current()
        {
            let gate = Arc::clone(&self.gate);
            runtime.spawn(async move {
                let batch = Arc::clone(&gate.turn).lock_owned().await;
                Seat { gate, batch }.close_unless_others_wait().await;
            });
        }
    }
}

impl Seat {
    /// Ends the verb's part. Answers when the shared commit is durable (or at once, if there is nothing to keep).
    ///
    /// Runs in a task of its own: a caller that hangs up cannot leave the batch half closed.
    pub(super) async fn leave(self, savepoint: DatabaseTransaction, how: Leave) -> Result<(), Trouble> {
        tokio::spawn(self.leave_undisturbed(savepoint, how)).await.unwrap_or_else(|e| Err(Trouble::Unknown(e.to_string())))
    }

    async fn leave_undisturbed(mut self, savepoint: DatabaseTransaction, how: Leave) -> Result<(), Trouble> {
        let ended = match how {
            Leave::Keep => savepoint.commit().await,
            Leave::Undo => savepoint.rollback().await,
        };
        if let Err(error) = ended {
            // The engine has rolled back more than we asked (a full disk does that): the whole batch is lost, and says so.
            self.batch.broken = true;
            self.close_unless_others_wait().await;
            return Err(Trouble::Fault(error.to_string()));
        }
        if how == Leave::Undo {
            self.close_unless_others_wait().await;
            return Ok(());
        }
        let (rider, outcome) = oneshot::channel();
        self.batch.riders.push(rider);
        self.close_unless_others_wait().await;
        drop(self);
        outcome.await.unwrap_or_else(|e| Err(Trouble::Unknown(e.to_string())))
    }

    /// Commits the batch, unless somebody waits who will do it. A broken batch is always ended.
    async fn close_unless_others_wait(&mut self) {
        let nobody_waits = self.gate.queue.load(SeqCst) == 0;
        if nobody_waits || self.batch.broken || self.batch.riders.len() >= self.gate.limit {
            self.batch.close().await;
        }
    }
}

impl Batch {
    async fn savepoint(&mut self) -> Result<DatabaseTransaction, Trouble> {
        if self.open.is_none() {
            let immediate = TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            };
            #[expect(clippy::disallowed_methods, reason = "this is the gate")]
            let begun = self.writer.begin_with_options(immediate).await?;
            self.open = Some(begun);
        }
        // It stays in its place meanwhile: whoever takes it out and is cancelled takes along all who ride in it.
        let open = self.open.as_ref().expect("it was opened above");
        #[expect(clippy::disallowed_methods, reason = "this is the gate: a savepoint inside the batch")]
        let savepoint = open.begin().await;
        Ok(savepoint?)
    }

    /// Ends the transaction and tells everybody who rode in it how it ended.
    async fn close(&mut self) {
        let outcome = match self.open.take() {
            None => Ok(()),
            Some(open) if self.broken => {
                drop(open);
                Err(Trouble::Fault("the shared transaction was lost".to_owned()))
            }
            Some(open) if self.riders.is_empty() => open.rollback().await.map_err(Trouble::at_commit),
            Some(open) => open.commit().await.map_err(Trouble::at_commit),
        };
        self.broken |= outcome.is_err();
        if !self.riders.is_empty() {
            metrics::histogram!("yizhan_verbs_per_commit").record(u32::try_from(self.riders.len()).unwrap_or(u32::MAX));
        }
        for rider in self.riders.drain(..) {
            // A rider that has gone needs no answer; the effect is there all the same.
            let _ = rider.send(outcome.clone());
        }
        if self.broken {
            self.reconnect().await;
        }
    }

    async fn reconnect(&mut self) {
        let _ = self.writer.get_sqlite_connection_pool().close().await;
        match Database::connect(self.options.clone()).await {
            Ok(writer) => (self.writer, self.broken) = (writer, false),
            Err(error) => tracing::error!(%error, "the writer connection could not be opened again"),
        }
    }
}
