//! Server-rendered HTML: the same verbs, the same refusals, other clothes. Works without a script.
//!
//! A room for each who looks: `resident`, `keeper` (at the counter, and all he has), `rounds` (the keeper's list, tickets, the round,
//! the checks), `manage` (figures: whoever runs stations), `first_start`. Around them: `frame` (what all pages share), `visitor` (who looks), `staff` (where
//! staff stand), `sent` (what a form sends), `booked` and `waiting` (bookings and places in the queue, in words), `trouble` (pages about what went wrong), `assets` (style, script, icon), `calendars` (for other programs) and `subscribing` (their addresses), `look`
//! (language and size of text); `reports`, `table` and `plot` (figures as sections, tables, pictures). A template lies beside its code. `base.html` is around all of them; the components are described in `assets/style.css`.

use axum::{Router, extract::DefaultBodyLimit};

use crate::app::App;

mod assets;
mod booked;
mod calendars;
mod first_start;
mod frame;
mod keeper;
mod look;
mod manage;
mod matter;
mod plot;
mod reports;
mod resident;
mod rounds;
mod sent;
mod staff;
mod subscribing;
mod table;
pub mod trouble;
mod visitor;
mod waiting;

/// The largest form with its photos, in bytes.
const LARGEST_FORM: usize = 8 * 1024 * 1024;

/// The table of contents.
pub fn router() -> Router<App> {
    Router::new()
        .merge(resident::router())
        .merge(calendars::router())
        .merge(first_start::router())
        .merge(keeper::router())
        .merge(look::router())
        .merge(staff::router())
        .merge(rounds::router())
        .merge(manage::router())
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .merge(assets::router())
}
