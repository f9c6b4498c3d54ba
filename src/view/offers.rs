//! What stations offer, for whoever looks for something.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{KindView, StationView};
use crate::rules::opening::Opening;

/// A station, seen from outside.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PlaceView {
    /// The station.
    pub station: StationView,
    /// Whose it is.
    pub community: String,
    /// Can one go there now?
    pub open: bool,
    /// When that changes; none if it never does, or nobody knows.
    pub until: Option<DateTime<Utc>>,
    /// How far it is, in metres, where that was asked for and is known.
    pub metres: Option<u32>,
    /// What it lends, kind by kind.
    pub offers: Vec<OfferView>,
}

impl PlaceView {
    /// Sets what is told of the opening.
    #[must_use]
    pub fn opening(mut self, opening: Opening) -> Self {
        self.open = opening.is_open();
        self.until = match opening {
            Opening::Always => None,
            Opening::OpenUntil(at) => Some(at),
            Opening::ClosedUntil(at) => at,
        };
        self
    }
}

/// How many of a kind there are.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct OfferView {
    /// What.
    pub kind: KindView,
    /// On the shelf now.
    pub on_shelf: i64,
    /// In somebody's hands now.
    pub out: i64,
}
