//! Tickets 报修/问题单: what anybody reports, and what keepers make of it.

use entity::{ids::TicketId, item, station, ticket};
use sea_orm::ConnectionTrait;

use super::{Desk, Error, Result, authority::hide};
use crate::{db::WriteTx, store};

pub mod close;
pub mod report;
pub mod see;

/// Where a ticket belongs: where its thing is now, or the station it is about.
async fn place(conn: &impl ConnectionTrait, row: &ticket::Model, item: Option<&item::Model>) -> Result<Option<station::Model>> {
    let id = item.map_or(row.station_id, |item| item.station_id);
    match id {
        Some(id) => Ok(store::stations::find(conn, id).await?),
        None => Ok(None),
    }
}

/// A ticket that the actor may see, with its thing and its station.
///
/// # Errors
/// [`Error::NotFound`], also for another station's.
pub async fn kept(
    desk: &Desk,
    conn: &impl ConnectionTrait,
    id: TicketId,
) -> Result<(ticket::Model, Option<item::Model>, Option<station::Model>)> {
    desk.actor.resident()?;
    let row = store::tickets::find(conn, id).await?.ok_or(Error::NotFound("ticket"))?;
    let item = match row.item_id {
        Some(id) => store::items::find(conn, id).await?,
        None => None,
    };
    let station = place(conn, &row, item.as_ref()).await?;
    hide(desk.actor.keeper_where(station.as_ref()), "ticket")?;
    Ok((row, item, station))
}

/// As [`kept`], with thing and ticket held until the end of the write, in this order.
async fn lock_kept(desk: &Desk, tx: &WriteTx, id: TicketId) -> Result<(ticket::Model, Option<item::Model>)> {
    let (row, item, _) = kept(desk, tx.conn(), id).await?;
    let item = match item {
        Some(item) => store::items::lock(tx, item.id).await?,
        None => None,
    };
    let row = store::tickets::lock(tx, row.id).await?.ok_or(Error::NotFound("ticket"))?;
    Ok((row, item))
}
