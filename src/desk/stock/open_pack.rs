//! Open a pack: its units become a lot of their own, which ends when opening says so.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{ids::LotId, lot, movement::Reason, stock_block, task::What};

use super::{Entry, before_a_new_lot, lock_kept, move_units, open_task, profile_of, today, write_line};
use crate::{
    db::{Done, WriteTx},
    desk::{About, Desk, Error, Problem, Result},
    rules::{
        handling as rule,
        ledger::{self, Change, Place},
        usability::{self, Block},
    },
    store,
    view::LotView,
};

/// Which pack, and since when.
#[derive(Clone, Debug)]
pub struct OpenPack {
    /// Of which lot.
    pub lot: LotId,
    /// How many base units are in it; a full pack if nobody says.
    pub units: Option<i32>,
    /// When it was opened; today if nobody says.
    pub opened_on: Option<NaiveDate>,
    /// Nobody knows when it was opened: it was found open.
    pub unknown: bool,
}

/// Opens it. What is true is written down of a blocked lot too; the opened pack bears the same blocks.
///
/// # Errors
/// [`Error::Refused`], [`Error::Invalid`], [`Error::NotFound`].
pub async fn open_pack(desk: Desk, order: OpenPack) -> Result<Done<LotView>> {
    let tx = desk.open().await?;
    if let Some(lot) = store::lots::find(tx.conn(), order.lot).await? {
        before_a_new_lot(&tx, lot.kind_id).await?;
    }
    let (lot, station) = lock_kept(&desk, &tx, order.lot).await?;
    let profile = profile_of(tx.conn(), lot.kind_id).await?;
    let units = order.units.unwrap_or(profile.pack_size);
    if units <= 0 || units > profile.pack_size {
        return Err(Error::Invalid { field: "units", problem: Problem::OutOfRange });
    }
    if order.unknown && order.opened_on.is_some() {
        return Err(Error::Invalid { field: "opened_on", problem: Problem::OutOfRange });
    }
    let day = today(&desk, tx.conn(), &station).await?;
    let on = |at: DateTime<Utc>| at.with_timezone(&station.zone()).date_naive();
    let arrived_on = on(lot.received_at);
    let seen_closed_on = rule::last_seen_closed(arrived_on, [lot.counted_at, lot.seen_closed_at].map(|at| at.map(on)));
    let opened_on = order.opened_on.unwrap_or(if order.unknown { seen_closed_on } else { day });
    let ends = match rule::open(&lot, &profile, arrived_on, opened_on, day) {
        Ok(ends) => ends,
        Err(no) => return desk.refuse(tx, vec![no]).await,
    };
    let out = Change::moving(units, Place::Available, Place::Elsewhere);
    if let Err(no) = ledger::apply(&lot, out) {
        return desk.refuse(tx, vec![no]).await;
    }
    let opened = lot::Model {
        id: desk.app.clock.id(),
        opened_on: Some(opened_on),
        parent_id: Some(lot.id),
        last_day: ends.last_day,
        last_issue_day: ends.last_issue_day,
        source: lot::Source::Opened,
        ..empty_copy(&desk, &lot, units)
    };
    let opened = put_beside(&desk, &tx, &lot, opened, Reason::Opened).await?;
    let mut entry = Entry::new(&desk, Reason::Opened);
    entry.other_lot = Some(opened.id);
    if let Err(no) = move_units(&desk, &tx, &lot, out, entry).await? {
        return desk.refuse(tx, vec![no]).await;
    }
    let detail = Some(serde_json::json!({ "lot": lot.id, "opened": opened.id, "units": units, "opened_on": opened_on }));
    desk.record(&tx, "pack_opened", About { station: Some(lot.station_id), detail, ..About::default() }).await?;
    let causes = store::stock_blocks::causes_on(tx.conn(), vec![opened.id]).await?.remove(&opened.id).unwrap_or_default();
    let blocks = usability::blocks(&opened, &causes, &profile, day);
    if blocks.contains(&Block::NotShared) {
        open_task(&desk, &tx, &opened, What::PutInRedBox, Some("开封后不能共用".to_owned())).await?;
    }
    desk.commit(tx, LotView::new(&opened, &blocks)).await
}

/// The same lot with other units in it, and nothing that has happened to it.
pub(super) fn empty_copy(desk: &Desk, lot: &lot::Model, units: i32) -> lot::Model {
    lot::Model {
        available: units,
        held: 0,
        quarantined: 0,
        to_dispose: 0,
        blocks: 0,
        tier: lot::Tier::Fresh,
        received_at: desk.now(),
        received_by: desk.actor.member(),
        counted_at: None,
        seen_closed_at: None,
        rev: 1,
        ..lot.clone()
    }
}

/// Writes a lot down that came out of another, with the first line of its ledger and every block that lies on the other.
pub(super) async fn put_beside(
    desk: &Desk,
    tx: &WriteTx,
    from: &lot::Model,
    mut lot: lot::Model,
    reason: Reason,
) -> Result<lot::Model> {
    store::lots::add(tx, lot.clone()).await?;
    let mut entry = Entry::new(desk, reason);
    entry.other_lot = Some(from.id);
    let change = Change { available: lot.available, ..Change::default() };
    write_line(desk, tx, &lot, change, entry).await?;
    for block in store::stock_blocks::list_on(tx.conn(), from.id).await? {
        let copy =
            stock_block::Model { id: desk.app.clock.id(), lot_id: Some(lot.id), station_id: Some(lot.station_id), ..block };
        lot = store::stock_blocks::lay(tx, copy, &lot).await?;
    }
    Ok(lot)
}
