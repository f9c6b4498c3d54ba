//! Hand over what is in the red box: counted, witnessed, with a receipt.

use entity::{disposal, ids::MemberId, movement};

use super::{Entry, move_units};
use crate::{
    db::Done,
    desk::{About, Desk, Error, Problem, Result, invalid},
    rules::{
        ledger::{Change, Place},
        refusal::Refusal,
    },
    store,
    view::DisposalView,
};

/// Who takes it, and who saw it.
#[derive(Clone, Debug)]
pub struct HandOver {
    /// The plate of the station.
    pub station_code: String,
    /// The point it is handed to.
    pub handed_to: String,
    /// The number on its receipt.
    pub receipt_no: String,
    /// Who saw it: somebody else.
    pub witness: MemberId,
}

/// Hands over everything in the red box of a station.
///
/// # Errors
/// [`Error::Refused`] when there is nothing, or nobody else saw it; [`Error::Invalid`], [`Error::NotFound`].
pub async fn hand_over(desk: Desk, order: HandOver) -> Result<Done<DisposalView>> {
    let tx = desk.open().await?;
    let station = store::stations::find_by_code(tx.conn(), &order.station_code).await?.ok_or(Error::NotFound("station"))?;
    desk.actor.keeper_of(&station)?;
    let witness = store::members::find(tx.conn(), order.witness).await?;
    if witness.is_none() {
        return Err(Error::Invalid { field: "witness_id", problem: Problem::Unknown });
    }
    if desk.actor.member() == Some(order.witness) {
        return desk.refuse(tx, vec![Refusal::SecondPersonNeeded]).await;
    }
    let lots = store::lots::lock_in_red_box(&tx, station.id).await?;
    if lots.is_empty() {
        return desk.refuse(tx, vec![Refusal::NothingToHandOver]).await;
    }
    let row = disposal::Model {
        id: desk.app.clock.id(),
        station_id: station.id,
        handed_to: entity::values::text(&order.handed_to, 80).map_err(invalid("handed_to"))?,
        receipt_no: entity::values::text(&order.receipt_no, 60).map_err(invalid("receipt_no"))?,
        witness_id: order.witness,
        photo_id: None,
        actor_id: desk.actor.member(),
        disposed_at: desk.now(),
    };
    if store::lots::find_disposal(tx.conn(), station.id, &row.receipt_no).await?.is_some() {
        return desk.refuse(tx, vec![Refusal::Taken { field: "receipt_no".to_owned() }]).await;
    }
    store::lots::add_disposal(&tx, row.clone()).await?;
    let mut lines = Vec::with_capacity(lots.len());
    for lot in &lots {
        let mut entry = Entry::new(&desk, movement::Reason::HandedOver);
        entry.disposal = Some(row.id);
        let change = Change::moving(lot.to_dispose, Place::ToDispose, Place::Elsewhere);
        match move_units(&desk, &tx, lot, change, entry).await? {
            Ok(_) => lines.push((lot.clone(), lot.to_dispose)),
            Err(no) => return desk.refuse(tx, vec![no]).await,
        }
    }
    store::tasks::settle_at(&tx, station.id, entity::task::What::HandOver, desk.now()).await?;
    let detail = Some(serde_json::json!({ "disposal": row.id, "lots": lines.len() }));
    desk.record(&tx, "handed_over", About { station: Some(station.id), detail, ..About::default() }).await?;
    desk.commit(tx, DisposalView::new(&row, &lines)).await
}
