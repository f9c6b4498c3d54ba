//! Leave: somebody waits no longer. What was held for them is the next one's.

use entity::{
    booking,
    hold::{self, State},
    ids::HoldId,
};
use sea_orm::ConnectionTrait;

use super::{end, look};
use crate::{
    db::Done,
    desk::{
        Actor, Desk, Error, Result,
        authority::hide,
        bookings::{bookable::Bookable, lapse},
    },
    store,
    view::QueueView,
};

/// Gives a place up. Whoever has it, and keepers of a station where they wait. A second time it answers the same.
///
/// # Errors
/// [`Error::NotFound`], also for another's; [`Error::NotSignedIn`].
pub async fn leave(desk: Desk, id: HoldId) -> Result<Done<QueueView>> {
    let tx = desk.open().await?;
    let seen = store::holds::find(tx.conn(), id).await?.ok_or(Error::NotFound("hold"))?;
    may_see(&desk.actor, tx.conn(), &seen).await?;
    // Lock order: pools, then holds.
    let offer = store::bookings::find_offer(tx.conn(), id).await?;
    let subject = match &offer {
        Some(offer) => Some(Bookable::of(tx.conn(), offer).await?.lock(&tx).await?),
        None => None,
    };
    let row = store::holds::lock(&tx, id).await?.ok_or(Error::NotFound("hold"))?;
    let offer = store::bookings::find_offer(tx.conn(), id).await?;
    match (row.state, offer, &subject) {
        (State::Waiting, ..) => end(&desk, &tx, row, State::Left).await?,
        (State::Offered, Some(offer), Some(subject)) => {
            end(&desk, &tx, row, State::Left).await?;
            lapse::end(&desk, &tx, offer, booking::State::Cancelled, None).await?;
            store::claims::touch_pools(&tx, subject.pool_ids()).await?;
            lapse::freed(&desk, &tx, &subject.family).await?;
        }
        // It was offered between the look and the lock: looked at again, it is seen.
        (State::Offered, ..) => return Err(crate::db::Trouble::GuardFailed("hold.state").into()),
        _ => {}
    }
    let row = store::holds::find(tx.conn(), id).await?.ok_or(Error::NotFound("hold"))?;
    let receipt = look::view(&desk, tx.conn(), &row).await?;
    desk.commit(tx, receipt).await
}

/// Whoever waits, and keepers of a station where they wait; for others it is not there.
pub(super) async fn may_see(actor: &Actor, conn: &impl ConnectionTrait, row: &hold::Model) -> Result<()> {
    if actor.member() == Some(row.member_id) {
        return Ok(());
    }
    let places = store::holds::list_places(conn, vec![row.id]).await?;
    let stations = store::stations::list_by_ids(conn, places.iter().map(|place| place.station_id).collect()).await?;
    let keeps = stations.iter().any(|station| actor.keeper_of(station).is_ok());
    let no = if actor.member().is_some() { Error::Forbidden } else { Error::NotSignedIn };
    hide(if keeps { Ok(()) } else { Err(no) }, "hold")
}
