//! What is stored about the packs in somebody's hand.

use chrono::{Datelike, NaiveDate};
use entity::{consumable, ids::KindId, lot, pack};

use super::Place;
use crate::{
    db::WriteTx,
    desk::{Desk, Error, Problem, Result},
    rules::{
        in_hand::{Found, InHand, LookUp, Scanned, each_once},
        label_date,
        pack_code::{self, PackCode},
        take::OnShelf,
    },
    store,
};

/// One pack in somebody's hand: by its code, or by the date that is printed on it.
#[derive(Clone, Debug)]
pub enum PackInHand {
    /// What the scanner read; several codes of one pack, one to a line, are joined.
    Code(String),
    /// What is printed.
    Label(String),
}

/// A code that was read, and what is stored about it.
pub(super) struct Known {
    pub(super) code: PackCode,
    of_kind: Option<bool>,
    registered: Vec<(pack::Model, lot::Model)>,
}

impl Known {
    pub(super) fn scanned(&self) -> Scanned<'_> {
        Scanned { code: &self.code, of_kind: self.of_kind, registered: &self.registered }
    }
}

/// Reads what the scanner gave, and what is stored about it.
pub(super) async fn known(tx: &WriteTx, text: &str, year: i32, kind: KindId, field: &'static str) -> Result<Known> {
    let code = pack_code::read_all(text, year).map_err(|_| Error::Invalid { field, problem: Problem::Unknown })?;
    let products: Vec<String> = [code.gtin.clone(), code.drug.clone()].into_iter().flatten().collect();
    let products = store::consumables::list_kinds_of_code(tx.conn(), products).await?;
    let of_kind = (!products.is_empty()).then(|| products.iter().all(|product| product.kind_id == kind));
    let registered = store::packs::list(tx.conn(), code.identities()).await?;
    Ok(Known { code, of_kind, registered })
}

/// A pack that leaves: its names, and a lot it may be of.
pub(super) type Leaving = (Vec<String>, entity::ids::LotId);

/// Which lots the packs in hand may be of, and under which names they leave.
pub(super) async fn look_up(
    desk: &Desk,
    tx: &WriteTx,
    place: &Place,
    profile: &consumable::Model,
    (lots, in_hand): (&[OnShelf], &[PackInHand]),
    today: NaiveDate,
) -> Result<(Vec<InHand>, Vec<Leaving>)> {
    let year = desk.now().with_timezone(&place.station.zone()).year();
    let shelf = LookUp { lots, profile, today };
    let mut packs = Vec::new();
    for pack in in_hand {
        match pack {
            PackInHand::Label(text) => {
                let unread = |_| Error::Invalid { field: "in_hand", problem: Problem::Unknown };
                packs.push((shelf.by_label(&label_date::read(text, year).map_err(unread)?), Vec::new()));
            }
            PackInHand::Code(text) => {
                let known = known(tx, text, year, place.kind.id, "in_hand").await?;
                packs.extend(shelf.by_code(&known.scanned()).map(|pack| (pack, known.code.identities())));
            }
        }
    }
    let leaving = packs.iter().filter_map(|(pack, names)| match &pack.found {
        Found::Here(lots) => lots.first().map(|lot| (names.clone(), *lot)),
        _ => None,
    });
    let leaving = leaving.collect();
    Ok((each_once(packs), leaving))
}
