//! The books of a night: lots are held against the sum of their ledger. Once for all stations, in the order in which lots and lines
//! lie in the database; station by station the same pages would be read again for each.
//!
//! Every lot of which something has moved since the last night, and of the others [`A_NIGHT`]: all of them where there are no more,
//! and in turns where there are, so that the night of a large town costs what its day was like and not what all its years were.
//! `yizhan verify` looks at all of them.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use entity::ids::{LotId, StationId};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use tokio::sync::OnceCell;

use super::incidents::NAMED;
use crate::{app::App, db::Trouble, store};

/// Of how many lots that have not moved the books are looked at in a night.
const A_NIGHT: u64 = 250_000;
/// A line may be younger than its id: by less than this a write has been open.
const OPEN_FOR: TimeDelta = TimeDelta::hours(1);

/// What was found.
#[derive(Debug)]
struct Books {
    turn: Turn,
    unbalanced: BTreeMap<StationId, Vec<LotId>>,
}

/// Which of the lots that have not moved were looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Turn {
    /// Counted from one.
    pub(super) part: u64,
    /// Of so many parts.
    pub(super) of: u64,
}

impl Turn {
    /// Whose turn it is on a day: parts of `a_night` lots, one after the other.
    fn on(day: NaiveDate, lots: u64, a_night: u64) -> Self {
        let of = lots.div_ceil(a_night).max(1);
        let day = u64::try_from(day.num_days_from_ce()).unwrap_or_default();
        Self { part: day % of + 1, of }
    }
}

/// Looked at once, and by nobody on an hour without a night.
pub(super) struct Ledger {
    /// The stations that are checked in these nights.
    stations: Vec<StationId>,
    books: OnceCell<Books>,
}

impl Ledger {
    pub(super) fn of(stations: Vec<StationId>) -> Arc<Self> {
        Arc::new(Self { stations, books: OnceCell::new() })
    }

    /// Begins to look while lots are written: reading waits for no writer, and keeps none waiting. What fails here is tried again by
    /// the first station that asks.
    pub(super) fn begin(self: &Arc<Self>, app: &App) {
        let (ledger, app) = (Arc::clone(self), app.clone());
        tokio::spawn(async move { ledger.look(&app).await.map(|_| ()) });
    }

    /// The lots of a station that are not the sum of their ledger, so many of them; and whose turn it was.
    pub(super) async fn unbalanced_at(&self, app: &App, station: StationId) -> Result<(Vec<LotId>, Turn), Trouble> {
        let books = self.look(app).await?;
        Ok((books.unbalanced.get(&station).cloned().unwrap_or_default(), books.turn))
    }

    async fn look(&self, app: &App) -> Result<&Books, Trouble> {
        self.books.get_or_try_init(|| look(app.db.read(), &self.stations, app.clock.now(), A_NIGHT)).await
    }
}

async fn look(conn: &impl ConnectionTrait, stations: &[StationId], now: DateTime<Utc>, a_night: u64) -> Result<Books, Trouble> {
    let turn = Turn::on(now.date_naive(), store::invariants::count_lots(conn).await?, a_night);
    let after = store::invariants::find_nth(conn, (turn.part - 1) * a_night).await?;
    let until = if turn.part == turn.of { None } else { store::invariants::find_nth(conn, turn.part * a_night).await? };
    let mut found = store::invariants::list_unbalanced(conn, (after, until)).await?;
    if turn.of > 1 {
        let since = oldest_look(conn, stations).await?.unwrap_or_default() - OPEN_FOR;
        found.extend(store::invariants::list_unbalanced_of_moved(conn, since).await?);
        found.sort_unstable();
        found.dedup();
    }
    let mut unbalanced = BTreeMap::<StationId, Vec<LotId>>::new();
    for (station, lot) in found {
        let named = unbalanced.entry(station).or_default();
        if named.len() < NAMED {
            named.push(lot);
        }
    }
    Ok(Books { turn, unbalanced })
}

/// Since when one of them may not have been looked at. None: since ever.
async fn oldest_look(conn: &impl ConnectionTrait, stations: &[StationId]) -> Result<Option<DateTime<Utc>>, Trouble> {
    let looked_at = store::check_records::list_last(conn, stations.to_vec(), true).await?;
    let oldest = looked_at.iter().map(store::check_records::Brief::looked_at).min();
    Ok(oldest.filter(|_| looked_at.len() == stations.len()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn all_lots_have_their_turn_every_night_where_they_are_few() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();
        for lots in [0, 1, 999, 1_000] {
            assert_eq!(Turn::on(day, lots, 1_000), Turn { part: 1, of: 1 }, "{lots}");
        }
        assert_eq!(Turn::on(day, 1_001, 1_000).of, 2);
    }

    #[test]
    fn every_part_has_its_turn_within_as_many_nights_as_there_are_parts() {
        let first = NaiveDate::from_ymd_opt(2026, 12, 28).unwrap();
        for (lots, of) in [(1_001, 2), (3_500, 4), (10_000, 10)] {
            let turns: Vec<Turn> = first.iter_days().take(of).map(|day| Turn::on(day, lots, 1_000)).collect();
            let parts: BTreeSet<u64> = turns.iter().map(|turn| turn.part).collect();
            assert_eq!(parts, (1..=of as u64).collect(), "{turns:?}");
            assert!(turns.iter().all(|turn| turn.of == of as u64));
        }
    }
}
