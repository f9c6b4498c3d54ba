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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::terms::{Sort, preset};

    fn at(minutes: i64) -> DateTime<Utc> {
        // Monday, ten o'clock in Shanghai.
        "2026-11-23T02:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minutes)
    }

    fn hold(n: u128, queued: i64, times: Option<(i64, i64)>) -> Hold {
        Hold {
            id: uuid::Uuid::from_u128(n).into(),
            station_id: uuid::Uuid::nil().into(),
            kind_id: Some(uuid::Uuid::nil().into()),
            space_id: None,
            occasion_id: None,
            member_id: uuid::Uuid::nil().into(),
            quantity: 1,
            starts_at: times.map(|(from, _)| at(from)),
            ends_at: times.map(|(_, to)| at(to)),
            flexible_minutes: 0,
            priority: Priority::Ordinary,
            displaced_id: None,
            state: State::Waiting,
            missed: 0,
            noted: None,
            queued_at: at(queued),
            created_at: at(queued),
            told_spare_at: None,
            ended_at: None,
            rev: 1,
        }
    }

    fn always() -> Calendar {
        Calendar {
            zone: chrono_tz::Asia::Shanghai,
            hours: Hours::AlwaysOpen,
            follows_public_holidays: false,
            closures: Vec::new(),
        }
    }

    fn terms() -> Terms {
        preset(Sort::Things("test"))
    }

    fn asked(hold: &Hold, spans: &[(i64, i64)], terms: &Terms, now: i64) -> Turn {
        let seconds = |minutes| at(minutes).timestamp();
        let line = Timeline::from_spans(1, spans.iter().map(|(from, to)| (seconds(*from), seconds(*to), 1)));
        let place = Place { timeline: &line, terms, calendar: &always() };
        turn(hold, place, |from| from + TimeDelta::minutes(600), at(now))
    }

    fn first(turn: &Turn) -> Option<(i64, i64)> {
        let Turn::Offer(wishes) = turn else { return None };
        let minutes = |instant: DateTime<Utc>| (instant - at(0)).num_minutes();
        wishes.first().map(|wish| (minutes(wish.starts_at), minutes(wish.ends_at)))
    }

    #[test]
    fn a_broken_promise_comes_first_then_need_then_who_came_first_and_nobody_waits_for_ever() {
        let all = [
            hold(1, 3, None),
            Hold { priority: Priority::Medical, ..hold(2, 4, None) },
            Hold { displaced_id: Some(uuid::Uuid::nil().into()), ..hold(3, 5, None) },
            hold(4, 2, None),
            Hold { displaced_id: Some(uuid::Uuid::nil().into()), missed: 1, ..hold(5, 6, None) },
        ];
        let ids = |now: i64| {
            let mut sorted = all.to_vec();
            sorted.sort_by_key(|hold| order(hold, at(now)));
            sorted.into_iter().map(|hold| hold.id.0.as_u128()).collect::<Vec<_>>()
        };
        assert_eq!(ids(10), [3, 2, 4, 1, 5], "who has missed what made up for it, has the place of everybody");
        assert_eq!(ids(15 * 1_440), [3, 4, 1, 2, 5], "after two weeks need comes no longer before");
    }

    #[test]
    fn only_those_who_want_the_same_time_are_before_somebody() {
        let me = hold(9, 9, Some((600, 660)));
        let others =
            [hold(1, 1, Some((500, 600))), hold(2, 2, Some((659, 700))), hold(3, 3, None), hold(4, 10, Some((600, 660)))];
        assert_eq!(position(&me, &others, at(20)), 3);
    }

    #[test]
    fn the_nearest_time_within_the_tolerance_is_offered() {
        let wish = |flexible| Hold { flexible_minutes: flexible, ..hold(1, 0, Some((600, 660))) };
        assert_eq!(asked(&wish(0), &[(630, 640)], &terms(), 0), Turn::Nothing);
        assert_eq!(first(&asked(&wish(60), &[(630, 640)], &terms(), 0)), Some((570, 630)));
        assert_eq!(first(&asked(&wish(60), &[(0, 640)], &terms(), 0)), Some((645, 705)), "in quarters of an hour");
        let on_the_hour = Terms { grid: 60, ..terms() };
        assert_eq!(first(&asked(&wish(120), &[(0, 640)], &on_the_hour, 0)), Some((660, 720)));
    }

    #[test]
    fn half_an_hour_before_nothing_is_held_and_at_the_beginning_nothing_is_left() {
        let wish = hold(1, 0, Some((60, 120)));
        assert!(matches!(asked(&wish, &[], &terms(), 29), Turn::Offer(_)));
        assert!(matches!(asked(&wish, &[], &terms(), 30), Turn::Spare(_)));
        assert!(matches!(asked(&wish, &[], &terms(), 59), Turn::Spare(_)));
        assert_eq!(asked(&wish, &[], &terms(), 60), Turn::Nothing);
        assert!(is_over(&wish, at(60)) && !is_over(&wish, at(59)));
    }

    #[test]
    fn as_soon_as_possible_is_now_and_ends_before_the_next_booking_if_that_is_of_use() {
        let wish = hold(1, 0, None);
        assert_eq!(first(&asked(&wish, &[], &terms(), 0)), Some((0, 600)));
        assert_eq!(first(&asked(&wish, &[(300, 900)], &terms(), 0)), Some((0, 300)));
        assert_eq!(asked(&wish, &[(200, 900)], &terms(), 0), Turn::Nothing, "three hours are not what anybody has waited for");
        assert_eq!(asked(&wish, &[(0, 100)], &terms(), 0), Turn::Nothing, "it is not there now");
        assert_eq!(first(&asked(&wish, &[], &terms(), 13 * 60)), Some((22 * 60 + 30, 32 * 60 + 30)), "in the morning");
    }

    #[test]
    fn an_offer_stands_for_a_quarter_of_the_time_and_two_hours_at_most() {
        let until = |from: i64, now: i64| {
            let wish = Wish { starts_at: at(from), ends_at: at(from + 60), quantity: 1 };
            (offered_until(&hold(1, 0, Some((from, from + 60))), &wish, &always(), at(now)) - at(now)).num_minutes()
        };
        assert_eq!((until(40, 0), until(240, 0), until(480, 0), until(4_000, 0)), (10, 60, 120, 120));
        // Asked at eleven at night, counted from half past eight; if it begins before that, from now.
        assert_eq!((until(3_000, 780), until(1_380, 780)), (570 + 120, 120));
    }

    #[test]
    fn the_second_offer_that_passes_is_the_last() {
        let once = after_a_missed_offer(&Hold { state: State::Offered, ..hold(1, 0, None) }, at(10));
        assert_eq!((once.state, once.queued_at), (State::Waiting, at(10)));
        let twice = after_a_missed_offer(&Hold { state: State::Offered, ..once }, at(20));
        assert_eq!((twice.state, twice.ended_at), (State::Missed, Some(at(20))));
        let late = after_a_missed_offer(&hold(1, 0, Some((5, 65))), at(10));
        assert_eq!(late.state, State::Over);
    }
}
