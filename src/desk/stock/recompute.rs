//! When the facts behind a date change, the dates of the lots that are there change at once: not with the next delivery.

use chrono::NaiveDate;
use entity::{consumable, lot, task::What};

use super::{hold, must_go, today, with_causes};
use crate::{
    db::WriteTx,
    desk::{Desk, Error, Result},
    rules::{
        expiry::{self, LOT_TASKS},
        usability::{self, Ends},
    },
    store,
};

/// Computes the ends of these lots anew, which are held: by another profile.
pub(super) async fn recompute(desk: &Desk, tx: &WriteTx, profile: &consumable::Model, lots: Vec<lot::Model>) -> Result<()> {
    for lot in lots {
        let readings = lot.lenient_last_day.zip(lot.strict_last_day);
        let ends = usability::ends_of_readings(readings, lot.opened_on, profile);
        if ends == Ends::from(&lot) {
            continue;
        }
        let after = lot::Model {
            last_day: ends.last_day,
            last_issue_day: ends.last_issue_day,
            // What the next check finds anew, it says anew.
            tier: lot::Tier::Fresh,
            ..lot
        };
        store::lots::relabel(tx, &after).await?;
        let station = store::stations::find(tx.conn(), after.station_id).await?.ok_or(Error::NotFound("station"))?;
        let day = today(desk, tx.conn(), &station).await?;
        ask_anew(desk, tx, &after, &[], day).await?;
        for shelf in with_causes(tx.conn(), station.id, profile, vec![after]).await? {
            if shelf.lot.held > 0 && !usability::blocks(&shelf.lot, &shelf.causes, profile, day).is_empty() {
                hold::cut_off(desk, tx, &shelf.lot).await?;
            }
        }
    }
    Ok(())
}

/// The date of a lot has changed: what was asked for by the old one is over, and what the new one asks for is asked for
/// today. Nobody wins time by it.
pub(super) async fn ask_anew(desk: &Desk, tx: &WriteTx, lot: &lot::Model, over: &[What], day: NaiveDate) -> Result<()> {
    let now = expiry::seen(lot, usability::tier(Ends::from(lot), day));
    let over = [LOT_TASKS.as_slice(), over].concat();
    must_go::replace(desk, tx, lot, &over, now.task.filter(|_| lot.on_shelf() > 0)).await
}
