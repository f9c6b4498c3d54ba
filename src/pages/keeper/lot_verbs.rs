//! What is done with a lot: counted, put apart, blocked, read again, opened, carried away. One small form each.

use axum::{extract::Path, response::Response};
use entity::ids::{LotId, StockBlockId};
use serde::{Deserialize, de::DeserializeOwned};

use super::{Notes, given, lot::render, station_of};
use crate::{
    desk::{
        self, Desk,
        stock::{
            count::Count,
            open_pack::OpenPack,
            put_apart::{PutApart, Way},
            transfer::Transfer,
        },
    },
    pages::{sent::Sent, staff::Tab},
};

/// Does one of them, and comes back to the lot.
async fn with_lot<F, V, A>(code: &str, lot: LotId, mut sent: Sent<F>, verb: V) -> Response
where
    F: DeserializeOwned,
    V: FnOnce(Desk, F) -> A,
    A: Future<Output = desk::Result<&'static str>>,
{
    let station = match station_of(&mut sent.visitor, code, Tab::Things).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    match verb(sent.desk, sent.form).await {
        Ok(done) => super::to(&station, &format!("lots/{lot}?done={done}")),
        Err(error) => {
            let (status, reasons) = sent.visitor.frame.said(&error);
            render(&sent.visitor, &station, lot, None, status, Notes::no(reasons)).await
        }
    }
}

/// A count.
#[derive(Debug, Deserialize)]
pub(super) struct CountForm {
    counted: i32,
    #[serde(default)]
    reason: String,
}

/// Counts.
pub(super) async fn count(Path((code, lot)): Path<(String, LotId)>, sent: Sent<CountForm>) -> Response {
    with_lot(&code, lot, sent, async |desk, form| {
        let order = Count { lot, counted: form.counted, counted_at: None, reason: given(&form.reason) };
        let receipt = desk::answer(desk, order, desk::stock::count::count).await?.into_receipt();
        Ok(if receipt.is_final { "count" } else { "again" })
    })
    .await
}

/// From where to where.
#[derive(Debug, Deserialize)]
pub(super) struct ApartForm {
    way: Way,
    units: i32,
    #[serde(default)]
    note: String,
}

/// Puts apart, clears, or sets aside in the red box.
pub(super) async fn put_apart(Path((code, lot)): Path<(String, LotId)>, mut sent: Sent<ApartForm>) -> Response {
    let photo = sent.photo("photo");
    with_lot(&code, lot, sent, async |desk, form| {
        let order = PutApart { lot, way: form.way, units: form.units, note: given(&form.note), photo };
        desk::answer(desk, order, desk::stock::put_apart::put_apart).await.map(|_| "apart")
    })
    .await
}

/// A reason.
#[derive(Debug, Deserialize)]
pub(super) struct ReasonForm {
    #[serde(default)]
    reason: String,
}

/// Blocks it.
pub(super) async fn block(Path((code, lot)): Path<(String, LotId)>, sent: Sent<ReasonForm>) -> Response {
    with_lot(&code, lot, sent, async |desk, form| {
        desk::answer(desk, (lot, form.reason), desk::stock::block::block).await.map(|_| "block")
    })
    .await
}

/// A block, and why it is lifted.
#[derive(Debug, Deserialize)]
pub(super) struct LiftForm {
    block: StockBlockId,
    #[serde(default)]
    reason: String,
}

/// Lifts a block.
pub(super) async fn lift(Path((code, lot)): Path<(String, LotId)>, sent: Sent<LiftForm>) -> Response {
    with_lot(&code, lot, sent, async |desk, form| {
        desk::answer(desk, (form.block, form.reason), desk::stock::block::lift).await.map(|_| "lift")
    })
    .await
}

/// What is printed.
#[derive(Debug, Deserialize)]
pub(super) struct VerifyForm {
    #[serde(default)]
    label: String,
}

/// A second person reads the label.
pub(super) async fn verify(Path((code, lot)): Path<(String, LotId)>, sent: Sent<VerifyForm>) -> Response {
    with_lot(&code, lot, sent, async |desk, form| {
        desk::answer(desk, (lot, form.label), desk::stock::verify_label::verify_label).await.map(|_| "verify")
    })
    .await
}

/// Which pack is opened.
#[derive(Debug, Deserialize)]
pub(super) struct OpenForm {
    #[serde(default)]
    units: Option<i32>,
    #[serde(default)]
    unknown: bool,
}

/// Opens a pack, or says that one was found open.
pub(super) async fn open(Path((code, lot)): Path<(String, LotId)>, sent: Sent<OpenForm>) -> Response {
    with_lot(&code, lot, sent, async |desk, form| {
        let order = OpenPack { lot, units: form.units, opened_on: None, unknown: form.unknown };
        desk::answer(desk, order, desk::stock::open_pack::open_pack).await.map(|_| "open")
    })
    .await
}

/// Says that every pack was looked at and is closed.
pub(super) async fn see_closed(Path((code, lot)): Path<(String, LotId)>, sent: Sent<NoFields>) -> Response {
    with_lot(&code, lot, sent, async |desk, _| {
        desk::answer(desk, lot, desk::stock::see_closed::see_closed).await.map(|_| "closed")
    })
    .await
}

/// A button says it all.
#[derive(Debug, Deserialize)]
pub(super) struct NoFields {}

/// What is carried where.
#[derive(Debug, Deserialize)]
pub(super) struct TransferForm {
    to: String,
    units: i32,
    #[serde(default)]
    shelf: String,
}

/// Carries units to another station.
pub(super) async fn transfer(Path((code, lot)): Path<(String, LotId)>, sent: Sent<TransferForm>) -> Response {
    with_lot(&code, lot, sent, async |desk, form| {
        let order = Transfer { lot, units: form.units, to_station: form.to, shelf: given(&form.shelf) };
        desk::answer(desk, order, desk::stock::transfer::transfer).await.map(|_| "transfer")
    })
    .await
}
