//! Is the clock to be trusted at a station? The nightly check and whoever hands something out ask the same.

use chrono::{DateTime, Utc};
use entity::{expiry_check::Mode, ids::StationId, task::What};
use sea_orm::ConnectionTrait;

use crate::{
    app::App,
    db::Trouble,
    rules::expiry::{self as rule, Clocks},
    store,
};

/// Weighs the clocks, with what people have said about them.
pub(crate) async fn mode(conn: &impl ConnectionTrait, station: StationId, mut clocks: Clocks) -> Result<Mode, Trouble> {
    let mode = rule::mode(clocks);
    if mode == Mode::TightenOnly
        && let Some(said) = store::tasks::find_last_done(conn, station, What::CheckClock).await?
        && said <= clocks.now
    {
        // Somebody has looked at the clock and has said that it is right.
        clocks.up_since = clocks.up_since.max(said);
        return Ok(rule::mode(clocks));
    }
    Ok(mode)
}

/// Looks at the clocks as the next check will: is `now` to be trusted?
pub(super) async fn are_trusted(
    app: &App,
    conn: &impl ConnectionTrait,
    station: StationId,
    now: DateTime<Utc>,
) -> Result<bool, Trouble> {
    let last = store::check_records::list_last(conn, vec![station], true).await?.pop();
    let database = if app.clock.is_real() { store::stock_days::database_clock(conn).await? } else { None };
    let clocks = Clocks { now, database, last_check: last.map(|check| check.finished_at), up_since: app.started_at };
    Ok(mode(conn, station, clocks).await? == Mode::Normal)
}
