//! Record a take that has happened, out of a paper register, in a write that holds other lines too.
//!
//! Nothing is handed out here, and so nothing is refused for the date or for a block: it is written down as it was, and where
//! something stood against it, a keeper is told at once. What the ledger cannot hold is refused, and somebody counts.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{lot, movement, station, take, task::What, values::Phone};

use super::{Entry, move_units, open_task, profile_of};
use crate::{
    db::WriteTx,
    desk::{About, Desk, Error, Result},
    rules::{
        ledger::{Change, Place},
        recorded_take::{self as rule, NoEntry},
    },
    store,
};

/// What the register says.
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
    /// Whose number stands there.
    pub(crate) phone: Option<Phone>,
    /// What else stands there.
    pub(crate) note: Option<String>,
}

/// For how long it is known who took something: no longer than limits look back.
const REMEMBERED: TimeDelta = TimeDelta::hours(72);

/// Writes it down.
///
/// # Errors
/// The database. [`NoEntry`] is an answer: nothing was taken then, and a keeper is asked to count where the books say too little.
pub(crate) async fn record(
    desk: &Desk,
    tx: &WriteTx,
    station: &station::Model,
    what: Recorded,
) -> Result<std::result::Result<take::Model, NoEntry>> {
    desk.actor.keeper_of(station)?;
    let lot = &what.lot;
    let profile = profile_of(tx.conn(), lot.kind_id).await?;
    if let Err(no) = rule::enter(lot, what.units, what.taken_at) {
        if let NoEntry::MoreThanBooked { there } = no {
            let note = format!("纸质登记取走 {}，账上只有 {there}", what.units);
            open_task(desk, tx, lot, What::CountAgain, Some(note)).await?;
        }
        return Ok(Err(no));
    }
    let person = what.phone.as_ref().filter(|_| what.taken_at > desk.now() - REMEMBERED);
    let person = person.map(|phone| desk.app.vault.person_key(phone));
    if let Some(key) = &person {
        store::takes::lock_taker(tx, key, desk.now()).await?;
    }
    let row = take::Model {
        id: desk.app.clock.id(),
        station_id: station.id,
        kind_id: lot.kind_id,
        units: what.units,
        person_key: person,
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
    Ok(Ok(row))
}
