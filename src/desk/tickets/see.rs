//! A keeper has seen all that a ticket says, and takes care of it. Seen is not done.

use entity::{ids::TicketId, task::What};

use super::lock_kept;
use crate::{
    db::Done,
    desk::{About, Desk, Result},
    rules::refusal::Refusal,
    store,
    view::TicketView,
};

/// Writes that down, once for what has been reported so far.
///
/// # Errors
/// [`crate::desk::Error::Refused`] when it is closed; [`crate::desk::Error::NotFound`], also for another station's.
pub async fn see(desk: Desk, id: TicketId) -> Result<Done<TicketView>> {
    let tx = desk.open().await?;
    let (mut row, item) = lock_kept(&desk, &tx, id).await?;
    if !row.is_open() {
        return desk.refuse(tx, vec![Refusal::TicketClosed]).await;
    }
    if row.seen_at.is_none() {
        (row.seen_at, row.seen_by) = (Some(desk.now()), desk.actor.member());
        store::tickets::change(&tx, row.clone()).await?;
        if let Some(item) = &item {
            store::tasks::see(&tx, item.id, What::Repair, desk.actor.member(), desk.now()).await?;
        }
        let detail = Some(serde_json::json!({ "ticket": row.id }));
        desk.record(&tx, "ticket_seen", About { station: row.station_id, detail, ..About::default() }).await?;
    }
    desk.commit(tx, TicketView::from(&row)).await
}
