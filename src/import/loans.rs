//! Past loans from a register. Who had the thing may be unknown. History keeps the invariants: a thing was in one hand at a
//! time, and what contradicts an accepted loan is refused, in the order of the file.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    ids::{ItemId, KindId, MemberId, StationId},
    item, kind, loan, station,
    values::Phone,
};

use super::{CannotImport, Fate, Row, moment::instant, stations_named};
use crate::{
    db::WriteTx,
    desk::{
        Desk,
        borrow::new_loan,
        members::new_member,
        surroundings::{calendar_of, place},
    },
    rules::{
        calendar::Calendar,
        history::{Span, conflict},
        policy::{Policy, Scope, resolve},
    },
    speech::Reject,
    store,
};

/// What is known while a file is read.
#[derive(Default)]
pub(super) struct Loans {
    stations: HashMap<String, Option<station::Model>>,
    calendars: HashMap<Option<StationId>, Calendar>,
    kinds: HashMap<KindId, kind::Model>,
    policies: HashMap<(Option<StationId>, KindId, Option<String>), Policy>,
    items: HashMap<String, item::Model>,
    /// The accepted loans of the items of this chunk.
    history: HashMap<ItemId, Vec<(String, Span)>>,
    /// Where each thing was last seen, by what was imported.
    seen: HashMap<ItemId, (DateTime<Utc>, Option<StationId>)>,
}

/// A row that can be read.
struct Entry {
    no: String,
    item: item::Model,
    from: Option<StationId>,
    to: Option<StationId>,
    span: Span,
    group: Option<String>,
    phone: Option<Phone>,
}

impl Loans {
    pub(super) async fn take(&mut self, desk: &Desk, tx: &WriteTx, rows: &[Row]) -> Result<Vec<Fate>, CannotImport> {
        let names = rows.iter().flat_map(|row| [row.get("from_station").to_owned(), row.get("to_station").to_owned()]);
        stations_named(tx, &mut self.stations, names).await?;
        self.look_up_items(tx, rows).await?;
        let numbers = rows.iter().map(|row| row.get("loan_no").to_owned()).collect();
        let there = store::loans::list_by_external_no(tx.conn(), numbers).await?;
        let mut there: HashMap<String, loan::Model> =
            there.into_iter().filter_map(|loan| loan.external_no.clone().map(|no| (no, loan))).collect();
        let mut fates = Vec::with_capacity(rows.len());
        let mut fresh = Vec::new();
        for row in rows {
            fates.push(match self.read(desk, row) {
                Err(why) => Fate::Rejected(why),
                Ok(entry) => match there.get(&entry.no) {
                    Some(stored) if same(stored, &entry) => Fate::Unchanged,
                    Some(stored) if fresh.iter().any(|loan: &loan::Model| loan.id == stored.id) => {
                        Fate::Rejected(Reject::TwiceInFile)
                    }
                    Some(_) => Fate::Rejected(Reject::DiffersFromStored),
                    None => match conflict(entry.span, self.history.get(&entry.item.id).map_or(&[], Vec::as_slice)) {
                        Some(other) => Fate::Rejected(Reject::Overlaps(other.clone())),
                        None => {
                            let loan = self.accept(desk, tx, entry).await?;
                            there.insert(loan.external_no.clone().unwrap_or_default(), loan.clone());
                            fresh.push(loan);
                            Fate::Imported
                        }
                    },
                },
            });
        }
        store::loans::add_all(tx, fresh).await?;
        Ok(fates)
    }

    /// The items that a chunk names, and what is known of when they were out.
    async fn look_up_items(&mut self, tx: &WriteTx, rows: &[Row]) -> Result<(), CannotImport> {
        let mut unknown: Vec<String> = rows.iter().map(|row| row.get("item_code").to_owned()).collect();
        unknown.sort();
        unknown.dedup();
        unknown.retain(|code| !self.items.contains_key(code));
        let found = store::items::list_by_codes(tx.conn(), unknown).await?;
        let ids: Vec<_> = found.iter().map(|item| item.id).collect();
        for loan in store::loans::list_of_items(tx.conn(), ids).await? {
            let span = Span { lent_at: loan.lent_at, returned_at: loan.returned_at };
            let name = loan.external_no.unwrap_or_else(|| loan.id.to_string());
            self.history.entry(loan.item_id).or_default().push((name, span));
        }
        for item in found {
            if !self.kinds.contains_key(&item.kind_id)
                && let Some(kind) = store::kinds::find(tx.conn(), item.kind_id).await?
            {
                self.kinds.insert(kind.id, kind);
            }
            self.items.insert(item.code.clone(), item);
        }
        Ok(())
    }

    fn station(&self, row: &Row, field: &'static str) -> Result<Option<&station::Model>, Reject> {
        match row.get(field) {
            "" => Ok(None),
            code => self.stations.get(code).and_then(Option::as_ref).map(Some).ok_or(Reject::UnknownStation(field)),
        }
    }

    fn read(&self, desk: &Desk, row: &Row) -> Result<Entry, Reject> {
        let no = entity::values::code(row.need("loan_no")?).map_err(|_| Reject::BadCode("loan_no"))?;
        let item = self.items.get(row.need("item_code")?).cloned().ok_or(Reject::UnknownItem)?;
        let from = self.station(row, "from_station")?;
        let to = self.station(row, "to_station")?;
        let zone = from.or(to).map_or(chrono_tz::Asia::Shanghai, station::Model::zone);
        let lent_at = instant(row.need("lent_at")?, zone).ok_or(Reject::BadTime("lent_at"))?;
        let returned_at = match row.get("returned_at") {
            "" => None,
            text => Some(instant(text, zone).ok_or(Reject::BadTime("returned_at"))?),
        };
        if returned_at.is_some_and(|returned_at| returned_at <= lent_at) {
            return Err(Reject::EndsBeforeItBegins);
        }
        if returned_at.unwrap_or(lent_at) > desk.now() || lent_at > desk.now() {
            return Err(Reject::InTheFuture);
        }
        let group = Some(row.get("member_group")).filter(|group| !group.is_empty());
        let phone = Some(row.get("phone")).filter(|phone| !phone.is_empty());
        Ok(Entry {
            no,
            item,
            from: from.map(|station| station.id),
            to: to.map(|station| station.id),
            span: Span { lent_at, returned_at },
            group: group.map(|g| entity::values::text(g, 40)).transpose().map_err(|_| Reject::BadText("member_group"))?,
            phone: phone.map(Phone::parse).transpose().map_err(|_| Reject::BadPhone)?,
        })
    }

    /// The row of a loan that contradicts nothing.
    async fn accept(&mut self, desk: &Desk, tx: &WriteTx, entry: Entry) -> Result<loan::Model, CannotImport> {
        let policy = self.policy(tx, &entry).await?;
        let calendar = self.calendar(tx, entry.from).await?;
        let mut loan = new_loan(desk.app.clock.id(), &entry.item, &policy);
        loan.external_no = Some(entry.no.clone());
        (loan.station_id, loan.returned_station_id) = (entry.from, entry.to.filter(|_| entry.span.returned_at.is_some()));
        (loan.lent_at, loan.returned_at) = (entry.span.lent_at, entry.span.returned_at);
        loan.due_at = calendar.due(entry.span.lent_at, policy.length).at;
        loan.member_group = entry.group;
        loan.member_id = match &entry.phone {
            Some(phone) => Some(member(desk, tx, phone).await?),
            None => None,
        };
        self.history.entry(entry.item.id).or_default().push((entry.no, entry.span));
        let (at, place) = entry.span.returned_at.map_or((entry.span.lent_at, entry.from), |at| (at, entry.to));
        let newest = self.seen.entry(entry.item.id).or_insert((at, place));
        if at >= newest.0 {
            *newest = (at, place);
        }
        Ok(loan)
    }

    async fn policy(&mut self, tx: &WriteTx, entry: &Entry) -> Result<Policy, CannotImport> {
        let key = (entry.from, entry.item.kind_id, entry.group.clone());
        if let Some(policy) = self.policies.get(&key) {
            return Ok(policy.clone());
        }
        let rows = store::policies::list_for(tx.conn(), entry.from, entry.item.kind_id).await?;
        let identity = self.kinds.get(&entry.item.kind_id).map_or(kind::Identity::Anonymous, |kind| kind.identity);
        let scope = Scope { station: entry.from, group: entry.group.as_deref(), kind: entry.item.kind_id };
        let policy = resolve(&rows, scope, identity);
        self.policies.insert(key, policy.clone());
        Ok(policy)
    }

    async fn calendar(&mut self, tx: &WriteTx, id: Option<StationId>) -> Result<&Calendar, CannotImport> {
        if !self.calendars.contains_key(&id) {
            let known = self.stations.values().flatten().find(|station| Some(station.id) == id);
            let calendar = match known {
                Some(station) => calendar_of(tx.conn(), station).await?,
                None => place(tx.conn(), id).await?.1,
            };
            self.calendars.insert(id, calendar);
        }
        Ok(&self.calendars[&id])
    }

    /// Brings the things to where they were last seen, and those that are still out into their borrowers' hands.
    pub(super) async fn finish(self, desk: &Desk, tx: &WriteTx) -> Result<(), CannotImport> {
        let mut seen: Vec<_> = self.seen.into_iter().collect();
        seen.sort_by_key(|(id, _)| *id);
        for (id, (at, place)) in seen {
            crate::desk::items::seen_in_register(desk, tx, id, at, place).await?;
        }
        Ok(())
    }
}

/// Whoever has that number; entered if nobody has.
async fn member(desk: &Desk, tx: &WriteTx, phone: &Phone) -> Result<MemberId, CannotImport> {
    if let Some(known) = store::members::find_by_phone(tx.conn(), &desk.app.vault.index(phone)).await? {
        return Ok(known.id);
    }
    let fresh = new_member(&desk.app, Some(phone), None);
    store::members::add(tx, fresh.clone()).await?;
    Ok(fresh.id)
}

/// Says the stored loan what the row says?
fn same(stored: &loan::Model, entry: &Entry) -> bool {
    stored.item_id == entry.item.id
        && stored.station_id == entry.from
        && stored.lent_at == entry.span.lent_at
        && stored.returned_at == entry.span.returned_at
        && (stored.returned_at.is_none() || stored.returned_station_id == entry.to)
        && stored.member_group == entry.group
}
