//! On which terms something is booked.

use entity::pool::{Quota, Terms};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
