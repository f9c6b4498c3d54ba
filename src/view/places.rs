//! Communities, stations, kinds, policies.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    closure, community, kind,
    kind::{Identity, Tracked},
    policy,
    policy::{DayEnd, ReturnTo},
    station,
    station::Hours,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A community 社区.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CommunityView {
    /// Its id.
    pub id: Uuid,
    /// What people call it.
    pub name: String,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// Its version; the `ETag`.
    pub rev: i64,
}

impl From<&community::Model> for CommunityView {
    fn from(row: &community::Model) -> Self {
        Self { id: row.id.0, name: row.name.clone(), created_at: row.created_at, rev: row.rev }
    }
}

/// A station 驿站.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StationView {
    /// Its id.
    pub id: Uuid,
    /// The community that owns it.
    pub community_id: Uuid,
    /// What is written on the plate.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// Where it is, in words.
    pub place: Option<String>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// IANA time zone.
    pub time_zone: String,
    /// `"always"`, or `{"weekly": {"mon": [["08:00", "20:00"]], …}}` in station time; a missing day is closed.
    #[schema(value_type = Object)]
    pub hours: Hours,
    /// Closed on Chinese public holidays, open on the weekends worked in exchange.
    pub follows_holidays: bool,
    /// The number people may call.
    pub contact: Option<String>,
    /// When it was given up.
    pub closed_at: Option<DateTime<Utc>>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// Its version; the `ETag`.
    pub rev: i64,
}

impl From<&station::Model> for StationView {
    fn from(row: &station::Model) -> Self {
        Self {
            id: row.id.0,
            community_id: row.community_id.0,
            code: row.code.clone(),
            name: row.name.clone(),
            place: row.place.clone(),
            latitude: row.latitude,
            longitude: row.longitude,
            time_zone: row.time_zone.clone(),
            hours: row.hours.clone(),
            follows_holidays: row.follows_holidays,
            contact: row.contact.clone(),
            closed_at: row.closed_at,
            created_at: row.created_at,
            rev: row.rev,
        }
    }
}

/// A spell of days on which a station is closed.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ClosureView {
    /// Its id.
    pub id: Uuid,
    /// The station.
    pub station_id: Uuid,
    /// The first closed day.
    pub first_day: NaiveDate,
    /// The last closed day.
    pub last_day: NaiveDate,
    /// What people are told.
    pub reason: String,
}

impl From<&closure::Model> for ClosureView {
    fn from(row: &closure::Model) -> Self {
        Self {
            id: row.id.0,
            station_id: row.station_id.0,
            first_day: row.first_day,
            last_day: row.last_day,
            reason: row.reason.clone(),
        }
    }
}

/// A kind 物品种类.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct KindView {
    /// Its id.
    pub id: Uuid,
    /// The community that keeps it; none for a kind that all share.
    pub community_id: Option<Uuid>,
    /// What people call it, in Chinese.
    pub name: String,
    /// What people call it, in English.
    pub name_en: Option<String>,
    /// A slug of the catalogue.
    pub category: String,
    /// The picture that always loads.
    pub emoji: Option<String>,
    /// Numbered things (`item`), or lots of consumables (`lot`).
    #[schema(value_type = String, example = "item")]
    pub tracked: Tracked,
    /// `anonymous`, `phone`, `verified` or `approved`.
    #[schema(value_type = String, example = "anonymous")]
    pub identity: Identity,
    /// Its name is left out of lists and messages that others may see.
    pub sensitive: bool,
    /// Every how many days it has to be inspected or calibrated, if at all.
    pub inspect_every_days: Option<i32>,
    /// When it was given up.
    pub retired_at: Option<DateTime<Utc>>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// Its version; the `ETag`.
    pub rev: i64,
}

impl From<&kind::Model> for KindView {
    fn from(row: &kind::Model) -> Self {
        Self {
            id: row.id.0,
            community_id: row.community_id.map(|id| id.0),
            name: row.name.clone(),
            name_en: row.name_en.clone(),
            category: row.category.clone(),
            emoji: row.emoji.clone(),
            tracked: row.tracked,
            identity: row.identity,
            sensitive: row.sensitive,
            inspect_every_days: row.inspect_every_days,
            retired_at: row.retired_at,
            created_at: row.created_at,
            rev: row.rev,
        }
    }
}

/// A row of the policy matrix. A value of `null` is not said here: the next less specific row decides.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PolicyView {
    /// Its id.
    pub id: Uuid,
    /// Only at this station.
    pub station_id: Option<Uuid>,
    /// Only for members of this group.
    pub member_group: Option<String>,
    /// Only for things of this kind.
    pub kind_id: Option<Uuid>,
    /// The values.
    #[serde(flatten)]
    pub values: PolicyValues,
    /// Its version; the `ETag`.
    pub rev: i64,
}

/// The values of a policy row.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct PolicyValues {
    /// Loan length in minutes; not together with `loan_days`.
    pub loan_minutes: Option<i32>,
    /// Loan length in days; not together with `loan_minutes`.
    pub loan_days: Option<i32>,
    /// Where a loan of days ends: `closing_time` or `end_of_day`.
    #[schema(value_type = Option<String>)]
    pub day_end: Option<DayEnd>,
    /// Minutes after the due time in which a return is not late.
    pub grace_minutes: Option<i32>,
    /// How often a loan may be renewed.
    pub renewals: Option<i32>,
    /// Open loans a member may have over all; only on rows without a kind.
    pub max_open: Option<i32>,
    /// Open loans a member may have of one kind.
    pub max_open_of_kind: Option<i32>,
    /// How well we must know who borrows: `anonymous`, `phone`, `verified`, `approved`.
    #[schema(value_type = Option<String>)]
    pub identity: Option<Identity>,
    /// Where a thing may be given back: `anywhere` or `home`.
    #[schema(value_type = Option<String>)]
    pub return_to: Option<ReturnTo>,
    /// Days of suspension per day late.
    pub suspension_days_per_late_day: Option<i32>,
    /// The longest suspension, in days.
    pub suspension_cap_days: Option<i32>,
    /// Days overdue after which a thing counts as lost.
    pub lost_after_days: Option<i32>,
}

impl From<&policy::Model> for PolicyView {
    fn from(row: &policy::Model) -> Self {
        Self {
            id: row.id.0,
            station_id: row.station_id.map(|id| id.0),
            member_group: row.member_group.clone(),
            kind_id: row.kind_id.map(|id| id.0),
            values: PolicyValues {
                loan_minutes: row.loan_minutes,
                loan_days: row.loan_days,
                day_end: row.day_end,
                grace_minutes: row.grace_minutes,
                renewals: row.renewals,
                max_open: row.max_open,
                max_open_of_kind: row.max_open_of_kind,
                identity: row.identity,
                return_to: row.return_to,
                suspension_days_per_late_day: row.suspension_days_per_late_day,
                suspension_cap_days: row.suspension_cap_days,
                lost_after_days: row.lost_after_days,
            },
            rev: row.rev,
        }
    }
}
