//! See closed: on a round, a keeper has looked at every pack of a lot and found none open. A pack that is found open later was
//! closed until then.

use entity::{ids::LotId, lot};

use super::{lock_kept, profile_of, today, with_causes};
use crate::{
    db::Done,
    desk::{About, Desk, Result},
    rules::{handling as rule, usability},
    store,
    view::LotView,
};

/// Writes it down.
///
/// # Errors
/// [`crate::desk::Error::Refused`] for a pack that is open, and where nothing is there; [`crate::desk::Error::NotFound`].
pub async fn see_closed(desk: Desk, id: LotId) -> Result<Done<LotView>> {
    let tx = desk.open().await?;
    let (lot, station) = lock_kept(&desk, &tx, id).await?;
    if let Err(no) = rule::see_closed(&lot) {
        return desk.refuse(tx, vec![no]).await;
    }
    let lot = lot::Model { seen_closed_at: Some(desk.now()), ..lot };
    store::lots::mark_seen_closed(&tx, id, desk.now()).await?;
    let detail = Some(serde_json::json!({ "lot": id }));
    desk.record(&tx, "seen_closed", About { station: Some(station.id), detail, ..About::default() }).await?;
    let profile = profile_of(tx.conn(), lot.kind_id).await?;
    let day = today(&desk, tx.conn(), &station).await?;
    let shelf = with_causes(tx.conn(), station.id, &profile, vec![lot.clone()]).await?.pop();
    let causes = shelf.map(|shelf| shelf.causes).unwrap_or_default();
    desk.commit(tx, LotView::new(&lot, &usability::blocks(&lot, &causes, &profile, day))).await
}
