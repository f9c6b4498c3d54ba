//! Look over: on a round, a keeper has had a thing in hand and found it good. What must be inspected at intervals is inspected
//! with that.

use entity::{item, task::What};

use super::{About, Desk, Error, Result, inspect};
use crate::{
    db::Done,
    rules::{refusal::Refusal, today as rule},
    store,
    view::ItemView,
};

/// What was found good.
#[derive(Clone, Debug)]
pub struct LookOver {
    /// The plate of the station where the keeper is.
    pub station_code: String,
    /// The code of the thing, or of a sticker on it.
    pub code: String,
    /// What was seen.
    pub note: Option<String>,
}

/// Writes down that it was seen here: what was missing is there again, what was elsewhere is here.
///
/// # Errors
/// [`Error::Refused`] for what was given up, or is written as out (it is given back instead); [`Error::NotFound`],
/// [`Error::Forbidden`].
pub async fn look_over(desk: Desk, order: LookOver) -> Result<Done<ItemView>> {
    let tx = desk.open().await?;
    let here = store::stations::find_by_code(tx.conn(), &order.station_code).await?.ok_or(Error::NotFound("station"))?;
    desk.actor.keeper_of(&here)?;
    let mut item = store::items::lock_by_code(&tx, &order.code).await?.ok_or(Error::NotFound("item"))?;
    if item.lifecycle == item::Lifecycle::Retired {
        return desk.refuse(tx, vec![Refusal::ItemRetired]).await;
    }
    if item.is_out() {
        return desk.refuse(tx, vec![Refusal::ItemStillOut]).await;
    }
    if item.station_id != Some(here.id) {
        store::claims::ensure_pool(&tx, desk.app.clock.id(), here.id, item.kind_id).await?;
        store::tickets::follow(&tx, item.id, here.id).await?;
        store::tasks::follow(&tx, item.id, What::Repair, here.id).await?;
    }
    (item.station_id, item.last_seen_at) = (Some(here.id), Some(desk.now()));
    item.lifecycle = rule::seen(item.lifecycle);
    let kind = store::kinds::find(tx.conn(), item.kind_id).await?.ok_or(Error::NotFound("kind"))?;
    let inspection = kind.inspect_every_days.map(|days| inspect::passed(&desk, &mut item, &here, days, order.note.clone()));
    let item = store::items::change(&tx, item).await?;
    let mut settled = vec![What::LookFor];
    if let Some(inspection) = inspection {
        store::inspections::add(&tx, inspection).await?;
        settled.push(What::Inspect);
    }
    store::tasks::settle(&tx, item.id, &settled, desk.now()).await?;
    let detail = order.note.map(|note| serde_json::json!({ "note": note }));
    desk.record(&tx, "looked_over", About { item: Some(&item), detail, ..About::default() }).await?;
    desk.commit(tx, ItemView::from(&item)).await
}
