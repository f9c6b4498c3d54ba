//! Yizhan 便民驿站: a neighbourhood station lends and takes back by QR.
//!
//! THE MAP, in the order of dependency (a module knows only those below it; `tests/it/tidy.rs` checks it):
//!
//! ```text
//!   cli            front                    the shell; everything that is served, behind one door
//!      \          /  |  \
//!       \      api pages jobs               who asks: JSON, HTML, the clock
//!        \        \  |  /
//!                        desk               DO IT: one verb = one file = one transaction = one receipt
//!                       /    \
//!                   rules    store          MAY IT? (pure)   |   LOOK IT UP / WRITE IT DOWN (all SQL)
//!                       \    /
//!                       entity              facts: typed rows (a crate of its own, like `migration`)
//! ```
//!
//! Leaves that are used from above: `app` (the parts, joined), `config`, `clock` (time and chance), `db` (the write gate),
//! `vault` and `tokens` and `password` (secrets), `picture`, `qr`, `ical` (calendars), `speech` (every text people read), `view` (what leaves the
//! house), `wire` (what both doors know of a request). Beside the desk: `import` and `verify` (registers), `demo`, `bench`.
//!
//! INVARIANTS, each stated as what is deliberately absent:
//!
//! 1. Nothing is written but through `db::Db::write`: there is no other connection that can write.
//! 2. Nothing is answered as done before it is durable: `db::Done` is made by `db::gate` alone.
//! 3. No decision is made in a handler, a page, a job or a query: they are all in `rules`, which knows none of them.
//! 4. No rule asks the time, chance or a database: facts and `now` are arguments.
//! 5. No return is refused: `rules::give_back` has no "no".
//! 6. No two open loans of an item, no item held by two: a version in the WHERE, and a partial unique index as referee.
//! 7. No row is ever serialised: what leaves the house is a `view`.
//! 8. No name and no phone number in a log, in an event, or in an answer to anybody but its owner.

pub mod api;
pub mod app;
pub mod bench;
pub mod cli;
pub mod clock;
pub mod config;
pub mod db;
pub mod demo;
pub mod desk;
pub mod front;
pub mod ical;
pub mod import;
pub mod jobs;
pub mod pages;
pub mod password;
pub mod picture;
pub mod qr;
pub mod rules;
pub mod speech;
pub mod store;
pub mod telemetry;
pub mod tokens;
pub mod vault;
pub mod verify;
pub mod view;
pub mod wire;
