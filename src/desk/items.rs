//! Items: register one or many, edit, take out of service, repair, retire.

use entity::{
    ids::{ItemId, KindId, StationId},
    item::{self, Lifecycle},
    kind::Tracked,
    sticker::{self, StuckOn},
    task::What,
    values::StickerCode,
};

use super::{About, Desk, Error, Problem, Result, invalid, stickers::new_code};
use crate::{
    db::{Done, WriteTx},
    rules::refusal::Refusal,
    store,
    view::{ItemView, ItemsView},
};

/// The most items registered at once.
pub const MOST_AT_ONCE: u32 = 500;

/// What is registered.
#[derive(Clone, Debug)]
pub struct Register {
    /// What they are.
    pub kind: KindId,
    /// Where they belong and are.
    pub station: StationId,
    /// How many.
    pub count: u32,
    /// The code written on the one item, where it has one already.
    pub code: Option<String>,
    /// The big number people tell things apart by; for many, a number is put behind it that goes on from the last one there.
    pub label: Option<String>,
}

/// Registers. Each gets a sticker, and where it has no code of its own, the sticker's.
///
/// # Errors
/// [`Error::Refused`] for a kind that is counted in lots, a retired kind, a code that is taken.
pub async fn register(desk: Desk, order: Register) -> Result<Done<ItemsView>> {
    let code = order.code.as_deref().map(entity::values::code).transpose().map_err(invalid("code"))?;
    if order.count == 0 || order.count > MOST_AT_ONCE || (code.is_some() && order.count != 1) {
        return Err(Error::Invalid { field: "count", problem: Problem::OutOfRange });
    }
    let tx = desk.open().await?;
    let unknown = |field| Error::Invalid { field, problem: Problem::Unknown };
    let station = store::stations::find(tx.conn(), order.station).await?.ok_or(unknown("station_id"))?;
    desk.actor.keeper_of(&station)?;
    let kind = store::kinds::find(tx.conn(), order.kind).await?.ok_or(unknown("kind_id"))?;
    let mut reasons = Vec::new();
    if kind.tracked == Tracked::Lot {
        reasons.push(Refusal::KindCountedInLots);
    }
    if kind.retired_at.is_some() {
        reasons.push(Refusal::KindRetired);
    }
    if let Some(code) = &code
        && store::items::find_by_code(tx.conn(), code).await?.is_some()
    {
        reasons.push(Refusal::Taken { field: "code".to_owned() });
    }
    if !reasons.is_empty() {
        return desk.refuse(tx, reasons).await;
    }
    store::claims::ensure_pool(&tx, desk.app.clock.id(), station.id, kind.id).await?;
    let before = match &order.label {
        Some(label) if order.count > 1 => last_number(&store::items::list_labels(tx.conn(), station.id, kind.id).await?, label),
        _ => 0,
    };
    let mut items = Vec::new();
    for n in before + 1..=before + order.count {
        let sticker_code = new_code(&desk.app);
        let label = order.label.as_ref().map(|label| if order.count == 1 { label.clone() } else { format!("{label} {n:02}") });
        let row = item::Model {
            kind_id: kind.id,
            label,
            home_station_id: Some(station.id),
            station_id: Some(station.id),
            ..new_item(desk.app.clock.id(), code.clone().unwrap_or_else(|| sticker_code.to_string()), kind.id, desk.now())
        };
        store::items::add(&tx, row.clone()).await?;
        store::stickers::add(&tx, sticker_on(&row, &sticker_code)).await?;
        desk.record(&tx, "registered", About { item: Some(&row), ..About::default() }).await?;
        items.push(ItemView::from(&row));
    }
    desk.commit(tx, ItemsView { items }).await
}

/// The highest number that stands behind a word on these labels: 7 of 伞 07.
fn last_number(labels: &[String], word: &str) -> u32 {
    let number = |label: &String| label.strip_prefix(word)?.trim().parse::<u32>().ok();
    labels.iter().filter_map(number).filter(|n| *n < 1_000_000).max().unwrap_or_default()
}

/// An item in service, nowhere in particular.
#[must_use]
pub fn new_item(id: ItemId, code: String, kind: KindId, now: chrono::DateTime<chrono::Utc>) -> item::Model {
    item::Model {
        id,
        kind_id: kind,
        code,
        label: None,
        home_station_id: None,
        station_id: None,
        lifecycle: Lifecycle::Active,
        lifecycle_reason: None,
        open_loan_id: None,
        inspect_by: None,
        last_seen_at: Some(now),
        created_at: now,
        rev: 1,
    }
}

/// A sticker on an item, from the start.
#[must_use]
pub fn sticker_on(item: &item::Model, code: &StickerCode) -> sticker::Model {
    sticker::Model {
        code: code.to_string(),
        stuck_on: Some(StuckOn::Item),
        item_id: Some(item.id),
        station_id: None,
        kind_id: None,
        member_id: None,
        bound_at: Some(item.created_at),
        retired_at: None,
        retired_reason: None,
        created_at: item.created_at,
    }
}

/// Enters many items that a register knows, each with its sticker.
///
/// # Errors
/// The database.
pub async fn add_all(desk: &Desk, tx: &WriteTx, items: Vec<item::Model>, stickers: Vec<sticker::Model>) -> Result<()> {
    for item in &items {
        desk.record(tx, "registered", About { item: Some(item), ..About::default() }).await?;
    }
    store::items::add_all(tx, items).await?;
    Ok(store::stickers::add_all(tx, stickers).await?)
}

/// A register tells where a thing was last seen, and whether it is still out. What somebody has seen since stays.
///
/// # Errors
/// The database.
pub async fn seen_in_register(
    desk: &Desk,
    tx: &WriteTx,
    id: ItemId,
    at: chrono::DateTime<chrono::Utc>,
    place: Option<StationId>,
) -> Result<()> {
    let Some(mut item) = store::items::lock(tx, id).await? else { return Ok(()) };
    let open = store::loans::find_open_of_item(tx.conn(), id).await?;
    let newer = item.last_seen_at.is_none_or(|seen| seen < at);
    if !newer && item.open_loan_id == open.as_ref().map(|loan| loan.id) {
        return Ok(());
    }
    if newer {
        item.last_seen_at = Some(at);
        item.station_id = place.or(item.station_id);
    }
    let newly_out = item.open_loan_id.is_none() && open.is_some();
    item.open_loan_id = open.as_ref().map(|loan| loan.id);
    if let Some(station) = item.station_id {
        store::claims::ensure_pool(tx, desk.app.clock.id(), station, item.kind_id).await?;
        let pool = store::claims::find_pool(tx.conn(), station, item.kind_id).await?;
        if let (true, Some(loan), Some(pool)) = (newly_out, &open, pool) {
            store::claims::occupy(tx, desk.app.clock.id(), pool.id, loan, (0, None)).await?;
        }
    }
    let item = store::items::change(tx, item).await?;
    desk.record(tx, "seen_in_register", About { item: Some(&item), loan: open.as_ref(), ..About::default() }).await
}

/// What is changed; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    /// The code of the item, or of a sticker on it.
    pub code: String,
    /// The big number; `Some(None)` takes it away.
    pub label: Option<Option<String>>,
    /// Where it belongs.
    pub home_station: Option<StationId>,
}

/// Edits.
///
/// # Errors
/// [`Error::Stale`], [`Error::VersionNeeded`], [`Error::NotFound`], [`Error::Forbidden`].
pub async fn edit(desk: Desk, order: Edit) -> Result<Done<ItemView>> {
    let tx = desk.open().await?;
    let mut item = store::items::lock_by_code(&tx, &order.code).await?.ok_or(Error::NotFound("item"))?;
    keeper_of_item(&desk, &tx, &item).await?;
    desk.expect_version(item.rev)?;
    if let Some(label) = order.label {
        item.label = label.map(|text| entity::values::text(&text, 40)).transpose().map_err(invalid("label"))?;
    }
    if let Some(home) = order.home_station {
        let station = store::stations::find(tx.conn(), home).await?;
        let station = station.ok_or(Error::Invalid { field: "home_station_id", problem: Problem::Unknown })?;
        desk.actor.keeper_of(&station)?;
        item.home_station_id = Some(station.id);
    }
    let item = store::items::change(&tx, item).await?;
    desk.record(&tx, "edited", About { item: Some(&item), ..About::default() }).await?;
    desk.commit(tx, ItemView::from(&item)).await
}

/// What becomes of an item.
#[derive(Clone, Debug)]
pub struct Service {
    /// The code of the item, or of a sticker on it.
    pub code: String,
    /// What it is from now on.
    pub lifecycle: Lifecycle,
    /// Why.
    pub reason: Option<String>,
}

/// Takes an item out of service, puts it back (repaired, found), or retires it for good. A thing that is out can be retired
/// too: it is still taken back when it comes.
///
/// # Errors
/// [`Error::Refused`] for an item that is retired already, [`Error::NotFound`], [`Error::Forbidden`].
pub async fn set_service(desk: Desk, order: Service) -> Result<Done<ItemView>> {
    let reason = order.reason.as_deref().map(|text| entity::values::text(text, 300)).transpose().map_err(invalid("reason"))?;
    let tx = desk.open().await?;
    let mut item = store::items::lock_by_code(&tx, &order.code).await?.ok_or(Error::NotFound("item"))?;
    keeper_of_item(&desk, &tx, &item).await?;
    if item.lifecycle == Lifecycle::Retired {
        return desk.refuse(tx, vec![Refusal::ItemRetired]).await;
    }
    item.lifecycle = order.lifecycle;
    item.lifecycle_reason = reason;
    let item = store::items::change(&tx, item).await?;
    let (action, settled): (_, &[What]) = match item.lifecycle {
        Lifecycle::Active | Lifecycle::Pending => ("put_in_service", &[What::Repair, What::Decide]),
        Lifecycle::Maintenance => ("taken_for_repair", &[]),
        Lifecycle::Missing => ("declared_missing", &[]),
        Lifecycle::Retired => ("retired", &[What::Repair, What::Decide, What::CarryHome]),
    };
    store::tasks::settle(&tx, item.id, settled, desk.now()).await?;
    super::tickets::close::with_thing(&desk, &tx, &item).await?;
    let detail = item.lifecycle_reason.as_ref().map(|reason| serde_json::json!({ "reason": reason }));
    desk.record(&tx, action, About { item: Some(&item), detail, ..About::default() }).await?;
    desk.commit(tx, ItemView::from(&item)).await
}

/// The actor keeps the station where the item is.
async fn keeper_of_item(desk: &Desk, tx: &WriteTx, item: &item::Model) -> Result<()> {
    let station = match item.station_id {
        Some(id) => store::stations::find(tx.conn(), id).await?,
        None => None,
    };
    desk.actor.keeper_where(station.as_ref())
}
