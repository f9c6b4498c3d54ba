//! What the law and the leaflet say, on the wire.

use chrono::{DateTime, Utc};
use entity::{
    consumable::{self, Caution, Class, Reading, Under14},
    content,
    ids::LotId,
    ingredient, kind, lot, partner, recall, station, take,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What the law and the leaflet say about a kind.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ProfileView {
    /// Which kind.
    pub kind_id: Uuid,
    /// `supply`, `dressing`, `device` or `otc_b`.
    #[schema(value_type = String)]
    pub class: Class,
    /// Who stands behind it.
    pub partner_id: Option<Uuid>,
    /// What is counted: 片, 粒, 贴.
    pub base_unit: String,
    /// Base units in a pack.
    pub pack_size: i32,
    /// Base units in the smallest labelled unit.
    pub smallest_unit: i32,
    /// `strict` or `lenient`.
    #[schema(value_type = String)]
    pub reading: Reading,
    /// Is a date needed?
    pub dated: bool,
    /// For how many days after a take it must still be good.
    pub course_days: i32,
    /// For how many days it is good after opening.
    pub open_days: Option<i32>,
    /// May several people take from one pack?
    pub shareable: bool,
    /// Base units for one take.
    pub most_per_take: Option<i32>,
    /// Base units for one station and day.
    pub most_per_day: Option<i32>,
    /// `no`, `with_guardian` or `yes`.
    #[schema(value_type = String)]
    pub under_14: Under14,
    /// May people under 18 have it?
    pub under_18: bool,
    /// What must be asked, and what then.
    #[schema(value_type = Vec<Object>)]
    pub cautions: Vec<Caution>,
    /// What must be read.
    pub leaflet: Option<String>,
    /// Who has compared this with the leaflet.
    pub reviewed_by: Option<String>,
    /// Active ingredients.
    pub contents: Vec<ContentView>,
    /// The version: also that of the warnings.
    pub rev: i64,
}

/// How much of an ingredient is in a base unit.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ContentView {
    /// Its name.
    pub ingredient: String,
    /// How much.
    pub micrograms_per_unit: i64,
}

impl ProfileView {
    /// From a profile and what is in the kind.
    #[must_use]
    pub fn new(row: &consumable::Model, contents: &[(content::Model, ingredient::Model)]) -> Self {
        let content = |(content, ingredient): &(content::Model, ingredient::Model)| ContentView {
            ingredient: ingredient.name.clone(),
            micrograms_per_unit: content.micrograms_per_unit,
        };
        Self {
            kind_id: row.kind_id.0,
            class: row.class,
            partner_id: row.partner_id.map(|id| id.0),
            base_unit: row.base_unit.clone(),
            pack_size: row.pack_size,
            smallest_unit: row.smallest_unit,
            reading: row.reading,
            dated: row.dated,
            course_days: row.course_days,
            open_days: row.open_days,
            shareable: row.shareable,
            most_per_take: row.most_per_take,
            most_per_day: row.most_per_day,
            under_14: row.under_14,
            under_18: row.under_18,
            cautions: row.cautions.0.clone(),
            leaflet: row.leaflet.clone(),
            reviewed_by: row.reviewed_by.clone(),
            contents: contents.iter().map(content).collect(),
            rev: row.rev,
        }
    }
}

/// A licensed partner.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PartnerView {
    /// Its id.
    pub id: Uuid,
    /// For which community.
    pub community_id: Uuid,
    /// The name on the licence.
    pub name: String,
    /// `health_centre` or `pharmacy`.
    #[schema(value_type = String)]
    pub sort: partner::Sort,
    /// The number of the licence.
    pub licence_no: String,
    /// Since when no longer.
    pub ended_at: Option<DateTime<Utc>>,
}

impl From<&partner::Model> for PartnerView {
    fn from(row: &partner::Model) -> Self {
        Self {
            id: row.id.0,
            community_id: row.community_id.0,
            name: row.name.clone(),
            sort: row.sort,
            licence_no: row.licence_no.clone(),
            ended_at: row.ended_at,
        }
    }
}

/// An active ingredient and its limits.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct IngredientView {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Micrograms in rolling 24 hours.
    pub most_in_24_hours: i64,
    /// Micrograms in rolling 72 hours.
    pub most_in_72_hours: i64,
    /// Which leaflet says so.
    pub source: String,
    /// Who has compared it.
    pub reviewed_by: String,
}

impl From<&ingredient::Model> for IngredientView {
    fn from(row: &ingredient::Model) -> Self {
        Self {
            id: row.id.0,
            name: row.name.clone(),
            most_in_24_hours: row.most_in_24_hours,
            most_in_72_hours: row.most_in_72_hours,
            source: row.source.clone(),
            reviewed_by: row.reviewed_by.clone(),
        }
    }
}

/// A recall.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RecallView {
    /// Its id.
    pub id: Uuid,
    /// Of which kind.
    pub kind_id: Option<Uuid>,
    /// Of which product.
    pub product: Option<String>,
    /// Which lots.
    pub lots: String,
    /// Who recalls, and where it is written.
    pub source: String,
    /// Since when.
    pub made_at: DateTime<Utc>,
    /// When somebody proposed to lift it.
    pub lift_proposed_at: Option<DateTime<Utc>>,
    /// When it was lifted.
    pub lifted_at: Option<DateTime<Utc>>,
    /// How many lots this call has blocked or freed.
    pub lots_touched: u64,
}

impl RecallView {
    /// From a recall, and how many lots were touched.
    #[must_use]
    pub fn new(row: &recall::Model, lots_touched: u64) -> Self {
        Self {
            id: row.id.0,
            kind_id: row.kind_id.map(|id| id.0),
            product: row.product.clone(),
            lots: row.lots.clone(),
            source: row.source.clone(),
            made_at: row.made_at,
            lift_proposed_at: row.lift_proposed_at,
            lifted_at: row.lifted_at,
            lots_touched,
        }
    }
}

/// What is printed of a recall.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RecallNoticeView {
    /// The recall.
    pub recall: RecallView,
    /// Every lot that it has blocked.
    pub lots: Vec<RecalledLotView>,
    /// Who took some of it, the newest first, at most five hundred. By no name: a station knows them by the day and the hour.
    pub takes: Vec<RecalledTakeView>,
}

/// A lot that was recalled.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RecalledLotView {
    /// Its id.
    pub lot_id: Uuid,
    /// Its number, as printed.
    pub number: String,
    /// What it is.
    pub kind: Option<String>,
    /// What it is, in English.
    pub kind_en: Option<String>,
    /// The name of the station.
    pub station: Option<String>,
    /// On which shelf.
    pub shelf: Option<String>,
    /// Base units on the shelf or put apart.
    pub on_shelf: i32,
    /// Base units in the red box.
    pub to_dispose: i32,
}

impl RecalledLotView {
    /// From a lot, its kind and its station.
    #[must_use]
    pub fn new(lot: &lot::Model, kind: Option<&kind::Model>, station: Option<&station::Model>) -> Self {
        Self {
            lot_id: lot.id.0,
            number: lot.number.clone(),
            kind: kind.map(|kind| kind.name.clone()),
            kind_en: kind.and_then(|kind| kind.name_en.clone()),
            station: station.map(|station| station.name.clone()),
            shelf: lot.shelf.clone(),
            on_shelf: lot.on_shelf(),
            to_dispose: lot.to_dispose,
        }
    }
}

/// A take of a lot that was recalled.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RecalledTakeView {
    /// Its id: what the receipt of whoever took it says.
    pub take_id: Uuid,
    /// From which lot.
    pub lot_id: Uuid,
    /// At which station.
    pub station_id: Uuid,
    /// How many base units of that lot.
    pub units: i32,
    /// When.
    pub taken_at: DateTime<Utc>,
    /// Is it still known by a key, so that whoever gives the number is found?
    pub known: bool,
}

impl RecalledTakeView {
    /// From a take, and what it took of the lot.
    #[must_use]
    pub fn new(take: &take::Model, lot: LotId, units: i32) -> Self {
        Self {
            take_id: take.id.0,
            lot_id: lot.0,
            station_id: take.station_id.0,
            units,
            taken_at: take.taken_at,
            known: take.person_key.is_some(),
        }
    }
}
