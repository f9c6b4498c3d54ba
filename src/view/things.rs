//! Items, stickers, tasks, events.

use chrono::{DateTime, Utc};
use entity::{event, item, item::Lifecycle, kind, lot, sticker, sticker::StuckOn, task, task::What};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{KindView, StationView};
use crate::rules::refusal::Refusal;

/// An item 单件.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ItemView {
    /// Its id.
    pub id: Uuid,
    /// What is written on it.
    pub code: String,
    /// The big number people tell things apart by.
    pub label: Option<String>,
    /// What it is.
    pub kind_id: Uuid,
    /// Where it belongs.
    pub home_station_id: Option<Uuid>,
    /// Where it is, or was when it was lent.
    pub station_id: Option<Uuid>,
    /// `pending`, `active`, `maintenance`, `missing` or `retired`.
    #[schema(value_type = String, example = "active")]
    pub lifecycle: Lifecycle,
    /// Why it is not in service.
    pub lifecycle_reason: Option<String>,
    /// In somebody's hands?
    pub out: bool,
    /// When somebody last had it in hand.
    pub last_seen_at: Option<DateTime<Utc>>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// Its version: grows with every change, also with every loan and return. The `ETag`.
    pub rev: i64,
}

impl From<&item::Model> for ItemView {
    fn from(row: &item::Model) -> Self {
        Self {
            id: row.id.0,
            code: row.code.clone(),
            label: row.label.clone(),
            kind_id: row.kind_id.0,
            home_station_id: row.home_station_id.map(|id| id.0),
            station_id: row.station_id.map(|id| id.0),
            lifecycle: row.lifecycle,
            lifecycle_reason: row.lifecycle_reason.clone(),
            out: row.is_out(),
            last_seen_at: row.last_seen_at,
            created_at: row.created_at,
            rev: row.rev,
        }
    }
}

/// Several new items.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ItemsView {
    /// In the order in which they were numbered.
    pub items: Vec<ItemView>,
}

/// A sticker 二维码贴, ready to print.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StickerView {
    /// The characters printed under the QR code.
    pub code: String,
    /// What the QR code says.
    pub url: String,
    /// `item`, `station`, `shelf`, `card`; none while it is blank.
    #[schema(value_type = Option<String>)]
    pub stuck_on: Option<StuckOn>,
    /// When it was given up.
    pub retired_at: Option<DateTime<Utc>>,
    /// What became of it.
    pub retired_reason: Option<String>,
}

impl StickerView {
    /// From the row and the address the QR code says.
    #[must_use]
    pub fn new(row: &sticker::Model, url: String) -> Self {
        Self {
            code: row.code.clone(),
            url,
            stuck_on: row.stuck_on,
            retired_at: row.retired_at,
            retired_reason: row.retired_reason.clone(),
        }
    }
}

/// Several stickers.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StickersView {
    /// Ready to print.
    pub items: Vec<StickerView>,
}

/// What a scan finds: what it is, what I may do with it now, and why not.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ScanView {
    /// The code that was scanned.
    pub code: String,
    /// `item`, `station`, `shelf`, `card`, `blank` or `retired`.
    pub what: String,
    /// The item.
    pub item: Option<ItemView>,
    /// The kind of the item, or of the shelf.
    pub kind: Option<KindView>,
    /// Where it is.
    pub station: Option<StationView>,
    /// May I borrow it?
    pub borrow: Option<MayView>,
    /// Somebody has reported a fault of it, last at this time, and no keeper has closed that yet.
    pub fault_reported_at: Option<DateTime<Utc>>,
    /// May I give it back? Always, if it is an item.
    pub give_back: Option<MayView>,
    /// What became of a retired sticker.
    pub note: Option<String>,
}

/// May I?
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MayView {
    /// Yes or no.
    pub allowed: bool,
    /// When it would be due, if borrowed now.
    pub due_at: Option<DateTime<Utc>>,
    /// It would be due earlier than usual, because somebody has booked from then.
    #[serde(default)]
    pub booked_from: Option<DateTime<Utc>>,
    /// All reasons why not.
    pub reasons: Vec<ReasonView>,
}

/// One reason why something is refused.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReasonView {
    /// The stable code.
    pub code: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// The data of this reason, by code.
    #[schema(value_type = Object)]
    pub data: serde_json::Value,
}

impl ReasonView {
    /// From a refusal and how it sounds.
    #[must_use]
    pub fn new(refusal: &Refusal, zh: String, en: String) -> Self {
        let mut data = serde_json::to_value(refusal).unwrap_or_default();
        if let Some(fields) = data.as_object_mut() {
            fields.remove("code");
        }
        Self { code: refusal.code().to_owned(), zh, en, data }
    }
}

/// A task 待办: one line of the keeper's list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TaskView {
    /// Its id.
    pub id: Uuid,
    /// What is to be done.
    #[schema(value_type = String, example = "repair")]
    pub what: What,
    /// At which station.
    pub station_id: Option<Uuid>,
    /// With which item.
    pub item_id: Option<Uuid>,
    /// About which loan.
    pub loan_id: Option<Uuid>,
    /// About which lot.
    pub lot_id: Option<Uuid>,
    /// About which kind.
    pub kind_id: Option<Uuid>,
    /// What that kind is called.
    pub kind: Option<String>,
    /// What it is called in English.
    pub kind_en: Option<String>,
    /// The number of the lot, as printed.
    pub lot_number: Option<String>,
    /// On which shelf the lot is: 3号格.
    pub shelf: Option<String>,
    /// How many base units of the lot are on the shelf or put apart now.
    pub units: Option<i32>,
    /// What the reporter wrote.
    pub note: Option<String>,
    /// Carried to: 0 the keeper, 1 the community, 2 the admins.
    pub escalated: i32,
    /// When somebody has seen it; seen is not done.
    pub seen_at: Option<DateTime<Utc>>,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
}

impl TaskView {
    /// From a task, and the kind and the lot that it is about.
    #[must_use]
    pub fn new(row: &task::Model, kind: Option<&kind::Model>, lot: Option<&lot::Model>) -> Self {
        Self {
            id: row.id.0,
            what: row.what,
            station_id: row.station_id.map(|id| id.0),
            item_id: row.item_id.map(|id| id.0),
            loan_id: row.loan_id.map(|id| id.0),
            lot_id: row.lot_id.map(|id| id.0),
            kind_id: row.kind_id.map(|id| id.0),
            kind: kind.map(|kind| kind.name.clone()),
            kind_en: kind.and_then(|kind| kind.name_en.clone()),
            lot_number: lot.map(|lot| lot.number.clone()),
            shelf: lot.and_then(|lot| lot.shelf.clone()),
            units: lot.map(lot::Model::on_shelf),
            note: row.note.clone(),
            escalated: row.escalated,
            seen_at: row.seen_at,
            created_at: row.created_at,
            done_at: row.done_at,
        }
    }
}

/// A photo of an item.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PhotoView {
    /// Its id; the picture is at `/photos/{id}`.
    pub id: Uuid,
    /// On the return of which loan it was taken.
    pub loan_id: Option<Uuid>,
    /// When it was taken in.
    pub created_at: DateTime<Utc>,
}

/// A line of the audit trail.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct EventView {
    /// Its id; ids sort by time.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; none for a passer-by and for the clock.
    pub actor_id: Option<Uuid>,
    /// Through which door: `api`, `page`, `job`, `cli`.
    pub door: String,
    /// What.
    pub action: String,
    /// At which station.
    pub station_id: Option<Uuid>,
    /// On which item.
    pub item_id: Option<Uuid>,
    /// The item's version after it.
    pub item_rev: Option<i64>,
    /// On which loan.
    pub loan_id: Option<Uuid>,
    /// About which member.
    pub member_id: Option<Uuid>,
    /// What else is worth knowing.
    #[schema(value_type = Option<Object>)]
    pub detail: Option<serde_json::Value>,
}

impl From<&event::Model> for EventView {
    fn from(row: &event::Model) -> Self {
        Self {
            id: row.id.0,
            at: row.at,
            actor_id: row.actor_id.map(|id| id.0),
            door: row.door.clone(),
            action: row.action.clone(),
            station_id: row.station_id.map(|id| id.0),
            item_id: row.item_id.map(|id| id.0),
            item_rev: row.item_rev,
            loan_id: row.loan_id.map(|id| id.0),
            member_id: row.member_id.map(|id| id.0),
            detail: row.detail.clone(),
        }
    }
}
