//! What is out now, the longest overdue first.

use std::collections::HashMap;

use entity::ids::LoanId;

use super::Scope;
use crate::{
    desk::{Desk, Error, Result, members::masked},
    rules::overdue::days_overdue,
    store,
    view::{KindName, OutLineView, OutView, StationName},
};

/// How many lines a page has.
pub const PAGE: u64 = 50;
/// How many lines a file has at most.
pub const EVERYTHING: u64 = 20_000;

/// A page of what is out.
///
/// # Errors
/// [`Error::NotFound`] when it shall begin after a loan of elsewhere; the database.
pub async fn out(desk: &Desk, scope: &Scope, after: Option<LoanId>, limit: u64) -> Result<OutView> {
    let conn = desk.app.db.read();
    let counts = store::reports::stations::out(conn, &scope.ids(), scope.now()).await?;
    let after = match after {
        Some(id) => {
            let loan = store::loans::find(conn, id).await?;
            let ours = loan.filter(|loan| loan.station_id.is_some_and(|id| scope.station(id).is_some()));
            ours.map(|loan| (loan.due_at, loan.id)).ok_or(Error::NotFound("loan")).map(Some)?
        }
        None => None,
    };
    let mut loans = store::reports::lending::list_open(conn, &scope.ids(), after, limit + 1).await?;
    let more = loans.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    loans.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = loans.last().filter(|_| more).map(|loan| loan.id.to_string());
    let items = store::items::list_by_ids(conn, loans.iter().map(|loan| loan.item_id).collect()).await?;
    let items: HashMap<_, _> = items.into_iter().map(|item| (item.id, item)).collect();
    let kinds = store::kinds::list_by_ids(conn, loans.iter().map(|loan| loan.kind_id).collect()).await?;
    let kinds: HashMap<_, _> = kinds.into_iter().map(|kind| (kind.id, kind)).collect();
    let members = store::reports::lending::list_borrowers(conn, loans.iter().filter_map(|loan| loan.member_id).collect()).await?;
    let phones: HashMap<_, _> = members.iter().map(|row| (row.id, masked(&desk.app, row).phone)).collect();
    let line = |loan: &entity::loan::Model| {
        let item = items.get(&loan.item_id)?;
        let kind = kinds.get(&loan.kind_id).filter(|kind| !kind.sensitive);
        Some(OutLineView {
            station: scope.station(loan.station_id?)?.into(),
            kind: kind.map(|kind| KindName::new(kind, "")),
            code: item.code.clone(),
            label: item.label.clone().filter(|_| kind.is_some()),
            phone: loan.member_id.and_then(|id| phones.get(&id).cloned().flatten()),
            lent_at: loan.lent_at,
            due_at: loan.due_at,
            days_overdue: days_overdue(loan, scope.now()),
        })
    };
    let of_station = |station: &entity::station::Model| {
        let (_, out, overdue) = counts.iter().find(|(id, ..)| *id == station.id).copied().unwrap_or((station.id, 0, 0));
        (StationName::from(station), out, overdue)
    };
    Ok(OutView {
        stations: scope.stations().iter().map(of_station).collect(),
        lines: loans.iter().filter_map(line).collect(),
        next,
    })
}
