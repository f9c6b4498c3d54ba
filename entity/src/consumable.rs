//! What a consumable is in law and on its leaflet: one row beside every kind that is counted in lots.

use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};

use crate::ids::{KindId, PartnerId};

/// One consumable.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consumable")]
pub struct Model {
    /// Of which kind.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind_id: KindId,
    /// What the law calls it. What may not be stocked has no variant.
    pub class: Class,
    /// Who stands behind class-B OTC medicine; nobody needs to for the rest.
    pub partner_id: Option<PartnerId>,
    /// What is counted: 片, 粒, 袋, 贴, 支.
    pub base_unit: String,
    /// How many base units a pack holds.
    pub pack_size: i32,
    /// The smallest labelled unit that may leave, in base units: a blister, a pack.
    pub smallest_unit: i32,
    /// Which reading of the label counts.
    pub reading: Reading,
    /// Must its lots have a date? Always for medicine.
    pub dated: bool,
    /// How long its use takes: a lot with less left is no longer handed out.
    pub course_days: i32,
    /// How long it keeps once opened; none where opening changes nothing.
    pub open_days: Option<i32>,
    /// May an opened pack be shared? Never what touches eyes, nose or mouth.
    pub shareable: bool,
    /// The most base units in one take.
    pub most_per_take: Option<i32>,
    /// The most base units of all takes of a day at one station.
    pub most_per_day: Option<i32>,
    /// May those under 14 have it? 不满十四周岁.
    pub under_14: Under14,
    /// May those under 18 have it?
    pub under_18: bool,
    /// What is asked before it is taken.
    pub cautions: Cautions,
    /// What matters of the leaflet, in the words of the leaflet.
    pub leaflet: Option<String>,
    /// Who has compared the numbers with the leaflet.
    pub reviewed_by: Option<String>,
    /// Counts its changes; the version of the warnings.
    pub rev: i64,
}

/// What may be stocked. Prescription and class-A medicine, antibiotics, ephedrine, injections, what must be kept cold and
/// residents' leftovers cannot be stored: they have no variant (药品管理法 Art. 51, 98; research/stock-and-expiry.md §2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// No medical product: a rain cape.
    Supply,
    /// 卫生材料及敷料: a plaster, gauze.
    Dressing,
    /// A medical device 医疗器械 of use once: a thermometer strip.
    Device,
    /// 乙类非处方药, with a named partner.
    OtcB,
}

/// Which reading of a label counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// The last day under every reading.
    Strict,
    /// The last day at the label's word.
    Lenient,
}

/// May those under 14 have it?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Under14 {
    /// No.
    No,
    /// With a guardian.
    WithGuardian,
    /// Yes.
    Yes,
}

/// What is asked before something is taken, in the order in which it is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(transparent)]
pub struct Cautions(pub Vec<Caution>);

/// One question, and what a "yes" means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caution {
    /// About what.
    pub about: About,
    /// Of an allergy: to what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// What a "yes" means.
    pub then: Then,
}

/// What a question is about. Answers are evaluated and never stored (PIPL Art. 28).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// Pregnant or nursing.
    Pregnancy,
    /// Allergic to something.
    Allergy,
    /// Taking another cold medicine.
    OtherColdMedicine,
    /// Taking something against clotting, or bleeding easily.
    Anticoagulant,
    /// Kidneys or liver.
    KidneyOrLiver,
    /// Has drunk alcohol.
    Alcohol,
}

/// What a "yes" means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// A warning that must be accepted.
    Warn,
    /// It is not handed out.
    Refuse,
}

crate::bare_table!();
