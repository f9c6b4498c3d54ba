//! What the demo station holds.

use std::cell::Cell;

use entity::{ids::StationId, kind::Identity};

use super::NoDemo;
use crate::{
    app::App,
    desk::{
        Desk, Door,
        starters::{self, STARTERS},
    },
};

/// A thing on the shelf.
pub(super) struct Thing {
    pub(super) code: String,
    pub(super) kind: &'static str,
    pub(super) category: &'static str,
    pub(super) identity: Identity,
    /// In somebody's hands?
    pub(super) out: Cell<bool>,
}

/// What is calibrated every year.
pub(super) const CALIBRATED: &str = "血压仪";

/// Enters the kinds, how long each is lent, and the things.
pub(super) async fn stock(app: &App, station: StationId) -> Result<Vec<Thing>, NoDemo> {
    let desk = Desk::internal(app, Door::Cli);
    let mut things = Vec::new();
    for starter in &STARTERS {
        let made = starters::take_up(&desk, station, starter, starter.count).await?;
        things.extend(made.into_iter().map(|item| Thing {
            code: item.code,
            kind: starter.name,
            category: starter.category,
            identity: starter.identity,
            out: Cell::new(false),
        }));
    }
    Ok(things)
}
