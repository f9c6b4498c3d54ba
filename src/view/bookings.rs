//! Time that is promised: bookings, what is free, spaces and occasions.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    booking::{self, Priority, State},
    claim, feed, occasion,
    pool::{Quota, Terms},
    series, space,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::ReasonView;

/// A booking 预约.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BookingView {
    /// Its id.
    pub id: Uuid,
    /// `held`, `pending`, `confirmed`, `at_risk`, `ready`, `collected`; over: `ended`, `cancelled`, `rejected`, `expired`,
    /// `no_show`, `displaced`.
    #[schema(value_type = String, example = "confirmed")]
    pub state: State,
    /// Where.
    pub station_id: Uuid,
    /// Things of which kind.
    pub kind_id: Option<Uuid>,
    /// Which space.
    pub space_id: Option<Uuid>,
    /// Which session 场次.
    pub session_id: Option<Uuid>,
    /// For whom.
    pub member_id: Uuid,
    /// The promised beginning.
    pub starts_at: DateTime<Utc>,
    /// The promised end.
    pub ends_at: DateTime<Utc>,
    /// How many units.
    pub quantity: i32,
    /// How many of them were collected.
    pub collected: i32,
    /// Who comes first where there is not enough: `medical`, `disabled`, `elderly`, `ordinary`.
    #[schema(value_type = String, example = "ordinary")]
    pub priority: Priority,
    /// What it is for.
    pub purpose: Option<String>,
    /// From when it can be collected or checked in.
    pub opens_at: DateTime<Utc>,
    /// From when it counts no longer, if nothing happens.
    pub lapses_at: Option<DateTime<Utc>>,
    /// Until when whoever has booked can give it up.
    pub cancel_until: DateTime<Utc>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it was over.
    pub ended_at: Option<DateTime<Utc>>,
    /// What was said about the end.
    pub end_reason: Option<String>,
    /// Its version.
    pub rev: i64,
}

impl BookingView {
    /// From the row. `now_is` is what it has become by itself, if it has.
    #[must_use]
    pub fn new(row: &booking::Model, now_is: Option<State>, cancel_until: DateTime<Utc>) -> Self {
        Self {
            id: row.id.0,
            state: now_is.unwrap_or(row.state),
            station_id: row.station_id.0,
            kind_id: row.kind_id.map(|id| id.0),
            space_id: row.space_id.map(|id| id.0),
            session_id: row.occasion_id.map(|id| id.0),
            member_id: row.member_id.0,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            quantity: row.quantity,
            collected: row.collected,
            priority: row.priority,
            purpose: row.purpose.clone(),
            opens_at: row.opens_at(),
            lapses_at: row.lapses_at,
            cancel_until,
            created_at: row.created_at,
            ended_at: row.ended_at,
            end_reason: row.end_reason.clone(),
            rev: row.rev,
        }
    }
}

/// What is free of something over a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AvailabilityView {
    /// Things of which kind.
    pub kind_id: Option<Uuid>,
    /// Which space.
    pub space_id: Option<Uuid>,
    /// Which session 场次.
    pub session_id: Option<Uuid>,
    /// Can it be booked ahead?
    pub bookable: bool,
    /// How many units there are.
    pub capacity: i64,
    /// How many are free throughout the time that was asked for; below 0, more is promised than there is.
    pub free: i64,
    /// How long after a booking the next can begin, in minutes.
    pub turnaround_minutes: u32,
    /// The spells of the time, in order, without gaps.
    pub spells: Vec<SpellView>,
    /// Counts the changes of what is promised; the same number, the same answer but for the clock.
    pub rev: i64,
}

/// A spell in which the same number of units is free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SpellView {
    /// From.
    pub from: DateTime<Utc>,
    /// Until.
    pub to: DateTime<Utc>,
    /// How many units are free.
    pub free: i64,
}

/// A space 场地.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SpaceView {
    /// Its id.
    pub id: Uuid,
    /// Where.
    pub station_id: Uuid,
    /// Of which space it is a part.
    pub part_of: Option<Uuid>,
    /// What people call it.
    pub name: String,
    /// In English.
    pub name_en: Option<String>,
    /// Its picture.
    pub emoji: Option<String>,
    /// How many people fit in.
    pub seats: Option<i32>,
    /// When it was given up.
    pub retired_at: Option<DateTime<Utc>>,
    /// Its version; the `ETag`.
    pub rev: i64,
}

impl From<&space::Model> for SpaceView {
    fn from(row: &space::Model) -> Self {
        Self {
            id: row.id.0,
            station_id: row.station_id.0,
            part_of: row.part_of.map(|id| id.0),
            name: row.name.clone(),
            name_en: row.name_en.clone(),
            emoji: row.emoji.clone(),
            seats: row.seats,
            retired_at: row.retired_at,
            rev: row.rev,
        }
    }
}

/// A session 场次: a clinic, a class, a market.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OccasionView {
    /// Its id: what a booking calls `session_id`.
    pub id: Uuid,
    /// Where.
    pub station_id: Uuid,
    /// In which space.
    pub space_id: Option<Uuid>,
    /// What people call it.
    pub name: String,
    /// In English.
    pub name_en: Option<String>,
    /// Its picture.
    pub emoji: Option<String>,
    /// What people should know or bring.
    pub note: Option<String>,
    /// How many may come.
    pub seats: i32,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// When it was called off.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Why.
    pub cancel_reason: Option<String>,
    /// Its version; the `ETag`.
    pub rev: i64,
}

impl From<&occasion::Model> for OccasionView {
    fn from(row: &occasion::Model) -> Self {
        Self {
            id: row.id.0,
            station_id: row.station_id.0,
            space_id: row.space_id.map(|id| id.0),
            name: row.name.clone(),
            name_en: row.name_en.clone(),
            emoji: row.emoji.clone(),
            note: row.note.clone(),
            seats: row.seats,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            cancelled_at: row.cancelled_at,
            cancel_reason: row.cancel_reason.clone(),
            rev: row.rev,
        }
    }
}

/// A time in which something is out of use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutageView {
    /// Its id.
    pub id: Uuid,
    /// How many units.
    pub quantity: i32,
    /// From.
    pub starts_at: DateTime<Utc>,
    /// Until.
    pub ends_at: DateTime<Utc>,
    /// Why.
    pub note: String,
}

impl From<&claim::Model> for OutageView {
    fn from(row: &claim::Model) -> Self {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap_or_default();
        Self {
            id: row.id.0,
            quantity: row.qty,
            starts_at: at(row.s),
            ends_at: at(row.e),
            note: row.note.clone().unwrap_or_default(),
        }
    }
}

/// On which terms something is booked. Times are minutes; a limit that is missing is not set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TermsView {
    /// Can it be booked ahead at all?
    pub bookable: bool,
    /// The least time between booking and beginning.
    pub notice_minutes: u32,
    /// The most time between booking and beginning, in days.
    pub horizon_days: u32,
    /// The shortest booking.
    pub least_minutes: u32,
    /// The longest booking.
    pub most_minutes: u32,
    /// Beginnings and ends lie on this grid, counted from midnight; 1 is any minute.
    pub grid_minutes: u32,
    /// Between the promised end of one and the beginning of the next.
    pub turnaround_minutes: u32,
    /// Things: what begins within this time must be covered by what is on the shelf.
    pub protect_minutes: u32,
    /// That time does not pass at night, nor while the station is closed.
    pub protect_overnight: bool,
    /// Things: whoever walks up is not lent it for less than this.
    pub least_loan_minutes: u32,
    /// The most units in one booking.
    pub most_units: u32,
    /// What one person may book.
    #[serde(default)]
    pub quota: QuotaView,
    /// Between two bookings of one person.
    pub pause_between_minutes: u32,
    /// A keeper must say yes.
    pub approval: bool,
    /// Until so long before the beginning it can be cancelled; 0: as long as it lasts.
    pub cancel_until_minutes: u32,
    /// How long before the beginning it can be collected or checked in.
    pub early_minutes: u32,
    /// How long after the beginning it is released when nobody has come; missing: it is not.
    pub no_show_after_minutes: Option<u32>,
    /// So many times not coming within `strike_days` is a pause; 0: never.
    pub strikes: u32,
    /// How long a strike counts.
    pub strike_days: u32,
    /// How long the pause is.
    pub pause_days: u32,
    /// How long something is held for somebody who has not yet confirmed.
    pub hold_minutes: u32,
}

/// What one person may book, of one kind at all stations, of all spaces, or of all sessions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct QuotaView {
    /// Bookings that are not over, at once.
    pub ahead: Option<u32>,
    /// Bookings on a day.
    pub per_day: Option<u32>,
    /// Bookings in a week, from Monday.
    pub per_week: Option<u32>,
    /// Bookings in a calendar month.
    pub per_month: Option<u32>,
    /// Minutes on a day.
    pub minutes_per_day: Option<u32>,
    /// Minutes in a week.
    pub minutes_per_week: Option<u32>,
    /// Minutes in a calendar month.
    pub minutes_per_month: Option<u32>,
}

impl From<&Terms> for TermsView {
    fn from(t: &Terms) -> Self {
        Self {
            bookable: t.bookable,
            notice_minutes: t.notice,
            horizon_days: t.horizon_days,
            least_minutes: t.least,
            most_minutes: t.most,
            grid_minutes: t.grid,
            turnaround_minutes: t.turnaround,
            protect_minutes: t.protect,
            protect_overnight: t.protect_overnight,
            least_loan_minutes: t.least_loan,
            most_units: t.most_units,
            quota: QuotaView {
                ahead: t.quota.ahead,
                per_day: t.quota.per_day,
                per_week: t.quota.per_week,
                per_month: t.quota.per_month,
                minutes_per_day: t.quota.time_per_day,
                minutes_per_week: t.quota.time_per_week,
                minutes_per_month: t.quota.time_per_month,
            },
            pause_between_minutes: t.pause_between,
            approval: t.approval,
            cancel_until_minutes: t.cancel_until,
            early_minutes: t.early,
            no_show_after_minutes: t.no_show_after,
            strikes: t.strikes,
            strike_days: t.strike_days,
            pause_days: t.pause_days,
            hold_minutes: t.hold,
        }
    }
}

impl From<TermsView> for Terms {
    fn from(v: TermsView) -> Self {
        Self {
            bookable: v.bookable,
            notice: v.notice_minutes,
            horizon_days: v.horizon_days,
            least: v.least_minutes,
            most: v.most_minutes,
            grid: v.grid_minutes,
            turnaround: v.turnaround_minutes,
            protect: v.protect_minutes,
            protect_overnight: v.protect_overnight,
            least_loan: v.least_loan_minutes,
            most_units: v.most_units,
            quota: Quota {
                ahead: v.quota.ahead,
                per_day: v.quota.per_day,
                per_week: v.quota.per_week,
                per_month: v.quota.per_month,
                time_per_day: v.quota.minutes_per_day,
                time_per_week: v.quota.minutes_per_week,
                time_per_month: v.quota.minutes_per_month,
            },
            pause_between: v.pause_between_minutes,
            approval: v.approval,
            cancel_until: v.cancel_until_minutes,
            early: v.early_minutes,
            no_show_after: v.no_show_after_minutes,
            strikes: v.strikes,
            strike_days: v.strike_days,
            pause_days: v.pause_days,
            hold: v.hold_minutes,
        }
    }
}

/// A series, with every day in exactly one of made and skipped.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SeriesView {
    /// Its id.
    pub id: Uuid,
    /// Where.
    pub station_id: Uuid,
    /// For whom it is booked; none for sessions.
    pub member_id: Option<Uuid>,
    /// What its sessions are called.
    pub name: Option<String>,
    /// When what was left of it was cancelled.
    pub ended_at: Option<DateTime<Utc>>,
    /// The days that were made.
    pub created: Vec<SeriesDayView>,
    /// The days that were skipped, with the reasons.
    pub skipped: Vec<SeriesDayView>,
}

impl SeriesView {
    /// From the row and its days.
    #[must_use]
    pub fn new(row: &series::Model, days: Vec<SeriesDayView>) -> Self {
        let (created, skipped) = days.into_iter().partition(|day| day.booking_id.is_some() || day.session_id.is_some());
        Self {
            id: row.id.0,
            station_id: row.station_id.0,
            member_id: row.member_id.map(|id| id.0),
            name: row.name.clone(),
            ended_at: row.ended_at,
            created,
            skipped,
        }
    }
}

/// One day of a series.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SeriesDayView {
    /// Which, in station time.
    pub day: NaiveDate,
    /// Made as this booking.
    pub booking_id: Option<Uuid>,
    /// Made as this session.
    pub session_id: Option<Uuid>,
    /// Why it was skipped.
    pub reasons: Vec<ReasonView>,
}

/// A calendar to subscribe to.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FeedView {
    /// Its id.
    pub id: Uuid,
    /// The bookings of this member.
    pub member_id: Option<Uuid>,
    /// What is on at this station.
    pub station_id: Option<Uuid>,
    /// When this space is taken.
    pub space_id: Option<Uuid>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl From<&feed::Model> for FeedView {
    fn from(row: &feed::Model) -> Self {
        Self {
            id: row.id.0,
            member_id: row.member_id.map(|id| id.0),
            station_id: row.station_id.map(|id| id.0),
            space_id: row.space_id.map(|id| id.0),
            created_at: row.created_at,
            revoked_at: row.revoked_at,
        }
    }
}

/// A calendar that was just made.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NewFeedView {
    /// The calendar.
    pub feed: FeedView,
    /// Its address. Whoever has it reads the calendar; it is told this once.
    pub address: String,
}
