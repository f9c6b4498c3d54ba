//! What the clock does for pools that nobody comes by: each in a write of its own, and in none where there is nothing to do.

use entity::ids::PoolId;

use super::{bookable::Bookable, ladder, lapse};
use crate::{
    desk::{Desk, Result, queue},
    store,
};

/// The ladder for what is locked together. How many steps.
///
/// # Errors
/// [`crate::desk::Error`] of the database.
pub async fn ladder(desk: &Desk, subject: Bookable) -> Result<u64> {
    if ladder::look(desk.app.db.read(), &subject.family, desk.now()).await?.is_empty() {
        return Ok(0);
    }
    let tx = desk.open().await?;
    let subject = subject.lock(&tx).await?;
    let steps = ladder::climb(desk, &tx, &subject.family).await?;
    tx.commit(()).await?;
    Ok(steps)
}

/// Whose turn it is for pools that are locked together. How many offers.
///
/// # Errors
/// [`crate::desk::Error`] of the database.
pub async fn turn(desk: &Desk, pools: Vec<PoolId>) -> Result<u64> {
    let tx = desk.open().await?;
    store::claims::lock_pools(&tx, pools.clone()).await?;
    lapse::tidy(desk, &tx, &pools).await?;
    let offers = queue::promote(desk, &tx, &pools).await?;
    tx.commit(()).await?;
    Ok(offers)
}
