//! Put apart, clear, or set aside in the red box. Getting blocked stock out of the way is never blocked:
//! medicine goes into the red box with a photo, and may be put apart without.

use entity::{ids::LotId, movement::Reason};

use super::{Entry, evidence_photo, is_drug, lock_kept, move_units, optional, profile_of};
use crate::{
    db::Done,
    desk::{About, Desk, Error, Problem, Result},
    rules::{
        ledger::{Change, Place},
        refusal::Refusal,
    },
    view::LotMovedView,
};

/// From where to where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// From the shelf, put apart.
    Quarantine,
    /// What was put apart, back to the shelf.
    Clear,
    /// From the shelf into the red box.
    SetAside,
    /// What was put apart, into the red box.
    SetAsideQuarantined,
}

/// What is moved.
#[derive(Clone, Debug)]
pub struct PutApart {
    /// Which lot.
    pub lot: LotId,
    /// From where to where.
    pub way: Way,
    /// How many base units.
    pub units: i32,
    /// Why.
    pub note: Option<String>,
    /// A picture of the packs; needed where medicine goes into the red box.
    pub photo: Option<Vec<u8>>,
}

/// Moves units between the places of one lot.
///
/// # Errors
/// [`Error::Refused`] when there are not so many, or no photo of medicine for the red box; [`Error::NotFound`].
pub async fn put_apart(desk: Desk, order: PutApart) -> Result<Done<LotMovedView>> {
    if order.units <= 0 {
        return Err(Error::Invalid { field: "units", problem: Problem::OutOfRange });
    }
    let jpeg = evidence_photo::read(order.photo.as_ref()).await?;
    let tx = desk.open().await?;
    let (lot, _) = lock_kept(&desk, &tx, order.lot).await?;
    let into_the_red_box = matches!(order.way, Way::SetAside | Way::SetAsideQuarantined);
    if into_the_red_box && jpeg.is_none() && is_drug(&profile_of(tx.conn(), lot.kind_id).await?) {
        return desk.refuse(tx, vec![Refusal::PhotoNeeded]).await;
    }
    let (reason, from, to) = match order.way {
        Way::Quarantine => (Reason::Quarantined, Place::Available, Place::Quarantined),
        Way::Clear => (Reason::Cleared, Place::Quarantined, Place::Available),
        Way::SetAside => (Reason::SetAside, Place::Available, Place::ToDispose),
        Way::SetAsideQuarantined => (Reason::SetAside, Place::Quarantined, Place::ToDispose),
    };
    let mut entry = Entry::new(&desk, reason);
    entry.note = optional("note", order.note.as_deref(), 200)?;
    let lot = match move_units(&desk, &tx, &lot, Change::moving(order.units, from, to), entry).await? {
        Ok(lot) => lot,
        Err(no) => return desk.refuse(tx, vec![no]).await,
    };
    let photo = evidence_photo::keep(&desk, &tx, lot.id, "set_aside", jpeg).await?;
    let detail = Some(serde_json::json!({ "lot": lot.id, "way": order.way, "units": order.units, "photo": photo }));
    desk.record(&tx, "put_apart", About { station: Some(lot.station_id), detail, ..About::default() }).await?;
    desk.commit(tx, LotMovedView::from(&lot)).await
}
