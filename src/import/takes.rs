//! What was taken, out of a paper register. It has happened: it is written down as it was, and where it should not have
//! happened, somebody is told.

use std::collections::HashMap;

use chrono::Datelike;
use entity::{
    ids::StationId,
    kind::{self, Tracked},
    lot, station, take,
    values::Phone,
};

use super::{
    CannotImport, Fate, LineByLine, No, Row,
    fields::{dated_by, quantity, station_of, text, written},
    line_by_line,
    moment::instant_or_day,
    stations_named,
};
use crate::{
    db::WriteTx,
    desk::{
        Desk,
        stock::record_take::{Recorded, hold_person, record},
    },
    rules::{
        label_date,
        pack_code::lot_key,
        receive::label_key,
        recorded_take::{NoEntry, unnumbered},
        refusal::Refusal,
    },
    speech::Reject,
    store,
};

/// What is known while a file is read.
#[derive(Clone, Default)]
pub(super) struct Takes {
    stations: HashMap<String, Option<station::Model>>,
    /// The numbers of the lines above.
    seen: HashMap<(StationId, String), u64>,
}

/// Which lot a line names.
struct Named {
    number: Option<String>,
    label: Option<String>,
}

impl Named {
    fn means(&self, lot: &lot::Model) -> bool {
        self.number.as_ref().is_none_or(|key| *key == lot.number_key)
            && self.label.as_ref().is_none_or(|key| *key == lot.label_key)
    }
}

impl Takes {
    pub(super) async fn take(&mut self, desk: &Desk, tx: &WriteTx, rows: &[Row]) -> Result<Vec<Fate>, CannotImport> {
        let names = rows.iter().filter_map(|row| row.plain("station"));
        stations_named(tx, &mut self.stations, names).await?;
        line_by_line(self, desk, tx, rows).await
    }
}

impl LineByLine for Takes {
    async fn line(&mut self, desk: &Desk, tx: &WriteTx, row: &Row) -> Result<Fate, No> {
        let station = station_of(&self.stations, row)?.clone();
        let kind = kind_of(tx, &station, row).await?;
        let profile = store::consumables::find(tx.conn(), kind.id).await?;
        let profile = profile.ok_or(Reject::Refused(vec![Refusal::NoProfile]))?;
        let units = quantity(row, &profile)?;
        let when = row.plain("taken_at").ok_or(Reject::Missing("taken_at"))?;
        let taken_at = instant_or_day(&when, station.zone()).ok_or(Reject::BadTime("taken_at"))?;
        if taken_at > desk.now() {
            return Err(Reject::InTheFuture.into());
        }
        let named = named(desk, &station, row)?;
        let phone = written(row, "phone").filter(|text| !["匿名", "anonymous"].contains(&text.to_lowercase().as_str()));
        let phone = phone.map(Phone::parse).transpose().map_err(|_| Reject::BadPhone)?;
        let note = text(row, "note", 200)?;
        let no = match row.plain("take_no") {
            Some(no) => entity::values::code(&no).map_err(|_| Reject::BadCode("take_no"))?,
            None => {
                let (number, label) = (named.number.as_deref().unwrap_or_default(), named.label.as_deref().unwrap_or_default());
                unnumbered(kind.id, number, label, units, taken_at)
            }
        };
        if let Some(above) = self.seen.get(&(station.id, no.clone())) {
            return Err(Reject::TakeTwice(*above).into());
        }
        let key = (station.id, no.clone());
        if let Some(stored) = store::takes::find_by_external_no(tx.conn(), station.id, &no).await? {
            let same = (stored.kind_id, stored.units, stored.taken_at) == (kind.id, units, taken_at);
            if !(same && is_of(tx, &stored, &named).await?) {
                return Err(Reject::DiffersFromStored.into());
            }
            self.seen.insert(key, row.line);
            return Ok(Fate::Unchanged);
        }
        // Before the lots, as every take does.
        let person = hold_person(desk, tx, phone.as_ref(), taken_at).await?;
        let lots = store::lots::lock_delivered(tx, station.id, kind.id, named.number.as_deref()).await?;
        let mut meant: Vec<_> = lots.into_iter().filter(|lot| named.means(lot)).collect();
        let lot = match (meant.pop(), meant.len()) {
            (None, _) => return Err(Reject::UnknownLot.into()),
            (Some(lot), 0) => lot,
            (Some(_), _) => return Err(Reject::WhichLot.into()),
        };
        let since = lot.received_at;
        let recorded = record(desk, tx, &station, Recorded { no, lot, units, taken_at, person, note }).await?;
        recorded.map_err(|no| match no {
            NoEntry::BeforeItArrived => Reject::BeforeTheList(since),
            NoEntry::CountedSince => Reject::CountedSince,
            NoEntry::MoreThanBooked { there } => Reject::MoreThanBooked(there),
        })?;
        self.seen.insert(key, row.line);
        Ok(Fate::Imported)
    }
}

async fn kind_of(tx: &WriteTx, station: &station::Model, row: &Row) -> Result<kind::Model, No> {
    let name = row.need("kind")?;
    let ours = store::kinds::find_by_name(tx.conn(), Some(station.community_id), name).await?;
    let kind = match ours {
        Some(kind) => Some(kind),
        None => store::kinds::find_by_name(tx.conn(), None, name).await?,
    };
    let kind = kind.ok_or(Reject::UnknownKind)?;
    if kind.tracked == Tracked::Lot { Ok(kind) } else { Err(Reject::Refused(vec![Refusal::KindNotTaken]).into()) }
}

/// Which lot the line names, in the forms for comparison.
fn named(desk: &Desk, station: &station::Model, row: &Row) -> Result<Named, Reject> {
    let year = desk.now().with_timezone(&station.zone()).year();
    let label = dated_by(row).map(|text| label_date::read(&text, year)).transpose();
    let label = label.map_err(|ask| Reject::Refused(vec![Refusal::LabelUnclear { ask }]))?;
    Ok(Named { number: written(row, "lot_no").map(lot_key), label: label.map(|label| label_key(Some(&label))) })
}

/// Was it taken out of the lot that the line names?
async fn is_of(tx: &WriteTx, stored: &take::Model, named: &Named) -> Result<bool, No> {
    for line in store::movements::list_of_take(tx.conn(), stored.id).await? {
        let lot = store::lots::find(tx.conn(), line.lot_id).await?;
        // A label that was corrected since says something else than the register: the number does not.
        let named = Named { number: named.number.clone(), label: named.label.clone().filter(|_| named.number.is_none()) };
        if !lot.is_some_and(|lot| named.means(&lot)) {
            return Ok(false);
        }
    }
    Ok(true)
}
