//! Report: a thing is lost, has been found, or its borrower says it is back.

use entity::{
    item::{self, Lifecycle},
    loan,
    task::{self, What},
};
use serde::{Deserialize, Serialize};

use super::{About, Desk, Error, Result, borrow::new_task};
use crate::{
    db::{Done, WriteTx},
    rules::refusal::Refusal,
    store,
    view::{ItemView, LoanView, ReturnedView},
};

/// What is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Report {
    /// It is lost. By the borrower, or by a keeper.
    Lost,
    /// It turned up somewhere; it is not yet back. By anybody.
    Found,
    /// The borrower says it is back, though it is still written as out. Lateness ends; a keeper looks for it.
    ClaimedReturned,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Order {
    /// The code of the item, or of a sticker on it.
    pub code: String,
    /// What is reported.
    pub what: Report,
    /// What the reporter writes.
    pub note: Option<String>,
}

/// Takes the report down.
///
/// # Errors
/// [`Error::Refused`] when a thing that is not out is claimed returned; [`Error::NotFound`] for an unknown code;
/// [`Error::Forbidden`] when somebody who is neither borrower nor keeper reports a loss.
pub async fn report(desk: Desk, order: Order) -> Result<Done<ReturnedView>> {
    let tx = desk.open().await?;
    let item = store::items::lock_by_code(&tx, &order.code).await?.ok_or(Error::NotFound("item"))?;
    let loan = match item.open_loan_id {
        Some(id) => store::loans::lock(&tx, id).await?,
        None => None,
    };
    may_report(&desk, &tx, &order, &item, loan.as_ref()).await?;
    if order.what == Report::ClaimedReturned && loan.is_none() {
        return desk.refuse(tx, vec![Refusal::ItemNotOut]).await;
    }
    if item.lifecycle == Lifecycle::Retired && order.what != Report::Found {
        return desk.refuse(tx, vec![Refusal::ItemRetired]).await;
    }
    let (item, loan) = record(&desk, &tx, &order, item, loan).await?;
    let receipt = ReturnedView {
        loan: loan.as_ref().map(|loan| LoanView::new(loan, &item, desk.now())),
        late_days: 0,
        suspended_until: None,
        item: ItemView::from(&item),
    };
    desk.commit(tx, receipt).await
}

/// Anybody may say that a thing turned up. That it is lost or back says whoever has it, or a keeper; for an anonymous loan
/// nobody can prove to be the borrower, so that anybody may claim it is back (a keeper looks), but not that it is lost.
async fn may_report(desk: &Desk, tx: &WriteTx, order: &Order, item: &item::Model, loan: Option<&loan::Model>) -> Result<()> {
    let borrower = loan.and_then(|loan| loan.member_id);
    let mine = borrower.is_some() && borrower == desk.actor.member();
    let anonymous = loan.is_some() && borrower.is_none();
    match order.what {
        Report::Found => return Ok(()),
        Report::Lost | Report::ClaimedReturned if mine => return Ok(()),
        Report::ClaimedReturned if anonymous || loan.is_none() => return Ok(()),
        Report::Lost | Report::ClaimedReturned => {}
    }
    let station = match item.station_id {
        Some(id) => store::stations::find(tx.conn(), id).await?,
        None => None,
    };
    desk.actor.keeper_where(station.as_ref())
}

async fn record(
    desk: &Desk,
    tx: &WriteTx,
    order: &Order,
    mut item: item::Model,
    loan: Option<loan::Model>,
) -> Result<(item::Model, Option<loan::Model>)> {
    let now = desk.now();
    let what = match order.what {
        Report::Lost => {
            (item.lifecycle, item.lifecycle_reason) = (Lifecycle::Missing, order.note.clone());
            None
        }
        Report::ClaimedReturned => Some(What::LookFor),
        Report::Found => Some(What::Decide),
    };
    let loan = match loan {
        None => None,
        Some(mut loan) => {
            match order.what {
                Report::Lost => loan.lost_at = loan.lost_at.or(Some(now)),
                Report::ClaimedReturned => loan.claimed_returned_at = loan.claimed_returned_at.or(Some(now)),
                Report::Found => {}
            }
            Some(store::loans::change(tx, loan).await?)
        }
    };
    let item = store::items::change(tx, item).await?;
    if order.what == Report::Lost {
        store::tasks::settle(tx, item.id, &[What::LookFor, What::Chase], now).await?;
    }
    if let Some(what) = what {
        let row = task::Model {
            natural_key: format!("{what:?}:{}", item.id),
            station_id: item.station_id,
            item_id: Some(item.id),
            loan_id: loan.as_ref().map(|loan| loan.id),
            note: order.note.clone(),
            ..new_task(desk, what)
        };
        store::tasks::open(tx, row).await?;
    }
    let action = match order.what {
        Report::Lost => "reported_lost",
        Report::Found => "reported_found",
        Report::ClaimedReturned => "claimed_returned",
    };
    let detail = order.note.as_ref().map(|note| serde_json::json!({ "note": note }));
    desk.record(tx, action, About { item: Some(&item), loan: loan.as_ref(), detail, ..About::default() }).await?;
    Ok((item, loan))
}
