//! Record a take that has happened, out of a paper register: by a keeper, or in the write of an import.
//!
//! Nothing is handed out here, and so nothing is refused for the date or for a block: it is written down as it was, and where
//! something stood against it, a keeper is told at once. What the ledger cannot hold is refused, and somebody counts.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    ids::LotId,
    lot, movement, station, take,
    task::What,
    values::{self, Phone},
};

use super::{Entry, lock_kept, move_units, open_task, optional, profile_of};
use crate::{
    db::{Done, Intent, WriteTx},
    desk::{About, Desk, Error, Problem, Result, invalid},
    rules::{
        ledger::{Change, Place},
        recorded_take::{self as rule, NoEntry},
        refusal::Refusal,
        usability::Block,
    },
    store,
    view::RecordedTakeView,
};

/// What the register says, as a keeper types it.
#[derive(Clone, Debug)]
pub struct RecordTake {
    /// Out of which lot.
    pub lot: LotId,
    /// How many base units.
    pub units: i32,
    /// When.
    pub taken_at: DateTime<Utc>,
    /// Its number there, if it has one.
    pub no: Option<String>,
    /// Whose number stands there.
    pub phone: Option<Phone>,
    /// What else stands there.
    pub note: Option<String>,
}

/// Writes it down. A number of the register goes in once, whoever sends it.
///
/// # Errors
/// [`Error::Refused`] with what the ledger cannot hold; where that is more than the books say, a keeper is asked to count.
/// [`Error::Invalid`], [`Error::NotFound`].
pub async fn record_take(desk: Desk, order: RecordTake) -> Result<Done<RecordedTakeView>> {
    if order.units <= 0 {
        return Err(Error::Invalid { field: "units", problem: Problem::OutOfRange });
    }
    let typed = order.no.as_deref().map(str::trim).filter(|no| !no.is_empty());
    let typed = typed.map(values::code).transpose().map_err(invalid("no"))?;
    let note = optional("note", order.note.as_deref(), 200)?;
    // Whose number stands there leads to nobody, as with any take.
    let tx = desk.open_veiled().await?;
    let person = hold_person(&desk, &tx, order.phone.as_ref(), order.taken_at).await?;
    let (lot, station) = lock_kept(&desk, &tx, order.lot).await?;
    if order.taken_at > desk.now() {
        return desk.refuse_unstored(tx, vec![Refusal::InTheFuture]).await;
    }
    let no = typed.unwrap_or_else(|| {
        let label = if lot.number_key.is_empty() { lot.label_key.as_str() } else { "" };
        rule::unnumbered(lot.kind_id, &lot.number_key, label, order.units, order.taken_at)
    });
    if let Some(there) = store::takes::find_by_external_no(tx.conn(), station.id, &no).await? {
        let no = Refusal::NumberInBooks { taken_at: there.taken_at, units: there.units };
        return desk.refuse_unstored(tx, vec![no]).await;
    }
    let what = Recorded { no, lot: lot.clone(), units: order.units, taken_at: order.taken_at, person, note };
    match record(&desk, &tx, &station, what).await? {
        Ok(written) => {
            let view = RecordedTakeView::new(&written.take, &written.lot, written.against);
            desk.commit(tx, view).await
        }
        Err(no) => {
            let refused = desk.refuse_unstored(tx, vec![no.refusal(&lot)]).await;
            if matches!(no, NoEntry::MoreThanBooked { .. }) && !desk.rehearsal && matches!(refused, Err(Error::Refused(_))) {
                ask_to_count(&desk, order.lot, order.units).await?;
            }
            refused
        }
    }
}

/// The refusal has undone everything: a keeper is asked in a write of its own.
async fn ask_to_count(desk: &Desk, lot: LotId, units: i32) -> Result<()> {
    let tx = desk.app.db.write(Intent::default()).await?;
    let (lot, _) = lock_kept(desk, &tx, lot).await?;
    count_again(desk, &tx, &lot, units).await?;
    tx.commit(()).await?;
    Ok(())
}

/// What the register says, where the lot is found and held.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    /// Its number there, or what stands for one.
    pub(crate) no: String,
    /// Out of which lot; it is held.
    pub(crate) lot: lot::Model,
    /// How many base units.
    pub(crate) units: i32,
    /// When.
    pub(crate) taken_at: DateTime<Utc>,
    /// Who took it, by [`hold_person`].
    pub(crate) person: Option<Vec<u8>>,
    /// What else stands there.
    pub(crate) note: Option<String>,
}

/// What was written.
pub(crate) struct Written {
    pub(crate) take: take::Model,
    /// The lot after it.
    pub(crate) lot: lot::Model,
    /// What stood against it.
    pub(crate) against: BTreeSet<Block>,
}

/// For how long it is known who took something: no longer than limits look back.
const REMEMBERED: TimeDelta = TimeDelta::hours(72);

/// The person behind a number, held before the lots are; none if it is too long ago to be remembered.
pub(crate) async fn hold_person(
    desk: &Desk,
    tx: &WriteTx,
    phone: Option<&Phone>,
    taken_at: DateTime<Utc>,
) -> Result<Option<Vec<u8>>> {
    let person = phone.filter(|_| taken_at > desk.now() - REMEMBERED).map(|phone| desk.app.vault.person_key(phone));
    if let Some(key) = &person {
        store::takes::lock_taker(tx, key, desk.now()).await?;
    }
    Ok(person)
}

/// Writes it down.
///
/// # Errors
/// The database. [`NoEntry`] is an answer: nothing was taken then, and a keeper is asked to count where the books say too little.
pub(crate) async fn record(
    desk: &Desk,
    tx: &WriteTx,
    station: &station::Model,
    what: Recorded,
) -> Result<std::result::Result<Written, NoEntry>> {
    desk.actor.keeper_of(station)?;
    let lot = &what.lot;
    let profile = profile_of(tx.conn(), lot.kind_id).await?;
    if let Err(no) = rule::enter(lot, what.units, what.taken_at) {
        if matches!(no, NoEntry::MoreThanBooked { .. }) {
            count_again(desk, tx, lot, what.units).await?;
        }
        return Ok(Err(no));
    }
    let row = take::Model {
        id: desk.app.clock.id(),
        station_id: station.id,
        kind_id: lot.kind_id,
        units: what.units,
        person_key: what.person,
        // No warnings were shown.
        warning_version: 0,
        confirmed: take::Confirmed::None,
        taken_at: what.taken_at,
        taken_on: what.taken_at.with_timezone(&station.zone()).date_naive(),
        undone_at: None,
        external_no: Some(what.no),
    };
    let mut laid = store::stock_blocks::list_on(tx.conn(), lot.id).await?;
    if profile.dated {
        laid.extend(store::stock_blocks::find_suspension(tx.conn(), station.id).await?);
    }
    let against = rule::incident(lot, &laid, &profile, row.taken_on, row.taken_at);
    store::takes::add(tx, row.clone()).await?;
    let mut entry = Entry::new(desk, movement::Reason::Taken);
    (entry.take, entry.occurred_at, entry.note) = (Some(row.id), row.taken_at, what.note);
    let out = Change::moving(row.units, Place::Available, Place::Elsewhere);
    let lot = match move_units(desk, tx, lot, out, entry).await? {
        Ok(lot) => lot,
        // It was looked at above, under the same lock.
        Err(no) => return Err(Error::Refused(vec![no])),
    };
    if !against.is_empty() {
        let note = format!("补记：{} 取走 {}，当时不能发放（{against:?}）", row.taken_on, row.units);
        open_task(desk, tx, &lot, What::Incident, Some(note)).await?;
    }
    let detail = Some(serde_json::json!({ "take": row.id, "units": row.units, "against": against }));
    desk.record(tx, "take_recorded", About { station: Some(row.station_id), detail, ..About::default() }).await?;
    Ok(Ok(Written { take: row, lot, against }))
}

async fn count_again(desk: &Desk, tx: &WriteTx, lot: &lot::Model, units: i32) -> Result<()> {
    let note = format!("纸质登记取走 {units}，账上只有 {}", lot.available);
    open_task(desk, tx, lot, What::CountAgain, Some(note)).await
}
