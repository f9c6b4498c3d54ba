//! Reports: figures across stations. Nobody is named in them, and no number is shown but masked.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::{kind, lot::Tier, station};
use serde::{Deserialize, Serialize};

use crate::rules::{expiry::Light, handling::Outlook, usability::Block};

/// A station, as reports name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StationName {
    /// The code on its plate.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// Its time zone.
    pub zone: Tz,
}

impl From<&station::Model> for StationName {
    fn from(row: &station::Model) -> Self {
        Self { code: row.code.clone(), name: row.name.clone(), zone: row.zone() }
    }
}

/// A kind, as reports name it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct KindName {
    /// In Chinese.
    pub name: String,
    /// In English.
    pub name_en: Option<String>,
    /// In what it is counted; empty for things.
    pub unit: String,
}

impl KindName {
    /// A kind that is counted in units.
    #[must_use]
    pub fn new(row: &kind::Model, unit: &str) -> Self {
        Self { name: row.name.clone(), name_en: row.name_en.clone(), unit: unit.to_owned() }
    }
}

/// How a station stands now.
#[derive(Clone, Debug)]
pub struct StandingView {
    /// Which.
    pub station: StationName,
    /// Given up.
    pub closed_down: bool,
    /// People can get in now.
    pub open_now: bool,
    /// Things that could be borrowed.
    pub on_shelf: i64,
    /// Things it lent that are out.
    pub out: i64,
    /// Of those, past their due time.
    pub overdue: i64,
    /// Being repaired.
    pub in_repair: i64,
    /// Open tasks.
    pub tasks: i64,
    /// Since when the oldest of them.
    pub oldest_task: Option<DateTime<Utc>>,
    /// Kinds of the medicine box of which something may be handed out today; none where there never was a lot.
    pub usable_kinds: Option<usize>,
    /// Kinds of which there is less than the station wants to have.
    pub short_kinds: usize,
    /// How old the last nightly check is; none where there never was a lot.
    pub light: Option<Light>,
    /// When it ended.
    pub last_check: Option<DateTime<Utc>>,
    /// Loans this month, until now.
    pub this_month: i64,
    /// Loans the month before.
    pub last_month: i64,
    /// When somebody last borrowed, gave back or took something.
    pub last_activity: Option<DateTime<Utc>>,
    /// For how many days nothing has happened, if that is too long.
    pub neglected_for: Option<i64>,
}

/// Borrowings and returns of one thing that is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Loans made.
    pub lent: i64,
    /// Things that came back.
    pub returned: i64,
}

/// When and what people borrow.
#[derive(Clone, Debug)]
pub struct UseView {
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
    /// Loans by weekday (Monday first) and hour.
    pub hours: [[i64; 24]; 7],
    /// Each day.
    pub days: Vec<(NaiveDate, Traffic)>,
    /// Loans of each category, most first.
    pub categories: Vec<(String, i64)>,
    /// Loans of each kind, most first.
    pub kinds: Vec<(KindName, String, i64)>,
    /// Each station.
    pub stations: Vec<(StationName, Traffic)>,
}

impl UseView {
    /// All loans and returns.
    #[must_use]
    pub fn total(&self) -> Traffic {
        self.days.iter().fold(Traffic::default(), |sum, (_, day)| Traffic {
            lent: sum.lent + day.lent,
            returned: sum.returned + day.returned,
        })
    }
}

/// A thing that is out.
#[derive(Clone, Debug)]
pub struct OutLineView {
    /// Where it was lent.
    pub station: StationName,
    /// What it is; none for a kind that tells about somebody's health.
    pub kind: Option<KindName>,
    /// Its code.
    pub code: String,
    /// The number on it; none for a kind that tells about somebody's health.
    pub label: Option<String>,
    /// The borrower's number, masked; none if it is not known.
    pub phone: Option<String>,
    /// When it was lent.
    pub lent_at: DateTime<Utc>,
    /// When it is due.
    pub due_at: DateTime<Utc>,
    /// Begun days past the due time and its grace; 0: not overdue.
    pub days_overdue: i64,
}

/// What is out.
#[derive(Clone, Debug)]
pub struct OutView {
    /// Each station: how many are out, how many of them overdue.
    pub stations: Vec<(StationName, i64, i64)>,
    /// A page of them, the longest overdue first.
    pub lines: Vec<OutLineView>,
    /// The loan after which the next page begins.
    pub next: Option<String>,
}

/// A lot that ends soon, or may not be handed out.
#[derive(Clone, Debug)]
pub struct LotLineView {
    /// Where it is.
    pub station: StationName,
    /// What it is.
    pub kind: KindName,
    /// Its number.
    pub number: String,
    /// The last day on which it is good.
    pub last_day: Option<NaiveDate>,
    /// How near its end it is today.
    pub tier: Tier,
    /// In which week from today it ends.
    pub week: Option<usize>,
    /// How many base units.
    pub units: i32,
    /// Why it is not handed out.
    pub blocks: BTreeSet<Block>,
}

/// How a kind stands at a station.
#[derive(Clone, Debug)]
pub struct NeedView {
    /// Where.
    pub station: StationName,
    /// What.
    pub kind: KindName,
    /// `(least, most)`, if somebody has said.
    pub level: Option<(i32, i32)>,
    /// What there is, what to order, what will not be used in time.
    pub outlook: Outlook,
    /// On how many days of this month the shelf was empty in the evening; none without a level.
    pub empty_days: Option<i64>,
}

/// What ends when, and what is missing.
#[derive(Clone, Debug)]
pub struct HorizonView {
    /// Today.
    pub today: NaiveDate,
    /// What ends within ninety days, the nearest first.
    pub ending: Vec<LotLineView>,
    /// What lies there and may not be handed out.
    pub blocked: Vec<LotLineView>,
    /// Every kind at every station that holds it or wants to.
    pub needs: Vec<NeedView>,
}

/// What happened in one month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MonthFigures {
    /// Loans made.
    pub loans: i64,
    /// People whose number is known who borrowed.
    pub borrowers: i64,
    /// Things that came back.
    pub returns: i64,
    /// Of those, late.
    pub late: i64,
    /// Of those, at another station.
    pub elsewhere: i64,
    /// Things counted as lost.
    pub losses: i64,
    /// Times something was taken.
    pub takes: i64,
    /// Things sent to repair.
    pub repairs: i64,
    /// Nightly checks done.
    pub checks: i64,
    /// Nightly checks that were not done.
    pub missed: i64,
}

impl MonthFigures {
    /// Late returns as a share of all; none if nothing came back.
    #[must_use]
    pub fn late_share(&self) -> Option<f64> {
        let part = u32::try_from(self.late).ok().map(f64::from)?;
        let whole = u32::try_from(self.returns).ok().filter(|n| *n > 0).map(f64::from)?;
        Some(part / whole)
    }

    /// Did anything happen at all?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl std::ops::AddAssign for MonthFigures {
    /// Sums everything but the people: who borrows at two stations is one.
    fn add_assign(&mut self, more: Self) {
        self.loans += more.loans;
        self.returns += more.returns;
        self.late += more.late;
        self.elsewhere += more.elsewhere;
        self.losses += more.losses;
        self.takes += more.takes;
        self.repairs += more.repairs;
        self.checks += more.checks;
        self.missed += more.missed;
    }
}

/// What happened in twelve months.
#[derive(Clone, Debug)]
pub struct ActivityView {
    /// The first day of each month, and what happened in it, at all stations.
    pub months: Vec<(NaiveDate, MonthFigures)>,
    /// What happened at each station in the last of them.
    pub stations: Vec<(StationName, MonthFigures)>,
}

/// A report left the house.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExportedView {
    /// Which one.
    pub what: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Sums of a map, the largest first.
#[must_use]
pub fn largest_first<K: Ord + Clone>(sums: &BTreeMap<K, i64>) -> Vec<(K, i64)> {
    let mut all: Vec<_> = sums.iter().map(|(key, n)| (key.clone(), *n)).collect();
    all.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    all
}
