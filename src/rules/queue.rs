//! The queue: who is first, what would suit them, until when an offer stands, and why somebody waits still.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use entity::{
    booking::Priority,
    claim::{self, Reason},
    hold::{Model as Hold, State},
    ids::HoldId,
    pool::Terms,
};

use super::{
    availability::Timeline,
    booking::Wish,
    calendar::{Calendar, Hours},
    refusal::Refusal,
    waking::next_waking,
};

/// So many places in the queue one person may have at once.
pub const MOST_OPEN: usize = 5;
/// After so many offers that passed by without an answer, a place is given up.
pub const MOST_MISSED: i32 = 2;
/// The longest tolerance, in minutes.
pub const MOST_FLEXIBLE: i32 = 7 * 24 * 60;
/// So short before its beginning nothing is held for anybody: all are told, and who comes first has it.
pub const SPARE: TimeDelta = TimeDelta::minutes(30);
/// The longest time for which something is held for whoever's turn it is.
const OFFER: TimeDelta = TimeDelta::hours(2);
/// Whoever has waited for so long waits no longer behind people whose need is greater: nobody waits for ever.
const LONG: TimeDelta = TimeDelta::days(14);
/// Something that is wanted as soon as possible is not offered for less than this, unless it is never lent for longer.
const USEFUL: TimeDelta = TimeDelta::hours(4);
/// Earlier or later in steps of so many minutes, where the grid is finer.
const STEP: i64 = 15;

/// The place in the queue; the smaller, the sooner. What makes up for a broken promise comes first; then need; then who came first.
#[must_use]
pub fn order(hold: &Hold, now: DateTime<Utc>) -> (bool, Priority, DateTime<Utc>, HoldId) {
    let waited = now - hold.created_at >= LONG;
    (
        hold.displaced_id.is_none() || hold.missed > 0,
        if waited { Priority::Medical } else { hold.priority },
        hold.queued_at,
        hold.id,
    )
}

/// Could two of those who wait for the same want the same time?
#[must_use]
pub fn in_conflict(one: &Hold, other: &Hold) -> bool {
    let window = |hold: &Hold| {
        let tolerance = TimeDelta::minutes(i64::from(hold.flexible_minutes));
        hold.starts_at.zip(hold.ends_at).map(|(from, to)| (from - tolerance, to + tolerance))
    };
    match (window(one), window(other)) {
        (Some((from, to)), Some((start, end))) => from < end && start < to,
        _ => true,
    }
}

/// Which place somebody has among those who wait for the same time: 1 is the first.
#[must_use]
pub fn position<'a>(hold: &Hold, rivals: impl IntoIterator<Item = &'a Hold>, now: DateTime<Utc>) -> usize {
    let mine = order(hold, now);
    let ahead = rivals.into_iter().filter(|other| other.id != hold.id && in_conflict(hold, other) && order(other, now) < mine);
    1 + ahead.count()
}

/// Is its time over, so that nothing can be offered any more?
#[must_use]
pub fn is_over(hold: &Hold, now: DateTime<Utc>) -> bool {
    hold.latest_start().is_some_and(|latest| latest <= now)
}

/// What a pool has for somebody who waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// One of these, best first.
    Offer(Vec<Wish>),
    /// Something that begins very soon: whoever comes first has it.
    Spare(Wish),
    /// Nothing.
    Nothing,
}

/// Where it is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// What is occupied there.
    pub timeline: &'a Timeline,
    /// On which terms it is booked there.
    pub terms: &'a Terms,
    /// When it is open there.
    pub calendar: &'a Calendar,
}

/// What there is for somebody at a place. `due` says until when a thing is lent that leaves at an instant.
#[must_use]
pub fn turn(hold: &Hold, place: Place<'_>, due: impl Fn(DateTime<Utc>) -> DateTime<Utc>, now: DateTime<Utc>) -> Turn {
    let units = i64::from(hold.quantity);
    let Some((from, to)) = hold.starts_at.zip(hold.ends_at) else {
        return soonest(hold.quantity, place, due, now).map_or(Turn::Nothing, |wish| Turn::Offer(vec![wish]));
    };
    let turnaround = i64::from(place.terms.turnaround) * 60;
    let fitting: Vec<Wish> = shifts(hold.flexible_minutes, place.terms.grid)
        .map(|shift| Wish { starts_at: from + shift, ends_at: to + shift, quantity: u32::try_from(hold.quantity).unwrap_or(1) })
        .filter(|wish| now < wish.starts_at)
        .filter(|wish| place.timeline.free(wish.starts_at.timestamp(), wish.ends_at.timestamp() + turnaround) >= units)
        .collect();
    let (soon, later): (Vec<Wish>, Vec<Wish>) = fitting.into_iter().partition(|wish| wish.starts_at - now <= SPARE);
    match soon.first() {
        _ if !later.is_empty() => Turn::Offer(later),
        Some(wish) => Turn::Spare(*wish),
        None => Turn::Nothing,
    }
}

/// No shift, then ever greater ones, the earlier before the later.
fn shifts(flexible: i32, grid: u32) -> impl Iterator<Item = TimeDelta> {
    let grid = i64::from(grid.max(1));
    let step = grid * (STEP + grid - 1).div_euclid(grid);
    (0..=i64::from(flexible) / step).flat_map(move |n| {
        let shift = TimeDelta::minutes(n * step);
        std::iter::once(-shift).chain((n > 0).then_some(shift))
    })
}

/// As soon as possible: from when people are awake and the place is open, for as long as such a thing is lent; for a shorter time
/// where somebody has booked it after that, if that is of use.
fn soonest(quantity: i32, place: Place<'_>, due: impl Fn(DateTime<Utc>) -> DateTime<Utc>, now: DateTime<Utc>) -> Option<Wish> {
    let Place { timeline, terms, calendar } = place;
    let earliest = next_waking(now, calendar.zone).max(now + TimeDelta::minutes(i64::from(terms.notice)));
    let starts_at = on_grid(opened(calendar, earliest)?, terms.grid, calendar, true);
    let usual = due(starts_at).min(starts_at + TimeDelta::minutes(i64::from(terms.most)));
    let short = timeline.short_from(starts_at.timestamp(), i64::from(quantity)).and_then(|at| DateTime::from_timestamp(at, 0));
    let latest = short.map_or(usual, |at| (at - TimeDelta::minutes(i64::from(terms.turnaround))).min(usual));
    let ends_at = on_grid(if latest < usual { closing_before(calendar, latest)? } else { latest }, terms.grid, calendar, false);
    let least = TimeDelta::minutes(i64::from(terms.least.max(terms.least_loan).max(1))).max((usual - starts_at).min(USEFUL));
    (ends_at - starts_at >= least).then_some(Wish { starts_at, ends_at, quantity: u32::try_from(quantity).unwrap_or(1) })
}

/// That instant if the place is open then, else when it opens next.
fn opened(calendar: &Calendar, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if matches!(calendar.hours, Hours::AlwaysOpen) && calendar.closures.is_empty() {
        return Some(at);
    }
    let today = calendar.business_date(at);
    let still = calendar.sessions_on(today).into_iter().find(|(_, close)| at < *close).map(|(open, _)| open.max(at));
    still.or_else(|| {
        let day = calendar.next_open_day(today.succ_opt()?)?;
        calendar.sessions_on(day).first().map(|(open, _)| *open)
    })
}

/// That instant if the place is open then, else when it has closed before.
fn closing_before(calendar: &Calendar, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if matches!(calendar.hours, Hours::AlwaysOpen) && calendar.closures.is_empty() {
        return Some(at);
    }
    let mut day = calendar.business_date(at);
    for _ in 0..31 {
        let before = calendar.sessions_on(day).into_iter().filter(|(open, _)| *open <= at).map(|(_, close)| close.min(at));
        if let Some(latest) = before.max() {
            return Some(latest);
        }
        day = day.pred_opt()?;
    }
    None
}

/// To the grid that is counted from midnight, later or earlier.
fn on_grid(at: DateTime<Utc>, grid: u32, calendar: &Calendar, later: bool) -> DateTime<Utc> {
    let midnight = calendar.instant(calendar.business_date(at), NaiveTime::MIN);
    let step = i64::from(grid.max(1)) * 60;
    let past = (at - midnight).num_seconds().rem_euclid(step);
    let down = DateTime::from_timestamp(at.timestamp() - past, 0).unwrap_or(at);
    if later && past > 0 { down + TimeDelta::seconds(step) } else { down }
}

/// Until when an offer stands: a quarter of the time to its beginning, two hours at most, counted from when people are awake. What
/// begins when it is fetched is held for two hours from then.
#[must_use]
pub fn offered_until(hold: &Hold, wish: &Wish, calendar: &Calendar, now: DateTime<Utc>) -> DateTime<Utc> {
    if hold.starts_at.is_none() {
        return (wish.starts_at + OFFER).min(wish.ends_at);
    }
    let morning = next_waking(now, calendar.zone);
    let told = if wish.starts_at - morning > SPARE { morning } else { now };
    let until = told + OFFER.min((wish.starts_at - told) / 4);
    DateTime::from_timestamp(until.timestamp(), 0).unwrap_or(until)
}

/// What becomes of a place whose offer passed by without an answer: to the end of the queue, once; then it is given up.
#[must_use]
pub fn after_a_missed_offer(hold: &Hold, now: DateTime<Utc>) -> Hold {
    let missed = hold.missed + 1;
    let hold = Hold { missed, queued_at: now, ..hold.clone() };
    if missed >= MOST_MISSED {
        return Hold { state: State::Missed, ended_at: Some(now), ..hold };
    }
    if is_over(&hold, now) {
        return Hold { state: State::Over, ended_at: Some(now), ..hold };
    }
    Hold { state: State::Waiting, ..hold }
}

/// When the next thing should be back that somebody has in hand now; what is overdue is no promise.
#[must_use]
pub fn next_return(claims: &[claim::Model], now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let due = claims.iter().filter(|claim| claim.live && claim.reason == Reason::Loan).map(|claim| claim.e - claim.turnaround);
    due.filter(|at| *at > now.timestamp()).min().and_then(|at| DateTime::from_timestamp(at, 0))
}

/// Why somebody waits still.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// They wait no longer.
    Over(State),
    /// It is their turn: they must say yes until then.
    YourTurn {
        /// Until when.
        until: DateTime<Utc>,
    },
    /// Something is free, and begins so soon that whoever comes first has it.
    FirstCome,
    /// It would be their turn, were it not for these.
    PassedOver(Vec<Refusal>),
    /// Others come before them.
    Behind {
        /// How many.
        ahead: usize,
        /// When the next thing should be back.
        next_return: Option<DateTime<Utc>>,
    },
    /// They are the first, and nothing is free.
    NoneFree {
        /// When the next thing should be back.
        next_return: Option<DateTime<Utc>>,
    },
}

/// Says why, from what is true now.
#[must_use]
pub fn why(
    hold: &Hold,
    position: usize,
    offer_lapses_at: Option<DateTime<Utc>>,
    (noted, next_return): (Vec<Refusal>, Option<DateTime<Utc>>),
    now: DateTime<Utc>,
) -> Why {
    match hold.state {
        State::Offered => match offer_lapses_at.filter(|until| now < *until) {
            Some(until) => Why::YourTurn { until },
            None => Why::NoneFree { next_return },
        },
        State::Waiting if is_over(hold, now) => Why::Over(State::Over),
        State::Waiting if hold.told_spare_at.is_some() => Why::FirstCome,
        State::Waiting if !noted.is_empty() => Why::PassedOver(noted),
        State::Waiting if position > 1 => Why::Behind { ahead: position - 1, next_return },
        State::Waiting => Why::NoneFree { next_return },
        over => Why::Over(over),
    }
}
