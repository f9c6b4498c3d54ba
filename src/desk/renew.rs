//! Renew: a loan gets a later due time.

use chrono::{DateTime, Utc};
use entity::{ids::LoanId, item, loan, renewal};

use super::{About, Desk, Error, Result, authority::hide, bookings::promises::Promises, surroundings};
use crate::{
    db::{Done, WriteTx},
    rules::{
        calendar::Calendar,
        refusal::Refusal,
        renew::{self as rule, Facts},
    },
    store,
    view::{LentView, LoanView},
};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Renew {
    /// Which loan.
    pub loan: LoanId,
    /// A keeper takes it on themselves, for this reason.
    pub override_reason: Option<String>,
}

/// Renews. The borrower may, and a keeper of the station that lent it; for an anonymous loan, whoever knows its id.
///
/// # Errors
/// [`Error::Refused`] with all reasons; [`Error::NotFound`] for a loan that is not there, or somebody else's.
pub async fn renew(desk: Desk, order: Renew) -> Result<Done<LentView>> {
    let tx = desk.open().await?;
    let now = desk.now();
    // Lock order: member, then item. The loan is read first to learn which, and again under the locks.
    let seen = store::loans::find(tx.conn(), order.loan).await?.ok_or(Error::NotFound("loan"))?;
    may_renew(&desk, &tx, &order, &seen).await?;
    if let Some(member) = seen.member_id {
        store::members::lock(&tx, member).await?;
    }
    let item = store::items::lock(&tx, seen.item_id).await?.ok_or(Error::NotFound("item"))?;
    let loan = store::loans::lock(&tx, order.loan).await?.ok_or(Error::NotFound("loan"))?;
    let (_, calendar) = surroundings::place(tx.conn(), loan.station_id).await?;
    let blocks = match loan.member_id {
        Some(member) => store::blocks::list_of(tx.conn(), member, now).await?,
        None => Vec::new(),
    };
    let facts = Facts { loan: &loan, item: &item, calendar: &calendar, blocks: &blocks };
    let due = match rule::renew(&facts, order.override_reason.is_some(), now) {
        Ok(due) => due,
        Err(reasons) => return desk.refuse(tx, reasons).await,
    };
    let due_at = match until_somebody_comes(&desk, &tx, (&item, &loan), &calendar, due.at).await? {
        Ok(due_at) => due_at,
        Err(reasons) => return desk.refuse(tx, reasons).await,
    };
    let booked_from = (due_at < due.at).then_some(due_at);
    let loan = record(&desk, &tx, loan, due_at, order.override_reason.as_deref()).await?;
    let item = store::items::change(&tx, item).await?;
    desk.record(&tx, "renewed", About { item: Some(&item), loan: Some(&loan), ..About::default() }).await?;
    let due_moved_from = due.moved_from.filter(|_| booked_from.is_none());
    let receipt = LentView { loan: LoanView::new(&loan, &item, now), due_moved_from, booked_from, overridden: Vec::new() };
    desk.commit(tx, receipt).await
}

/// A loan that is prolonged is a promise like any other: as far as nobody else was promised the thing.
async fn until_somebody_comes(
    desk: &Desk,
    tx: &WriteTx,
    (item, loan): (&item::Model, &loan::Model),
    calendar: &Calendar,
    due_at: DateTime<Utc>,
) -> Result<std::result::Result<DateTime<Utc>, Vec<Refusal>>> {
    let kind = store::kinds::find(tx.conn(), item.kind_id).await?.ok_or(Error::NotFound("kind"))?;
    let promises = Promises::lock(desk, tx, item, &kind, calendar).await?;
    Ok(promises.map_or(Ok(due_at), |promises| promises.prolonged(loan, due_at, desk.now())))
}

async fn may_renew(desk: &Desk, tx: &WriteTx, order: &Renew, loan: &loan::Model) -> Result<()> {
    let anonymous = loan.member_id.is_none();
    let mine = loan.member_id.is_some() && loan.member_id == desk.actor.member();
    if (anonymous || mine) && order.override_reason.is_none() {
        return Ok(());
    }
    let station = match loan.station_id {
        Some(id) => store::stations::find(tx.conn(), id).await?,
        None => None,
    };
    hide(desk.actor.keeper_where(station.as_ref()), "loan")
}

async fn record(
    desk: &Desk,
    tx: &WriteTx,
    mut loan: loan::Model,
    due_at: DateTime<Utc>,
    override_reason: Option<&str>,
) -> Result<loan::Model> {
    let row = renewal::Model {
        id: desk.app.clock.id(),
        loan_id: loan.id,
        n: loan.renewals + 1,
        member_id: desk.actor.member(),
        renewed_at: desk.now(),
        old_due_at: loan.due_at,
        new_due_at: due_at,
    };
    store::loans::add_renewal(tx, row).await?;
    loan.renewals += 1;
    loan.due_at = due_at;
    if let Some(reason) = override_reason {
        loan.override_reason = Some(reason.to_owned());
    }
    store::claims::prolong(tx, &loan).await?;
    Ok(store::loans::change(tx, loan).await?)
}
