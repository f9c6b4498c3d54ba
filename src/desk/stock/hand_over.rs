//! Hand over what is in the red box: counted, with a photo of the receipt, and confirmed by a second person. The books follow
//! when both have said so.

use entity::{disposal, ids::DisposalId, lot, movement, task::What};

use super::{Entry, evidence_photo, is_drug, move_units, open_station_task};
use crate::{
    db::{Done, WriteTx},
    desk::{About, Desk, Error, Result, authority::hide, invalid},
    rules::{
        ledger::{Change, Place},
        refusal::Refusal,
    },
    store,
    view::DisposalView,
};

/// Who takes it.
#[derive(Clone, Debug)]
pub struct HandOver {
    /// The plate of the station.
    pub station_code: String,
    /// The point it is handed to.
    pub handed_to: String,
    /// The number on its receipt.
    pub receipt_no: String,
    /// A picture of the receipt; needed where medicine is in the box.
    pub photo: Option<Vec<u8>>,
}

/// Writes down that everything in the red box of a station is handed over. Said anew before anybody has confirmed it, it takes
/// the place of what was said before.
///
/// # Errors
/// [`Error::Refused`] when there is nothing, or no photo of medicine; [`Error::Invalid`], [`Error::NotFound`].
pub async fn hand_over(desk: Desk, order: HandOver) -> Result<Done<DisposalView>> {
    let jpeg = evidence_photo::read(order.photo.as_ref()).await?;
    let tx = desk.open().await?;
    let station = store::stations::find_by_code(tx.conn(), &order.station_code).await?.ok_or(Error::NotFound("station"))?;
    desk.actor.keeper_of(&station)?;
    let lots = store::lots::lock_in_red_box(&tx, station.id).await?;
    let Some(first) = lots.first() else { return desk.refuse(tx, vec![Refusal::NothingToHandOver]).await };
    let kinds = lots.iter().map(|lot| lot.kind_id).collect();
    if jpeg.is_none() && store::consumables::list(tx.conn(), kinds).await?.iter().any(is_drug) {
        return desk.refuse(tx, vec![Refusal::PhotoNeeded]).await;
    }
    let lines: Vec<(lot::Model, i32)> = lots.iter().map(|lot| (lot.clone(), lot.to_dispose)).collect();
    let mut row = disposal::Model {
        id: desk.app.clock.id(),
        station_id: station.id,
        handed_to: entity::values::text(&order.handed_to, 80).map_err(invalid("handed_to"))?,
        receipt_no: entity::values::text(&order.receipt_no, 60).map_err(invalid("receipt_no"))?,
        lines: disposal::Lines(lines.iter().map(|(lot, units)| (lot.id, *units)).collect()),
        witness_id: None,
        confirmed_at: None,
        photo_id: None,
        actor_id: desk.actor.member(),
        disposed_at: desk.now(),
    };
    store::lots::forget_open_disposal(&tx, station.id).await?;
    if store::lots::find_disposal(tx.conn(), station.id, &row.receipt_no).await?.is_some() {
        return desk.refuse(tx, vec![Refusal::Taken { field: "receipt_no".to_owned() }]).await;
    }
    row.photo_id = evidence_photo::keep(&desk, &tx, first.id, "disposal", jpeg).await?;
    store::lots::add_disposal(&tx, row.clone()).await?;
    let note = format!("请第二个人核对交接单 {0} / somebody else confirms hand-over {0}", row.receipt_no);
    open_station_task(&desk.app, &tx, station.id, What::HandOver, Some(note)).await?;
    let detail = Some(serde_json::json!({ "disposal": row.id, "lots": lines.len() }));
    desk.record(&tx, "hand_over_proposed", About { station: Some(station.id), detail, ..About::default() }).await?;
    desk.commit(tx, DisposalView::from(&row)).await
}

/// A second person of the station confirms what was handed over; only then it leaves the books.
///
/// # Errors
/// [`Error::Refused`] when it is confirmed already, by one person twice, or the box holds less; [`Error::NotFound`].
pub async fn confirm(desk: Desk, id: DisposalId) -> Result<Done<DisposalView>> {
    desk.actor.staff().map_err(|error| if desk.actor.member().is_some() { Error::NotFound("hand-over") } else { error })?;
    let tx = desk.open().await?;
    let mut row = store::lots::lock_disposal(&tx, id).await?.ok_or(Error::NotFound("hand-over"))?;
    let station = store::stations::find(tx.conn(), row.station_id).await?.ok_or(Error::NotFound("hand-over"))?;
    hide(desk.actor.keeper_of(&station), "hand-over")?;
    if row.confirmed_at.is_some() {
        return desk.refuse(tx, vec![Refusal::NothingToHandOver]).await;
    }
    if row.actor_id == desk.actor.member() {
        return desk.refuse(tx, vec![Refusal::SecondPersonNeeded]).await;
    }
    if let Some(no) = empty(&desk, &tx, &row).await? {
        return desk.refuse(tx, vec![no]).await;
    }
    (row.witness_id, row.confirmed_at) = (desk.actor.member(), Some(desk.now()));
    store::lots::confirm_disposal(&tx, row.clone()).await?;
    store::tasks::settle_at(&tx, station.id, None, What::HandOver, desk.now()).await?;
    let detail = Some(serde_json::json!({ "disposal": row.id, "lots": row.lines.0.len() }));
    desk.record(&tx, "handed_over", About { station: Some(station.id), detail, ..About::default() }).await?;
    desk.commit(tx, DisposalView::from(&row)).await
}

/// Takes out of the box what was handed over, and no more.
async fn empty(desk: &Desk, tx: &WriteTx, row: &disposal::Model) -> Result<Option<Refusal>> {
    let lots = store::lots::lock_all(tx, row.lines.0.iter().map(|(lot, _)| *lot).collect()).await?;
    for lot in &lots {
        let units: i32 = row.lines.0.iter().filter(|(id, _)| *id == lot.id).map(|(_, units)| units).sum();
        let mut entry = Entry::new(desk, movement::Reason::HandedOver);
        (entry.disposal, entry.occurred_at) = (Some(row.id), row.disposed_at);
        if let Err(no) = move_units(desk, tx, lot, Change::moving(units, Place::ToDispose, Place::Elsewhere), entry).await? {
            return Ok(Some(no));
        }
    }
    Ok(None)
}
