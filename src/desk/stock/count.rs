//! Count a lot, while the station is open: weighed against the ledger as of the moment of counting.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{ids::LotId, lot, movement, stock_count, task::What};

use super::{Entry, lock_kept, open_task, optional, recall, write_line};
use crate::{
    db::Done,
    desk::{About, Desk, Error, Problem, Result},
    rules::{
        count::{self as rule, Counted, Verdict},
        ledger::{self, Change},
        refusal::Refusal,
    },
    store,
    view::CountView,
};

/// What was counted.
#[derive(Clone, Debug)]
pub struct Count {
    /// Which lot.
    pub lot: LotId,
    /// Base units on the shelf: free, set aside and put apart.
    pub counted: i32,
    /// When; now if nobody says.
    pub counted_at: Option<DateTime<Utc>>,
    /// Why it differs.
    pub reason: Option<String>,
}

/// How near a movement may be before somebody should look twice.
const CLOSE: TimeDelta = TimeDelta::minutes(2);

/// Takes a count down. A small difference is booked; a large one waits for a second pair of eyes.
///
/// # Errors
/// [`Error::Refused`]; [`Error::Invalid`] for a count of the future; [`Error::NotFound`].
pub async fn count(desk: Desk, order: Count) -> Result<Done<CountView>> {
    let now = desk.now();
    let at = order.counted_at.unwrap_or(now);
    if order.counted < 0 || at > now + TimeDelta::minutes(5) {
        let field = if order.counted < 0 { "counted" } else { "counted_at" };
        return Err(Error::Invalid { field, problem: Problem::OutOfRange });
    }
    let reason = optional("reason", order.reason.as_deref(), 200)?;
    let tx = desk.open().await?;
    let (lot, _) = lock_kept(&desk, &tx, order.lot).await?;
    if lot.counted_at.is_some_and(|later| later > at) {
        return desk.refuse(tx, vec![Refusal::CountedSince]).await;
    }
    let profile = super::profile_of(tx.conn(), lot.kind_id).await?;
    let expected = store::movements::on_shelf_at(tx.conn(), lot.id, at).await?;
    let first = store::stock_counts::find_open(tx.conn(), lot.id).await?;
    let counted = Counted { counted: order.counted, expected, by: desk.actor.member(), has_reason: reason.is_some() };
    let verdict = match rule::weigh(counted, profile.pack_size, first.as_ref()) {
        Ok(verdict) => verdict,
        Err(no) => return desk.refuse(tx, vec![no]).await,
    };
    if let Some(first) = first {
        store::stock_counts::replace(&tx, first.id, now).await?;
    }
    let is_final = matches!(verdict, Verdict::Final { .. });
    let row = stock_count::Model {
        id: desk.app.clock.id(),
        lot_id: lot.id,
        station_id: lot.station_id,
        counted: order.counted,
        expected,
        counted_at: at,
        counted_by: desk.actor.member(),
        reason: reason.clone(),
        final_at: is_final.then_some(now),
        replaced_at: None,
    };
    store::stock_counts::add(&tx, row.clone()).await?;
    let after = match verdict {
        Verdict::CountAgain { .. } => {
            open_task(&desk, &tx, &lot, What::CountAgain, None).await?;
            lot.clone()
        }
        Verdict::Final { difference } => {
            let change = Change { available: difference, ..Change::default() };
            let after = match ledger::apply(&lot, change) {
                Ok(after) => lot::Model { counted_at: Some(at), ..after },
                Err(no) => return desk.refuse(tx, vec![no]).await,
            };
            store::lots::change(&tx, after.clone()).await?;
            let mut entry = Entry::new(&desk, movement::Reason::Counted);
            (entry.occurred_at, entry.note) = (at, reason);
            write_line(&desk, &tx, &after, change, entry).await?;
            let mut over = vec![What::CountAgain];
            if after.on_shelf() == 0 {
                over.extend(super::OFF_THE_SHELF);
            }
            store::tasks::settle_lot(&tx, lot.id, &over, now).await?;
            if difference > 0 { recall::came_back(&desk, &tx, after).await? } else { after }
        }
    };
    let moved_meanwhile = store::movements::moved_between(tx.conn(), lot.id, at - CLOSE, at + CLOSE).await? && is_final;
    let detail = Some(serde_json::json!({ "lot": lot.id, "counted": row.counted, "expected": row.expected, "final": is_final }));
    desk.record(&tx, "counted", About { station: Some(lot.station_id), detail, ..About::default() }).await?;
    desk.commit(tx, CountView::new(&row, &after, moved_meanwhile)).await
}
