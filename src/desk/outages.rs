//! Outages 停用: one unit of a kind, a space, some seats are out of use for a time: repair, cleaning, a locked room. A fact: it is
//! never refused, also when it eats a booking; that shows as a deficit.

use chrono::{DateTime, Utc};
use entity::{claim, ids::ClaimId};

use super::{
    About, Desk, Error, Problem, Result,
    bookings::{
        bookable::{Bookable, Subject, Target},
        lapse,
    },
    invalid,
};
use crate::{db::Done, store, view::OutageView};

/// What is out of use.
#[derive(Clone, Debug)]
pub struct TakeOut {
    /// Of what.
    pub target: Target,
    /// How many units.
    pub quantity: i32,
    /// From.
    pub starts_at: DateTime<Utc>,
    /// Until.
    pub ends_at: DateTime<Utc>,
    /// Why.
    pub note: String,
}

/// Takes it out of use. Keepers of the station.
///
/// # Errors
/// [`Error::Invalid`]; [`Error::Forbidden`].
pub async fn take_out(desk: Desk, order: TakeOut) -> Result<Done<OutageView>> {
    let note = entity::values::text(&order.note, 200).map_err(invalid("note"))?;
    if order.ends_at <= order.starts_at {
        return Err(Error::Invalid { field: "ends_at", problem: Problem::OutOfRange });
    }
    if !(1..=100_000).contains(&order.quantity) {
        return Err(Error::Invalid { field: "quantity", problem: Problem::OutOfRange });
    }
    let tx = desk.open().await?;
    let subject = Bookable::find(tx.conn(), &order.target).await?;
    desk.actor.keeper_of(&subject.station)?;
    let subject = subject.lock(&tx).await?;
    let quantity = if matches!(subject.subject, Subject::Space(_)) { 1 } else { order.quantity };
    // One outage, whatever parts it has: it is named after the first of its claims.
    let mut first: Option<claim::Model> = None;
    for pool in &subject.pools {
        let id = desk.app.clock.id();
        let row = claim::Model {
            id,
            pool_id: pool.id,
            reason: claim::Reason::Outage,
            qty: quantity,
            s: order.starts_at.timestamp(),
            e: order.ends_at.timestamp().max(order.starts_at.timestamp() + 1),
            turnaround: 0,
            lapses_at: None,
            live: true,
            loan_id: None,
            item_id: None,
            booking_id: None,
            occasion_id: None,
            outage_id: Some(first.as_ref().map_or(id, |first| first.id)),
            note: Some(note.clone()),
        };
        store::claims::add(&tx, row.clone()).await?;
        first = first.or(Some(row));
    }
    let row = first.ok_or(Error::Invalid { field: "kind_id", problem: Problem::Unknown })?;
    store::claims::touch_pools(&tx, subject.pool_ids()).await?;
    // It may have eaten a booking: that is told, and refuses nothing.
    lapse::freed(&desk, &tx, &subject.family).await?;
    let detail = Some(serde_json::json!({ "outage": row.id, "note": note }));
    desk.record(&tx, "outage", About { station: Some(subject.station.id), detail, ..About::default() }).await?;
    desk.commit(tx, OutageView::from(&row)).await
}

/// It is in use again before the time was over, in all its parts. Keepers of the station.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`].
pub async fn end(desk: Desk, id: ClaimId) -> Result<Done<OutageView>> {
    let tx = desk.open().await?;
    let row = store::claims::find_outage(tx.conn(), id).await?.ok_or(Error::NotFound("outage"))?;
    let pool = store::claims::list_pools(tx.conn(), vec![row.pool_id]).await?.pop().ok_or(Error::NotFound("outage"))?;
    let subject = Bookable::of_pool(tx.conn(), &pool).await?;
    desk.actor.keeper_of(&subject.station)?;
    let subject = subject.lock(&tx).await?;
    let outage = row.outage_id.unwrap_or(row.id);
    let pools = store::claims::list_pools_of_outage(tx.conn(), outage).await?;
    store::claims::end_outage(&tx, outage).await?;
    store::claims::touch_pools(&tx, pools).await?;
    lapse::freed(&desk, &tx, &subject.family).await?;
    let detail = Some(serde_json::json!({ "outage": id }));
    desk.record(&tx, "outage_over", About { station: Some(subject.station.id), detail, ..About::default() }).await?;
    desk.commit(tx, OutageView::from(&row)).await
}
