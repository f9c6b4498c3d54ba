//! The database: who may read, who may write, and what may go wrong.
//!
//! Reading takes [`Db::read`]. Writing takes a [`WriteTx`] from [`Db::write`], and nothing else can write: on SQLite the
//! readers' connections are read-only, on PostgreSQL their sessions are.

mod connect;
mod gate;
mod group_commit;
mod trouble;

pub use connect::{Db, Engine};
pub use gate::{Done, How, Intent, Request, WriteTx};
pub use trouble::Trouble;
