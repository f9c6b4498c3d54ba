//! The books of a night: every lot is held against the sum of its ledger. Once for all stations, in the order in which lots and lines
//! lie in the database; station by station the same pages would be read again for each.

use std::collections::BTreeMap;

use entity::ids::{LotId, StationId};
use sea_orm::ConnectionTrait;
use tokio::sync::OnceCell;

use super::incidents::NAMED;
use crate::{app::App, db::Trouble, store};

/// How many lots are held against their ledger in one statement: far fewer than PostgreSQL does before it gives up.
const AT_ONCE: u64 = 250_000;

/// Looked at when the first station asks for it, and by nobody on an hour without a night.
#[derive(Default)]
pub(super) struct Ledger(OnceCell<BTreeMap<StationId, Vec<LotId>>>);

impl Ledger {
    /// The lots of a station that are not the sum of their ledger: so many of them.
    pub(super) async fn unbalanced_at(&self, app: &App, station: StationId) -> Result<Vec<LotId>, Trouble> {
        let all = self.0.get_or_try_init(|| look(app.db.read(), AT_ONCE)).await?;
        Ok(all.get(&station).cloned().unwrap_or_default())
    }
}

async fn look(conn: &impl ConnectionTrait, at_once: u64) -> Result<BTreeMap<StationId, Vec<LotId>>, Trouble> {
    let (mut found, mut after) = (BTreeMap::<StationId, Vec<LotId>>::new(), None);
    loop {
        let until = store::invariants::find_nth_after(conn, after, at_once).await?;
        for (station, lot) in store::invariants::list_unbalanced(conn, (after, until)).await? {
            let named = found.entry(station).or_default();
            if named.len() < NAMED {
                named.push(lot);
            }
        }
        if until.is_none() {
            return Ok(found);
        }
        after = until;
    }
}
