//! Age to lost: what has been out for so long that nobody expects it is written down as missing. It may still come back.

use entity::{ids::LoanId, item::Lifecycle};

use super::{About, Desk, Error, Result};
use crate::{
    db::{Done, WriteTx},
    rules::overdue,
    store,
};

/// Writes a loan down as lost, if it is still out and still overdue for long enough. Says whether it was.
///
/// The write is the caller's: a job brings one that proves it still holds its run.
///
/// # Errors
/// [`Error::NotFound`]; the database.
pub async fn age_to_lost(desk: &Desk, tx: WriteTx, id: LoanId) -> Result<Done<bool>> {
    let now = desk.now();
    let seen = store::loans::find(tx.conn(), id).await?.ok_or(Error::NotFound("loan"))?;
    let mut item = store::items::lock(&tx, seen.item_id).await?.ok_or(Error::NotFound("item"))?;
    let mut loan = store::loans::lock(&tx, id).await?.ok_or(Error::NotFound("loan"))?;
    if !overdue::counts_as_lost(&loan, now) {
        return desk.commit(tx, false).await;
    }
    loan.lost_at = Some(now);
    let loan = store::loans::change(&tx, loan).await?;
    if matches!(item.lifecycle, Lifecycle::Active | Lifecycle::Maintenance | Lifecycle::Pending) {
        item.lifecycle = Lifecycle::Missing;
        item.lifecycle_reason = Some("逾期过久 / overdue for too long".to_owned());
    }
    let item = store::items::change(&tx, item).await?;
    desk.record(&tx, "aged_to_lost", About { item: Some(&item), loan: Some(&loan), ..About::default() }).await?;
    desk.commit(tx, true).await
}
