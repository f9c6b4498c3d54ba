//! Carry units of a lot from one station to another. What is blocked stays where it is, and goes into the red box there.

use entity::{ids::LotId, lot, lot_label, movement::Reason};

use super::{
    Entry, before_a_new_lot, is_drug, lock_kept, move_units,
    open_pack::{empty_copy, put_beside},
    partner_of, profile_of, today, with_causes,
};
use crate::{
    db::Done,
    desk::{About, Desk, Error, Problem, Result},
    rules::{
        handling as rule,
        ledger::{self, Change, Place},
        refusal::Refusal,
        usability,
    },
    store,
    view::TransferView,
};

/// What is carried where.
#[derive(Clone, Debug)]
pub struct Transfer {
    /// Of which lot.
    pub lot: LotId,
    /// How many base units.
    pub units: i32,
    /// The plate of the station it goes to.
    pub to_station: String,
    /// On which shelf there.
    pub shelf: Option<String>,
}

/// Carries it. Whoever does keeps both stations: nothing appears on a shelf of which its keeper does not know.
///
/// # Errors
/// [`Error::Refused`] with all reasons, [`Error::Invalid`], [`Error::NotFound`], [`Error::Forbidden`].
pub async fn transfer(desk: Desk, order: Transfer) -> Result<Done<TransferView>> {
    if order.units <= 0 {
        return Err(Error::Invalid { field: "units", problem: Problem::OutOfRange });
    }
    let tx = desk.open().await?;
    let known = store::lots::find(tx.conn(), order.lot).await?;
    // All lots of that number, in one order: whoever carries some the other way at the same time waits.
    let namesakes = match &known {
        Some(lot) => {
            before_a_new_lot(&tx, lot.kind_id).await?;
            store::lots::lock_namesakes(&tx, lot.kind_id, &lot.number_key).await?
        }
        None => Vec::new(),
    };
    let (lot, station) = lock_kept(&desk, &tx, order.lot).await?;
    let to = store::stations::find_by_code(tx.conn(), &order.to_station).await?;
    let to = to.ok_or(Error::Invalid { field: "to_station_code", problem: Problem::Unknown })?;
    desk.actor.keeper_of(&to)?;
    let profile = profile_of(tx.conn(), lot.kind_id).await?;
    let day = today(&desk, tx.conn(), &station).await?.max(today(&desk, tx.conn(), &to).await?);
    let mut shelves = with_causes(tx.conn(), station.id, &profile, vec![lot.clone()]).await?;
    let causes = shelves.pop().map(|shelf| shelf.causes).unwrap_or_default();
    let mut reasons = rule::transfer(&lot, usability::blocks(&lot, &causes, &profile, day), &to).err().unwrap_or_default();
    if is_drug(&profile) && store::stock_blocks::find_suspension(tx.conn(), to.id).await?.is_some() {
        reasons.push(Refusal::PackBlocked);
    }
    if partner_of(tx.conn(), &profile).await?.is_some_and(|partner| partner.community_id != to.community_id) {
        reasons.push(Refusal::PartnerElsewhere);
    }
    let out = Change::moving(order.units, Place::Available, Place::Elsewhere);
    reasons.extend(ledger::apply(&lot, out).err());
    if !reasons.is_empty() {
        return desk.refuse(tx, reasons).await;
    }
    let same = |other: &&lot::Model| {
        other.station_id == to.id
            && other.label_key == lot.label_key
            && (other.parent_id, other.opened_on) == (None, None)
            && lot.parent_id.is_none()
    };
    let arrived = match namesakes.iter().find(same) {
        Some(there) => {
            let mut entry = Entry::new(&desk, Reason::MovedIn);
            entry.other_lot = Some(lot.id);
            let into = Change::moving(order.units, Place::Elsewhere, Place::Available);
            match move_units(&desk, &tx, there, into, entry).await? {
                Ok(arrived) => arrived,
                Err(no) => return desk.refuse(tx, vec![no]).await,
            }
        }
        None => {
            let fresh = lot::Model {
                id: desk.app.clock.id(),
                station_id: to.id,
                source: lot::Source::Transfer,
                shelf: order.shelf.clone(),
                ..empty_copy(&desk, &lot, order.units)
            };
            let arrived = put_beside(&desk, &tx, &lot, fresh, Reason::MovedIn).await?;
            store::lot_labels::add(&tx, label_of(&desk, &arrived, &station.code)).await?;
            arrived
        }
    };
    let mut entry = Entry::new(&desk, Reason::MovedOut);
    entry.other_lot = Some(arrived.id);
    let left = match move_units(&desk, &tx, &lot, out, entry).await? {
        Ok(left) => left,
        Err(no) => return desk.refuse(tx, vec![no]).await,
    };
    let detail = Some(serde_json::json!({ "lot": lot.id, "to": arrived.id, "units": order.units }));
    desk.record(&tx, "transferred", About { station: Some(lot.station_id), detail, ..About::default() }).await?;
    desk.commit(tx, TransferView { from: (&left).into(), to: (&arrived).into() }).await
}

fn label_of(desk: &Desk, lot: &lot::Model, from: &str) -> lot_label::Model {
    lot_label::Model {
        lot_id: lot.id,
        n: 1,
        label_text: lot.label_text.clone(),
        last_day: lot.last_day,
        reason: format!("从 {from} 调入 / carried from {from}"),
        photo_id: None,
        written_by: desk.actor.member(),
        written_at: desk.now(),
    }
}
