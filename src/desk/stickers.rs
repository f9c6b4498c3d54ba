//! Stickers: make blank ones in bulk, bind one to a thing, give one up.

use entity::{
    ids::{ItemId, KindId, MemberId, StationId},
    item, station,
    sticker::{self, StuckOn},
    values::StickerCode,
};

use super::{About, Desk, Error, Problem, Result, invalid};
use crate::{
    app::App,
    db::{Done, WriteTx},
    rules::refusal::Refusal,
    store,
    view::{StickerView, StickersView},
};

/// The most stickers made at once.
pub const MOST_AT_ONCE: u32 = 1_000;

/// A code that nobody has guessed.
#[must_use]
pub fn new_code(app: &App) -> StickerCode {
    StickerCode::from_digits(app.clock.random())
}

/// A code as it is kept: one that was typed by hand may have spaces, small letters, O for 0.
#[must_use]
pub fn as_printed(code: &str) -> String {
    StickerCode::parse(code).map_or_else(|_| code.to_owned(), |parsed| parsed.to_string())
}

/// A sticker stuck on nothing yet.
#[must_use]
pub fn blank(app: &App) -> sticker::Model {
    sticker::Model {
        code: new_code(app).to_string(),
        stuck_on: None,
        item_id: None,
        station_id: None,
        kind_id: None,
        member_id: None,
        bound_at: None,
        retired_at: None,
        retired_reason: None,
        created_at: app.clock.now(),
    }
}

/// Makes blank stickers, to be printed now and bound later.
///
/// # Errors
/// [`Error::Invalid`] for none or too many; [`Error::Forbidden`] for anybody without a role.
pub async fn make(desk: Desk, count: u32) -> Result<Done<StickersView>> {
    desk.actor.staff()?;
    if count == 0 || count > MOST_AT_ONCE {
        return Err(Error::Invalid { field: "count", problem: Problem::OutOfRange });
    }
    let tx = desk.open().await?;
    let rows: Vec<_> = (0..count).map(|_| blank(&desk.app)).collect();
    let items = rows.iter().map(|row| StickerView::new(row, desk.app.config.sticker_url(&row.code))).collect();
    store::stickers::add_all(&tx, rows).await?;
    desk.record(&tx, "stickers_made", About { detail: Some(serde_json::json!({ "count": count })), ..About::default() }).await?;
    desk.commit(tx, StickersView { items }).await
}

/// What a sticker is bound to.
#[derive(Clone, Debug)]
pub enum To {
    /// An item, by its code.
    Item(String),
    /// The door of a station.
    Station(StationId),
    /// A shelf.
    Shelf(StationId, KindId),
    /// A paper card.
    Card(MemberId),
}

/// Binds a sticker that is in hand. A sticker bound to an item can be moved to another one (torn off, stuck on again); the
/// history of both tells.
///
/// # Errors
/// [`Error::Refused`] for a sticker that was given up or sticks on something else than an item; [`Error::NotFound`].
pub async fn bind(desk: Desk, (code, to): (String, To)) -> Result<Done<StickerView>> {
    desk.actor.staff()?;
    let tx = desk.open().await?;
    let mut row = store::stickers::lock(&tx, &code).await?.ok_or(Error::NotFound("sticker"))?;
    if row.retired_at.is_some() {
        return desk.refuse(tx, vec![Refusal::StickerRetired]).await;
    }
    if row.stuck_on.is_some_and(|on| on != StuckOn::Item) {
        return desk.refuse(tx, vec![Refusal::StickerInUse]).await;
    }
    if let Some(old) = row.item_id {
        keeper_at_item(&desk, &tx, old).await?;
    }
    (row.item_id, row.bound_at) = (None, Some(desk.now()));
    let mut about = About::default();
    let item;
    match to {
        To::Item(code) => {
            let found = store::items::lock_by_code(&tx, &code).await?;
            let found = found.ok_or(Error::Invalid { field: "item_code", problem: Problem::Unknown })?;
            keeper_at_item(&desk, &tx, found.id).await?;
            (row.stuck_on, row.item_id) = (Some(StuckOn::Item), Some(found.id));
            item = store::items::change(&tx, found).await?;
            about.item = Some(&item);
        }
        To::Station(id) => {
            let station = keeper_at(&desk, &tx, id).await?;
            (row.stuck_on, row.station_id, about.station) = (Some(StuckOn::Station), Some(station.id), Some(station.id));
        }
        To::Shelf(id, kind) => {
            let station = keeper_at(&desk, &tx, id).await?;
            let kind = store::kinds::find(tx.conn(), kind).await?;
            let kind = kind.ok_or(Error::Invalid { field: "kind_id", problem: Problem::Unknown })?;
            (row.stuck_on, row.station_id, row.kind_id) = (Some(StuckOn::Shelf), Some(station.id), Some(kind.id));
            about.station = Some(station.id);
        }
        To::Card(id) => {
            let member = store::members::find(tx.conn(), id).await?;
            let member = member.ok_or(Error::Invalid { field: "member_id", problem: Problem::Unknown })?;
            (row.stuck_on, row.member_id, about.member) = (Some(StuckOn::Card), Some(member.id), Some(member.id));
        }
    }
    about.detail = Some(serde_json::json!({ "sticker": row.code }));
    store::stickers::change(&tx, row.clone()).await?;
    desk.record(&tx, "sticker_bound", about).await?;
    let receipt = StickerView::new(&row, desk.app.config.sticker_url(&row.code));
    desk.commit(tx, receipt).await
}

async fn keeper_at(desk: &Desk, tx: &WriteTx, id: StationId) -> Result<station::Model> {
    let station = store::stations::find(tx.conn(), id).await?;
    let station = station.ok_or(Error::Invalid { field: "station_id", problem: Problem::Unknown })?;
    desk.actor.keeper_of(&station)?;
    Ok(station)
}

async fn keeper_at_item(desk: &Desk, tx: &WriteTx, id: ItemId) -> Result<item::Model> {
    let item = store::items::find(tx.conn(), id).await?.ok_or(Error::NotFound("item"))?;
    let station = match item.station_id {
        Some(id) => store::stations::find(tx.conn(), id).await?,
        None => None,
    };
    desk.actor.keeper_where(station.as_ref())?;
    Ok(item)
}

/// Gives a sticker up: torn off, lost, stuck over. Its code goes on answering with what became of it.
///
/// # Errors
/// [`Error::Refused`] for one that was given up already; [`Error::NotFound`]; [`Error::Forbidden`].
pub async fn give_up(desk: Desk, (code, reason): (String, String)) -> Result<Done<StickerView>> {
    desk.actor.staff()?;
    let reason = entity::values::text(&reason, 200).map_err(invalid("reason"))?;
    let tx = desk.open().await?;
    let mut row = store::stickers::lock(&tx, &code).await?.ok_or(Error::NotFound("sticker"))?;
    if row.retired_at.is_some() {
        return desk.refuse(tx, vec![Refusal::StickerRetired]).await;
    }
    if let Some(item) = row.item_id {
        keeper_at_item(&desk, &tx, item).await?;
    } else if let Some(station) = row.station_id {
        keeper_at(&desk, &tx, station).await?;
    }
    (row.retired_at, row.retired_reason) = (Some(desk.now()), Some(reason));
    store::stickers::change(&tx, row.clone()).await?;
    desk.record(&tx, "sticker_given_up", About { detail: Some(serde_json::json!({ "sticker": row.code })), ..About::default() })
        .await?;
    let receipt = StickerView::new(&row, desk.app.config.sticker_url(&row.code));
    desk.commit(tx, receipt).await
}
