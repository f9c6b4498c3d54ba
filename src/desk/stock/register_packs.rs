//! Register packs of a lot: the second and every further box of a delivery is known by its own code.

use chrono::Datelike;
use entity::ids::{KindId, LotId};

use super::{in_hand::known, lock_kept, recall};
use crate::{
    db::{Done, WriteTx},
    desk::{About, Desk, Error, Problem, Result},
    rules::{in_hand::belongs_to, pack_code::PackCode, receive::lessons},
    store,
    view::PacksView,
};

/// Nobody scans more without a pause.
const MOST: usize = 200;

/// Which packs.
#[derive(Clone, Debug)]
pub struct RegisterPacks {
    /// Of which lot.
    pub lot: LotId,
    /// What the scanner read, pack by pack; several codes of one pack, one to a line, are joined.
    pub packs: Vec<String>,
}

/// Registers them: all, or none. Those that are known as packs of this lot stay what they are.
///
/// # Errors
/// [`Error::Refused`] when one belongs elsewhere or has left; [`Error::Invalid`] when one has no name of its own;
/// [`Error::NotFound`].
pub async fn register_packs(desk: Desk, order: RegisterPacks) -> Result<Done<PacksView>> {
    let tx = desk.open().await?;
    let (lot, station) = lock_kept(&desk, &tx, order.lot).await?;
    if order.packs.is_empty() || order.packs.len() > MOST {
        return Err(Error::Invalid { field: "packs", problem: Problem::OutOfRange });
    }
    let year = desk.now().with_timezone(&station.zone()).year();
    for text in &order.packs {
        let known = known(&tx, text, year, lot.kind_id, "packs").await?;
        if known.code.identities().is_empty() {
            return Err(Error::Invalid { field: "packs", problem: Problem::Unknown });
        }
        if let Err(reasons) = belongs_to(&lot, &known.scanned()) {
            return desk.refuse(tx, reasons).await;
        }
        note(&desk, &tx, lot.id, lot.kind_id, &known.code).await?;
    }
    let known = store::packs::count_of(tx.conn(), lot.id).await?;
    let detail = Some(serde_json::json!({ "lot": lot.id, "packs": order.packs.len() }));
    desk.record(&tx, "packs_registered", About { station: Some(lot.station_id), detail, ..About::default() }).await?;
    desk.commit(tx, PacksView { lot_id: lot.id.0, known }).await
}

/// Notes what a keeper has scanned of a lot: the names of the pack, and to which kind its product belongs.
pub(super) async fn note(desk: &Desk, tx: &WriteTx, lot: LotId, kind_id: KindId, code: &PackCode) -> Result<()> {
    for (scheme, code) in lessons(code) {
        let lesson = entity::product_code::Model { scheme, code: code.clone(), kind_id };
        if store::consumables::learn_code(tx, lesson).await? {
            recall::code_learnt(desk, tx, kind_id, &code).await?;
        }
    }
    for name in code.identities() {
        store::packs::register(tx, name, lot, desk.now()).await?;
    }
    Ok(())
}
