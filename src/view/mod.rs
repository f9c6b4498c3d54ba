//! WHAT WE SHOW: the shapes that leave the house, built from facts. A verb returns one as its receipt, the API sends it, the
//! pages print it, and the gate stores it as the answer to a request.
//!
//! No table is ever serialised itself. A person's name and phone number are in no shape but `people`'s.

mod bookings;
mod checks;
mod counting;
mod disposals;
mod labels;
mod loans;
mod medicine;
mod offers;
mod people;
mod places;
mod queue;
mod reports;
mod series;
mod spaces;
mod stock;
mod takes;
mod terms;
mod things;
mod tickets;

pub use bookings::*;
pub use checks::*;
pub use counting::*;
pub use disposals::*;
pub use labels::*;
pub use loans::*;
pub use medicine::*;
pub use offers::*;
pub use people::*;
pub use places::*;
pub use queue::*;
pub use reports::*;
pub use series::*;
pub use spaces::*;
pub use stock::*;
pub use takes::*;
pub use terms::*;
pub use things::*;
pub use tickets::*;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One page of a list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// What to pass as `after` for the next page; none on the last.
    pub next: Option<String>,
}
